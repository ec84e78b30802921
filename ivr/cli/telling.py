"""A journal's entries as a story for people at a terminal."""

import re
from collections.abc import Iterable, Mapping

from ivr.clock import seconds
from ivr.engine.messages import NOBODY
from ivr.journal import Entry
from ivr.report.deskmarks import told_desk, told_letter
from ivr.report.telling import acted_on
from ivr.secrecy import HIDDEN, MASK
from prompts import Prompts

_SILENT = frozenset({"state"})


_SIGNS = {MASK: "stands for a PIN, or for what may be one",
          HIDDEN: "stands for a key that is not shown, as it may be of a PIN"}


def explained(sentences: Iterable[str]) -> str:
    """Return what the signs in these sentences stand for; empty if there are none."""
    said = " ".join(sentences)
    told = [f"{sign} {meaning}" for sign, meaning in _SIGNS.items() if sign in said]
    return f"({'; '.join(told)}.)" if told else ""


def told(entry: Entry, prompts: Prompts, texts: Mapping[str, str] | None = None, *, width: int = 8) -> str:
    """Return an entry as one line; empty for one that says nothing new.

    Parameters
    ----------
    texts : mapping of prompt to its words, optional
        Of prompts that are not the catalogue's.
    width : int
        Columns for who it is of.
    """
    if entry.event in _SILENT or (entry.event == "key" and "by" in entry.facts):
        return ""
    sentence = _sentence(entry, prompts, texts or {})
    return f"{seconds(entry.at):8.2f} s  {entry.caller:<{width}} {sentence}"


