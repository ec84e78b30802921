"""The bridge: all calls, one tick at a time.

A tick takes 20 ms of every line and gives 20 ms back. In it, in this order: signals from lines, digits heard,
timers due; these go to their calls in the order (sample, call, serial); what the calls ask for is done; a
frame is rendered for every row; the clock advances. Python runs for a call only when something happened to it.

Nothing here reads a clock, a socket or a file. The directory is asked through `ivr.bridge.ports`.
"""

import heapq
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dtmf import Detector, DigitEnded, DigitHeard
from ivr.bridge.announcing import TOLD, Announcer
from ivr.bridge.ending import ENDS
from ivr.bridge.floor import LOBBY, Floor
from ivr.bridge.inquiring import ANSWER, ASKING, Inquiries
from ivr.bridge.mixing import Mixing
from ivr.bridge.moderating import Moderator
from ivr.bridge.naming import Recorders
from ivr.bridge.players import CLIP, Players
from ivr.bridge.ports import Answer, Directory, Found, PinChecked, Signal, TryLater, Unknown
from ivr.bridge.rooms import Rooms
from ivr.bridge.sound import Samples, Voice
from ivr.bridge.waiting import ENTRY, Waiting
from ivr.bridge.wishes import Wishes
from ivr.call.call import Call, Commanded, Cut, EndName, Listen, Note, Request, Said, Speak
from ivr.call.profile import Profile
from ivr.call.words import Do, Event, State
from ivr.clock import FRAME, RATE, Timers
from ivr.journal import Entry, Journal
from prompts.names import name_from

MOST = 1 << 15
"""Calls at once, unless another limit is given: their arrays take half a gigabyte."""

_TONE, _NAME, _KEY = "tone", "name", "key"
_OF_CALLS = frozenset({ENTRY, CLIP, _TONE, _NAME, LOBBY, ANSWER})
_OF_PLACES = frozenset({TOLD, ENDS})


