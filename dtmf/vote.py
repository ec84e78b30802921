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

_STRETCH = (_VOTERS - 1) * _HOP + BLOCK
"""Samples that they lie in: 40 ms, the shortest key that must be heard (Q.24 table A-1)."""

_MAJORITY = 8
"""Votes that a key needs: of 15 blocks that leaves room for what a break of 10 ms (Q.24 table A-1) spoils: six."""

VOTE_SPAN = 34 * RATE // 1000
"""Samples from the start of a tone until now for a vote."""

_CLEAN, _CLEANISH = 0.06, 0.25
"""Part of a block's energy beside the pair that a block with a vote may have, and one that may yet get a vote when
the pair is fitted at its true frequencies."""

_OFF = 0.04
"""Part by which a tone may be off at the first measure, which blocks 2.5 ms apart give: 3.5 % (Q.24 table A-1:
never beyond), and what that measure errs. `TOLERANCE` is asked of the better one."""

_LIKE_THE_REST = 0.25
"""Part of the median amplitude by which a block with a vote may be louder or softer: 2 dB."""

_SOUNDING = 0.3
"""Part of the first vote's energy from which on a block counts as sound: a block that a key fills to a third."""

_SHORT, _LOUD = 9, 12
"""Blocks that are no more than 25 ms, and how many of the 15 must then be loud: 32.5 ms of sound at least."""

_PURE, _PURE_SHORT = 0.96, 0.985
"""Part that the pair must be of the blocks with a vote, and where these are no more than 25 ms: what there is too
little of has to be the cleaner, or syllables pass."""

_SAME = 0.3
"""Part of a tone's amplitude by which it may move within a part: more is a jump (2.6 dB, or 17 degrees)."""

_EARLIER, _QUIET = (64, 136, 216), 0.032
"""Samples before the press at which stretches of 10 ms begin that say what was there before, and how much of the
key's power that may be: -15 dB. A key that is allowed to be broken has to come out of silence."""

_CUT = 8
"""Samples by which the start of a key of 42 ms and more is left out: its edge may lie in the first block."""

_WHOLE, _SHORTER, _LONGER = 336, 344, 400
"""Samples of a press: from the first on there is room for that; between the others (43 to 50 ms) its last 40 ms are
asked as well as its first, so that a break near its beginning is outvoted."""


@compiled
def votes(past: Array, key: int, span: int, bounds: Bounds) -> bool:
    """Tell whether the first 40 ms hold a key with one disturbance inside: a burst, a gap, a jump of phase.

    Of a key that is over and a little longer, the last 40 ms may do so too.

    Blocks of 5 ms every 2.5 ms vote. Those that hold the pair and little else must lie in at most two parts; within
    a part phases run on, from one part to the other they need not (Q.24 table A-1: breaks up to 10 ms).
    """
    at = min(max(HISTORY - span + (_CUT if span > _WHOLE else 0), 0), len(past) - _STRETCH)
    if _votes(past, at, key, span, bounds):
        return True
    over = len(past) - HISTORY >= 2 * BLOCK
    return over and _SHORTER < span < _LONGER and _votes(past, HISTORY - _STRETCH, key, span, bounds)


@compiled
def _votes(past: Array, at: int, key: int, span: int, bounds: Bounds) -> bool:
    """Let the blocks from `at` on vote."""
    energies, explained = np.empty(_VOTERS), np.empty(_VOTERS)
    tracks = np.empty((2, _VOTERS), np.complex128)
    # eight that are not clean are too many, and of voices the first eight are not
    for begin, end in ((0, _MAJORITY), (_MAJORITY, _VOTERS)):
        clean = False
        for i in range(begin, end):
            energies[i] = energy(past[at + i * _HOP : at + i * _HOP + BLOCK])
        fit(past, at + begin * _HOP, end - begin, _HOP, key, (0, 0), tracks[0, begin:], tracks[1, begin:],
            explained[begin:])  # fmt: skip
        for i in range(begin, end):
            clean |= energies[i] - explained[i] < _CLEANISH * energies[i]
        if not begin and not clean:
            return False
    if count(_clean(energies, explained, _CLEANISH)) < _MAJORITY:
        return False
    low_off = _hop_drift(key // 4, tracks[0], energies, explained)
    high_off = _hop_drift(4 + key % 4, tracks[1], energies, explained)
    if max(abs(low_off), abs(high_off)) > _OFF:
        return False
    offsets = (round(low_off / STEP), round(high_off / STEP))
    if offsets != (0, 0):
        fit(past, at, _VOTERS, _HOP, key, offsets, tracks[0], tracks[1], explained)
    good, levels = _clean(energies, explained, _CLEAN), np.empty(2)
    if count(good) < _MAJORITY:
        return False
    for i in range(2):
        levels[i] = _median(tracks[i], good)
    for i in range(2):
        for j in range(_VOTERS):
            good[j] &= abs(math.sqrt(power(tracks[i, j])) - levels[i]) < _LIKE_THE_REST * levels[i]
    if count(good) < _MAJORITY:
        return False
    # One part of 25 ms is enough only where the sound around it makes a whole key of it.
    first, last, heard, right = -1, 0, 0.0, 0.0
    for i in range(_VOTERS):
        if good[i]:
            first, last = i if first < 0 else first, i
            heard, right = heard + energies[i], right + explained[i]
    wide, loud = last - first + 1, 0
    for i in range(_VOTERS):
        loud += energies[i] > _SOUNDING * energies[first]
    if wide < _MAJORITY or (wide <= _SHORT and loud < _LOUD):
        return False
    if not _in_two_parts(tracks, good, levels, key, low_off, high_off):
        return False
    if right < (_PURE if wide > _SHORT else _PURE_SHORT) * heard:
        return False
    low, high = levels[0] * levels[0], levels[1] * levels[1]
    if not high / bounds.high_over_low < low < high * bounds.low_over_high:
        return False
    return bool(quietest(past, span, key, offsets, _EARLIER) < _QUIET * BLOCK / 2 * (low + high))


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
        most = _SAME * levels[tone]
        for i in range(_VOTERS - 1):
            cut[i + 1] |= power(track[i + 1] * step - track[i]) > most * most
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
