"""Two tones fitted to blocks of 5 ms: how strong they are, how they turn, and what lies beside and before them."""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled, summing
from dtmf.goertzel import SCALE, Array
from dtmf.keys import HIGH_HZ, LOW_HZ, RATE

BLOCK = 40
STEP = 0.005
_FURTHEST = 8

HISTORY = 1280
"""Samples before now that a look may ask for (160 ms)."""

_OWN = 0.1
"""Part of the sound before a press that may be something else, if it is to pass for the key itself."""

Track = NDArray[np.complex128]
"""A tone's amplitude in block after block."""

OMEGAS = 2 * np.pi * np.array([*LOW_HZ, *HIGH_HZ]) * BLOCK / RATE
"""By how many radians each of the eight tones turns from block to block."""


def _tables() -> Array:
    time = np.arange(BLOCK) - (BLOCK - 1) / 2
    offsets = 1 + STEP * np.arange(-_FURTHEST, _FURTHEST + 1)
    angle = np.multiply.outer(np.multiply.outer(OMEGAS / BLOCK, offsets), time)
    whole: Array = np.rint(SCALE * np.stack([np.cos(angle), np.sin(angle)], axis=2))
    return whole


_TABLES = _tables()
"""float64 array of whole numbers [shape=(8, 17, 2, 40)]: tone, steps off its frequency, cosine and sine.

Blocks are counted from their middle, so that cosines and sines do not mix and two 2 x 2 systems are left."""


def _inverses() -> Array:
    products = np.einsum("lopi,hqpi->lohqp", _TABLES[:4], _TABLES[4:])
    squares = (_TABLES * _TABLES).sum(axis=3)
    low, high = squares[:4, :, None, None, :], squares[None, None, 4:, :, :]
    made = np.stack(np.broadcast_arrays(high, -products, low), axis=5)
    return np.ascontiguousarray(made * (SCALE / (low * high - products * products))[..., None])


_INVERSES = _inverses()
"""float64 array [shape=(4, 17, 4, 17, 2, 3)]: low tone, its offset, high tone, its offset, cosines or sines, and
the inverse of the 2 x 2 system: what turns sums with the tables into amplitudes."""


@summing
def _dots(block: Array, cos: Array, sin: Array, other_cos: Array, other_sin: Array
          ) -> tuple[float, float, float, float]:  # fmt: skip
    a = b = c = d = 0.0
    for i in range(BLOCK):
        sample = block[i]
        a += sample * cos[i]
        b += sample * sin[i]
        c += sample * other_cos[i]
        d += sample * other_sin[i]
    return a, b, c, d


