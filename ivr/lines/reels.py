"""Sounds that many slots are played from, all at once: one gather gives a frame of each."""

import heapq

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.store import Clip, Store

Samples = NDArray[np.int16]


class Reels:
    """What is played in each slot, and where it is."""

    def __init__(self) -> None:
        self._store = Store(spare=0)
        self._at = np.zeros(1, np.int64)
        self._step = np.zeros(1, np.int64)
        self._loaded: dict[int, tuple[Clip, Clip | None]] = {}
        self._ends: list[tuple[int, int, int]] = []
        self._loads: dict[int, int] = {}
        self._serial = 0
        self.carried = 0
        """Frames that were played so far."""

    def load(self, slot: int, sound: Samples, then: Samples | None) -> None:
        """Play a sound from the next frame on, and after it `then` for ever; without one, silence."""
        self._grow(slot + 1)
        clip = self._store.add(sound)
        self._loaded[slot] = clip, None if then is None else self._store.add(then)
        self._serial += 1
        self._loads[slot] = self._serial
        self._play(slot, clip)

    def unload(self, slot: int) -> None:
        """Play nothing more, and let the sounds go that nobody else is played."""
        for clip in self._loaded.pop(slot):
            if clip is not None:
                self._store.release(clip)
        del self._loads[slot]
        self._at[slot] = self._step[slot] = 0
        self._store.tidy()

    def fill(self, rows: Samples) -> None:
        """Play the next frames of every slot. int16 array [shape=(slots, k * 160)], written."""
        count = len(rows)
        self._grow(count)  # somebody may be in a slot before he says anything: his line rings
        for begin in range(0, rows.shape[1], FRAME):
            self._turn()
            rows[:, begin:begin + FRAME] = self._store.windows[self._at[:count]]
            self._at += self._step
            self.carried += 1

    def _grow(self, slots: int) -> None:
        if slots > len(self._at):
            more = np.zeros(slots, np.int64)
            self._at, self._step = np.append(self._at, more), np.append(self._step, more)

    def _turn(self) -> None:
        """Go on with what comes after a sound that is over."""
        while self._ends and self._ends[0][0] <= self.carried:
            _, slot, serial = heapq.heappop(self._ends)
            if self._loads.get(slot) != serial:
                continue
            following = self._loaded[slot][1]
            if following is None:
                self._at[slot] = self._step[slot] = 0
            else:
                self._play(slot, following)

    def _play(self, slot: int, clip: Clip) -> None:
        self._at[slot], self._step[slot] = clip.begin, FRAME
        heapq.heappush(self._ends, (self.carried + clip.length // FRAME, slot, self._loads[slot]))
