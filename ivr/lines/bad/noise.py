"""Noise on a line: white, pink, as in a car, and of many who talk."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ivr.lines.bad.chance import Chance
from ivr.scenario.badline import LineNoise
from ivr.scenario.correlate import power_of

Samples = NDArray[np.int16]
Whole = NDArray[np.int64]
Say = Callable[[str, str], Samples]
"""Speaks a text in a voice."""

_BLOCK = 8192
"""Samples that are made at a time: a second."""

_SPREAD = float(np.sqrt(4 * (2.0**32 - 1) / 12))
"""Of the sum of four numbers of 16 bits."""
_ROWS = 9
"""Noises whose sum is pink, each slower by half than the one before: down to 16 Hz (Voss, 1975)."""
_ROOM = (16, 32)
"""Means of so many samples, one after the other: what is left of a noise within a car, below 250 Hz."""
_HISS = 0.1
"""What part of a car's noise is pink: the wind."""

_TALK = (
    "We moved the boxes to the other room, and then the lift was out of order again.",
    "If it goes on raining like this, the match on Sunday is going to be put off.",
    "Somebody has left a bicycle in front of the door, so nobody gets past it.",
    "The soup was good, but I would have taken the fish if I had seen the whole menu.",
    "They have painted the station green, of all colours, and nobody knows why.",
    "My sister says that the train was late, as it is every other week in autumn.",
)
"""What is talked about where many talk."""


class NoiseOnLine:
    """Adds a noise.

    Parameters
    ----------
    noise : LineNoise
    chance : Chance
    say : callable
    voices : sequence of str
        Those who talk.
    """

    def __init__(self, noise: LineNoise, chance: Chance, say: Say, voices: tuple[str, ...]) -> None:
        self._chance = chance
        self._loud = float(np.sqrt(power_of(noise.dbm0)))
        self._talk = _talk(say, voices) if noise.kind == "babble" else ()
        self._made = {"white": self._white, "pink": self._pink, "car": self._car,
                      "babble": self._babble}[noise.kind]
        self._at = 0
        self._block: NDArray[np.int32] = np.zeros(0, np.int32)

    def carry(self, samples: Samples) -> Samples:
        """Return samples with the noise. int16 array [shape=(n,)]."""
        parts, left = [], len(samples)
        while left:
            place = self._at % _BLOCK
            if place == 0:
                self._block = np.rint(self._made(self._at // _BLOCK) * self._loud).astype(np.int32)
            part = self._block[place:place + left]
            parts.append(part)
            self._at += len(part)
            left -= len(part)
        noise = parts[0] if len(parts) == 1 else np.concatenate(parts or [self._block[:0]])
        both = samples + noise
        return np.asarray(np.minimum(np.maximum(both, -32768, out=both), 32767, out=both), np.int16)

    def _even(self, block: int, count: int, row: int = 0) -> Whole:
        """Return a white noise of whole numbers. int64 array [shape=(count,)]."""
        drawn = self._chance.bits(block * _ROWS + row, count).astype("<u8").view("<u2")
        return np.asarray(drawn.reshape(-1, 4).astype(np.int64).sum(axis=1) - 2 * 0xFFFF, np.int64)

    def _white(self, block: int) -> NDArray[np.float64]:
        return np.asarray(self._even(block, _BLOCK) / _SPREAD, np.float64)

    def _pink(self, block: int) -> NDArray[np.float64]:
        made = np.zeros(_BLOCK, np.int64)
        for row in range(_ROWS):
            made += np.repeat(self._even(block, _BLOCK >> row, row), 1 << row)
        return np.asarray(made / (_SPREAD * _ROWS**0.5), np.float64)

    def _car(self, block: int) -> NDArray[np.float64]:
        before = sum(_ROOM)
        made = np.concatenate([self._even(block - 1, _BLOCK)[-before:] if block else np.zeros(before, np.int64),
                               self._even(block, _BLOCK)])
        shape = np.ones(1)
        for width in _ROOM:
            sums = np.concatenate([[0], np.cumsum(made)])
            made = sums[width:] - sums[:-width]
            shape = np.convolve(shape, np.ones(width))
        rumble = made[-_BLOCK:] * ((1 - _HISS)**0.5 / (_SPREAD * float(np.sqrt(np.square(shape).sum()))))
        return np.asarray(rumble + self._pink(block) * _HISS**0.5, np.float64)

    def _babble(self, block: int) -> NDArray[np.float64]:
        made = np.zeros(_BLOCK)
        for number, voice in enumerate(self._talk):
            begin = int(self._chance.bits(number, 1)[0] % len(voice))
            made += voice[(begin + block * _BLOCK + np.arange(_BLOCK)) % len(voice)]
        return np.asarray(made / len(self._talk)**0.5, np.float64)


@cache
def _talk(say: Say, voices: tuple[str, ...]) -> tuple[NDArray[np.float64], ...]:
    """Return what is said where many talk, each as loud as the others."""
    said = [say(text, voices[number % len(voices)]).astype(np.float64) for number, text in enumerate(_TALK)]
    return tuple(one / float(np.sqrt(np.square(one).mean())) for one in said)
