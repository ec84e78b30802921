"""Pace: when the next 20 ms are due. The one place where a bridge meets a clock; sound cards have their own."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from ivr.clock import FRAME, RATE

TICK_S = FRAME / RATE


@contextmanager
def steady() -> Iterator[None]:
    """Keep Python's collector from what is there already, which stays anyway: to go through it takes many ticks."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class Pace(Protocol):
    """When ticks are due."""

    @property
    def late(self) -> int:
        """Ticks that came more than a frame late."""

    def wait(self) -> None:
        """Return when the next tick is due."""


class Unpaced:
    """Every tick is due at once: as fast as the machine can."""

    def __init__(self) -> None:
        self.late = 0

    def wait(self) -> None:
        """Return."""


class WallClock:
    """Ticks by the clock on the wall.

    A tick that comes late is followed at once by those that are due meanwhile, so the bridge keeps up with the
    clock; after a break of more than `forgiven_s` (a machine that slept) it goes on from now instead.

    Parameters
    ----------
    speed : float
        1 for real time; 4 for four times as fast.
    forgiven_s : float
        Longest lateness, in seconds on the wall, that is made up for.
    now, sleep : callable
        The clock, in seconds, and how to wait for it.

    Attributes
    ----------
    late : int
        Ticks that came more than a frame late.
    worst_s : float
        How late the latest of all came, in seconds on the wall.
    """

    def __init__(self, speed: float = 1.0, *, forgiven_s: float = 2.0, now: Callable[[], float] = time.monotonic,
                 sleep: Callable[[float], None] = time.sleep) -> None:
        self.late = 0
        self.worst_s = 0.0
        self._tick_s = TICK_S / speed
        self._forgiven_s = forgiven_s
        self._now, self._sleep = now, sleep
        self._due: float | None = None

    def wait(self) -> None:
        """Return when the next tick is due; the first is due at once."""
        now = self._now()
        if self._due is None:
            self._due = now
        while now < self._due:
            self._sleep(self._due - now)
            now = self._now()
        behind = now - self._due
        self.worst_s = max(self.worst_s, behind)
        if behind > self._tick_s:
            self.late += 1
        self._due = now + self._tick_s if behind > self._forgiven_s else self._due + self._tick_s
