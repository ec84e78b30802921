"""How loud a tone is and how high: for people to read. Nothing is decided by these figures."""

import math

import numpy as np

from dtmf.compiled import compiled
from dtmf.fit import BLOCK, OMEGAS, STEP, drift, energy, fit, power, straighten
from dtmf.goertzel import Array
from dtmf.keys import FULL_SCALE, FULL_SCALE_DBM0, RATE
from dtmf.press import Lane

MEASURED = 560
"""Samples of a tone that are measured at most: its first 70 ms."""

_LEAST = 160
_MOST_BLOCKS = MEASURED // BLOCK
_MOST_SNR_DB = 60.0
_FURTHEST = 0.04


@compiled
def measure(past: Array, at: int, length: int, lane: Lane) -> None:
    """Measure the key of a lane, and write level, twist, frequencies and signal to noise ratio there.

    Parameters
    ----------
    past : float64 array of whole numbers [shape=(n,)]
    at, length : int
        Where the tone lies in it.
    lane : record of `LANE`
    """
    length = max(length, _LEAST)
    edge = min(length // 6, BLOCK)
    at = max(0, min(at + edge, len(past) - length + 2 * edge))
    count = min((length - 2 * edge) // BLOCK, _MOST_BLOCKS)
    energies, explained = np.empty(count), np.empty(count)
    tracks, still = np.empty((2, count), np.complex128), np.empty(count, np.complex128)
    for i in range(count):
        energies[i] = energy(past[at + i * BLOCK : at + (i + 1) * BLOCK])
    there, whole = np.empty(count, np.bool_), 0.0
    for i in range(count):
        whole += energies[i]
    for i in range(count):
        there[i] = energies[i] > 0.3 * whole / count
    fit(past, at, count, BLOCK, lane.key, (0, 0), tracks[0], tracks[1], explained)
    low, high = lane.key // 4, 4 + lane.key % 4
    offs = (_within(drift(low, tracks[0], there, count)), _within(drift(high, tracks[1], there, count)))
    offsets = (round(offs[0] / STEP), round(offs[1] / STEP))
    if offsets != (0, 0):
        fit(past, at, count, BLOCK, lane.key, offsets, tracks[0], tracks[1], explained)
    kept, rest = 0, 0.0
    for i in range(count):
        if there[i]:
            kept += 1
            rest += energies[i] - explained[i]
    kept = max(1, kept)
    powers, off = np.zeros(2), np.zeros(2)
    for i in range(2):
        tone = low if i == 0 else high
        off[i] = straighten(tone, tracks[i], there, count, offs[i], still)
        if abs(off[i] - offs[i]) > STEP:
            off[i] = offs[i]
        for j in range(count):
            if there[j]:
                powers[i] += power(tracks[i, j]) / kept
        # What the tables have taken for noise because they are only nearly as high as the tone.
        turned = (off[i] - STEP * offsets[i]) * OMEGAS[tone] / BLOCK
        missed = turned * turned * (BLOCK * BLOCK - 1) / 12
        rest -= missed * powers[i] * BLOCK / 2 * kept
        powers[i] *= 1 + missed
    noise = max(rest / (kept * (BLOCK - 4)), 1e-9)
    lane.snr_db = min(10 * math.log10(max(powers[0] + powers[1], 1e-9) / 4 / noise), _MOST_SNR_DB)
    low_db, high_db = dbm0(powers[0]), dbm0(powers[1])
    lane.level_dbm0, lane.twist_db = (low_db + high_db) / 2, high_db - low_db
    lane.low_hz = (1 + off[0]) * OMEGAS[low] * RATE / BLOCK / (2 * math.pi)
    lane.high_hz = (1 + off[1]) * OMEGAS[high] * RATE / BLOCK / (2 * math.pi)
    lane.measured = True


@compiled
def _within(off: float) -> float:
    return min(max(off, -_FURTHEST), _FURTHEST)


@compiled
def dbm0(squared: float) -> float:
    """Return the level of a squared amplitude."""
    return 10 * math.log10(max(squared, 1e-9) / FULL_SCALE**2) + FULL_SCALE_DBM0
