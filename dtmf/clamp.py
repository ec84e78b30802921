"""Taking keys out of a caller's sound before anybody else hears it: DTMF clamping.

The ear is sure of a key some 40 ms after it began, and of one of 25 ms never; other receivers read that one too. So
the clamp goes by suspicion: it looks every 2.5 ms at the last 20 ms near every window that passed the ear's gate, and
where two tones of a key stand that were not there before, the sound is silent from before the first of it. That has to
be known before the sound goes out, which is therefore `DELAY` late.

What is a suspicion was weighed against speech: a pair must be steady, right in frequency, come up at once and
last, or end as abruptly, and what lies beside it must be like what was there before.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled, kept
from dtmf.fit import BLOCK as FIT
from dtmf.fit import HISTORY, energy, fit, power
from dtmf.goertzel import AMPLITUDE, BLOCK, COSINES, POWER, SINES, Array, fold, four
from dtmf.keys import RATE, amplitude
from dtmf.press import start
from dtmf.verify import look_back, standing

DELAY = 39 * RATE // 1000
"""Samples by which clamped sound is late: what the shortest key needs (25 ms) to be told from a voice."""

MOST_WINDOWS = 32
"""Windows that are looked through at once at most."""

STATE = np.dtype(
    [
        ("since", np.int64),  # the sound is silent from here
        ("until", np.int64),  # to here; equal where nothing is
        ("key", np.int64),  # whose tones are taken out, counted from 1
        ("done", np.int64),  # the last sample looked at
        ("like", np.int64),  # the key of the run of looks that may become a suspicion, counted from 1
        ("first", np.int64),  # where the first of these looks ended,
        ("last", np.int64),  # and the last
        ("looks", np.int64),
        ("open", np.bool_),  # whether the run is yet to be judged
        ("came", np.float64, (2,)),  # what there was of each tone before the run, in parts of its power
        ("quiet", np.float64),  # the quietest sound before it, in parts of the pair's
        ("strong", np.float64, (2,)),  # the most power of each tone in it
        ("sums", np.float64, (4,)),  # of purity, twist in dB, part off the frequency, unsteadiness
        ("offsets", np.int64, (2,)),
    ],
    align=True,
)
"""The clamp of a channel; all zeros is one on which nothing has been heard. Moments are samples at 8 kHz."""

State = Any
"""A record of `STATE`."""

_HOP = 20
_WINDOW = 2 * BLOCK
_BLOCKS = 4
_LEAST = amplitude(-46.0) ** 2

_SHARE = 0.34
"""Part of a window's energy that a pair must be for a look at it."""

_PURE, _OFF, _STEADY = 0.5, 0.024, 0.4
"""Part of the samples' energy that the pair must be in each look; part by which its tones may be off; squared
distance of a block from their mean, in parts of a tone's power."""

_LAG = 100
"""Samples after the first look at which a run is judged."""

_LASTING, _BRIEF, _FALLEN = 4, 2, 0.3
"""Looks of a tone that lasts, and of one that is over when it is judged; what may then be left of its tones."""

_BEFORE, _AFTER = 100, 80
"""Samples by which silence is longer than the looks that brought it about."""

_MEMORY = 640
"""Samples of sound between two silences below which it is silent too."""

_RAMP = 40
"""Samples in which sound fades into a silence and out of it."""

_BACK = 2 * _WINDOW
"""Samples that a look needs: the window and what was before it."""

_LEAST_TWIST_DB, _MOST_TWIST_DB = -12.5, 11.0


class _Limits(NamedTuple):
    """What the means over a run may be, if it is to be a suspicion.

    `quiet` is the quietest sound before it in parts of the pair's power, `like` the same in parts of what lies beside
    the pair: least and most.
    """

    purity: float
    came: float
    twist_db: tuple[float, float]
    off: float
    unsteady: float
    quiet: float
    like: tuple[float, float]


_CLEAN = _Limits(0.8, 0.2, (_LEAST_TWIST_DB, _MOST_TWIST_DB), _OFF, _STEADY, 0.5, (0.0, 1e9))
_IN_NOISE = _Limits(0.6, 0.18, (-9.0, 8.0), 0.0185, 0.25, 1e9, (0.3, 2.3))
_IN_SPEECH = _Limits(0.62, 0.07, (-8.0, 7.0), 0.016, _STEADY, 1e9, (0.0, 2.5))


@kept
def suspect(samples: NDArray[np.int16], at: int, windows: int, first: int, lanes: NDArray[np.void],
            states: NDArray[np.void]) -> None:  # fmt: skip
    """Take the clamps of all channels through the windows that `dtmf.follow.follow` has just been through.

    Parameters
    ----------
    samples, at, first, lanes
        As there.
    windows : int
        `MOST_WINDOWS` at most.
    states : array of `STATE` [shape=(channels,)]
    """
    past = np.zeros(HISTORY)
    even, odd = np.empty(BLOCK), np.empty(BLOCK)
    for channel in range(len(samples)):
        row, lane, state = samples[channel], lanes[channel], states[channel]
        for step in range(windows):
            now = (first + step + 1) * BLOCK
            passed = (lane.gates >> (windows - 1 - step)) & 3
            if passed or state.open or state.until > now - BLOCK:
                # a window that passes is looked at from where the one before it ended
                for moment in range(max(state.done, now - 2 * BLOCK) + _HOP, now + 1, _HOP):
                    _step(row, at + (step + 1) * BLOCK - now + moment, moment, state, past, even, odd)
                state.done = now
        if lane.on and lane.reported:
            _silence(state, int(start(lane)) - _BEFORE, (first + windows) * BLOCK + _AFTER)
            state.key = lane.key + 1


