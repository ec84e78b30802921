"""Goertzel's algorithm: as it is written in books, and as the exact product that the detector runs.

Both answer one question: how much of one frequency is in a stretch of samples? The recurrence asks it of one
stretch and one frequency. The product asks it of all channels and all eight tones at once, and gives whole
numbers: the bank is rounded to integers and held in float64, so that every sum is exact (below 2**53) and
does not depend on the order in which a BLAS library adds, hence not on how many other channels there are.
"""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dtmf.keys import HIGH_HZ, LOW_HZ, RATE

BLOCK = 80
"""Samples in a block: 10 ms. A window is two neighbouring blocks; a window ends with every block."""

SCALE = 1 << 15
"""What 1.0 is in the bank."""

WINDOW = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(2 * BLOCK) + 0.5) / (2 * BLOCK))
"""Hann's window, float64 array [shape=(160,)]. At half overlap it adds up to one, so that the amplitudes of a
tone in successive windows add up to its length."""


def goertzel(samples: Iterable[float], frequency_hz: float, rate: int = RATE) -> complex:
    """Return the sum of samples[n] * exp(-i w n), by Goertzel's recurrence.

    This is the readable statement of what `product` computes for all tones at once; a test ties the two.

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

ROWS = 16 + 2 * len(HUM_HZ) - 1
"""Rows of the bank for one half of a window."""


def _bank() -> NDArray[np.float64]:
    time = np.arange(2 * BLOCK) - (BLOCK - 0.5)
    angle = 2 * np.pi / RATE * np.outer([*LOW_HZ, *HIGH_HZ], time)
    tones = SCALE * WINDOW * np.concatenate([np.cos(angle), -np.sin(angle)])
    angle = 2 * np.pi / RATE * np.outer(time, HUM_HZ)
    hum = np.concatenate([np.cos(angle), np.sin(angle[:, 1:])], axis=1) * WINDOW[:, None]
    basis = SCALE * WINDOW * np.linalg.qr(hum)[0].T
    whole = np.rint(np.concatenate([tones, basis]))
    return np.ascontiguousarray(np.concatenate([whole[:, BLOCK:], whole[:, :BLOCK]]))


BANK = _bank()
"""float64 array of whole numbers [shape=(46, 80)]: rows 0-22 make a block the second half of a window (cosines of
the eight tones, then sines, then an orthonormal basis of a hum in a window), rows 23-45 the first half."""

HUM = (1 << 14) / SCALE**2
"""What a window's squared products with the hum's basis are multiplied with to be on the scale of `WEIGHTS`."""

_SQUARES = np.rint((1 << 14) * WINDOW**2)
WEIGHTS = np.ascontiguousarray(np.stack([_SQUARES[BLOCK:], _SQUARES[:BLOCK]]))
"""float64 array of whole numbers [shape=(2, 80)]: the squared window, second half and first, in 2**-14."""

AMPLITUDE = 2 / (SCALE * float(WINDOW.sum()))
"""What the modulus of a window's product is multiplied with to become the amplitude of a tone in it."""

POWER = 2 / ((1 << 14) * float((WINDOW**2).sum()))
"""What a window's weighted energy is multiplied with to become the sum of its squared amplitudes."""


def product(blocks: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what each block adds to the window that ends with it and to the one that begins with it.

    Parameters
    ----------
    blocks : float64 array of whole numbers [shape=(m, 80)]
        Samples on the int16 scale.

    Returns
    -------
    tones : float64 array of whole numbers [shape=(46, m)]
        `BANK` times the blocks.
    energies : float64 array of whole numbers [shape=(2, m)]
        `WEIGHTS` times their squares.
    """
    return BANK @ blocks.T, WEIGHTS @ (blocks * blocks).T
