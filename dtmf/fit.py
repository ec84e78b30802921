"""Two tones fitted to blocks of 5 ms: how strong they are, how they turn, and what lies beside and before them."""

import cmath
import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dtmf.goertzel import SCALE
from dtmf.keys import HIGH_HZ, LOW_HZ, RATE

BLOCK = 40
STEP = 0.005
_TONES = (*LOW_HZ, *HIGH_HZ)

HISTORY = 1280
"""Samples before now that a look may ask for (160 ms)."""

_OWN = 0.1
"""Part of the sound before a press that may be something else, if it is to pass for the key itself."""

Array = NDArray[np.float64]
Track = list[complex]
"""A tone's amplitude in block after block."""


@cache
def _table(tone: int, offset: int) -> Array:
    """Return cosine and sine of a tone `offset` steps off; float64 array of whole numbers [shape=(40, 2)]."""
    angle = 2 * np.pi / RATE * _TONES[tone] * (1 + STEP * offset) * (np.arange(BLOCK) - (BLOCK - 1) / 2)
    table: Array = np.rint(SCALE * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    return table


@cache
def _pair(low: int, low_offset: int, high: int, high_offset: int) -> tuple[Array, tuple[float, ...]]:
    """Return the table of both tones [shape=(40, 4)] and what turns its products into amplitudes.

    Blocks are counted from their middle, so that cosines and sines do not mix and two 2 x 2 systems are left.
    """
    first, second = _table(low, low_offset), _table(high, high_offset)
    inverse: list[float] = []
    for part in (0, 1):
        a, b = first[:, part], second[:, part]
        aa, bb, ab = float(a @ a), float(b @ b), float(a @ b)
        whole = aa * bb - ab * ab
        inverse += [bb / whole * SCALE, -ab / whole * SCALE, aa / whole * SCALE]
    return np.concatenate([first, second], axis=1), tuple(inverse)


def fit(
    blocks: Array, low: int, low_offset: int, high: int, high_offset: int
) -> tuple[Track, Track, list[float]]:
    """Fit both tones to every block: their complex amplitudes, and how much energy the two explain."""
    table, (caa, cab, cbb, saa, sab, sbb) = _pair(low, low_offset, high, high_offset)
    lows, highs, explained = [], [], []
    for a, b, c, d in (blocks @ table).tolist():
        # A tone is re * cos - im * sin.
        low_re, high_re = caa * a + cab * c, cab * a + cbb * c
        low_im, high_im = saa * b + sab * d, sab * b + sbb * d
        lows.append(complex(low_re, -low_im))
        highs.append(complex(high_re, -high_im))
        explained.append((a * low_re + c * high_re + b * low_im + d * high_im) / SCALE)
    return lows, highs, explained


def drift(tone: int, track: Track, there: list[bool]) -> float:
    """Return the part by which a tone is off its frequency: what it turns too much from block to block."""
    both = sum(
        (
            b * a.conjugate()
            for a, b, x, y in zip(track, track[1:], there, there[1:], strict=False)
            if x and y
        ),
        start=0j,
    )
    turns = (cmath.phase(both) - omega(tone)) / (2 * math.pi)
    return (turns - round(turns)) * 2 * math.pi / omega(tone)


def omega(tone: int) -> float:
    """Return by how many radians a tone turns from block to block."""
    return 2 * math.pi * _TONES[tone] * BLOCK / RATE


def straighten(tone: int, track: Track, good: list[bool], off: float) -> tuple[float, Track]:
    """Turn a tone back to a standstill: by the offset known, then by what a straight line still finds.

    Returns the better offset and the track that stands still at the offset before the last correction.
    """
    still: Track = []
    places = [i for i, fine in enumerate(good) if fine]
    middle = sum(places) / len(places)
    for _ in (0, 1):
        turn = -omega(tone) * (1 + off)
        still = [z * cmath.rect(1.0, turn * i) for i, z in enumerate(track)]
        mean = sum((still[i] for i in places), start=0j).conjugate()
        # For small angles the part across the mean is the angle times the part along it.
        parts = [(i - middle, still[i] * mean) for i in places]
        spread = sum(t * t * z.real for t, z in parts)
        if spread <= 0:
            break
        off += sum(t * z.imag for t, z in parts) / spread / omega(tone)
    return off, still


def wrapped(angle: float) -> float:
    """Return an angle between -pi and pi."""
    return (angle + math.pi) % (2 * math.pi) - math.pi


def before(
    past: Array, span: int, pair: tuple[int, int], offsets: tuple[int, int], back: tuple[int, ...] = (64, 136)
) -> float:
    """Return the energy of 5 ms of sound just before the press: of some places 9 ms apart, the quietest one.

    The key itself may have begun earlier than was found, when a frame was lost or said twice; so of a stretch that
    is nothing but the key only the rest counts.
    """
    levels = []
    for earlier in back:
        end = HISTORY - span - earlier + 80
        if end < 80:
            break
        blocks = past[end - 80 : end].reshape(2, BLOCK)
        energy = float((blocks * blocks).sum())
        rest = energy - sum(fit(blocks, pair[0], offsets[0], pair[1], offsets[1])[2])
        levels.append((rest if rest < _OWN * energy else energy) / 80 * BLOCK)
    return min(levels, default=0.0)
