"""Where a key may stand: a look every 2.5 ms at the last 20 ms, and what a run of such looks amounts to.

A pair must be steady, right in frequency, come up at once and last, or end as abruptly, and what lies beside it
must be like what was there before. What is a suspicion was weighed against speech (docs/decisions.md): each costs
the others in a meeting some 80 ms of what is said.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled
from dtmf.fit import BLOCK as FIT
from dtmf.fit import HISTORY, energy, fit, power
from dtmf.goertzel import AMPLITUDE, BLOCK, COSINES, POWER, SINES, Array, fold, four
from dtmf.keys import amplitude
from dtmf.pair import look_back, standing

State = Any
"""A record of `dtmf.clamp.STATE`."""

HOP = 20
"""Samples from look to look."""

WINDOW = 2 * BLOCK
"""Samples that a look is at."""

PURE = 0.5
"""Part of the samples' energy that the pair must be in each look."""

_OFF, _STEADY = 0.024, 0.4
"""Part by which its tones may be off; squared distance of a block from their mean, in parts of a tone's power."""

_BLOCKS = 4
"""Blocks of a look, all that fit into its 20 ms."""

LEAST = amplitude(-66.0) ** 2
"""The squared amplitude below which a tone is nothing: 20 dB less than the ear hears, for others hear more."""

_SOON = 480
"""Samples after a key within which what is like another one is it: digits that are sent by machine follow each
other closely, and there is no quiet before them."""

_SHARE = 0.34
"""Part of a window's energy that a pair must be for a look at it."""

_LASTING, _BRIEF, _FALLEN = 4, 2, 0.3
"""Looks of a tone that lasts, and of one that is over when it is judged; what may then be left of its tones."""

_BACK = 2 * WINDOW
"""Samples that a look needs: the window and what was before it."""

_LEAST_TWIST_DB, _MOST_TWIST_DB = -12.5, 11.0
"""The high tone over the low one, where no setting hears more (`beyond_db`)."""

_MORE_DB = 1.0
"""Decibels of twist more than its setting hears at which a key is clamped."""

_SOME, _LITTLE = 1e-9, 1e-3
"""Added to a power, and the least part of the pair that lies beside it: so that there is a quotient."""

_ANY = 1e9
"""No limit."""


class _Limits(NamedTuple):
    """What the means over a run may be, if it is to be a suspicion.

    `quiet` is the quietest sound before it in parts of the pair's power, `like` the same in parts of what lies
    beside the pair: least and most.
    """

    purity: float
    came: float
    twist_db: tuple[float, float]
    off: float
    unsteady: float
    quiet: float
    like: tuple[float, float]


# Each kind is wide where it can be and narrow elsewhere, so that all three together cost the recordings of speech
# the least (170 ms an hour, docs/decisions.md) and leave nothing of a key of 25 ms, twisted or in noise (2 dB).

_CLEAN = _Limits(0.8, 0.2, (_LEAST_TWIST_DB, _MOST_TWIST_DB), _OFF, _STEADY, 0.5, (0.0, _ANY))
"""A key on a line with little else: anything that is most of the sound and came up out of less than half of it."""

_IN_NOISE = _Limits(0.6, 0.18, (-9.0, 8.0), 0.0185, 0.25, _ANY, (0.3, 2.3))
"""A key under noise: what lies beside it is about as loud (-5 to +4 dB) as what was there before it."""

_IN_SPEECH = _Limits(0.62, 0.07, (-8.0, 7.0), 0.016, _STEADY, _ANY, (0.0, 2.5))
"""A key over somebody's own voice, which may begin with it: its tones were hardly there before (-11.5 dB)."""


@compiled
def gated(row: NDArray[np.int16], stop: int, even: Array, odd: Array) -> int:
    """Return which key a window may hold, counted from 1; 0 for none."""
    weighed = fold(row[stop - WINDOW : stop - BLOCK], row[stop - BLOCK : stop], even, odd)
    low, low_power = _strongest(even, odd, 0)
    high, high_power = _strongest(even, odd, 4)
    if min(low_power, high_power) <= LEAST or low_power + high_power < _SHARE * POWER * weighed:
        return 0
    return 4 * low + high + 1


@compiled
def _strongest(even: Array, odd: Array, group: int) -> tuple[int, float]:
    best, most = 0, -1.0
    cosines, sines = four(even, COSINES, group), four(odd, SINES, group)
    for i in range(4):
        squared = (cosines[i] * cosines[i] + sines[i] * sines[i]) * AMPLITUDE**2
        if squared > most:
            best, most = i, squared
    return best, most


