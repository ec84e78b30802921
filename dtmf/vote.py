"""A key with one disturbance inside, such as a burst, a gap or a jump of phase: its blocks vote."""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled
from dtmf.fit import BLOCK, HISTORY, OMEGAS, STEP, Track, count, energy, fit, power, quietest, wrapped
from dtmf.goertzel import Array
from dtmf.keys import RATE
from dtmf.limits import APART, TOLERANCE, Bounds

_VOTERS, _HOP = 15, BLOCK // 2
"""Blocks that vote, one every 2.5 ms."""

VOTE_SPAN = 34 * RATE // 1000
"""Samples from the start of a tone until now for a vote."""

_CLEAN = 0.06
"""Part of a block's energy beside the pair that a block with a vote may have."""


@compiled
def votes(past: Array, key: int, span: int, bounds: Bounds) -> bool:
    """Tell whether the first 40 ms hold a key with one disturbance inside: a burst, a gap, a jump of phase.

    Of a key that is over and a little longer, the last 40 ms may do so too.

    Blocks of 5 ms every 2.5 ms vote. Those that hold the pair and little else must lie in at most two parts; within
    a part phases run on, from one part to the other they need not (Q.24 table A-1: breaks up to 10 ms).
    """
    at = min(max(HISTORY - span + (8 if span > 336 else 0), 0), len(past) - 320)
    if _votes(past, at, key, span, bounds):
        return True
    over = len(past) - HISTORY >= 2 * BLOCK
    return over and 344 < span < 400 and _votes(past, HISTORY - 320, key, span, bounds)


@compiled
def _votes(past: Array, at: int, key: int, span: int, bounds: Bounds) -> bool:
    """Let the blocks from `at` on vote."""
    energies, explained = np.empty(_VOTERS), np.empty(_VOTERS)
    tracks = np.empty((2, _VOTERS), np.complex128)
    for i in range(_VOTERS):
        energies[i] = energy(past[at + i * _HOP : at + i * _HOP + BLOCK])
    fit(past, at, _VOTERS, _HOP, key, (0, 0), tracks[0], tracks[1], explained)
    if count(_clean(energies, explained, 0.25)) < 8:
        return False
    low_off = _hop_drift(key // 4, tracks[0], energies, explained)
    high_off = _hop_drift(4 + key % 4, tracks[1], energies, explained)
    if max(abs(low_off), abs(high_off)) > 0.04:
        return False
    offsets = (round(low_off / STEP), round(high_off / STEP))
    if offsets != (0, 0):
        fit(past, at, _VOTERS, _HOP, key, offsets, tracks[0], tracks[1], explained)
    good, levels = _clean(energies, explained, _CLEAN), np.empty(2)
    if count(good) < 8:
        return False
    for i in range(2):
        levels[i] = _median(tracks[i], good)
    for i in range(2):
        for j in range(_VOTERS):
            good[j] &= abs(math.sqrt(power(tracks[i, j])) - levels[i]) < 0.25 * levels[i]
    if count(good) < 8:
        return False
    # One part of 25 ms is enough only where the sound around it makes a whole key of it.
    first, last, heard, right = -1, 0, 0.0, 0.0
    for i in range(_VOTERS):
        if good[i]:
            first, last = i if first < 0 else first, i
            heard, right = heard + energies[i], right + explained[i]
    wide, loud = last - first + 1, 0
    for i in range(_VOTERS):
        loud += energies[i] > 0.3 * energies[first]
    if wide < 8 or (wide <= 9 and loud < 12):
        return False
    if not _in_two_parts(tracks, good, levels, key, low_off, high_off):
        return False
    if right < (0.96 if wide > 9 else 0.985) * heard:
        return False
    low, high = levels[0] * levels[0], levels[1] * levels[1]
    if not high / bounds.high_over_low < low < high * bounds.low_over_high:
        return False
    return bool(quietest(past, span, key, offsets, (64, 136, 216)) < 0.032 * BLOCK / 2 * (low + high))


@compiled
def _clean(energies: Array, explained: Array, most: float) -> NDArray[np.bool_]:
    """Return which blocks hold less than a part `most` of something else than the pair."""
    clean = np.empty(_VOTERS, np.bool_)
    for i in range(_VOTERS):
        clean[i] = energies[i] - explained[i] < most * energies[i]
    return clean


@compiled
def _in_two_parts(tracks: Track, good: NDArray[np.bool_], levels: Array, key: int, low_off: float,
                  high_off: float) -> bool:  # fmt: skip
    """Tell whether the good blocks make two steady stretches at most, of the right frequencies."""
    cut, off = np.zeros(_VOTERS, np.bool_), np.array([low_off, high_off])
    for tone in range(2):
        track, omega = tracks[tone], OMEGAS[key // 4 if tone == 0 else 4 + key % 4]
        turn, both, whole = omega / 2, 0j, 0
        for i in range(_VOTERS - 4):
            if good[i] and good[i + 1] and good[i + 2] and good[i + 3] and good[i + 4]:
                both += track[i + 4] * track[i].conjugate()
                whole += 1
        off[tone] += wrapped(math.atan2(both.imag, both.real) - 4 * turn * (1 + off[tone])) / (4 * turn)
        if not whole or abs(off[tone]) > TOLERANCE:
            return False
        step = complex(math.cos(turn * (1 + off[tone])), -math.sin(turn * (1 + off[tone])))
        for i in range(_VOTERS - 1):
            cut[i + 1] |= power(track[i + 1] * step - track[i]) > (0.3 * levels[tone]) ** 2
    parts = 0
    for i in range(_VOTERS):
        if good[i] and (i == 0 or not good[i - 1] or cut[i]):
            parts += 1
    return parts <= 2 and abs(off[1] - off[0]) <= APART


@compiled
def _hop_drift(tone: int, track: Track, energies: Array, explained: Array) -> float:
    """Return the part by which a tone is off its frequency, from blocks 2.5 ms apart; clean ones count more."""
    both, last, before = 0j, 0j, 0j
    for i in range(_VOTERS):
        weight = 1 - 4 * (energies[i] - explained[i]) / max(energies[i], 1.0)
        turned = min(1.0, max(0.01, weight)) * track[i]
        both += turned * before.conjugate()
        last, before = turned, last
    return float(wrapped(math.atan2(both.imag, both.real) - OMEGAS[tone]) / OMEGAS[tone])


@compiled
def _median(track: Track, which: NDArray[np.bool_]) -> float:
    """Return the median of the moduli of some blocks."""
    half, median = count(which) // 2, 0.0
    for i in range(_VOTERS):
        below, one = 0, power(track[i])
        for j in range(_VOTERS):
            other = power(track[j])
            below += which[j] and (other < one or (other == one and j < i))
        if which[i] and below == half:
            median = one
    return math.sqrt(median)
