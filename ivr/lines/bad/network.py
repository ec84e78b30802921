"""What networks do to packets of 20 ms: they lose them, and bring them late."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.lines.bad.chance import Chance
from ivr.scenario.badline import LineLoss

Samples = NDArray[np.int16]

_CALM = 100
"""Packets, 2 s of them, that have all come early enough before the delay shrinks."""
_SILENCE = np.zeros(FRAME, np.int16)


class Losing:
    """Loses packets, by chance or in bursts (Gilbert, 1960); silence is heard in their places."""

    def __init__(self, loss: LineLoss, chance: Chance) -> None:
        self._chance = chance
        self._share, burst = loss.share, loss.burst
        on = 1 - 1 / burst if burst else loss.share
        """How likely after one that is lost the next is lost too."""
        again = loss.share * (1 - on) / (1 - loss.share) if loss.share < 1 else 1.0
        self._after = {True: on if loss.share < 1 else 1.0, False: min(again, 1.0)}
        self._lost = False

    def carry(self, samples: Samples) -> Samples:
        """Return whole frames, those that are lost as silence."""
        frames = samples.reshape(-1, FRAME).copy()
        for frame in frames:
            self._lost = self._chance.share() < self._after[self._lost]
            if self._lost:
                frame[:] = 0
        return frames.reshape(-1)


class Jitter:
    """Brings packets late, seldom by much; who takes them waits for one that is late, and makes up for it later.

    So sound is torn apart where a packet is later than those before, and a packet is left out once all of two
    seconds have come early enough.

    Parameters
    ----------
    most : int
        By how many samples a packet is late at the most.
    """

    def __init__(self, most: int, chance: Chance) -> None:
        self._most, self._chance = most / FRAME, chance
        self._queue: deque[tuple[Samples, float]] = deque()
        self._now = 0
        self._early: list[float] = []

    def carry(self, samples: Samples) -> Samples:
        """Return whole frames: what is played while these come."""
        return np.concatenate([self._played(frame) for frame in samples.reshape(-1, FRAME)] or [samples])

    def _played(self, frame: Samples) -> Samples:
        self._queue.append((frame, self._now + self._most * self._chance.share() ** 2))
        played = _SILENCE
        if self._queue[0][1] <= self._now:
            played = self._take()
            if len(self._early) == _CALM:
                if min(self._early) >= 1 and self._queue and self._queue[0][1] <= self._now:
                    self._take()
                self._early.clear()
        else:
            self._early.clear()
        self._now += 1
        return played

    def _take(self) -> Samples:
        frame, came = self._queue.popleft()
        self._early.append(self._now - came)
        return frame
