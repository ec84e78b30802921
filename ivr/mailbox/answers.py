"""What the flow's questions come to: by what a call knows, or by what the directory has answered."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ivr.mailbox import calendar
from ivr.mailbox.caller import MailCaller, OpenRecording, Purpose
from ivr.mailbox.playing import Playback
from ivr.mailbox.words import MOST, Asks
from ivr.voicemail import Agenda, Left, MailAnswer, Mailbox, SignedIn


class Answers:
    """Gives the exits of questions.

    Parameters
    ----------
    spoken : collection of str
        The languages that there are prompts in.
    note : callable
        Writes an entry of a call into the journal.
    """

    def __init__(self, spoken: Collection[str], note: Callable[..., None]) -> None:
        self._spoken, self._note = spoken, note
        self._at_once: Mapping[str, Callable[[MailCaller], str]] = {
            Asks.CHANGED: _was_forced, Asks.HOME: _home,
            Asks.MAIL: lambda c: "told" if c.with_pin else "needs PIN", Asks.CALENDAR: calendar.opened,
            Asks.MEETING: calendar.following, Asks.DAY: calendar.next_day, Asks.MEETING_BEFORE: calendar.before,
            Asks.ABOUT: calendar.known,
            Asks.NEXT: lambda c: _go(c, 1), Asks.PREVIOUS: lambda c: _go(c, -1), Asks.UNREAD: _next_unread,
            Asks.ENVELOPE: _envelope, Asks.REPLY: _reply, Asks.REPLY_ALL: _reply_all, Asks.FORWARD: _forward,
            Asks.CALL: _call, Asks.COMPOSE: _compose, Asks.CANCEL: _cancel, Asks.OTHER: _other,
            Asks.CHOSEN: _chosen, Asks.ANOTHER: _another, Asks.PERSON: _call_person, Asks.BACK: _back,
            Asks.OPERATOR: _operator, Asks.UNREACHED: _unreached,
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
        found = self.mailbox(answer)
        if question.startswith(Asks.MESSAGE_FOR):
            caller.callee = found
            return "unknown" if found is None else "found"
        if question.startswith(Asks.REACH):
            _to_dial(caller, found)
            return "known"
        return self._told[question](caller, answer, at)

    @staticmethod
    def mailbox(answer: MailAnswer) -> Mailbox | None:
        """Return the mailbox that was found, if one was."""
        return answer if isinstance(answer, Mailbox) else None

    @staticmethod
    def _reception(caller: MailCaller, name: str, answer: MailAnswer) -> str:
        """Take whether an attendant is open; from here on its operator is meant."""
        one = caller.plan.attendants[name]
        caller.operator, caller.found = one.operator, ()
        caller.words |= {"name": one.location or "?", "moment": one.hours or "?"}
        return str(answer)

    def waiting(self, caller: MailCaller, answer: MailAnswer, at: int) -> None:
        """Tell in the journal how many new messages there are, after something was kept."""
        if isinstance(answer, int):
            self._note(caller, at, "message-waiting", extension=caller.own.extension, new=answer)
        elif isinstance(answer, Left):
            self._waiting(caller, answer, at)

    def _waiting(self, caller: MailCaller, left: Left, at: int) -> None:
        for box in caller.draft.to:
            if box.key in left.new:
                self._note(caller, at, "message-waiting", extension=box.extension, new=left.new[box.key])

    # who

    def _arriving(self, caller: MailCaller, found: Mailbox | None, at: int) -> str:
        callee, caller.callee = caller.callee, None
        if callee is not None and (found is None or found.key != callee.key):
            caller.to_call = caller.number
            _to_dial(caller, callee)
            return "somebody"
        if found is None:
            return "stranger"
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
        caller.words |= {"count": min(new, MOST), "moment": agenda.meeting}
        return "meeting" if agenda.meeting else "free"

    def _sent(self, caller: MailCaller, answer: MailAnswer, at: int) -> str:
        draft = caller.draft
        if draft.purpose == "greeting":
            caller.draft = OpenRecording()
            self._note(caller, at, "greeting", extension=caller.own.extension, kind=draft.kind)
            return "greeting"
        if not isinstance(answer, Left) or not answer.new:
            return "gone"
        for box in draft.to:
            if box.key in answer.new:
                self._note(caller, at, "voice-message", to=box.extension)
        self._waiting(caller, answer, at)
        return _back_to(caller, draft.purpose)


_BACK_TO: Mapping[Purpose, str] = {"leave": "left", "reply": "to the message", "forward": "to the message",
                                   "send": "home", "greeting": "greeting"}


def _back_to(caller: MailCaller, purpose: Purpose) -> str:
    """Return where somebody goes on who has recorded something; an owner stays in his mailbox."""
    return "home" if purpose == "leave" and caller.signed_in else _BACK_TO[purpose]


def _home(caller: MailCaller) -> str:
    """Come to the main menu, where nothing is being written or recorded any more."""
    caller.draft = OpenRecording()
    return "away" if caller.own.away else "here"


def _was_forced(caller: MailCaller) -> str:
    return "forced" if caller.forced and not caller.signed_in else "wanted"


def _extension(caller: MailCaller, found: Mailbox | None, at: int) -> str:  # noqa: ARG001
    caller.box = found
    if found is not None:
        caller.words["name"] = found.name
    return "unknown" if found is None else "found"


def _change(caller: MailCaller, rule: str, at: int) -> str:  # noqa: ARG001
    return rule or "changed"


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
    caller.words |= {"name": message.sender or "?", "moment": message.sent, "seconds": min(message.seconds, MOST)}


def _envelope(caller: MailCaller) -> str:
    _describe(caller)
    return f"{'private ' if caller.message.private else ''}{'named' if caller.message.sender else 'unknown'}"


def _reply(caller: MailCaller) -> str:
    if not caller.message.sender_box:
        return "no"
    caller.draft = OpenRecording("reply", _sender_of(caller))
    return "possible"


def _reply_all(caller: MailCaller) -> str:
    """Let the sender and whoever else has got the message have the answer (F4)."""
    to = (*_sender_of(caller), *caller.message.others)
    if not to:
        return "no"
    caller.draft = OpenRecording("reply", tuple({box.key: box for box in to}.values()))
    return "possible"


def _sender_of(caller: MailCaller) -> tuple[Mailbox, ...]:
    of = caller.message
    return (Mailbox(of.sender_box, of.sender, of.sender_extension),) if of.sender_box else ()


def _forward(caller: MailCaller) -> str:
    if caller.message.private:
        return "no"
    caller.draft = OpenRecording("forward")
    return "possible"


def _call(caller: MailCaller) -> str:
    caller.to_call, caller.inside = caller.message.sender_phone, False
    return "known" if caller.to_call else "none"


def _compose(caller: MailCaller) -> str:
    caller.draft = OpenRecording("send", (caller.person,) if caller.state == "contact" else ())
    return "somebody"


def _cancel(caller: MailCaller) -> str:
    purpose, caller.draft = caller.draft.purpose, OpenRecording()
    return _back_to(caller, purpose)


# whom it rings at

def _to_dial(caller: MailCaller, found: Mailbox | None) -> None:
    """Take it whose the number is that is to be called; he may be reached by others of his own."""
    caller.callee = found
    own = (found.phone, found.extension) if found is not None else ()
    caller.to_dial = [*dict.fromkeys(filter(None, (caller.to_call, *own)))]


def _operator(caller: MailCaller) -> str:
    caller.to_call, caller.inside = caller.operator or caller.plan.operator, True
    return "known" if caller.to_call else "none"


def _unreached(caller: MailCaller) -> str:
    """Tell what becomes of a caller whom nobody answers: he leaves a message with who has a mailbox."""
    if caller.callee is not None and (not caller.signed_in or caller.callee.key != caller.own.key):
        return "mailbox"
    return "owner" if caller.signed_in else "caller"


# people

def _spelt(caller: MailCaller, found: tuple[Mailbox, ...], at: int) -> str:  # noqa: ARG001
    caller.found, caller.at_person = found, 0
    return _candidate(caller) if found else "nobody"


def _candidate(caller: MailCaller) -> str:
    caller.words |= {"name": caller.person.name, "digits": caller.person.extension}
    return "to write to" if caller.signed_in and caller.draft.purpose in ("forward", "send") else "found"


def _other(caller: MailCaller) -> str:
    if caller.at_person + 1 >= len(caller.found):
        return "nobody"
    caller.at_person += 1
    return _candidate(caller)


def _chosen(caller: MailCaller) -> str:
    if not caller.signed_in:
        caller.callee = caller.person
        return "caller"
    if caller.draft.purpose in ("forward", "send"):
        _add(caller)
        return "forward" if caller.draft.purpose == "forward" else "send"
    return "owner"


def _another(caller: MailCaller) -> str:
    _add(caller)
    return "added"


def _add(caller: MailCaller) -> None:
    """Let the person get what is to be recorded, beside those who get it already (F4)."""
    caller.draft.to = tuple({box.key: box for box in (*caller.draft.to, caller.person)}.values())


def _call_person(caller: MailCaller) -> str:
    caller.to_call, caller.inside = caller.person.phone or caller.person.extension, False
    return "known" if caller.to_call else "none"


def _back(caller: MailCaller) -> str:
    purpose, caller.draft, caller.found = caller.draft.purpose, OpenRecording(), ()
    if not caller.signed_in:
        return "caller"
    return "message" if purpose == "forward" else "owner"


# what an owner chooses

def _greeting(caller: MailCaller, sound: Any, at: int) -> str:  # noqa: ANN401, ARG001
    if caller.callee is not None:
        caller.words["name"] = caller.callee.name
    if sound is not None:
        caller.sound = sound
        return "recorded"
    return "away" if caller.callee is not None and caller.callee.away else "standard"


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
