"""A journal's entries as a story for people at a terminal."""

from ivr.clock import seconds
from ivr.journal import Entry
from prompts import Prompts

_SILENT = frozenset({"state"})


def told(entry: Entry, prompts: Prompts) -> str:
    """Return an entry as one line; empty for one that says nothing new."""
    if entry.event in _SILENT:
        return ""
    sentence = _sentence(entry, prompts)
    return f"{seconds(entry.at):8.2f} s  {entry.caller:<8} {sentence}"


def _sentence(entry: Entry, prompts: Prompts) -> str:
    facts = entry.facts
    match entry.event:
        case "dialled":
            return "dials in"
        case "busy":
            return "finds all lines busy"
        case "prompt":
            name = facts["prompt"]
            words = name if prompts.slots(name) else f'"{prompts.text(name)}"'
            return f"has heard {words}{'  [cut short]' if facts['interrupted'] else ''}"
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
        case "fault":
            return f"a fault of ours ends the call: {facts['what']} at {facts['where']}"
        case "turned-away" | "declined":
            return f"is {'not taken' if entry.event == 'turned-away' else 'rung and declines'} ({facts['code']})"
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
        case "hung-up":
            return "hangs up" if facts["by"] == "caller" else "the bridge hangs up"
        case _:
            return f"{entry.event} {' '.join(str(value) for value in facts.values())}"
