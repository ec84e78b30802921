"""A key's two tones in the last blocks of a sound: fitted to them, and turned to a standstill."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled
from dtmf.fit import BLOCK, HISTORY, OMEGAS, STEP, Track, count, drift, energy, fit, power, sounding, straighten
from dtmf.goertzel import Array
from dtmf.limits import APART

_EXPLAINED = 0.4
"""Part of the energy that the fits must explain, if the pair is to be looked at. A tenth of any noise is explained
too, four numbers of a block's forty: so this asks that the pair be a third of the sound, as it is at -6 dB."""

_NEVER = 0.035
"""Part by which a tone that is off is none of a key (Q.24 table A-1: beyond 3.5 % never)."""


class Look(NamedTuple):
    """The last blocks of a tone, the pair fitted to each.

    `blocks` is how many they are, 0 where there is no such pair. `offsets` are the steps of the tables and `drifts`
    the parts by which the tones are off; `there` is which blocks hold sound, `tracks` are the tones' amplitudes,
    complex128 [shape=(2, blocks)].
    """

    blocks: int
    offsets: tuple[int, int]
    drifts: tuple[float, float]
    energies: Array
    explained: Array
    there: NDArray[np.bool_]
    tracks: Track


@compiled
def look_back(past: Array, key: int, blocks: int) -> Look:
    """Fit the pair to the last `blocks` blocks."""
    first = HISTORY - blocks * BLOCK
    energies, explained = np.empty(blocks), np.empty(blocks)
    tracks = np.empty((2, blocks), np.complex128)
    for i in range(blocks):
        energies[i] = energy(past[first + i * BLOCK : first + (i + 1) * BLOCK])
    there = sounding(energies)
    fit(past, first, blocks, BLOCK, key, (0, 0), tracks[0], tracks[1], explained)
    offsets, drifts = (0, 0), (0.0, 0.0)
    if total_of(explained, there) < _EXPLAINED * total_of(energies, there):
        blocks = 0
    else:
        drifts = (drift(key // 4, tracks[0], there, blocks), drift(4 + key % 4, tracks[1], there, blocks))
        offsets = (round(drifts[0] / STEP), round(drifts[1] / STEP))
        if max(abs(drifts[0]), abs(drifts[1])) > _NEVER:
            blocks = 0
        elif offsets != (0, 0):
            fit(past, first, blocks, BLOCK, key, offsets, tracks[0], tracks[1], explained)
    return Look(blocks, offsets, drifts, energies, explained, there, tracks)


@compiled
def total_of(values: Array, which: NDArray[np.bool_]) -> float:
    """Return the sum of those that are so."""
    total = 0.0
    for i in range(len(values)):
        if which[i]:
            total += values[i]
    return total


class Pair(NamedTuple):
    """A pair that stands still but for its noise: each array is of the low and of the high tone.

    `means` are the amplitudes in the middle of the first block and `omegas` how far the tones turn from sample to
    sample, `powers` the squared moduli, `still` what the blocks hold once the tones are turned back; `worst` is the
    part by which the worse is off its frequency, and 1 where the two are off too far in opposite directions;
    `apart` is by which part they are off each other.
    """

    means: Track
    omegas: Array
    powers: Array
    still: Track
    worst: float
    apart: float


@compiled
def standing(key: int, look: Look, good: NDArray[np.bool_]) -> Pair:
    """Turn the tones of the good blocks to a standstill."""
    blocks, kept, worst, off = look.blocks, count(good), 0.0, np.empty(2)
    means, omegas, powers = np.zeros(2, np.complex128), np.empty(2), np.empty(2)
    still = np.empty((2, blocks), np.complex128)
    for i in range(2):
        tone = key // 4 if i == 0 else 4 + key % 4
        off[i] = straighten(tone, look.tracks[i], good, blocks, look.drifts[i], still[i])
        worst = max(worst, abs(off[i]))
        for j in range(blocks):
            if good[j]:
                # numpy divides a complex number by multiplying, the compiler does not
                means[i] += complex(still[i, j].real / kept, still[i, j].imag / kept)
        powers[i], omegas[i] = power(means[i]), OMEGAS[tone] / BLOCK * (1 + off[i])
    apart = abs(off[1] - off[0])
    return Pair(means, omegas, powers, still, 1.0 if apart > APART else worst, apart)
