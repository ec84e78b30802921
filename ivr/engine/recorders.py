"""Recordings: what a caller says after the tone is kept until a key, silence or the longest time ends it."""

from collections.abc import Set
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.audible import LATE_TICKS
from ivr.engine.sound import Samples

_QUIET = 150.0**2
"""Mean square of a frame in which nobody speaks: about -44 dBm0."""


@dataclass(slots=True)
class Recorder:
    """One recording.

    Attributes
    ----------
    longest, silence : int
        When it ends by itself, in samples (A4.6).
    """

    longest: int
    silence: int
    _frames: list[Samples] = field(default_factory=list)
    _quiet: int = 0

    def feed(self, heard: Samples, clamped: Samples) -> bool:
        """Take what the caller says and what may be kept of it; return whether the recording is over."""
        self._frames.append(clamped.copy())
        loud = float(np.square(heard.astype(np.float64)).mean()) > _QUIET
        self._quiet = 0 if loud else self._quiet + FRAME
        return self._quiet >= self.silence or len(self._frames) * FRAME >= self.longest

    @property
    def samples(self) -> NDArray[np.int16]:
        """All that was recorded. int16 array [shape=(n,)]."""
        # what may be kept comes late: the first of it is from before the recording began
        return np.concatenate([np.zeros(0, np.int16), *self._frames[LATE_TICKS:]])


class Recorders:
    """The recordings that go on, by row."""

    def __init__(self) -> None:
        self._by_row: dict[int, Recorder] = {}

    def __bool__(self) -> bool:
        """Tell whether any goes on."""
        return bool(self._by_row)

    def begin(self, row: int, *, longest: int, silence: int) -> None:
        """Record a row from the next frame on."""
        self._by_row[row] = Recorder(longest, silence)

    def on(self, row: int) -> bool:
        """Tell whether a row is recorded."""
        return row in self._by_row

    def end(self, row: int) -> Samples:
        """Stop; return what was recorded. int16 array [shape=(n,)]."""
        recorder = self._by_row.pop(row, None)
        return np.zeros(0, np.int16) if recorder is None else recorder.samples

    def going_on(self, pressing: Set[int]) -> list[int]:
        """Return the rows that are recorded now: a recording stands still under a key."""
        return [row for row in self._by_row if row not in pressing]

    def feed(self, row: int, heard: Samples, clamped: Samples) -> bool:
        """Take a frame of a row, and the same without keys; return whether its recording is over."""
        return self._by_row[row].feed(heard, clamped)
