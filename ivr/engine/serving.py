"""What is done for one call: for its keys, times and answers, and for what it asks of the bridge."""

from collections.abc import Mapping

from dtmf import DigitEnded, DigitHeard
from ivr.clock import RATE, Timers
from ivr.conference import call as asked
from ivr.conference.call import Call, Request
from ivr.conference.words import Do, Event, State
from ivr.engine.containing import Containing
from ivr.engine.floor import LOBBY, Floor
from ivr.engine.inquiring import ANSWER, ASKING, Inquiries
from ivr.engine.moderating import Moderator
from ivr.engine.naming import Recorders
from ivr.engine.players import CLIP, Note, Players
from ivr.engine.ports import Signal
from ivr.engine.sound import Samples
from ivr.engine.waiting import ENTRY, Waiting
from ivr.questions import Answer, Found, PinChecked, TryLater, Unknown
from prompts.names import name_from

_TONE, _NAME = "tone", "name"
OF_CALLS = frozenset({ENTRY, CLIP, _TONE, _NAME, LOBBY, ANSWER})
"""The kinds of timers that calls have."""


class Serving:
    """Serves calls; whatever raises here is for `Containing` to catch.

    Parameters
    ----------
    calls : mapping of serial to Call
    tones : mapping of "record" to int16 array [shape=(n,)]
    note : callable
        Writes an entry of a call into the journal.
    """

    def __init__(self, calls: Mapping[int, Call], *, contained: Containing, floor: Floor, moderator: Moderator,
                 players: Players, inquiries: Inquiries, waiting: Waiting, recorders: Recorders, timers: Timers,
                 tones: Mapping[str, Samples], note: Note) -> None:
        self._calls, self._contained = calls, contained
        self._floor, self._moderator, self._players = floor, moderator, players
        self._inquiries, self._waiting, self._recorders = inquiries, waiting, recorders
        self._timers, self._tones, self._note = timers, tones, note
        self._settling = False
        self.transfers: list[tuple[Call, str]] = []
        """Who is to be handed to which number, for the exchange to see to."""
        contained.endings = self

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
            if self._players.clip_ended(call, at):
                self._do(call, call.fire(Event.PROMPT_ENDED), at)
        elif what == _TONE:
            self._players.silence(call, at)
            profile = call.profile
            self._recorders.begin(call.row, longest=profile.name_longest, silence=profile.name_silence)
        elif what == _NAME:
            self._end_name(call, at)
        elif what == ANSWER:
            if call.state in ASKING:
                self._players.silence(call, at)
            self._answered(call, self._inquiries.due(call), at)
        elif event := self._floor.lobby_time(call, at):
            self._tell(call, event, at)

    def signal(self, call: Call, signal: Signal, at: int) -> None:
        """Take what a line says besides audio: that it dials, or hangs up."""
        if signal is Signal.DIAL:
            call.dialled_at = at
            self._note(call, at, "dialled")
            self._do(call, call.fire(Event.ANSWERED), at)
        else:
            self._tell(call, Event.HUNG_UP, at)
            self._contained.hung_up(call, at, "caller")

    def record(self, call: Call, heard: Samples, clamped: Samples, end: int) -> None:
        """Take a frame of a name; it is over at sample `end` if it has become long enough."""
        if self._recorders.feed(call.row, heard, clamped):
            self._timers.set(call.serial, _NAME, end)

    def answers(self, at: int) -> None:
        """Give calls what the directory has answered, or tell them that it takes its time."""
        for answer in self._inquiries.come():
            call = self._calls[answer.call]
            self._contained.work(call, at, self._came, call, answer, at)

    def settle(self, at: int) -> None:
        """Tell calls what has come of what others did, in order."""
        pending = self._floor.pending
        if self._settling:
            return  # whoever tells goes on with what has come meanwhile
        self._settling = True
        try:
            while pending:
                serial, event = pending.popleft()
                call = self._calls[serial]
                self._contained.work(call, at, self._tell, call, event, at)
        finally:
            self._settling = False

    def _tell(self, call: Call, event: Event, at: int) -> None:
        self._players.silence(call, at)
        self._do(call, call.fire(event), at)

    def _came(self, call: Call, answer: Answer, at: int) -> None:
        now, told = self._inquiries.take(call, answer, at)
        if now:
            self._answered(call, told, at)

    def _answered(self, call: Call, answer: Answer | None, at: int) -> None:
        match answer:
            case None:
                requests = call.fire(Event.TAKES_TIME)
            case TryLater():
                requests = call.put_off()
            case Unknown():
                requests = call.answered(Event.UNKNOWN)
            case PinChecked(right=right, name=name):
                call.display_name = name if right else call.display_name
                requests = call.answered(Event.RIGHT_PIN if right else Event.WRONG_PIN)
            case Found():
                requests = call.answered(self._floor.found(call, answer, at))
        if answer is not None:
            self._inquiries.given(answer)
        self._do(call, requests, at)

    # what it asks for

    def _do(self, call: Call, requests: list[Request], at: int) -> None:
        for request in requests:
            if self._contained.broken(call):
                return
            match request:
                case asked.Note(event=event, facts=facts):
                    self._note(call, at, event, **facts)
                case asked.Speak(parts=parts, cuts=cuts):
                    self._players.speak(call, parts, at, cuts=cuts)
                case asked.Cut():
                    self._players.cut(call, at)
                case asked.Listen(wait=wait):
                    self._waiting.ask(call.serial, wait, at)
                case asked.EndName():
                    self._end_name(call, at)
                case asked.Commanded(command=command):
                    self._moderator.do(call, command, at)
                case Do():
                    self._done(call, request, at)
        self.settle(at)

    def _done(self, call: Call, request: Do, at: int) -> None:
        match request:
            case Do.FIND:
                self._inquiries.find(call, at)
            case Do.CHECK_PIN:
                self._inquiries.check_pin(call, at)
            case Do.ENTER:
                self._do(call, call.fire(self._floor.answer(call)), at)
            case Do.RECORD:
                lasts = self._players.tone(call, self._tones["record"], at)
                self._timers.set(call.serial, _TONE, self._players.now + lasts)
            case Do.STOP_RECORDING:
                self._stop_recording(call)
            case Do.MUSIC:
                self._players.music(call)
            case Do.WAIT:
                self._floor.wait(call, at)
            case Do.START:
                self._floor.start(call, at)
            case Do.JOIN:
                self._floor.join(call, at)
            case Do.PROMOTE:
                self._floor.promote(call, at)
            case Do.LEAVE:
                self._floor.leave(call, at)
            case Do.TRANSFER:
                self._note(call, at, "transferred", to=call.profile.operator)
                self.transfers.append((call, call.profile.operator))
            case Do.HANG_UP:
                self._players.silence(call, at)
                self._contained.hung_up(call, at, "bridge")

    def _end_name(self, call: Call, at: int) -> None:
        if call.state is State.RECORDING:
            recorded = self._recorders.end(call.row)
            self._stop_recording(call)
            self._do(call, call.named(name_from(recorded, RATE)), at)

    def _stop_recording(self, call: Call) -> None:
        self._recorders.end(call.row)
        self._timers.cancel(call.serial, _TONE)
        self._timers.cancel(call.serial, _NAME)

    # its end

    def with_a_word(self, call: Call, at: int) -> None:
        """Let a caller out in whose call there is a fault of ours; tell him so, and hang up then."""
        call.ahead.clear()
        self._floor.expect_nothing(call)
        self._inquiries.forget(call)
        self._timers.cancel(call.serial, ANSWER)
        self._tell(call, Event.FAULT, at)
        self._mend(call, at)

    def at_once(self, call: Call, at: int) -> None:
        """End a call in whatever state it is."""
        if call.state is not State.ENDED:
            call.state = State.ENDED
            self._note(call, at, "state", state=call.state.value)
        self._floor.expect_nothing(call)
        self._players.still(call)
        self._mend(call, at)

    def _mend(self, call: Call, at: int) -> None:
        """Put in order what is not his alone."""
        self._floor.mend(call, at)
        self._players.count_anew()
        self.settle(at)

    def forget(self, call: Call) -> None:
        """Be done with a call that is over."""
        self._players.forget(call)
        self._stop_recording(call)
        self._inquiries.forget(call)
        self._waiting.forget(call.serial)
        for kind in OF_CALLS:
            self._timers.cancel(call.serial, kind)
