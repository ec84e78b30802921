"""What the flow's questions come to: by what a call knows, or by what the directory has answered."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ivr.mailbox.caller import MailCaller, OpenRecording, Purpose
from ivr.mailbox.playing import Playback
from ivr.mailbox.words import Asks
from ivr.voicemail import Agenda, DialPlan, MailAnswer, Mailbox, SignedIn

_MOST = 999
"""The greatest number that a prompt can say."""


class Answers:
    """Gives the exits of questions.

    Parameters
    ----------
    plan : DialPlan
    spoken : collection of str
        The languages that there are prompts in.
    note : callable
        Writes an entry of a call into the journal.
    """

    def __init__(self, plan: DialPlan, spoken: Collection[str], note: Callable[..., None]) -> None:
        self._plan, self._spoken, self._note = plan, spoken, note
        self._at_once: Mapping[str, Callable[[MailCaller], str]] = {
            Asks.CHANGED: _was_forced, Asks.HOME: lambda c: "away" if c.own.away else "here",
            Asks.MAIL: lambda c: "told" if c.with_pin else "needs PIN", Asks.CALENDAR: _calendar,
            Asks.NEXT: lambda c: _go(c, 1), Asks.PREVIOUS: lambda c: _go(c, -1), Asks.UNREAD: _next_unread,
            Asks.ENVELOPE: _envelope, Asks.REPLY: _reply, Asks.FORWARD: _forward, Asks.CALL: _call,
            Asks.COMPOSE: _compose, Asks.CANCEL: _cancel, Asks.OTHER: _other, Asks.CHOSEN: _chosen,
            Asks.PERSON: _call_person, Asks.BACK: _back, Asks.OPERATOR: self._operator,
            Asks.GOING_ON: lambda _: "on"}
        self._told: Mapping[str, Callable[[MailCaller, Any, int], str]] = {
            Asks.ARRIVING: self._arriving, Asks.EXTENSION: _extension, Asks.PIN: self._pin,
            Asks.CHANGE: _change,
            Asks.TODAY: self._today, Asks.FIRST: _first, Asks.LOAD: _load, Asks.SEND: self._sent,
            Asks.SPELT: _spelt, Asks.ALIAS: _spelt, Asks.GREETING: _greeting, Asks.AWAY: _away,
            Asks.ZONE: _zone, Asks.ZONE_EARLIER: _zone, Asks.ZONE_LATER: _zone, Asks.CLOCK: _clock}

    def at_once(self, caller: MailCaller, question: str) -> str:
        """Answer what needs no directory."""
        return self._at_once[question](caller)

    def told(self, caller: MailCaller, question: str, answer: MailAnswer, at: int) -> str:
        """Take what the directory has answered; return the exit."""
        if question.startswith(Asks.RECEPTION):
            return self._reception(caller, question.removeprefix(Asks.RECEPTION).strip(), answer)
        if question.startswith(Asks.MESSAGE_FOR):
            return _extension(caller, answer if isinstance(answer, Mailbox) else None, at)
        return self._told[question](caller, answer, at)

    def _reception(self, caller: MailCaller, name: str, answer: MailAnswer) -> str:
        """Take whether an attendant is open; from here on its operator is meant."""
        one = self._plan.attendants[name]
        caller.operator, caller.found = one.operator, ()
        caller.words |= {"name": one.location or "?", "moment": one.hours or "?"}
        return str(answer)

    def waiting(self, caller: MailCaller, answer: MailAnswer, at: int) -> None:
        """Tell in the journal how many new messages there are, after something was kept."""
        box = caller.box if caller.signed_in else caller.draft.to
        if box is not None and isinstance(answer, int):
            self._note(caller, at, "message-waiting", extension=box.extension, new=answer)

    # who

    def _arriving(self, caller: MailCaller, found: Mailbox | None, at: int) -> str:
        if found is None:
            return "stranger"
        if caller.number_asked:
            caller.box = found
            return "somebody"
        self._own(caller, found)
        if found.pinless:
            self._signed_in(caller, at)
            return "own phone, open"
        return "own phone"

    def _own(self, caller: MailCaller, box: Mailbox) -> None:
        """Take it whose mailbox is meant, and speak as its owner does."""
        caller.box = box
        caller.words["name"] = box.name

    def _signed_in(self, caller: MailCaller, at: int) -> None:
        caller.signed_in = True
        caller.found = ()
        if caller.own.language in caller.languages:
            caller.language = caller.own.language
        self._note(caller, at, "signed-in", extension=caller.own.extension)

    def _pin(self, caller: MailCaller, answer: SignedIn, at: int) -> str:
        if answer.reason != "right":
            caller.pin = ""
            return answer.reason
        caller.with_pin = True
        caller.forced = bool(answer.due)
        if not caller.forced:
            self._signed_in(caller, at)
        return answer.due or "right"

    def _today(self, caller: MailCaller, agenda: Agenda, at: int) -> str:
        if not caller.signed_in:
            self._signed_in(caller, at)
        caller.box, caller.agenda = agenda.mailbox, agenda
        new = sum(message.state == "new" for message in agenda.messages)
        caller.words |= {"count": min(new, _MOST), "moment": agenda.meeting}
        return "meeting" if agenda.meeting else "free"

    def _operator(self, caller: MailCaller) -> str:
        caller.to_call = caller.operator or self._plan.operator
        return "known" if caller.to_call else "none"

    def _sent(self, caller: MailCaller, answer: MailAnswer, at: int) -> str:
        draft = caller.draft
        if draft.purpose == "greeting":
            caller.draft = OpenRecording()
            self._note(caller, at, "greeting", extension=caller.own.extension, kind=draft.kind)
            return "greeting"
        if not isinstance(answer, int) or draft.to is None:
            return "gone"
        self._note(caller, at, "voice-message", to=draft.to.extension)
        self._note(caller, at, "message-waiting", extension=draft.to.extension, new=answer)
        return _BACK_TO[draft.purpose]


_BACK_TO: Mapping[Purpose, str] = {"leave": "left", "reply": "to the message", "forward": "to the message",
                                   "send": "home", "greeting": "greeting"}


def _was_forced(caller: MailCaller) -> str:
    return "forced" if caller.forced and not caller.signed_in else "wanted"


def _extension(caller: MailCaller, found: Mailbox | None, at: int) -> str:  # noqa: ARG001
    caller.box = found
    if found is not None:
        caller.words["name"] = found.name
    return "unknown" if found is None else "found"


def _change(caller: MailCaller, rule: str, at: int) -> str:  # noqa: ARG001
    return rule or "changed"


def _calendar(caller: MailCaller) -> str:
    if not caller.with_pin:
        return "needs PIN"
    caller.words["moment"] = caller.agenda.meeting if caller.agenda else ""
    return "meeting" if caller.words["moment"] else "free"


# messages

def _first(caller: MailCaller, agenda: Agenda, at: int) -> str:  # noqa: ARG001
    caller.box, caller.agenda, caller.messages, caller.at = agenda.mailbox, agenda, [*agenda.messages], 0
    caller.states = {}
    return "message" if caller.messages else "none"


def _go(caller: MailCaller, by: int) -> str:
    there = 0 <= caller.at + by < len(caller.messages)
    caller.at += by if there else 0
    return "message" if there else "none"


def _next_unread(caller: MailCaller) -> str:
    later = range(caller.at + 1, len(caller.messages))
    unread = [n for n in later if caller.states.get(caller.messages[n].number, caller.messages[n].state) == "new"]
    caller.at = unread[0] if unread else caller.at
    return "message" if unread else "none"


def _load(caller: MailCaller, sound: Any, at: int) -> str:  # noqa: ANN401, ARG001
    message = caller.message
    caller.sound, caller.listening = sound, Playback(sound)
    _describe(caller)
    return f"{'important ' if message.important else ''}{'named' if message.sender else 'unknown'}"


def _describe(caller: MailCaller) -> None:
    message = caller.message
    caller.words |= {"name": message.sender or "?", "moment": message.sent, "seconds": min(message.seconds, _MOST)}


def _envelope(caller: MailCaller) -> str:
    _describe(caller)
    return f"{'private ' if caller.message.private else ''}{'named' if caller.message.sender else 'unknown'}"


def _reply(caller: MailCaller) -> str:
    if not caller.message.sender_box:
        return "no"
    of = caller.message
    caller.draft = OpenRecording("reply", Mailbox(of.sender_box, of.sender, of.sender_extension))
    return "possible"


def _forward(caller: MailCaller) -> str:
    if caller.message.private:
        return "no"
    caller.draft = OpenRecording("forward")
    return "possible"


def _call(caller: MailCaller) -> str:
    caller.to_call = caller.message.sender_phone
    return "known" if caller.to_call else "none"


def _compose(caller: MailCaller) -> str:
    caller.draft = OpenRecording("send", caller.person if caller.state == "contact" else None)
    return "somebody"


def _cancel(caller: MailCaller) -> str:
    purpose, caller.draft = caller.draft.purpose, OpenRecording()
    return _BACK_TO[purpose]


# people

def _spelt(caller: MailCaller, found: tuple[Mailbox, ...], at: int) -> str:  # noqa: ARG001
    caller.found, caller.at_person = found, 0
    return _candidate(caller) if found else "nobody"


def _candidate(caller: MailCaller) -> str:
    caller.words |= {"name": caller.person.name, "digits": caller.person.extension}
    return "found"


def _other(caller: MailCaller) -> str:
    if caller.at_person + 1 >= len(caller.found):
        return "nobody"
    caller.at_person += 1
    return _candidate(caller)


def _chosen(caller: MailCaller) -> str:
    if not caller.signed_in:
        return "caller"
    if caller.draft.purpose in ("forward", "send"):
        caller.draft.to = caller.person
        return "forward" if caller.draft.purpose == "forward" else "send"
    return "owner"


def _call_person(caller: MailCaller) -> str:
    caller.to_call = caller.person.phone or caller.person.extension
    return "known" if caller.to_call else "none"


def _back(caller: MailCaller) -> str:
    purpose, caller.draft, caller.found = caller.draft.purpose, OpenRecording(), ()
    if not caller.signed_in:
        return "caller"
    return "message" if purpose == "forward" else "owner"


# what an owner chooses

def _greeting(caller: MailCaller, sound: Any, at: int) -> str:  # noqa: ANN401, ARG001
    to = caller.draft.to
    if to is not None:
        caller.words["name"] = to.name
    if sound is not None:
        caller.sound = sound
        return "recorded"
    return "away" if to is not None and to.away else "standard"


def _away(caller: MailCaller, box: Mailbox, at: int) -> str:  # noqa: ARG001
    caller.box = box
    return "on" if box.away else "off"


def _zone(caller: MailCaller, box: Mailbox, at: int) -> str:  # noqa: ARG001
    caller.box = box
    caller.words["moment"] = box.now
    return "set"


def _clock(caller: MailCaller, box: Mailbox, at: int) -> str:  # noqa: ARG001
    caller.box = box
    return "24" if box.hours_24 else "12"
