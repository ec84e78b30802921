"""The conference as an application of the engine: conference IDs, PINs, lobbies, meetings."""

from functools import partial
from typing import Any

from ivr.clock import RATE
from ivr.conference.announcing import TOLD, Announcer
from ivr.conference.asking import ANSWER, ASKING, Inquiries
from ivr.conference.caller import Caller
from ivr.conference.commands import Command
from ivr.conference.ending import ENDS
from ivr.conference.floor import LOBBY, Floor
from ivr.conference.flow import CONFERENCE_ID, Does, FlowQuestion, MeetingAnswer, PinAnswer, conference_flow
from ivr.conference.moderating import Moderator
from ivr.conference.profile import Profile
from ivr.conference.rooms import Rooms
from ivr.engine.application import Host
from ivr.engine.call import Call
from ivr.engine.flow import Flow
from ivr.engine.sound import Samples
from ivr.questions import Answer, Directory, Found, PinChecked, TryLater, Unknown
from prompts.names import name_from

_OF_CALLERS = (LOBBY, ANSWER)


class Conference:
    """All meetings on one bridge.

    Parameters
    ----------
    host : Host
    directory : Directory
        Who may start which meeting.
    profile : Profile
        What product to be.
    flow : Flow, optional
        That of its callers; by default the product's own (`conference_flow`).

    Attributes
    ----------
    callers : dict of serial to Caller
        Those who have come to it.
    rooms, floor, moderator
        Its meetings, who comes and goes there, and what commands do: what `Remote` works with.
    """

    def __init__(self, host: Host, directory: Directory, profile: Profile, flow: Flow | None = None) -> None:
        flow = flow or conference_flow(profile)
        flow.check_prompts(host.voice.slots)
        self._host, self._profile, self._flows = host, profile, {flow.name: flow}
        self.languages, self.dials, self.early = profile.languages, False, False
        self.callers: dict[int, Caller] = {}
        self.rooms = Rooms(host.mixing, partial(host.number, self), host.give_back, profile)
        self._announcer = Announcer(self.callers, self.rooms, host.players, host.voice, host.timers, host.journal,
                                    host.contained)
        self.floor = Floor(self.callers, self.rooms, host.queue, self._announcer, host.timers, host.journal,
                            profile, directory.started)
        self.moderator = Moderator(self.callers, self.rooms, self.floor, self._announcer, host.queue, host.journal)
        self._inquiries = Inquiries(self.callers, directory, host.timers, host.note)
        host.contained.shared.add(Rooms.__module__)

    def take(self, **known: Any) -> Call:  # noqa: ANN401
        """Return a new caller."""
        caller = Caller(profile=self._profile, flows=self._flows, **known)
        self.callers[caller.serial] = caller
        number = caller.number
        if number.isascii() and number.isdigit() and len(number) == caller.profile.conference_id_digits:
            caller.brought[CONFERENCE_ID] = number  # as who was handed over from another process dials it
        return caller

    # what the flow asks, and has done

    def ask(self, call: Call, question: str, at: int) -> str | None:
        """Answer a question of the flow; the directory answers in its own time."""
        caller = self.callers[call.serial]
        match question:
            case FlowQuestion.ROOM:
                answer = self.floor.answer(caller)
                caller.name_asked = caller.name_asked or answer == "name wanted"
                return answer
            case FlowQuestion.PIN:
                self._inquiries.check_pin(caller, at)
            case _:
                caller.conference_id = caller.entry.digits[:caller.profile.conference_id_digits]
                self._inquiries.find(caller, at)
        return None

    def do(self, call: Call, command: str, at: int) -> None:
        """Do what the flow or a caller's keys ask for."""
        caller, floor = self.callers[call.serial], self.floor
        match command:
            case Does.WAIT:
                floor.wait(caller, at)
            case Does.START:
                floor.start(caller, at)
            case Does.JOIN:
                floor.join(caller, at)
            case Does.PROMOTE:
                floor.promote(caller, at)
            case Does.LEAVE:
                floor.leave(caller, at)
            case Does.TRANSFER:
                self._host.transfer(caller, caller.profile.operator, at)
            case _:
                self.moderator.do(caller, Command(command) if command else None, at)

    def recorded(self, call: Call, samples: Samples, at: int) -> str:
        """Take a caller's name (A4.6, A4.7)."""
        caller = self.callers[call.serial]
        caller.name = name_from(samples, RATE)
        self._host.note(caller, at, "name", recorded=caller.name is not None)
        return "nothing" if caller.name is None else "recorded"

    def playback(self, call: Call, what: str) -> Samples:
        """Play nothing: the flow has no recordings."""
        raise LookupError(f"call {call.serial}: a conference has no recording {what!r}")

    # what becomes due

    def due(self, call: Call, kind: str, at: int) -> None:
        """Take it that a caller's time in the lobby, or the turn of an answer to him, has come."""
        caller = self.callers[call.serial]
        if kind == LOBBY:
            self.floor.lobby_time(caller, at)
        elif kind == ANSWER:
            if caller.state in ASKING:
                self._host.players.silence(caller, at)
            self._answered(caller, self._inquiries.due(caller), at)

    def due_elsewhere(self, owner: int, kind: str, at: int) -> None:
        """Take it that something is to be told in a meeting, or its end has come."""
        place = self.rooms.numbered(-owner)
        if place is not None and kind == TOLD:
            self._announcer.gathered(place, at)
        elif place is not None and kind == ENDS:
            self.floor.end_time(place, at)

    def declined(self, call: Call, code: int, at: int) -> None:
        """Dial nobody, so be declined by nobody."""

    def poll(self, at: int) -> None:
        """Give callers what the directory has answered, or tell them that it takes its time."""
        for answer in self._inquiries.come():
            caller = self.callers[answer.call]
            self._host.work(caller, at, self._came, caller, answer, at)

    def awaits(self) -> bool:
        """Tell whether the directory has yet to answer."""
        return self._inquiries.open

    def _came(self, caller: Caller, answer: Answer, at: int) -> None:
        now, told = self._inquiries.take(caller, answer, at)
        if now and told is None:
            self._host.takes_time(caller, _question(caller, answer), at)
        elif now:
            self._answered(caller, answer, at)

    def _answered(self, caller: Caller, answer: Answer, at: int) -> None:
        question, told = _question(caller, answer), ""
        match answer:
            case TryLater():
                told = MeetingAnswer.TRY_LATER
            case Unknown():
                told = MeetingAnswer.TOO_LONG if question == FlowQuestion.BEGINNING else MeetingAnswer.UNKNOWN
            case PinChecked(right=right, name=name):
                told = PinAnswer.RIGHT if right else PinAnswer.WRONG
                caller.display_name = name if right else caller.display_name
                caller.authenticated = caller.authenticated or right
            case Found(elsewhere=elsewhere) if elsewhere and caller.number == caller.conference_id:
                told = MeetingAnswer.TRY_LATER  # he was sent here: sent on again he would go in a circle
            case Found(elsewhere=elsewhere) if elsewhere:
                self._host.note(caller, at, "elsewhere", home=elsewhere)
                self._host.transfer(caller, f"sip:{caller.conference_id}@", at)
                self._inquiries.moved(caller, answer, at)
                return
            case Found():
                told = self.floor.found(caller, answer, at)
        if question == FlowQuestion.BEGINNING and not isinstance(answer, Found):
            caller.conference_id = ""  # it was none, and may be the beginning of a PIN
        self._inquiries.given(answer)
        self._host.queue.answer(caller.serial, question, told)

    # its end

    def over(self, call: Call, at: int) -> None:
        """Let a caller go from wherever he is (A6.8)."""
        self.floor.leave(self.callers[call.serial], at)

    def broke(self, call: Call, at: int) -> None:  # noqa: ARG002
        """Expect no answer for a call in whose work something broke off."""
        self._inquiries.forget(self.callers[call.serial])
        self._host.timers.cancel(call.serial, ANSWER)

    def mend(self, call: Call, at: int) -> None:
        """Put his meeting in order."""
        self.floor.mend(self.callers[call.serial], at)

    def forget(self, call: Call) -> None:
        """Be done with a caller who is over."""
        self._inquiries.forget(self.callers[call.serial])
        for kind in _OF_CALLERS:
            self._host.timers.cancel(call.serial, kind)
        del self.callers[call.serial]


def _question(caller: Caller, answer: Answer) -> str:
    """Return which of a caller's questions an answer is to."""
    of_pin = isinstance(answer, PinChecked) or (isinstance(answer, TryLater) and FlowQuestion.PIN in caller.open)
    if of_pin:
        return FlowQuestion.PIN
    return FlowQuestion.BEGINNING if FlowQuestion.BEGINNING in caller.open else FlowQuestion.MEETING
