"""What a caller has sent, kept as it goes, and what it was: keys, and stretches of sound that are none."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.scenario.correlate import mean_square, power_of
from ivr.scenario.framing import without_keys

Samples = NDArray[np.int16]

_SOUNDS = power_of(-45.0)
_BEFORE, _AFTER = 5, 20
"""Frames that are kept around what sounds: a word begins softly, and has pauses."""
_SHORTEST = samples(0.2)
"""What is no key and shorter is a click."""
MOST = samples(30 * 60)
"""Of what sounds."""


@dataclass(frozen=True, slots=True)
class SentKey:
    """A key from `begin` to `end`, in samples since the tape began."""

    key: str = field(repr=False)  # it may be of a PIN
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class SentSound:
    """Something said, from `begin` on."""

    begin: int
    samples: Samples = field(repr=False)

    @property
    def end(self) -> int:
        """Its end."""
        return self.begin + len(self.samples)


class Tape:
    """Keeps what sounds of all that a caller sends.

    Attributes
    ----------
    full : bool
        Whether it was more than `MOST`; what came then is not on it.
    """

    def __init__(self) -> None:
        self.full = False
        self._now = self._kept = self._quiet = 0
        self._before: list[Samples] = []
        self._stretches: list[tuple[int, list[Samples]]] = []
        self._open = False

    def take(self, frame: Samples) -> None:
        """Take the next frame. int16 array [shape=(160,)]."""
        sounds = mean_square(frame) >= _SOUNDS
        self._quiet = 0 if sounds else self._quiet + 1
        if sounds and not self._open and not self.full:
            self._stretches.append((self._now - len(self._before) * FRAME, [*self._before]))
            self._open = True
        if self._open:
            self._stretches[-1][1].append(frame.copy())
            self._kept += FRAME
            self.full = self._kept >= MOST
            self._open = self._quiet < _AFTER and not self.full
            self._before = [] if self._open else self._before
        if not self._open:
            self._before = [*self._before, frame.copy()][-_BEFORE:]
        self._now += FRAME

    def sent(self, setting: str = "default") -> tuple[list[SentKey], list[SentSound]]:
        """Return what was sent, in its order; keys by a setting of the decoder."""
        keys: list[SentKey] = []
        sounds: list[SentSound] = []
        for begin, frames in self._stretches:
            stretch = np.concatenate([*frames, np.zeros(RATE // 4, np.int16)])
            tones = dtmf.decode(stretch, RATE, setting=setting)
            keys += [SentKey(tone.digit, begin + tone.start, begin + tone.end) for tone in tones]
            sounds += [SentSound(begin + at, part) for at, part in _spoken(without_keys(stretch, tones))]
        return keys, sounds


def _spoken(samples: Samples) -> Iterator[tuple[int, Samples]]:
    """Give stretches that sound, and where they begin."""
    count = len(samples) // FRAME
    loud = np.flatnonzero(np.square(samples[:count * FRAME].reshape(count, FRAME).astype(np.float64)).mean(axis=1)
                          >= _SOUNDS)
    for part in np.split(loud, np.flatnonzero(np.diff(loud) > _AFTER) + 1):
        if len(part) * FRAME >= _SHORTEST:
            begin, end = max(int(part[0]) - _BEFORE, 0) * FRAME, min(int(part[-1]) + _BEFORE, count) * FRAME
            yield begin, samples[begin:end]
