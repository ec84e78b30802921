"""Pace: when the next 20 ms are due. The one place where a bridge meets a clock; sound cards have their own."""

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from ivr.clock import FRAME, RATE

TICK_S = FRAME / RATE
_MOMENT_S = 0.05


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


class Throttle:
    """The clock on the wall, in somebody's hand: faster or slower, held, a stretch at a time.

    Its methods may be called from any thread.

    Parameters
    ----------
    speed : float
        As of `WallClock`.

    Attributes
    ----------
    between : callable
        Called again and again while it is held, by who waits.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._clock, self._late = WallClock(speed), 0
        self._speed = speed
        self._moved = threading.Condition()
        self._ticks = 0
        self._held = self._over = False
        self.between: Callable[[], None] = lambda: None

    @property
    def late(self) -> int:
        """Ticks that came more than a frame late."""
        return self._late + self._clock.late

    @property
    def speed(self) -> float:
        """How fast it goes: 1 for real time."""
        return self._speed

    @property
    def held(self) -> bool:
        """Whether it goes on only by steps."""
        return self._held

    def wait(self) -> None:
        """Return when the next tick is due."""
        while not self._goes():
            self.between()
        if not self._held:
            self._clock.wait()

    def _goes(self) -> bool:
        """Tell whether there is a next tick, as soon as there is, or after a moment."""
        with self._moved:
            self._moved.wait_for(lambda: not self._held or self._ticks > 0 or self._over,
                                 _MOMENT_S if self._held else 0)
            if self._held and self._ticks:
                self._ticks -= 1
                return True
            return not self._held or self._over

    def go(self, speed: float) -> None:
        """Go at this speed from now on."""
        with self._moved:
            self._late += self._clock.late
            self._clock, self._speed = WallClock(speed), speed

    def hold(self) -> None:
        """Stand still before the next tick."""
        with self._moved:
            self._held, self._ticks = True, 0

    def go_on(self) -> None:
        """Go on by the clock."""
        self.go(self._speed)  # what was due meanwhile is not made up for
        with self._moved:
            self._held = False
            self._moved.notify_all()

    def step(self, ticks: int) -> None:
        """Stand still after so many ticks more, which are due at once."""
        with self._moved:
            self._held, self._ticks = True, self._ticks + ticks
            self._moved.notify_all()

    def end(self) -> None:
        """Let who waits go on, for the last time."""
        with self._moved:
            self._over = True
            self._moved.notify_all()
