"""The bridge: all calls, one tick at a time.

A tick takes 20 ms of every line and gives 20 ms back. In it, in this order: what was posted, signals from lines,
digits heard, timers due; these go to their calls in the order (sample, call, serial); what the calls ask for is
done; a frame is rendered for every row; the clock advances. Python runs for a call only when something happened
to it.

Nothing here reads a clock, a socket or a file, or knows what the calls are for: that is an application's
(`ivr.engine.application`).
"""

import heapq
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dtmf import Detector, DigitEnded, DigitHeard
from ivr.clock import FRAME, RATE, Timers, samples
from ivr.engine.application import Application, Builder, Host, Queue
from ivr.engine.call import ENDED, Call
from ivr.engine.containing import Containing
from ivr.engine.events import Events
from ivr.engine.messages import DigitBegan, DigitOver
from ivr.engine.mixing import Mixing
from ivr.engine.plain import Sorry
from ivr.engine.players import Players
from ivr.engine.ports import Signal
from ivr.engine.recorders import Recorders
from ivr.engine.requests import Said
from ivr.engine.serving import Serving
from ivr.engine.sound import Samples, Voice
from ivr.engine.sources import Sources
from ivr.engine.waiting import Waiting
from ivr.journal import Entry, Journal

MOST = 1 << 15
"""Calls at once, unless another limit is given: their arrays take half a gigabyte."""

_A_WHILE = samples(10)
"""How often it is looked whether rows are too many; they go if they were twice in turn."""

_KEY = "key"