@compiled
def fit(past: Array, at: int, count: int, hop: int, key: int, offsets: tuple[int, int],
        lows: Track, highs: Track, explained: Array) -> None:  # fmt: skip
    """Fit a key's tones to blocks: their complex amplitudes, and how much energy the two explain.

    Parameters
    ----------
    past : float64 array of whole numbers [shape=(n,)]
    at, count, hop : int
        Where the first block begins, how many there are, and how far each is from the one before.
    key : int
    offsets : pair of int
        Steps that the tones are off their frequencies.
    lows, highs : complex128 array [shape=(count or more,)]
    explained : float64 array [shape=(count or more,)]
        What is found is put there.
    """
    low, high = _TABLES[key // 4, offsets[0] + _FURTHEST], _TABLES[4 + key % 4, offsets[1] + _FURTHEST]
    inverse = _INVERSES[key // 4, offsets[0] + _FURTHEST, key % 4, offsets[1] + _FURTHEST]
    cos, sin = inverse[0], inverse[1]
    for i in range(count):
        a, b, c, d = _dots(past[at + i * hop : at + i * hop + BLOCK], low[0], low[1], high[0], high[1])
        # A tone is re * cos - im * sin.
        low_re, high_re = cos[0] * a + cos[1] * c, cos[1] * a + cos[2] * c
        low_im, high_im = sin[0] * b + sin[1] * d, sin[1] * b + sin[2] * d
        lows[i] = complex(low_re, -low_im)
        highs[i] = complex(high_re, -high_im)
        explained[i] = (a * low_re + c * high_re + b * low_im + d * high_im) / SCALE


@summing
def energy(samples: Array) -> float:
    """Return the sum of the squares of samples, which are whole numbers."""
    total = 0.0
    for i in range(len(samples)):
        total += samples[i] * samples[i]
    return total


@compiled
def sounding(energies: Array) -> NDArray[np.bool_]:
    """Return which blocks are not silent beside the others: more than 0.3 of the median."""
    half, median = len(energies) // 2, 0.0
    sounds = np.empty(len(energies), np.bool_)
    for i in range(len(energies)):
        below = 0
        for j in range(len(energies)):
            below += energies[j] < energies[i] or (energies[j] == energies[i] and j < i)
        if below == half:
            median = energies[i]
    for i in range(len(energies)):
        sounds[i] = energies[i] > 0.3 * median
    return sounds


@compiled
def count(which: NDArray[np.bool_]) -> int:
    """Return how many are so."""
    some = 0
    for one in which:
        some += one
    return some


@compiled
def power(z: complex) -> float:
    """Return the square of a modulus."""
    return z.real * z.real + z.imag * z.imag


@compiled
def drift(tone: int, track: Track, there: NDArray[np.bool_], count: int) -> float:
    """Return the part by which a tone is off its frequency: what it turns too much from block to block."""
    both = 0j
    for i in range(count - 1):
        if there[i] and there[i + 1]:
            both += track[i + 1] * track[i].conjugate()
    turns = (math.atan2(both.imag, both.real) - OMEGAS[tone]) / (2 * math.pi)
    return float((turns - round(turns)) * 2 * math.pi / OMEGAS[tone])


@compiled
def straighten(tone: int, track: Track, good: NDArray[np.bool_], count: int, off: float, still: Track) -> float:
    """Turn a tone back to a standstill: by the offset known, then by what a straight line still finds.

    Returns the better offset; `still` is the track that stands still at the offset before the last correction.
    """
    middle, kept = 0.0, 0
    for i in range(count):
        if good[i]:
            middle += i
            kept += 1
    middle /= max(1, kept)
    for _ in range(2):
        turn = -OMEGAS[tone] * (1 + off)
        one, turned, mean = complex(math.cos(turn), math.sin(turn)), complex(1.0, 0.0), complex(0.0, 0.0)
        for i in range(count):
            still[i] = track[i] * turned
            turned *= one
            if good[i]:
                mean += still[i]
        # For small angles the part across the mean is the angle times the part along it.
        mean = mean.conjugate()
        along = across = 0.0
        for i in range(count):
            if good[i]:
                z = still[i] * mean
                along += (i - middle) * (i - middle) * z.real
                across += (i - middle) * z.imag
        if along <= 0:
            break
        off += across / along / OMEGAS[tone]
    return off


@compiled
def wrapped(angle: float) -> float:
    """Return an angle between -pi and pi."""
    return (angle + math.pi) % (2 * math.pi) - math.pi


@compiled
def quietest(past: Array, span: int, key: int, offsets: tuple[int, int], back: tuple[int, ...]
             ) -> float:  # fmt: skip
    """Return the energy of 5 ms of sound just before the press: of the places `back` before it, the quietest one.

    The key itself may have begun earlier than was found, when a frame was lost or said twice; so of a stretch that
    is nothing but the key only the rest counts. Infinite of a press so long that what was before is not at hand:
    the middle of a vowel is no key because nobody knows how it began.
    """
    least, explained = -1.0, np.empty(2)
    tracks = np.empty((2, 2), np.complex128)
    for earlier in back:
        stop = HISTORY - span - earlier + 2 * BLOCK
        if stop < 2 * BLOCK:
            break
        whole = energy(past[stop - 2 * BLOCK : stop])
        fit(past, stop - 2 * BLOCK, 2, BLOCK, key, offsets, tracks[0], tracks[1], explained)
        rest = whole - explained[0] - explained[1]
        level = (rest if rest < _OWN * whole else whole) / 2
        least = level if least < 0 else min(least, level)
    return max(least, 0.0) if least > -1 else math.inf
