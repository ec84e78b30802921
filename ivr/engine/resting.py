"""Lines that are left alone until they do something new: what they hear meanwhile is kept for them on one tape."""

import heapq
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.line import Patient
from ivr.engine.ports import FOREVER
from ivr.engine.sound import Samples

_ROOM = 128 * FRAME
"""What the tape holds before everybody takes what is his."""
_NOTHING = np.zeros(0, np.int16)


class _Rest:
    """One who rests in a slot until a moment, and has had all of the tape before `taken`."""

    __slots__ = ("line", "listens", "says", "taken", "until")

    def __init__(self, line: Patient, until: int, taken: int) -> None:
        self.line, self.until, self.taken, self.listens = line, until, taken, line.listens
        self.says = line.ahead(line.outgoing) if line.outgoing else _NOTHING


class Resting:
    """Who rests on a trunk.

    Attributes
    ----------
    slots : set of int
        Where they are.
    changes : int
        How often somebody has begun, or ceased, to rest.
    """

    def __init__(self) -> None:
        self.slots: set[int] = set()
        self.changes = 0
        self._rests: dict[int, _Rest] = {}
        self._next: list[tuple[int, int]] = []
        self._tape = np.zeros((0, _ROOM), np.int16)
        self._at = 0
        self._speakers: dict[int, _Rest] = {}

    def lay(self, slot: int, line: Patient, until: int) -> None:
        """Let somebody rest from this tick on until a moment of the clock."""
        rest = self._rests[slot] = _Rest(line, until, self._at)
        self.slots.add(slot)
        self.changes += 1
        if len(rest.says):
            self._speakers[slot] = rest
        heapq.heappush(self._next, (until, slot))
        line.rests(lambda: self._take(slot, rest))

    def wake(self, slots: Iterable[int], now: int) -> None:
        """Ask these again; what is on the tape is all that came up to this moment."""
        for slot in slots:
            if (rest := self._rests.pop(slot, None)) is not None:
                self.slots.discard(slot)
                self.changes += 1
                self._speakers.pop(slot, None)
                self._take(slot, rest)
                rest.line.wakes(now)

    def wake_all(self, now: int) -> None:
        """Ask everybody again."""
        self.wake([*self._rests], now)
        self._next.clear()

    def wake_due(self, now: int) -> None:
        """Ask those again whose time has come."""
        while self._next and self._next[0][0] <= now:
            until, slot = heapq.heappop(self._next)
            if slot in self._rests and self._rests[slot].until == until:
                self.wake([slot], now)

    def listeners(self) -> list[int]:
        """Return the slots of those to whom it matters what is heard."""
        return [slot for slot, rest in self._rests.items() if rest.listens]

    def until(self) -> int:
        """Return when the first of those to whom it does not matter is to be asked again."""
        return min((rest.until for rest in self._rests.values() if not rest.listens), default=FOREVER)

    def speak(self, rows: NDArray[np.int16]) -> None:
        """Say what those who rest say, before all others. int16 array [shape=(slots, k * 160)]."""
        if self._rests:
            rows[:] = 0
        for slot, rest in self._speakers.items():
            begin = self._at - rest.taken
            said = rest.says[begin:begin + rows.shape[1]]
            rows[slot, :len(said)] = said

    def hear(self, rows: Samples) -> None:
        """Keep what those who rest hear. int16 array [shape=(slots, k * 160)]."""
        if not self._rests:
            return
        slots, length = rows.shape
        if self._at + length > _ROOM:
            for slot, rest in self._rests.items():
                self._take(slot, rest)
                rest.taken = 0
            self._at = 0
            if length > _ROOM:
                for slot, rest in self._rests.items():
                    self._heard(rest, rows[slot])
                return
        if slots > len(self._tape):
            self._tape = np.concatenate([self._tape, np.zeros((2 * slots - len(self._tape), _ROOM), np.int16)])
        self._tape[:slots, self._at:self._at + length] = rows
        self._at += length

    def _take(self, slot: int, rest: _Rest) -> None:
        begin, rest.taken = rest.taken, self._at
        if begin < self._at:
            self._heard(rest, self._tape[slot, begin:self._at])

    def _heard(self, rest: _Rest, sound: Samples) -> None:
        rest.says = rest.says[len(sound):]
        rest.line.went_on(sound)