def _sentence(entry: Entry, prompts: Prompts, texts: Mapping[str, str]) -> str:
    facts = entry.facts
    match entry.event:
        case "dialled":
            return f"calls {facts['to']}" if "to" in facts else "dials in"
        case "ringing" | "answered" | "line-open" | "early-media" | "codec" | "call-refused" | "heard" | "presses":
            return _of_call(entry)
        case "prompt":
            name = str(facts["prompt"])
            words = texts[name] if name in texts else _words(prompts, name)
            return f'has heard "{words}"{"  [cut short]" if facts["interrupted"] else ""}'
        case "music":
            return f"hold music {facts['what']}"
        case "entered":
            return f"has entered {facts['entry']} {facts['digits']}"
        case "key":
            return f"presses {facts['key']}{' (ignored here)' if facts.get('ignored') else ''}"
        case "slowed" if facts.get("later"):
            return f"is to try the {facts['entry']} later: too many wait for theirs"
        case "slowed":
            return f"waits {facts['seconds']} s for the answer: too many wrong tries, same {facts['because']}"
        case "refused":
            return f"{facts['entry']} refused: {facts['reason']} (try {facts['try']})"
        case "language":
            return f"goes on in {facts['language']}"
        case "name":
            return "has said a name" if facts["recorded"] else "has said no name"
        case "admitted" | "denied":
            return "is let in" if entry.event == "admitted" else "is not let in"
        case "lobby-over":
            return "has waited too long"
        case "command":
            return f"gives the command {facts['what']}{' (for organizers only)' if facts.get('refused') else ''}"
        case "announced":
            return f"those in the meeting are told: {facts['count']} {facts['what']}"
        case "ends-soon":
            return f"the meeting {facts['meeting']} is told that it will end"
        case "document":
            return f"is given a document of {facts['url']}: {facts['verbs'] or 'nothing'}"
        case "application-failed":
            return (f"{facts['url']} fails: {facts['because']}" +
                    ("; the fallback is asked" if facts["fallback"] else ""))
        case "slip":
            return f"{facts['url']}, {facts['what']}"
        case "lobby":
            return f"waits in the lobby of {facts['meeting']}"
        case "started":
            return f"STARTS the meeting {facts['meeting']}" + (" in the app" if facts.get("in_app") else "")
        case "joined":
            known = f", which was started as {facts['started_as']}" if "started_as" in facts else ""
            return f"JOINS the meeting {facts['meeting']}{known} as {facts['role']}"
        case "left":
            return f"leaves the {facts['what']}"
        case "over":
            return f"the meeting {facts['meeting']} is over"
        case "promoted":
            return f"is the organizer of the meeting {facts['meeting']} from now on"
        case "locked" | "unlocked":
            return f"the meeting {facts['meeting']} is {entry.event}"
        case "recording":
            return f"those in the meeting are told that its recording {facts['what']}"
        case "busy":
            return "finds all lines busy"
        case "lost":
            return f"{facts['entries']} entries were left out of a file, as its disk was full"
        case "signed-in":
            return f"has signed in to the mailbox {facts['extension']}"
        case "voice-message":
            return f"leaves a message for {facts['to']}"
        case "message-waiting":
            return f"the mailbox {facts['extension']} has {facts['new']} new messages"
        case "greeting":
            return f"the mailbox {facts['extension']} greets callers with what was recorded ({facts['kind']})"
        case "playback":
            return f"listens: {facts['what']}, at {facts['rate']} times the speed"
        case "transferred":
            return "is handed over to the operator"
        case "desk":
            return f"at the desk: {told_desk(facts)}"
        case "letter":
            return f"a letter is delivered: {told_letter(facts)}"
        case "presenter":
            if "because" in facts:  # nobody's act: a caller that was added has failed
                return f"{facts['what']}: {', '.join(acted_on(facts))}"
            return " ".join((f"{facts.get('by', 'somebody')} at a page", str(facts["what"]), *acted_on(facts)))
        case "fault":
            return f"a fault of ours ends the call: {facts['what']} at {facts['where']}"
        case "declined" if facts["code"] == NOBODY:
            return "is dialled, and nobody has this number"
        case "turned-away" | "declined":
            what = "not taken" if entry.event == "turned-away" else "rung and declines"
            return f"is {what} ({facts['code']})" + (f": {facts['because']}" if "because" in facts else "")
        case "gave-up":
            return "hangs up while it rings"
        case "line-lost":
            return f"is lost: {facts['because']}"
        case "held" | "resumed":
            return "puts us on hold" if entry.event == "held" else "is back"
        case "cannot":
            return f"cannot be asked for {facts['request']} by this line"
        case "keys-by":
            return f"sends keys by {facts['by']}, which count from now on"
        case "not-counted":
            return f"a key by {facts['by']} does not count: {facts['because']}"
        case "sound":
            return (f"his sound: {facts['packets']} packets, {facts['lost']} lost, {facts['late']} too late, "
                    f"jitter {facts['jitter_ms']} ms")
        case "dialling" | "picked-up":
            return f"has {facts['to']} dialled for him" if entry.event == "dialling" else "answers"
        case "came-to-room" | "left-room":
            return f"{'comes to' if entry.event == 'came-to-room' else 'leaves'} {facts['room']}"
        case "asked":
            return f"the app says {facts['answer']} at {facts['node']}" + (
                f": {facts['because']}" if "because" in facts else "")
        case "rejected":
            return f"is refused: {facts['reason']}"
        case "recorded":
            return f"has left {facts['seconds']} s as {facts['name']}"
        case "circle":
            return f"goes round in a circle at {facts['node']}"
        case "hung-up":
            return "hangs up" if facts["by"] == "caller" else f"the {facts['by']} hangs up"
        case _:
            return f"{entry.event} {' '.join(str(value) for value in facts.values())}"


def _of_call(entry: Entry) -> str:
    """Return how a call goes that we have made."""
    facts = entry.facts
    match entry.event:
        case "ringing":
            return "hears that it rings"
        case "answered":
            return f"is answered after {seconds(facts['after_at']):.2f} s, in {facts['codec']}"
        case "line-open":
            return f"listens: sound is {1000 * seconds(facts['lag_at']):.0f} ms late at this card"
        case "early-media":
            return f"hears the other side before it answers, in {facts['codec']}"
        case "codec":
            return f"goes on in {facts['codec']}"
        case "presses":
            return f"presses {facts['keys']}, by {facts['by']}"
        case "heard":
            return f"has heard {facts['what']}"
    return f"is not answered: {facts['code']} {facts['because']}"


def _words(prompts: Prompts, name: str) -> str:
    """Return a prompt's words, dots where a name or a number is said."""
    if name not in prompts.catalogue().texts:
        return name  # an application at a URL says what it likes
    return re.sub(r"\{\w+\}", "...", list(prompts.catalogue().texts[name].values())[-1])
