"""What is done for one call: for its keys, times and answers, and for what it asks of the bridge."""

from collections.abc import Mapping

from dtmf import DigitEnded, DigitHeard
from ivr.engine.application import Application, Host
from ivr.engine.call import ENDED, Call
from ivr.engine.players import CLIP
from ivr.engine.ports import Signal
from ivr.engine.recorders import Recorders
from ivr.engine.requests import (
    Cut,
    Do,
    EndCall,
    EndRecording,
    KeepRecording,
    Listen,
    Music,
    Note,
    PlayBack,
    Question,
    Request,
    Speak,
    StartRecording,
    StopRecording,
    Transfer,
)
from ivr.engine.sound import Samples
from ivr.engine.waiting import ENTRY, Waiting

_TONE, _RECORDED = "tone", "recorded"


class Serving:
    """Serves calls; whatever raises here is for `Containing` to catch.

    Parameters
    ----------
    host : Host
    of : mapping of serial to Application
        Who has which call.
    """

    def __init__(self, host: Host, of: Mapping[int, Application], *, waiting: Waiting,
                 recorders: Recorders) -> None:
        self._host, self._of = host, of
        self._waiting, self._recorders = waiting, recorders
        self._to_record: dict[int, StartRecording] = {}
        self.transfers: list[tuple[Call, str]] = []
        """Who is to be handed to which number, for the exchange to see to."""
        host.contained.endings = self

    # what happens to a call

    def keyed(self, call: Call, told: DigitHeard | DigitEnded, at: int) -> None:
        """Take a key that went down, or whose tone is over."""
        if isinstance(told, DigitHeard):
            self._waiting.pressed(call.serial, told.digit, at)
            self._do(call, call.key(told.digit, at), at)
        else:
            self._waiting.released(call.serial, call.dialled_at + told.end)

    def due(self, call: Call, what: str, at: int) -> None:
        """Take it that one of a call's timers is due."""
        if what == ENTRY:
            if self._waiting.over(call.serial, at):
                self._do(call, call.quiet(), at)
        elif what == CLIP:
            if self._host.players.clip_ended(call, at):
                self._do(call, call.all_said(), at)
        elif what == _TONE:
            self._host.players.silence(call, at)
            wanted = self._to_record.pop(call.serial)
            self._recorders.begin(call.row, longest=wanted.longest, silence=wanted.silence)
        elif what == _RECORDED:
            self._end_recording(call, at)
        else:
            self._of[call.serial].due(call, what, at)

    def transfer(self, call: Call, to: str, at: int) -> None:
        """Have a call handed to another number."""
        self._host.note(call, at, "transferred", to=to)
        self.transfers.append((call, to))

    def takes_time(self, call: Call, question: str, at: int) -> None:
        """Tell a call that the answer to a question takes its time."""
        self._do(call, call.takes_time(question), at)

    def signal(self, call: Call, signal: Signal, at: int) -> None:
        """Take what a call's line says besides audio."""
        if signal is Signal.DIAL:
            call.dialled_at = at
            self._host.note(call, at, "picked-up" if call.leg_of else "dialled")
            self._do(call, call.answered(), at)
        else:
            self._host.players.silence(call, at)
            self._do(call, call.end(), at)
            self._of[call.serial].over(call, at)
            self._host.contained.hung_up(call, at, "caller")

    def record(self, call: Call, heard: Samples, clamped: Samples, end: int) -> None:
        """Take a frame of a recording; it is over at sample `end` if it has become long enough."""
        if self._recorders.feed(call.row, heard, clamped):
            self._host.timers.set(call.serial, _RECORDED, end)

    def settle(self, at: int) -> None:
        """Tell calls what has come of what they and others did, in order; never within the work for any of them."""
        for serial, what, question in self._host.queue.take():
            call = self._host.calls[serial]
            self._host.contained.work(call, at, self._told, call, what, question, at)

    def _told(self, call: Call, what: str, question: str | None, at: int) -> None:
        if question is not None:
            self._do(call, call.answer(question, what), at)
        else:
            self._host.players.silence(call, at)
            self._do(call, call.told(what), at)

    # what it asks for

    def _do(self, call: Call, requests: list[Request], at: int) -> None:
        for request in requests:
            if self._host.contained.broken(call):
                return
            self._done(call, request, at)

    def _done(self, call: Call, request: Request, at: int) -> None:
        host, application = self._host, self._of[call.serial]
        match request:
            case Note(event=event, facts=facts):
                host.note(call, at, event, **facts)
            case Speak(parts=parts, cuts=cuts):
                host.players.speak(call, parts, at, cuts=cuts)
            case Cut():
                call.telling = False
                host.players.cut(call, at)
            case Listen(wait=wait):
                self._waiting.ask(call.serial, wait, at)
            case Music():
                host.players.music(call, at)
            case Question(about=question):
                if answer := application.ask(call, question, at):
                    host.queue.answer(call.serial, question, answer, at_once=True)
            case Do(command=command):
                application.do(call, command, at)
            case StartRecording(beep=False):
                self._recorders.begin(call.row, longest=request.longest, silence=request.silence)
            case StartRecording():
                lasts = host.players.tone(call, host.tones["record"], at)
                self._to_record[call.serial] = request
                host.timers.set(call.serial, _TONE, host.players.now + lasts)
            case EndRecording():
                self._end_recording(call, at)
            case KeepRecording():
                recorded = self._recorders.end(call.row)
                self._stop_recording(call)
                if len(recorded):
                    application.recorded(call, recorded, at)
            case StopRecording():
                self._stop_recording(call)
            case PlayBack(what=what):
                host.players.play_back(call, application.playback(call, what), at)
            case Transfer(to=to):
                self.transfer(call, to, at)
            case EndCall():
                host.players.silence(call, at)
                host.contained.hung_up(call, at, "bridge")

    def _end_recording(self, call: Call, at: int) -> None:
        if self._recorders.on(call.row) or call.serial in self._to_record:
            samples = self._recorders.end(call.row)
            self._stop_recording(call)
            exit_ = self._of[call.serial].recorded(call, samples, at)
            self._do(call, call.leave_by(exit_), at)

    def _stop_recording(self, call: Call) -> None:
        self._recorders.end(call.row)
        self._to_record.pop(call.serial, None)
        for kind in (_TONE, _RECORDED):
            self._host.timers.cancel(call.serial, kind)

    # its end

    def with_a_word(self, call: Call, at: int) -> None:
        """Let a caller out in whose call there is a fault of ours; tell him so, and hang up then."""
        self._host.queue.drop(call.serial)
        call.rings = False
        self._of[call.serial].broke(call, at)
        self._host.players.silence(call, at)
        self._do(call, call.fault(), at)
        self._mend(call, at)

    def at_once(self, call: Call, at: int) -> None:
        """End a call in whatever state it is."""
        if call.state != ENDED:
            call.state, call.node = ENDED, None
            self._host.note(call, at, "state", state=ENDED)
        self._host.queue.drop(call.serial)
        self._host.players.still(call)
        self._mend(call, at)

    def _mend(self, call: Call, at: int) -> None:
        """Put in order what is not his alone."""
        self._of[call.serial].mend(call, at)
        self._host.players.count_anew()

    def forget(self, call: Call) -> None:
        """Be done with a call that is over."""
        self._host.players.forget(call)
        self._stop_recording(call)
        self._of[call.serial].forget(call)
        self._waiting.forget(call.serial)