@compiled
def _step(row: NDArray[np.int16], stop: int, now: int, state: State, past: Array, even: Array,
          odd: Array) -> None:  # fmt: skip
    """Look at the 20 ms that end at `stop` of the row, which is sample `now` of the channel."""
    key = _gated(row, stop, even, odd)
    if key:
        _fill(row, stop, past)
        good, pure = _look(past, now, key, state)
        if now <= state.until and ((key == state.key and pure > _PURE) or good):
            state.until, state.key = now + _AFTER, key
    if state.open and now >= state.first + _LAG:
        state.open = False
        _fill(row, stop, past)
        if _stands(past, state):
            _silence(state, state.first - _WINDOW - _BEFORE, state.last + _AFTER)
            state.key = state.like


@compiled
def _gated(row: NDArray[np.int16], stop: int, even: Array, odd: Array) -> int:
    """Return which key a window may hold, counted from 1; 0 for none."""
    weighed = fold(row[stop - _WINDOW : stop - BLOCK], row[stop - BLOCK : stop], even, odd)
    low, low_power = _strongest(even, odd, 0)
    high, high_power = _strongest(even, odd, 4)
    if min(low_power, high_power) <= _LEAST or low_power + high_power < _SHARE * POWER * weighed:
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
def _fill(row: NDArray[np.int16], stop: int, past: Array) -> None:
    """Put the sound up to `stop` where fits look for it, without its offset."""
    offset = 0
    for i in range(_BACK):
        offset += row[stop - _BACK + i]
    mean = float(offset // _BACK)
    for i in range(_BACK):
        past[HISTORY - _BACK + i] = row[stop - _BACK + i] - mean


@compiled
def _look(past: Array, now: int, key: int, state: State) -> tuple[bool, float]:
    """Look for a steady pair and take it into the run of looks; return whether it is one, and how pure."""
    look = look_back(past, key - 1, _BLOCKS)
    if not look.blocks or not look.there.all():
        return False, 0.0
    pair = standing(key - 1, look, look.there)
    powers, unsteady = pair.powers, 0.0
    purity = FIT / 2 * (powers[0] + powers[1]) * _BLOCKS / look.energies.sum()
    for i in range(2):
        for j in range(_BLOCKS):
            unsteady = max(unsteady, power(pair.still[i, j] - pair.means[i]) / powers[i])
    twist = 10 * math.log10((powers[1] + 1e-9) / (powers[0] + 1e-9))
    if purity <= _PURE or pair.worst >= _OFF or unsteady >= _STEADY or not _LEAST_TWIST_DB < twist < _MOST_TWIST_DB:
        return False, purity
    if key != state.like or now - state.last > BLOCK:
        _begin(past, now, key, state, look.offsets, powers)
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
def _stands(past: Array, state: State) -> bool:
    """Judge a run of looks."""
    if state.looks < _BRIEF:
        return False
    if state.looks < _LASTING:
        low, high = np.empty(1, np.complex128), np.empty(1, np.complex128)
        fit(past, HISTORY - FIT, 1, FIT, state.like - 1, (state.offsets[0], state.offsets[1]), low, high, np.empty(1))
        if power(low[0]) > _FALLEN * state.strong[0] or power(high[0]) > _FALLEN * state.strong[1]:
            return False
    return _within(state, _CLEAN) or _within(state, _IN_NOISE) or _within(state, _IN_SPEECH)


@compiled
def _within(state: State, limits: _Limits) -> bool:
    purity = state.sums[0] / state.looks
    like = state.quiet / max(1 / purity - 1, 1e-3)
    return bool(
        purity > limits.purity
        and max(state.came[0], state.came[1]) < limits.came
        and limits.twist_db[0] < state.sums[1] / state.looks < limits.twist_db[1]
        and state.sums[2] / state.looks < limits.off
        and state.sums[3] / state.looks < limits.unsteady
        and state.quiet < limits.quiet
        and limits.like[0] <= like < limits.like[1]
    )


@compiled
def _silence(state: State, since: int, until: int) -> None:
    """Silence a stretch; one that follows closely on another is one with it."""
    if since - state.until > _MEMORY:
        state.since = since
        state.until = until
    else:
        state.since = min(state.since, since) if state.until > state.since else since
        state.until = max(state.until, until)


def silenced(sound: NDArray[np.int16], begin: int, states: NDArray[np.void]) -> NDArray[np.int16]:
    """Return a copy of sound without what is clamped.

    Parameters
    ----------
    sound : int16 array [shape=(channels, n)]
    begin : int
        The moment of its first sample.
    states : array of `STATE` [shape=(channels,)]
    """
    quiet = sound.copy()
    end = begin + sound.shape[1]
    near = (states["since"] < end + _RAMP) & (states["until"] > begin - _RAMP) & (states["until"] > states["since"])
    time = np.arange(begin, end)
    for channel in np.flatnonzero(near).tolist():
        since, until = int(states["since"][channel]), int(states["until"][channel])
        gain = np.clip(np.maximum(since - time, time - until + 1), 0, _RAMP)
        quiet[channel] = sound[channel].astype(np.int32) * gain // _RAMP
    return quiet
