"""Who made a sound when, on a line with two sides: a tick at a time."""

import numpy as np

from ivr.clock import FRAME, samples
from ivr.engine.ports import Frame
from ivr.scenario.correlate import power_of

SOUNDS_DBM0 = -50.0
_LEAST = round(power_of(SOUNDS_DBM0) * FRAME)
_QUIET = samples(0.3) // FRAME
"""Ticks of silence after which somebody has stopped, and does not only take breath."""
_NEW = samples(0.2) // FRAME
"""Ticks of silence before somebody begins anew."""
_NONE = bytes(_QUIET)


class Sides:
    """What both sides have done, from one tick on.

    Attributes
    ----------
    began : int
        That tick.
    silent : int
        Ticks since either side made a sound.
    """

    def __init__(self, began: int) -> None:
        self.began = began
        self.silent = 0
        self._said, self._heard = bytearray(), bytearray()

    @property
    def now(self) -> int:
        """The tick that comes next."""
        return self.began + len(self._said)

    @property
    def begins(self) -> bool:
        """Whether it was in the last tick that the near side began to make a sound."""
        return self._said[-1:] == b"\1" and not any(self._said[-_QUIET - 1:-1])

    def took(self, said: Frame, heard: Frame) -> None:
        """Take a tick."""
        for side, frame in ((self._said, said), (self._heard, heard)):
            side.append(_sounds(frame))
        self.silent = 0 if self._said[-1] or self._heard[-1] else self.silent + 1

    def silent_until(self, tick: int) -> None:
        """Take it that nobody made a sound until this tick: there was no call."""
        gap = bytes(max(tick - self.now, 0))
        self._said += gap
        self._heard += gap
        self.silent = 0

    def replied(self, since: int) -> int | None:
        """Return the tick from `since` on in which the near side made a sound; None if it has not."""
        at = self._said.find(1, max(since - self.began, 0))
        return None if at < 0 else at + self.began

    def heard_before(self, tick: int) -> int | None:
        """Return the tick after the last one before this in which the far side made a sound."""
        at = self._heard.rfind(1, 0, max(tick - self.began, 0))
        return None if at < 0 else at + 1 + self.began

    def talked_over(self, since: int) -> int | None:
        """Return the tick from `since` on in which the far side began to speak while the near side did."""
        at = max(since - self.began, 0)
        while (at := self._heard.find(1, at)) >= 0:
            if not any(self._heard[max(at - _NEW, 0):at]) and self._said[at:at + 1] == b"\1" and \
                    any(self._said[max(at - _NEW, 0):at]):
                return at + self.began
            at += 1
        return None

    def said_until(self) -> int:
        """Return the tick after the last one in which the near side made a sound."""
        return self._said.rfind(1) + 1 + self.began

    def stopped(self, since: int) -> int | None:
        """Return the tick from `since` on with which the near side fell silent; None while it goes on."""
        at = self._said.find(_NONE, max(since - self.began, 0))
        return None if at < 0 else at + self.began


def _sounds(frame: Frame) -> bool:
    wide = frame.astype(np.int64)
    return int(wide @ wide) > _LEAST