class Bridge(Wishes):
    """Many calls on one clock.

    Parameters
    ----------
    directory : Directory
        Who may start which meeting.
    voice : Voice
        Where prompts come from.
    music : int16 array [shape=(n,)]
        Hold music, a loop.
    tones : mapping of "arrival", "departure" and "record" to int16 array [shape=(n,)]
        Played into a meeting when somebody comes or goes, and to a caller before his name is recorded.
    profile : Profile
        What product to be.
    numbers : mapping of number to languages, optional
        The languages of the numbers that can be dialled, the primary one first (A1.4); a number that is not among
        them, or not known, has the profile's (A1.7).
    setting : str
        How sure the decoder has to be of a key: see `dtmf.limits.SETTINGS`.
    journal : Journal, optional
        By default a new one that keeps everything in memory.
    most : int
        How many can be on the line at once.

    Attributes
    ----------
    digits : list of DigitHeard and DigitEnded
        What the decoder has told in the last tick, for those who watch; a channel is a row.
    """

    def __init__(self, *, directory: Directory, voice: Voice, music: Samples, tones: Mapping[str, Samples],
                 profile: Profile, numbers: Mapping[str, tuple[str, ...]] | None = None, setting: str = "default",
                 journal: Journal | None = None, most: int = MOST) -> None:
        self.now = 0
        self.journal = Journal() if journal is None else journal
        self.calls: dict[int, Call] = {}
        self.digits: list[DigitHeard | DigitEnded] = []
        self._most = most
        self._profile, self._numbers = profile, numbers or {}
        self._rows = 1
        self._free = [0]
        self._detector = Detector(1, RATE, setting=setting, clamp=True)
        self._timers = Timers()
        self._inquiries = Inquiries(self.calls, directory, self._timers, self._note)
        self._waiting = Waiting(self._timers)
        self._tones = {name: np.asarray(tone, np.int16) for name, tone in tones.items()}
        self._players = Players(voice, music, self._timers, self._note)
        rooms = Rooms(1, self._tones, profile)
        announcer = Announcer(self.calls, rooms, self._players, voice, self._timers, self.journal)
        self._announcer = announcer
        floor = Floor(self.calls, rooms, self._players, announcer, self._timers, self.journal, profile,
                      directory.started)
        super().__init__(self.calls, rooms, floor, Moderator(self.calls, rooms, floor, announcer, self.journal))
        self._recorders = Recorders()
        self._by_row: dict[int, int] = {}
        self._mixing = Mixing(rooms, self._players)
        self._pressing: set[int] = set()
        self._signals: list[tuple[int, Signal]] = []
        self._dialled = 0
        self._ended: list[int] = []

    @property
    def rows(self) -> int:
        """Rows of the arrays of a tick: at least as many as there are calls."""
        return self._rows

    def saying(self, call: Call) -> Said | None:
        """Return what is being said to a caller, if anything is."""
        return self._players.saying(call)

    @property
    def full(self) -> bool:
        """Whether nobody more can be on the line."""
        return len(self.calls) >= self._most

    def turn_away(self, caller: str) -> None:
        """Take it that somebody has dialled and found all lines busy."""
        self.journal.write(Entry(self.now, 0, caller, "busy", {"calls": len(self.calls)}))

    def dial(self, caller: str, *, number: str = "", phone: str = "", source: str = "") -> Call:
        """Take a call, to be answered in the next tick. Its `row` is its place in the arrays.

        Parameters
        ----------
        number, phone, source : str
            What was dialled, who calls, and the address it comes from, where that is known.
        """
        if not self._free:
            self._grow()
        self._dialled += 1
        row = heapq.heappop(self._free)
        languages = self._numbers.get(number) or self._profile.languages
        call = Call(self._dialled, caller, row, self._profile, self.now, number=number, phone=phone, source=source,
                    languages=languages, language=languages[0])
        self.calls[call.serial] = call
        self._by_row[row] = call.serial
        self._mixing.forget(row)
        self._players.add(call)
        self._detector.reset(row)
        self._signals.append((call.serial, Signal.DIAL))
        return call

    def hang_up(self, call: Call) -> None:
        """Take it that the caller hangs up at the beginning of the next tick."""
        self._signals.append((call.serial, Signal.HANG_UP))

    def tick(self, heard: NDArray[np.int16], missing: NDArray[np.bool_] | None = None) -> Samples:
        """Advance by one frame.

        Parameters
        ----------
        heard : int16 array [shape=(rows, 160)]
            What every call says; rows without a call are ignored.
        missing : bool array [shape=(rows,)]
            True where a frame did not come; its samples are zeros.

        Returns
        -------
        int16 array [shape=(rows, 160)]
            What every call hears in the same 20 ms.
        """
        end = self.now + FRAME
        self._players.now = self.now
        digits = self.digits = self._detector.feed(heard, missing)
        due = self._timers.due(end)
        if self._signals or self._wishes or digits or due:
            self._happenings(digits, due)
        self._answers(self.now)
        clamped = self.clamped() if self._recorders or self._rooms.active else heard
        if self._recorders:
            for row in self._recorders.feed(heard, clamped, self._pressing):
                self._timers.set(self._by_row[row], _NAME, end)
        spoken = self._players.render()
        if self._rooms.active:
            self._mixing.add(clamped, spoken)
        self.now = end
        return spoken

    def clamped(self) -> Samples:
        """Return what came last of every caller as others may hear it: without keys, and so 39 ms late.

        Returns
        -------
        int16 array [shape=(rows, 160)]
        """
        return self._detector.clamped(FRAME)

    def ended(self) -> list[Call]:
        """Hand over, once, the calls that the bridge has ended since the last time."""
        ended, self._ended = self._ended, []
        return [self._forget(serial) for serial in ended]

    def hung_up(self, call: Call) -> None:
        """Forget a call whose caller has hung up, after the tick in which he did."""
        if call.serial in self.calls:
            self._forget(call.serial)

    def _happenings(self, digits: list[DigitHeard | DigitEnded], due: list[tuple[int, int, str, int]]) -> None:
        wishes, self._wishes = self._wishes, []
        for wish in wishes:
            wish(self.now)
            self._settle(self.now)
        signals, self._signals = self._signals, []
        for serial, signal in signals:
            self._signal(serial, signal)
        happened: list[tuple[int, int, int, str]] = []
        for n, digit in enumerate(digits):
            serial = self._by_row.get(digit.channel, 0)
            if not isinstance(digit, DigitHeard):
                self._pressing.discard(digit.channel)
            elif serial:
                self._pressing.add(digit.channel)
            if serial:
                at = self.calls[serial].dialled_at + digit.at  # a channel's time begins with its call
                happened.append((max(at, self.now), serial, n, _KEY))
        # of a timer and a key at one sample the timer is the first
        happened += [(at, serial, -number, kind) for at, serial, kind, number in due]
        for at, serial, number, what in sorted(happened):
            if what in _OF_PLACES:
                if self._timers.take(serial, what, -number):
                    self._place_due(-serial, what, at)
                continue
            call = self.calls.get(serial)
            if call is None or call.state is State.ENDED:
                continue
            if what == _KEY:
                self._keyed(call, digits[number], at)
            elif self._timers.take(serial, what, -number):
                self._call_due(call, what, at)
            self._answers(at)

    def _keyed(self, call: Call, told: DigitHeard | DigitEnded, at: int) -> None:
        if isinstance(told, DigitHeard):
            self._waiting.pressed(call.serial, told.digit, at)
            self._do(call, call.key(told.digit, at), at)
        else:
            self._waiting.released(call.serial, call.dialled_at + told.end)

    def _call_due(self, call: Call, what: str, at: int) -> None:
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
            self._players.silence(call, at)
            self._do(call, call.fire(event), at)

    def _place_due(self, number: int, what: str, at: int) -> None:
        place = self._rooms.numbered(number)
        if place is not None and what == TOLD:
            self._announcer.gathered(place, at)
        elif place is not None:
            self._floor.end_time(place, at)
            self._settle(at)

    def _signal(self, serial: int, signal: Signal) -> None:
        call = self.calls[serial]
        if call.state is State.ENDED:
            return
        if signal is Signal.DIAL:
            call.dialled_at = self.now
            self._note(call, self.now, "dialled")
            self._do(call, call.fire(Event.ANSWERED), self.now)
        else:
            self._players.silence(call, self.now)
            self._do(call, call.fire(Event.HUNG_UP), self.now)
            self._note(call, self.now, "hung-up", by="caller")

    def _answers(self, at: int) -> None:
        for call, answer in self._inquiries.come(at):
            self._answered(call, answer, at)

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

    def _do(self, call: Call, requests: list[Request], at: int) -> None:
        for request in requests:
            match request:
                case Note(event=event, facts=facts):
                    self._note(call, at, event, **facts)
                case Speak(parts=parts, cuts=cuts):
                    self._players.speak(call, parts, at, cuts=cuts)
                case Cut():
                    self._players.cut(call, at)
                case Listen(wait=wait):
                    self._waiting.ask(call.serial, wait, at)
                case EndName():
                    self._end_name(call, at)
                case Commanded(command=command):
                    self._moderator.do(call, command, at)
                case Do():
                    self._done(call, request, at)
        self._settle(at)

    def _done(self, call: Call, request: Do, at: int) -> None:
        match request:
            case Do.FIND:
                self._inquiries.find(call, at)
            case Do.CHECK_PIN:
                self._inquiries.check_pin(call, at)
            case Do.ENTER:
                self._do(call, call.fire(self._floor.answer(call)), at)
            case Do.RECORD:
                self._timers.set(call.serial, _TONE, self.now + self._players.tone(call, self._tones["record"], at))
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
            case Do.HANG_UP:
                self._players.silence(call, at)
                self._note(call, at, "hung-up", by="bridge")
                self._ended.append(call.serial)

    def _settle(self, at: int) -> None:
        """Tell calls what has come of what others did, in order."""
        pending = self._floor.pending
        while pending:
            serial, event = pending.popleft()
            call = self.calls[serial]
            self._players.silence(call, at)
            self._do(call, call.fire(event), at)

    def _end_name(self, call: Call, at: int) -> None:
        if call.state is State.RECORDING:
            recorded = self._recorders.end(call.row)
            self._stop_recording(call)
            self._do(call, call.named(name_from(recorded, RATE)), at)

    def _stop_recording(self, call: Call) -> None:
        self._recorders.end(call.row)
        self._timers.cancel(call.serial, _TONE)
        self._timers.cancel(call.serial, _NAME)

    def _note(self, call: Call, at: int, event: str, **facts: Any) -> None:  # noqa: ANN401
        self.journal.write(Entry(at, call.serial, call.caller, event, facts))

    def _grow(self) -> None:
        rows = self._rows * 2
        self._free = list(range(self._rows, rows))
        self._rows = rows
        for part in (self._detector, self._players, self._rooms):
            part.resize(rows)

    def _forget(self, serial: int) -> Call:
        call = self.calls[serial]
        self._players.forget(call)
        self._stop_recording(call)
        self._inquiries.forget(call)
        self._waiting.forget(serial)
        for kind in _OF_CALLS:
            self._timers.cancel(serial, kind)
        del self.calls[serial], self._by_row[call.row]
        self._pressing.discard(call.row)
        heapq.heappush(self._free, call.row)
        return call
