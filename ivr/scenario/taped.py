"""What a caller has sent, kept as it goes, and what it was: keys, and stretches of sound that are none."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.scenario.correlate import mean_square, power_of

Samples = NDArray[np.int16]

_SOUNDS = power_of(-45.0)
_BEFORE, _AFTER = 5, 20
"""Frames that are kept around what sounds: a word begins softly, and has pauses."""
_SHORTEST = samples(0.2)
"""What is no key and shorter is a click."""
_ROUND_A_KEY = 80
"""Samples either side of a tone's measured edges that are the key's too."""
_LONG, _HARDLY_SILENT, _ROOM, _OVER_IT = samples(5), 0.9, 0.2, 10.0
"""Who speaks has pauses; where so much of five seconds sounds a fifth is the room, and words are 10 dB over it."""
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
        whole = [np.concatenate([*frames, np.zeros(RATE // 4, np.int16)]) for _, frames in self._stretches]
        least = _least(np.concatenate([_powers(stretch) for stretch in whole])) if whole else _SOUNDS
        for (begin, _), stretch in zip(self._stretches, whole, strict=True):
            tones = dtmf.decode(stretch, RATE, setting=setting)
            keys += [SentKey(tone.digit, begin + tone.start, begin + tone.end) for tone in tones]
            edges = [0, *(edge for tone in tones for edge in (
                max(tone.start - _ROUND_A_KEY, 0), tone.end + _ROUND_A_KEY)), len(stretch)]
            sounds += [SentSound(begin + low + at, part) for low, high in zip(edges[::2], edges[1::2], strict=True)
                       for at, part in _spoken(stretch[low:high], least)]
        return keys, sounds


def _powers(samples: Samples) -> NDArray[np.float64]:
    """Return the mean square of each whole frame."""
    count = len(samples) // FRAME
    powers = np.square(samples[:count * FRAME].reshape(count, FRAME).astype(np.float64)).mean(axis=1)
    return np.asarray(powers, np.float64)


def _least(powers: NDArray[np.float64]) -> float:
    """Return from which mean square on somebody speaks: where it is never silent that is the room's sound."""
    there = powers[powers > 0]  # while a typed key sounds the microphone is shut
    if len(there) * FRAME < _LONG or np.mean(there >= _SOUNDS) < _HARDLY_SILENT:
        return _SOUNDS
    return float(np.quantile(there, _ROOM)) * _OVER_IT


def _spoken(samples: Samples, least: float) -> Iterator[tuple[int, Samples]]:
    """Give stretches that sound, and where they begin."""
    powers = _powers(samples)
    loud = np.flatnonzero(powers >= least)
    for part in np.split(loud, np.flatnonzero(np.diff(loud) > _AFTER) + 1):
        if len(part) * FRAME >= _SHORTEST:
            begin, end = max(int(part[0]) - _BEFORE, 0) * FRAME, min(int(part[-1]) + _BEFORE, len(powers)) * FRAME
            yield begin, samples[begin:end]