@compiled
def fill(row: NDArray[np.int16], stop: int, past: Array) -> None:
    """Put the sound up to `stop` where fits look for it, without its offset."""
    offset = 0
    for i in range(_BACK):
        offset += int(row[stop - _BACK + i])
    mean = float(offset // _BACK)
    for i in range(_BACK):
        past[HISTORY - _BACK + i] = row[stop - _BACK + i] - mean


def beyond_db(low_over_high_db: float, high_over_low_db: float) -> float:
    """Return by how much a setting's twist, and a decibel more, is beyond what is clamped anyhow."""
    return max(0.0, low_over_high_db + _MORE_DB + _LEAST_TWIST_DB, high_over_low_db + _MORE_DB - _MOST_TWIST_DB)


@compiled
def look(past: Array, now: int, key: int, state: State, beyond_db: float) -> tuple[bool, float]:
    """Look for a steady pair and take it into the run of looks; return whether it is one, and how pure.

    So much of its twist, `beyond_db`, counts for nothing.
    """
    found = look_back(past, key - 1, _BLOCKS)
    if not found.blocks or not found.there.all():
        return False, 0.0
    pair = standing(key - 1, found, found.there)
    powers, unsteady = pair.powers, 0.0
    purity = FIT / 2 * (powers[0] + powers[1]) * _BLOCKS / found.energies.sum()
    for i in range(2):
        for j in range(_BLOCKS):
            unsteady = max(unsteady, power(pair.still[i, j] - pair.means[i]) / powers[i])
    twist = 10 * math.log10((powers[1] + _SOME) / (powers[0] + _SOME))
    twist = math.copysign(max(abs(twist) - beyond_db, 0.0), twist)
    if purity <= PURE or pair.worst >= _OFF or unsteady >= _STEADY or not _LEAST_TWIST_DB < twist < _MOST_TWIST_DB:
        return False, purity
    if key != state.like or now - state.last > BLOCK:
        _begin(past, now, key, state, found.offsets, powers)
    state.looks += 1
    state.last = now
    for i in range(2):
        state.strong[i] = max(state.strong[i], powers[i])
    for i, value in enumerate((purity, twist, pair.worst, unsteady)):
        state.sums[i] += value
    return True, purity


@compiled
def _begin(past: Array, now: int, key: int, state: State, offsets: tuple[int, int], powers: Array) -> None:
    """Begin a run of looks: remember what there was before."""
    tracks, explained = np.empty((2, _BLOCKS), np.complex128), np.empty(_BLOCKS)
    begin = HISTORY - 2 * _BLOCKS * FIT
    fit(past, begin, _BLOCKS, FIT, key - 1, offsets, tracks[0], tracks[1], explained)
    for i in range(2):
        total = most = 0.0
        for j in range(_BLOCKS):
            there = power(tracks[i, j]) / powers[i]
            total += there
            most = max(most, there)
        # the key may have begun in the loudest of them
        state.came[i] = (total - most) / (_BLOCKS - 1)
        state.strong[i] = 0.0
        state.offsets[i] = offsets[i]
    quiet = energy(past[begin : begin + FIT])
    for j in range(1, _BLOCKS):
        quiet = min(quiet, energy(past[begin + j * FIT : begin + (j + 1) * FIT]))
    state.quiet = quiet / (FIT / 2 * (powers[0] + powers[1]))
    state.like, state.first, state.looks, state.open = key, now, 0, True
    state.sums[:] = 0.0


@compiled
def stands(past: Array, state: State) -> bool:
    """Judge a run of looks."""
    if state.looks < _BRIEF:
        return False
    if state.until > state.since and state.first - WINDOW - state.until < _SOON:
        return bool(state.sums[0] > _IN_NOISE.purity * state.looks)
    if state.looks < _LASTING:
        low, high = np.empty(1, np.complex128), np.empty(1, np.complex128)
        offsets = (state.offsets[0], state.offsets[1])
        fit(past, HISTORY - FIT, 1, FIT, state.like - 1, offsets, low, high, np.empty(1))
        if power(low[0]) > _FALLEN * state.strong[0] or power(high[0]) > _FALLEN * state.strong[1]:
            return False
    return _within(state, _CLEAN) or _within(state, _IN_NOISE) or _within(state, _IN_SPEECH)


@compiled
def _within(state: State, limits: _Limits) -> bool:
    purity = state.sums[0] / state.looks
    like = state.quiet / max(1 / purity - 1, _LITTLE)
    return bool(
        purity > limits.purity
        and max(state.came[0], state.came[1]) < limits.came
        and limits.twist_db[0] < state.sums[1] / state.looks < limits.twist_db[1]
        and state.sums[2] / state.looks < limits.off
        and state.sums[3] / state.looks < limits.unsteady
        and state.quiet < limits.quiet
        and limits.like[0] <= like < limits.like[1]
    )
