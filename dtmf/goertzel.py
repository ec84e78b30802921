"""Goertzel's algorithm: as it is written in books, and as the exact sums that the detector runs.

Both answer one question: how much of one frequency is in a stretch of samples? The recurrence asks it of one
frequency, sample by sample. The sums ask it of a window that is folded in its middle: a cosine there is the same
on both sides and a sine the opposite, so each takes half the multiplications. Their tables are rounded to whole
numbers and held in float64, so that every sum is exact (below 2**53) in whatever order it is added.
"""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import summing
from dtmf.keys import HIGH_HZ, LOW_HZ, RATE

Array = NDArray[np.float64]

BLOCK = 80
"""Samples in a block: 10 ms. A window is two neighbouring blocks; a window ends with every block."""

SCALE = 1 << 15
"""What 1.0 is in the tables."""

WINDOW = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(2 * BLOCK) + 0.5) / (2 * BLOCK))
"""Hann's window, float64 array [shape=(160,)]. At half overlap it adds up to one, so that the amplitudes of a
tone in successive windows add up to its length."""


def goertzel(samples: Iterable[float], frequency_hz: float, rate: int = RATE) -> complex:
    """Return the sum of samples[n] * exp(-i w n), by Goertzel's recurrence.

    This is the readable statement of what `tones` computes; a test ties the two.

    Parameters
    ----------
    samples : iterable of float
        The stretch to ask, already windowed if a window is wanted.
    frequency_hz : float
        Any frequency, not only a whole number of periods.
    rate : int
        Samples a second.
    """
    omega = 2 * math.pi * frequency_hz / rate
    turn = 2 * math.cos(omega)
    last = before = 0.0
    count = 0
    for sample in samples:
        last, before = sample + turn * last - before, last
        count += 1
    end = complex(last - before * math.cos(omega), before * math.sin(omega))
    return end * complex(math.cos(omega * (count - 1)), -math.sin(omega * (count - 1)))


HUM_HZ = (0, 350, 395, 440)
"""What may lie under a key without being part of it: a DC offset, and the band of dial tones (ITU-T E.180)."""


def _tables() -> tuple[Array, Array]:
    time = np.arange(2 * BLOCK) - (BLOCK - 0.5)
    angle = 2 * np.pi / RATE * np.outer([*LOW_HZ, *HIGH_HZ], time)
    hum = 2 * np.pi / RATE * np.outer(time, HUM_HZ)
    made = []
    for turned, hums in ((np.cos(angle), np.cos(hum)), (np.sin(angle), np.sin(hum[:, 1:]))):
        basis = np.linalg.qr(hums * WINDOW[:, None])[0].T
        rows = np.rint(SCALE * WINDOW * np.concatenate([turned, basis]))
        made.append(np.ascontiguousarray(rows[:, :BLOCK]))
    made[1] = np.concatenate([made[1], np.zeros((1, BLOCK))])
    return made[0], made[1]


COSINES, SINES = _tables()
"""float64 arrays of whole numbers [shape=(12, 80)], the first half of each row: the eight tones and then an
orthonormal basis of a hum in a window; the rows of `COSINES` are even, those of `SINES` odd, the last one empty."""

WEIGHTS = np.rint((1 << 14) * WINDOW[:BLOCK] ** 2)
"""float64 array of whole numbers [shape=(80,)]: the squared window's first half, in 2**-14."""

HUM = (1 << 14) / SCALE**2
"""What a window's squared sums with the hum's basis are multiplied with to be on the scale of `WEIGHTS`."""

AMPLITUDE = 2 / (SCALE * float(WINDOW.sum()))
"""What the modulus of a window's sum is multiplied with to become the amplitude of a tone in it."""

POWER = 1 / float(WEIGHTS.sum())
"""What a window's weighted energy is multiplied with to become the sum of its squared amplitudes."""


@summing
def fold(first: NDArray[np.int16], second: NDArray[np.int16], even: Array, odd: Array) -> float:
    """Fold a window in its middle, and return its weighted energy.

    Parameters
    ----------
    first, second : int16 array [shape=(80,)]
        The blocks that make it.
    even, odd : float64 array [shape=(80,)]
        Sums and differences of the samples that lie opposite each other are put there.
    """
    energy = 0.0
    for i in range(BLOCK):
        left, right = np.float64(first[i]), np.float64(second[BLOCK - 1 - i])
        even[i] = left + right
        odd[i] = left - right
        energy += WEIGHTS[i] * (left * left + right * right)
    return energy


@summing
def four(folded: Array, table: Array, row: int) -> tuple[float, float, float, float]:
    """Return the sums of a folded window with four rows of a table, beginning with `row`."""
    a = b = c = d = 0.0
    for i in range(BLOCK):
        sample = folded[i]
        a += sample * table[row, i]
        b += sample * table[row + 1, i]
        c += sample * table[row + 2, i]
        d += sample * table[row + 3, i]
    return a, b, c, d


@summing
def one(folded: Array, table: Array, row: int) -> float:
    """Return the sum of a folded window with one row of a table."""
    total = 0.0
    for i in range(BLOCK):
        total += folded[i] * table[row, i]
    return total
