"""Callers say their names: what is said after the tone is kept until a key, silence or the longest time ends it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.bridge.sound import Samples
from ivr.clock import FRAME

_QUIET = 150.0**2
"""Mean square of a frame in which nobody speaks: about -44 dBm0."""

_KEY_FRAMES = 3
"""A key is known some 40 ms after it began: so much before it is taken out of the recording."""


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

    def feed(self, frame: Samples) -> bool:
        """Take a frame; return whether the recording is over."""
        self._frames.append(frame.copy())
        loud = float(np.square(frame.astype(np.float64)).mean()) > _QUIET
        self._quiet = 0 if loud else self._quiet + FRAME
        return self._quiet >= self.silence or len(self._frames) * FRAME >= self.longest

    def keyed(self) -> None:
        """Take it that a key is being pressed: its beginning is no part of a name."""
        for frame in self._frames[-_KEY_FRAMES:]:
            frame[:] = 0

    @property
    def samples(self) -> NDArray[np.int16]:
        """All that was recorded. int16 array [shape=(n,)]."""
        return np.concatenate(self._frames) if self._frames else np.zeros(0, np.int16)


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

    def end(self, row: int) -> Samples:
        """Stop; return what was recorded. int16 array [shape=(n,)]."""
        recorder = self._by_row.pop(row, None)
        return np.zeros(0, np.int16) if recorder is None else recorder.samples

    def feed(self, heard: NDArray[np.int16], pressing: set[int]) -> list[int]:
        """Take a frame of every row; return the rows whose recordings are over. One stands still under a key."""
        over = []
        for row, recorder in self._by_row.items():
            if row in pressing:
                recorder.keyed()
            elif recorder.feed(heard[row]):
                over.append(row)
        return over