class Bridge:
    """Many calls on one clock.

    Parameters
    ----------
    application : callable
        Makes the application that calls come to, unless their number leads elsewhere.
    voice : Voice
        Where prompts come from.
    music : int16 array [shape=(n,)]
        Hold music, a loop.
    tones : mapping of name to int16 array [shape=(n,)]
        "record" is played to a caller before he is recorded; applications may want others.
    numbers : mapping of number to languages, optional
        The languages of the numbers that can be dialled, the primary one first (A1.4); a number that is not among
        them, or not known, has those of its application (A1.7).
    leads : mapping of number to callable, optional
        Where numbers lead that lead to another application.
    setting : str
        How sure the decoder has to be of a key: see `dtmf.limits.SETTINGS`.
    journal : Journal, optional
        By default a new one that keeps everything in memory.
    most : int
        How many can be on the line at once.

    Attributes
    ----------
    events : Events
        What happens, told as it happens to whoever watches.
    """

    def __init__(self, *, application: Builder, voice: Voice, music: Samples, tones: Mapping[str, Samples],
                 numbers: Mapping[str, tuple[str, ...]] | None = None, leads: Mapping[str, Builder] | None = None,
                 setting: str = "default", journal: Journal | None = None, most: int = MOST) -> None:
        self.now = 0
        self.journal = Journal() if journal is None else journal
        self.calls: dict[int, Call] = {}
        self.events = Events(self.journal, Call.secrecy)
        self._most = most
        self._numbers = {} if numbers is None else numbers  # there may be more of them later
        self._rows, self._needed, self._looked_at = 1, 1, 0
        self._free = [0]
        self._detector = Detector(1, RATE, setting=setting, clamp=True)
        self._timers = Timers()
        tones = {name: np.asarray(tone, np.int16) for name, tone in tones.items()}
        self._players = Players(voice, music, self._timers, self._note, self.events)
        self._mixing = Mixing(1, tones)
        self._contained = Containing(self._note)
        self._recorders = Recorders()
        self._of: dict[int, Application] = {}
        self._host = Host(self.calls, self._players, self._mixing, voice, self._timers, self.journal,
                          self._contained, Queue(), tones, work=self._work, post=self.post,
                          takes_time=self._takes_time, transfer=self._transfer, place=self._place)
        self._serving = Serving(self._host, self._of, waiting=Waiting(self._timers), recorders=self._recorders)
        self.application = application(self._host)
        built = {application: self.application}
        for build in (leads or {}).values():
            if build not in built:
                built[build] = build(self._host)
        self._sorry = Sorry(self._host)
        self._leads = {number: built[build] for number, build in (leads or {}).items()}
        self._applications = tuple(built.values())
        self._by_row: dict[int, int] = {}
        self._sources = Sources(self.calls, self._note)
        self._pressing: set[int] = set()
        self._signals: list[tuple[int, Signal]] = []
        self._posted: list[Callable[[int], object]] = []
        self._placing: list[tuple[int, str, str]] = []
        self._dialled = 0

    @property
    def rows(self) -> int:
        """Rows of the arrays of a tick: at least as many as there are calls."""
        return self._rows

    def saying(self, call: Call) -> Said | None:
        """Return what is being said to a caller, if anything is."""
        return self._players.saying(call)

    @property
    def dials(self) -> bool:
        """Whether any of its applications ever has a number dialled."""
        return any(application.dials for application in self._applications)

    @property
    def full(self) -> bool:
        """Whether nobody more can be on the line."""
        return len(self.calls) >= self._most

    def turn_away(self, caller: str) -> None:
        """Take it that somebody has dialled and found all lines busy."""
        self.journal.write(Entry(self.now, 0, caller, "busy", {"calls": len(self.calls)}))

    def dial(self, caller: str, *, number: str = "", phone: str = "", source: str = "",
             leg_of: int = 0) -> Call:
        """Take a call, to be answered in the next tick. Its `row` is its place in the arrays.

        Parameters
        ----------
        number, phone, source : str
            What was dialled, who calls, and the address it comes from, where that is known.
        leg_of : int
            The serial of the call for which this one was dialled by us; it comes to the same application.
        """
        if not self._free:
            self._resize(self._rows * 2)
        self._dialled += 1
        row = heapq.heappop(self._free)
        application = self._of[leg_of] if leg_of else self._leads.get(number, self.application)
        languages = self._numbers.get(number) or application.languages
        known = {"serial": self._dialled, "caller": caller, "row": row, "dialled_at": self.now, "number": number,
                 "phone": phone, "source": source, "languages": languages, "language": languages[0],
                 "leg_of": leg_of}
        try:
            call = application.take(**known)
        except Exception as error:  # a fault of the application's: this caller is told so, and no other notices
            application, call = self._sorry, self._sorry.take(**known)
            self._contained.tell(call, self.now, error)
        call.rings = application.early and not leg_of
        self.calls[call.serial] = call
        self._of[call.serial] = application
        self._by_row[row] = call.serial
        self._mixing.forget(row)
        self._players.add(call)
        self._detector.reset(row)
        self._signals.append((call.serial, Signal.DIAL))
        return call

    def hang_up(self, call: Call) -> None:
        """Take it that the caller hangs up at the beginning of the next tick."""
        self._signals.append((call.serial, Signal.HANG_UP))

    def keyed(self, call: Call, event: DigitBegan | DigitOver) -> None:
        """Take a key that came beside the audio, for the next tick."""
        self._sources.tell(call, event)

    def transfers(self) -> list[tuple[Call, str]]:
        """Hand over, once, who was to be transferred since the last time, and to which number."""
        asked, self._serving.transfers = self._serving.transfers, []
        return asked

    def placing(self) -> list[tuple[int, str, str]]:
        """Hand over, once, for which calls numbers are dialled, an empty one to dial no more, and by what name."""
        asked, self._placing = self._placing, []
        return asked

    def declined(self, serial: int, code: int) -> None:
        """Take it, in the next tick, that nobody has answered who was dialled for a call."""
        self.post(lambda at: self._not_answered(serial, code, at))

    def post(self, act: Callable[[int], object]) -> None:
        """Have something done at the beginning of the next tick, for no single call; it is given the moment."""
        self._posted.append(act)

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
        digits = self._detector.feed(heard, missing)
        if digits or self._sources:
            digits = self._sources.sift(digits, self._by_row, self.now)
        due = self._timers.due(end)
        if self._signals or self._posted or digits or due:
            self._happened(digits, due)
        self._poll(self.now)
        clamped = self.clamped() if self._recorders or self._mixing.active else heard
        if self._recorders:
            for row in self._recorders.going_on(self._pressing):
                call = self.calls[self._by_row[row]]
                self._work(call, end - 1, self._serving.record, call, heard[row], clamped[row], end)
        spoken = self._players.render()
        if self._mixing.active:
            self._mixing.add(clamped, spoken, self._players.speaking_rows)
        self.now = end
        return spoken

    def go_on(self, heard: NDArray[np.int16], heeded: Callable[[Samples], int] | None = None) -> Samples:
        """Advance by frames in which nothing happens, as many as there are before something does.

        Every sample is what `tick` would have given frame by frame. Nothing happens where nobody is in a room or
        recorded, no key comes, no timer is due and no answer is awaited.

        Parameters
        ----------
        heard : int16 array [shape=(rows, k * 160)]
            What every call says; all of it has come.
        heeded : callable, optional
            Given what every call would hear, tells after how many frames somebody does something about it.

        Returns
        -------
        int16 array [shape=(rows, j * 160)]
            What every call hears; `j` is from 0 to `k`.
        """
        frames = 0 if self._mixing.active else self._quiet(heard.shape[1] // FRAME)
        if frames < 2:
            frames = 0  # for a single one `tick` is the quicker
        spoken = self._players.ahead(frames)
        if frames and heeded is not None:
            frames = min(frames, heeded(spoken))
        if frames:
            frames = self._detector.skim(heard[:, :frames * FRAME], FRAME) // FRAME
        self.now += frames * FRAME
        self._players.go_on(frames)
        return spoken[:, :frames * FRAME]

    @property
    def busy(self) -> bool:
        """Whether every frame counts: something is to be done, somebody is recorded, or an answer is awaited."""
        return bool(self._signals or self._posted or self._placing or self._sources or self._recorders
                    or any(application.awaits() for application in self._applications))

    @property
    def mixes(self) -> bool:
        """Whether somebody is in a room: what is heard there is known no frame ahead."""
        return self._mixing.active

    @property
    def quiet(self) -> bool:
        """Whether nothing is known of that happens in the next frame."""
        return self._quiet(1) == 1

    def _quiet(self, most: int) -> int:
        """Return how many frames it is, at most, until something happens that is known of already."""
        if self.busy or self._contained.ended or self._serving.transfers:
            return 0
        due = self._timers.next_at()
        return most if due is None else max(0, min(most, (due - self.now) // FRAME))

    def spare(self) -> None:
        """Give up rows that have been too many for a while; between steps, since arrays have other shapes then."""
        if self.now - self._looked_at < _A_WHILE:
            return
        needed, before = 1 << max(self._by_row, default=0).bit_length(), self._needed
        self._looked_at, self._needed = self.now, needed
        if max(needed, before) < self._rows:
            self._resize(max(needed, before))

    def clamped(self) -> Samples:
        """Return what came last of every caller as others may hear it: without keys, and so 39 ms late.

        Returns
        -------
        int16 array [shape=(rows, 160)]
        """
        return self._detector.clamped(FRAME)

    def ended(self) -> list[Call]:
        """Hand over, once, the calls that the bridge has ended since the last time."""
        ended, self._contained.ended = self._contained.ended, []
        # who has hung up in the very same tick is forgotten already
        return [self._forget(serial) for serial in ended if serial in self.calls]

    def hung_up(self, call: Call) -> None:
        """Forget a call whose caller has hung up, after the tick in which he did."""
        if call.serial in self.calls:
            self._forget(call.serial)

    def _happened(self, digits: list[DigitHeard | DigitEnded], due: list[tuple[int, int, str, int]]) -> None:
        posted, self._posted = self._posted, []
        for act in posted:
            self._contained.nobodys(act, self.now)
            self._serving.settle(self.now)
        signals, self._signals = self._signals, []
        for serial, signal in signals:
            call = self.calls[serial]
            if call.state != ENDED:
                if signal is Signal.HANG_UP:
                    self._contained.gone.add(serial)
                self._work(call, self.now, self._serving.signal, call, signal, self.now)
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
            if serial < 0:
                if self._timers.take(serial, what, -number) and serial in self._host.owners:
                    self._contained.nobodys(self._host.owners[serial].due_elsewhere, serial, what, at)
                    self._serving.settle(at)
                continue
            one = self.calls.get(serial)
            if one is None or one.state == ENDED:
                continue
            if what == _KEY:
                self.events.keyed(one, digits[number], at)
                self._work(one, at, self._serving.keyed, one, digits[number], at)
            elif self._timers.take(serial, what, -number):
                self._work(one, at, self._serving.due, one, what, at)
            self._poll(at)

    def _poll(self, at: int) -> None:
        for application in self._applications:
            application.poll(at)

    def _work(self, call: Call, at: int, act: Callable[..., object], *args: object) -> None:
        self._contained.work(call, at, act, *args)
        self._serving.settle(at)

    def _transfer(self, call: Call, to: str, at: int) -> None:
        self._serving.transfer(call, to, at)

    def _place(self, call: Call, to: str, shown: str = "") -> None:
        self._placing.append((call.serial, to, shown or to))

    def _not_answered(self, serial: int, code: int, at: int) -> None:
        call = self.calls.get(serial)
        if call is not None and call.state != ENDED:
            self._contained.work(call, at, self._of[serial].declined, call, code, at)

    def _takes_time(self, call: Call, question: str, at: int) -> None:
        self._serving.takes_time(call, question, at)

    def _note(self, call: Call, at: int, event: str, **facts: Any) -> None:  # noqa: ANN401
        self.journal.write(Entry(at, call.serial, call.caller, event, facts))

    def _resize(self, rows: int) -> None:
        self._free = [row for row in self._free if row < rows] + list(range(self._rows, rows))
        heapq.heapify(self._free)
        self._rows = rows
        for part in (self._detector, self._players, self._mixing):
            part.resize(rows)

    def _forget(self, serial: int) -> Call:
        call = self.calls[serial]
        self._contained.forget(call, self.now)
        self._sources.forget(serial)
        del self.calls[serial], self._of[serial], self._by_row[call.row]
        self._pressing.discard(call.row)
        heapq.heappush(self._free, call.row)
        return call
