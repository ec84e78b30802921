"""Voice mail as an application of the engine: mailboxes, messages, greetings, a directory (F1 to F4)."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from ivr.clock import RATE, samples
from ivr.engine.application import Builder, Host
from ivr.engine.call import Call
from ivr.engine.dialling import LEG, RING
from ivr.engine.plain import PlainApplication
from ivr.mailbox.answers import Answers
from ivr.mailbox.caller import MailCaller, OpenRecording
from ivr.mailbox.calling import RINGS, Calling
from ivr.mailbox.flows import FlowsByPlan
from ivr.mailbox.playing import PART, trimmed
from ivr.mailbox.ways import RECEPTION, WITHIN
from ivr.mailbox.windows import Window, Windows
from ivr.mailbox.words import CALL_OVER, Asks, Doing
from ivr.voicemail import (
    Attendant,
    ChangePin,
    DialPlan,
    Failed,
    Find,
    HearGreeting,
    Keep,
    KeepGreeting,
    Leave,
    MailAnswer,
    MailQuestion,
    Prefer,
    Reception,
    Samples,
    SignIn,
    Spelt,
    Today,
    VoiceMail,
    WhatIsSaid,
    WhichPlan,
)

_CALL_ENDS, _MORE = "mailbox call ends", "mailbox message goes on"
_TIMERS = (_CALL_ENDS, _MORE, RINGS, RING)
SHORTEST = samples(2)
"""What is shorter is no message [U]."""
_AHEAD = samples(0.5)


def leads_of(applications: Mapping[str, str], mail: VoiceMail, spoken: Collection[str] = ()) -> dict[str, Builder]:
    """Return where numbers lead.

    Parameters
    ----------
    applications : mapping of number to str
        "mailbox" and "attendant" for those of the whole desk, "mailbox NAME" for a dial plan, "attendant NAME";
        others are left out.
    mail : VoiceMail
    spoken : collection of str
        The languages that there are prompts in.
    """
    windows = Windows(mail)

    def builder(application: str) -> Builder:
        word, _, name = application.partition(" ")
        wanted = WhichPlan(attendant=name) if word == "attendant" else WhichPlan(name)
        return lambda host: VoiceMailApplication(host, Window(windows), spoken, wanted)

    built = {one: builder(one) for one in set(applications.values()) if one.partition(" ")[0] in _OURS}
    return {number: built[one] for number, one in applications.items() if one in built}


_OURS = ("mailbox", "attendant")
_HERE = WhichPlan()


class VoiceMailApplication(PlainApplication):
    """Mailboxes to dial into, and to leave messages in; or an auto attendant before them.

    Parameters
    ----------
    host : Host
    mail : VoiceMail
    spoken : collection of str
        The languages that there are prompts in.
    wanted : WhichPlan
        By which dial plan calls go, and the attendant that they come to; they come to mailboxes without one.
    """

    flows = (RECEPTION,)

    def __init__(self, host: Host, mail: VoiceMail, spoken: Collection[str], wanted: WhichPlan = _HERE) -> None:
        self._mail, self._spoken = mail, spoken
        self._flows = FlowsByPlan(wanted.attendant, host.voice.slots)
        # a prompt that there is not is told of before anybody calls
        self._flows.of(DialPlan(attendants={"": Attendant("")}))
        self._callers: dict[int, MailCaller] = {}
        self._answers = Answers(spoken, host.note)
        super().__init__(host)
        self._calling = Calling(host, lambda: host.number(self), self._callers)
        self._asks: Mapping[str, Callable[[MailCaller], MailQuestion | str]] = {
            Asks.PLAN: lambda _: wanted, Asks.ARRIVING: lambda c: Find(phone=c.number),
            Asks.EXTENSION: lambda c: Find(c.entry.digits, plan=c.plan.name),
            Asks.PIN: self._sign_in, Asks.NEW_PIN: self._note_pin, Asks.CHANGE: self._change,
            Asks.TODAY: lambda c: Today(c.own.key), Asks.LOAD: lambda c: WhatIsSaid(c.message.number),
            Asks.DELETE: self._delete, Asks.SEND: self._send, Asks.SPELT: lambda c: _spelt(c, c.plan.search_by),
            Asks.ALIAS: lambda c: _spelt(c, c.plan.search_by_second),
            Asks.GREETING: self._greeting, Asks.AWAY: lambda c: Prefer(c.own.key, away=not c.own.away),
            Asks.ZONE: lambda c: Prefer(c.own.key),
            Asks.ZONE_EARLIER: lambda c: Prefer(c.own.key, zone=max(c.own.zone - 60, -720)),
            Asks.ZONE_LATER: lambda c: Prefer(c.own.key, zone=min(c.own.zone + 60, 840)),
            Asks.CLOCK: lambda c: Prefer(c.own.key, hours_24=not c.own.hours_24),
            Asks.FIRST: lambda c: Today(c.own.key)}

    def take(self, **known: Any) -> Call:  # noqa: ANN401
        """Return a new caller, or who was dialled for one."""
        if known.get("leg_of"):
            return Call(flows={LEG.name: LEG}, **known)
        caller = MailCaller(flows={RECEPTION.name: RECEPTION}, **known)
        self._callers[caller.serial] = caller
        self.dials = True
        return caller

    # what the flow asks, and has done

    def ask(self, call: Call, question: str, at: int) -> str | None:
        """Answer a question of the flow, or let the directory do so in its own time."""
        caller = self._callers.get(call.serial)
        if caller is None:
            return self._calling.connected(call, at)
        if question not in (Asks.PIN, Asks.CHANGE, Asks.EXTENSION, Asks.SPELT, Asks.ALIAS):
            caller.failures.clear()  # F1.6, F1.7: so many in a row
        wanted = self._wanted(caller, question)
        if isinstance(wanted, str):
            return wanted
        self._mail.ask(call.serial, question, wanted)
        return None

    def _wanted(self, caller: MailCaller, question: str) -> MailQuestion | str:
        """Return what is to be asked of the directory, or what the flow is answered at once."""
        if question in self._asks:
            return self._asks[question](caller)
        if question.startswith(Asks.RECEPTION):
            return Reception(question.removeprefix(Asks.RECEPTION).strip())
        if question.startswith(Asks.MESSAGE_FOR):
            return Find(question.removeprefix(Asks.MESSAGE_FOR).strip(), plan=caller.plan.name)
        if question.startswith(Asks.REACH):
            if extension := question.removeprefix(Asks.REACH).strip():
                caller.to_call, caller.inside = extension, True
            return Find(caller.to_call, caller.to_call, caller.plan.name)
        return self._answers.at_once(caller, question)

    def do(self, call: Call, command: str, at: int) -> None:
        """Do what the flow asks for."""
        caller = self._callers[call.serial]
        match command:
            case Doing.DIAL:
                self._calling.dial(caller, at)
            case Doing.MEET:
                self.host.timers.cancel(call.serial, _CALL_ENDS)  # from here on it is a call of these two
                self._calling.meet(caller, at)
            case Doing.TRANSFER:
                self.host.transfer(call, caller.to_call, at)
            case Doing.READ:
                self._keep(caller, "read")
            case Doing.UNREAD:
                self._keep(caller, "new")
            case Doing.IMPORTANT:
                caller.draft.important = True
            case Doing.PRIVATE:
                caller.draft.private = True
            case Doing.ANEW:
                caller.draft.parts.clear()
            case Doing.EVERYDAY | Doing.ABSENCE:
                caller.draft = OpenRecording("greeting", kind="standard" if command == Doing.EVERYDAY else "away")
            case Doing.FINISH:
                self._finish(caller, at)
            case _:
                self._wind(caller, Doing(command), at)

    def recorded(self, call: Call, samples: Samples, at: int) -> str:  # noqa: ARG002
        """Take what was said after the tone; too little of it is nothing."""
        caller = self._callers[call.serial]
        draft, greeting = caller.draft, caller.draft.purpose == "greeting"
        draft.parts.append(trimmed(samples))
        longest = caller.own.longest_greeting if greeting else caller.plan.longest_recording
        draft.parts = [draft.samples[:longest * RATE]]
        if len(draft.samples) >= (1 if greeting else SHORTEST):
            return "recorded"
        draft.parts.clear()
        return "nothing"

    def playback(self, call: Call, what: str) -> Samples:
        """Return what is to be played: a greeting, a message's beginning, what has just been recorded."""
        caller = self._callers[call.serial]
        match what:
            case "message":
                if caller.listening is not None:
                    caller.listening.wind(0)
                return self._part(caller, self.host.players.now)
            case "draft":
                return _some(caller.draft.samples)
            case "greeting":
                return _some(caller.sound)
            case "welcome":
                return _some(caller.plan.welcome)
            case "announcement":
                return _some(caller.plan.announcement)
            case _:
                return _some(_of_attendant(caller.plan, what))

    # a message is listened to

    def _wind(self, caller: MailCaller, what: Doing, at: int) -> None:
        listening, players = caller.listening, self.host.players
        if listening is None:
            return
        listening.do(what, players.now)
        self.host.note(caller, at, "playback", what=what.value, rate=listening.rate)
        self.host.timers.cancel(caller.serial, _MORE)
        players.silence(caller, at)
        if not listening.held:
            players.play_back(caller, self._part(caller, players.now), at)

    def _part(self, caller: MailCaller, begins: int) -> Samples:
        """Return what comes next of a message, and see to it that what follows is there in time."""
        if caller.listening is None:
            return _some(None)
        part = caller.listening.part(begins)
        if len(part) >= PART:
            self.host.timers.set(caller.serial, _MORE, begins + len(part) - _AHEAD)
        return _some(part)

    def due(self, call: Call, kind: str, at: int) -> None:
        """Take it that a call has lasted long enough, or more of a message is wanted."""
        caller = self._callers[call.serial]
        self._calling.due(caller, kind)
        match kind:
            case "mailbox call ends" if call.state != "goodbye":
                self._calling.give_up(caller)
                self.host.queue.tell(call.serial, CALL_OVER)
            case "mailbox message goes on" if call.state == "playing":
                self.host.players.play_back(call, self._part(caller, self.host.players.now + _AHEAD), at)

    def declined(self, call: Call, code: int, at: int) -> None:
        """Take it that nobody has answered who was dialled."""
        self._calling.declined(call, code, at)

    # what the directory is asked

    @staticmethod
    def _sign_in(caller: MailCaller) -> MailQuestion:
        caller.pin = caller.entry.digits
        return SignIn(caller.own.key, caller.pin)

    @staticmethod
    def _note_pin(caller: MailCaller) -> str:
        caller.new_pin = caller.entry.digits
        return "noted"

    @staticmethod
    def _change(caller: MailCaller) -> MailQuestion | str:
        new, caller.new_pin = caller.new_pin, ""
        return ChangePin(caller.own.key, caller.pin, new) if new == caller.entry.digits else "different"

    @staticmethod
    def _greeting(caller: MailCaller) -> MailQuestion:
        to = caller.own if caller.callee is None else caller.callee
        caller.draft = OpenRecording("leave", (to,))
        return HearGreeting(to.key, "away" if to.away else "standard")

    def _delete(self, caller: MailCaller) -> str:
        deleted = caller.states.get(caller.message.number) == "deleted"
        self._keep(caller, "read" if deleted else "deleted")
        return "undeleted" if deleted else "deleted"

    def _keep(self, caller: MailCaller, state: Any) -> None:  # noqa: ANN401
        before = caller.states.get(caller.message.number, caller.message.state)
        if before != state and not (state == "read" and before == "deleted" and caller.state == "playing"):
            caller.states[caller.message.number] = state
            self._mail.ask(caller.serial, "", Keep(caller.message.number, state))

    def _send(self, caller: MailCaller) -> MailQuestion | str:
        draft = caller.draft
        if draft.purpose == "greeting":
            return KeepGreeting(caller.own.key, draft.kind, draft.samples)
        if not draft.to:
            return "gone"
        said = np.concatenate([draft.samples, caller.sound]) if draft.purpose == "forward" else draft.samples
        caller.draft = OpenRecording(draft.purpose, draft.to)
        return Leave(tuple(box.key for box in draft.to), said, caller.phone,
                     sender_box=caller.own.key if caller.signed_in else 0, important=draft.important,
                     private=draft.private)

    def _finish(self, caller: MailCaller, at: int) -> None:
        """Leave a message whose caller has hung up after it, or been cut off [U]."""
        if caller.draft.purpose == "leave" and caller.draft.parts and not isinstance(
                question := self._send(caller), str):
            for box in caller.draft.to:
                self.host.note(caller, at, "voice-message", to=box.extension)
            self._mail.ask(caller.serial, "", question)

    # what it answers

    def poll(self, at: int) -> None:
        """Give callers what the directory has answered."""
        while answers := list(self._mail.answers()):
            for answer in answers:
                self._answered(*answer, at)

    def _answered(self, serial: int, about: str, answer: MailAnswer, at: int) -> None:
        caller = self._callers.get(serial)
        if caller is not None and about:
            self.host.work(caller, at, self._came, caller, about, answer, at)
        elif caller is not None:
            self._answers.waiting(caller, answer, at)

    def awaits(self) -> bool:
        """Tell whether the directory has yet to answer."""
        return self._mail.awaits()

    def _received(self, caller: MailCaller, plan: DialPlan, at: int) -> None:
        """Let a call go by its dial plan."""
        caller.plan = plan
        caller.words = {"count": plan.extension_digits}
        caller.flows = {**caller.flows, WITHIN: self._flows.of(plan)}
        if caller.languages == self.languages and plan.language in self._spoken:  # the number has none of its own
            caller.language = plan.language
        self.host.timers.set(caller.serial, _CALL_ENDS, at + samples(plan.longest_call))
        self.host.queue.answer(caller.serial, Asks.PLAN, "known")

    def _came(self, caller: MailCaller, about: str, answer: MailAnswer, at: int) -> None:
        if about not in caller.open:
            return  # the call has broken off meanwhile
        if isinstance(answer, DialPlan):
            self._received(caller, answer, at)
            return
        if about == Asks.ARRIVING and not caller.number_asked and not isinstance(answer, Failed):
            # the number that was called comes first: by another's own number it is he who is meant
            caller.number_asked, caller.callee = True, self._answers.mailbox(answer)
            self._mail.ask(caller.serial, about, Find(phone=caller.phone))
            return
        exit_ = "failed" if isinstance(answer, Failed) else self._answers.told(caller, about, answer, at)
        self.host.queue.answer(caller.serial, about, exit_)

    # its end

    def over(self, call: Call, at: int) -> None:
        """Leave what was said by somebody who has hung up."""
        self._calling.let_go(call, at)
        if (caller := self._callers.get(call.serial)) is not None:
            self._finish(caller, at)

    def broke(self, call: Call, at: int) -> None:  # noqa: ARG002
        """Expect nothing more for a call in whose work something broke off."""
        for kind in _TIMERS:
            self.host.timers.cancel(call.serial, kind)

    def mend(self, call: Call, at: int) -> None:
        """Let others go who are with such a call."""
        self._calling.let_go(call, at)

    def forget(self, call: Call) -> None:
        """Be done with a call."""
        self.broke(call, self.host.players.now)
        self._calling.let_go(call, self.host.players.now)
        self._callers.pop(call.serial, None)
        self.dials = bool(self._callers)


def _spelt(caller: MailCaller, by: str) -> MailQuestion | str:
    return Spelt(caller.entry.digits, by, caller.plan.name) if by != "none" else "nobody"


def _some(recording: Samples | None) -> Samples:
    """Return a recording; one that is empty is a moment of silence."""
    return recording if recording is not None and len(recording) else np.zeros(samples(0.02), np.int16)


def _of_attendant(plan: DialPlan, what: str) -> Samples | None:
    """Return a recording of an auto attendant: "file NAME", or "greeting MODE NAME"."""
    kind, _, rest = what.partition(" ")
    if kind == "file":
        return next((one.files[rest] for one in plan.attendants.values() if rest in one.files), None)
    mode, _, name = rest.partition(" ")
    one = plan.attendants[name]
    return one.greeting if mode == "open" else one.closed_greeting
