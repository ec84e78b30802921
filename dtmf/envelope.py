"""How loud a key's two tones are from millisecond to millisecond, with whatever lies below the keys left out.

A window of 10 ms and a high-pass filter are one table of whole numbers for each tone, which is folded in its
middle as the windows of the gate are, so that its sums are exact.
"""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled, summing
from dtmf.fit import Track
from dtmf.goertzel import SCALE, Array
from dtmf.keys import HIGH_HZ, LOW_HZ, RATE

HOP = 8
"""Samples from place to place."""

WIDTH = 40
"""Samples that a place's window reaches to either side."""

_FILTER = 64
"""Samples that the filter reaches to either side, and its edge."""
_EDGE_HZ = 610

HALF = WIDTH + _FILTER
"""Samples that a place needs on either side of it."""

OMEGAS = 2 * np.pi / RATE * np.array([*LOW_HZ, *HIGH_HZ])
"""By how many radians each of the eight tones turns from sample to sample."""


def _high_pass() -> Array:
    time = np.arange(-_FILTER, _FILTER + 1)
    low = 2 * _EDGE_HZ / RATE * np.sinc(2 * _EDGE_HZ / RATE * time) * np.kaiser(2 * _FILTER + 1, 4.0)
    taps: Array = -low / low.sum()
    taps[_FILTER] += 1
    return taps


_TAPS = np.rint(SCALE * _high_pass())[: _FILTER + 1]
"""float64 array of whole numbers [shape=(65,)]: the filter's first half and its middle."""


def _tables() -> Array:
    time = np.arange(2 * WIDTH) - (WIDTH - 0.5)
    window = 0.5 + 0.5 * np.cos(np.pi * time / WIDTH)
    angle = np.multiply.outer(OMEGAS, time)
    made = [[np.convolve(_high_pass(), window * turned) * 2 / window.sum() for turned in (np.cos(one), np.sin(one))]
            for one in angle]
    whole: Array = np.ascontiguousarray(np.rint(SCALE * np.array(made))[:, :, :HALF])
    return whole


_TABLES = _tables()
"""float64 array of whole numbers [shape=(8, 2, 104)]: tone, cosine and sine, the first half."""


@summing
def _sums(row: NDArray[np.int16], middle: int, cos: Array, sin: Array, cos2: Array, sin2: Array
          ) -> tuple[float, float, float, float]:  # fmt: skip
    a = b = c = d = 0.0
    for i in range(HALF):
        left, right = np.float64(row[middle - HALF + i]), np.float64(row[middle + HALF - 1 - i])
        even, odd = left + right, left - right
        a += even * cos[i]
        b += odd * sin[i]
        c += even * cos2[i]
        d += odd * sin2[i]
    return a, b, c, d


@compiled
def envelopes(row: NDArray[np.int16], first: int, hop: int, key: int, low: Track, high: Track) -> None:
    """Write the complex amplitudes of a key's tones, as if both had their nominal frequencies and stood still.

    Parameters
    ----------
    row : int16 array [shape=(n,)]
    first : int
        The first place; `HALF` samples before it and after the last are asked for.
    hop : int
        Samples from place to place.
    key : int
    low, high : complex128 array [shape=(places,)]
        What is found is put there.
    """
    one, other = _TABLES[key // 4], _TABLES[4 + key % 4]
    angle, angle2 = hop * OMEGAS[key // 4], hop * OMEGAS[4 + key % 4]
    turn, turn2 = complex(math.cos(angle), -math.sin(angle)), complex(math.cos(angle2), -math.sin(angle2))
    turned, turned2 = complex(1.0, 0.0), complex(1.0, 0.0)
    for i in range(len(low)):
        a, b, c, d = _sums(row, first + i * hop, one[0], one[1], other[0], other[1])
        low[i] = complex(a / SCALE, -b / SCALE) * turned
        high[i] = complex(c / SCALE, -d / SCALE) * turned2
        turned *= turn
        turned2 *= turn2


@summing
def _filtered(row: NDArray[np.int16], at: int) -> float:
    total = _TAPS[_FILTER] * np.float64(row[at])
    for i in range(_FILTER):
        total += _TAPS[i] * (np.float64(row[at - _FILTER + i]) + np.float64(row[at + _FILTER - i]))
    return float(total)


@compiled
def power_above(row: NDArray[np.int16], first: int, last: int) -> float:
    """Return the mean power of what is not below the keys."""
    total = 0.0
    for at in range(first, last):
        sample = _filtered(row, at) / SCALE
        total += sample * sample
    return total / (last - first)
