"""A press that has gone through a codec of speech, judged as a whole when it is over.

A codec of few bits makes of two tones what it makes of a voice: they swell, skip a frame, and a rest buzzes beside
them. No look of 30 or 60 ms sees two steady tones then. But from block to block the pair is nearly all there is, on
the whole its frequencies are right, and it comes out of silence and goes back into it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled, summing
from dtmf.entire import Entire, nothing
from dtmf.evidence import OFF
from dtmf.fit import BLOCK, OMEGAS, STEP, Track, energy, fit, power
from dtmf.fourier import POINTS
from dtmf.goertzel import Array
from dtmf.keys import RATE
from dtmf.limits import Bounds
from dtmf.still import Still, stand
from dtmf.third import one_more

SHORTEST, LONGEST = 43 * RATE // 1000, 200 * RATE // 1000
"""Samples of a press that may be judged."""

_EDGE = 8
"""Samples at either end of it that are left out."""

_EARLIER, _LATER, _STRETCH = (144, 216), (40, 100), 80
"""Samples before the press and after its end at which stretches of 10 ms begin, of which the quieter counts: a
codec begins too early and ends too late."""

_BEFORE, _AFTER = 0.1, 0.7
"""Most that may sound there, in parts of the pair's power: what is left of a tone sounds on for 20 ms, but nothing
is there before it. Of a hundred presses in speech fifteen come out of so much silence."""

_PURE = 0.85
"""Part of the energy that the pair must be, as loud as it is in each block of 5 ms. Of lost keys through GSM, AMR
and Opus 96 % have more; in 93 hours of speech and 8 of music at many pitches a press has it in four hours, and none
that comes out of silence has more than 0.75."""

_STEADY = 0.6
"""Part of the energy that the pair must be if it were steady: what voices do drifts."""

_APART = 0.03
"""Most by which the two may be off in opposite directions: each 1.5 % (Q.24 table A-1)."""


@compiled
def coded(row: NDArray[np.int16], stop: int, start: int, end: int, key: int, most: float,
          bounds: Bounds) -> Entire:  # fmt: skip
    """Judge a press.

    Parameters
    ----------
    row : int16 array [shape=(n,)]
    stop : int
        Where what has come ends in it.
    start, end : int
        Where the press lies in it.
    key : int
    most : float
        Squared amplitude that the pair cannot exceed by far.
    bounds : Bounds

    Returns
    -------
    Entire
        What a key was like; nothing speaks against it.
    """
    if end + _LATER[0] + _STRETCH > stop:
        return nothing()
    before = min(_power(row, start - _EARLIER[0]), _power(row, start - _EARLIER[1]))
    if before > _BEFORE * most:
        return nothing()
    after = _power(row, end + _LATER[0])
    if end + _LATER[1] + _STRETCH <= stop:
        after = min(after, _power(row, end + _LATER[1]))
    if after > _AFTER * most:
        return nothing()
    count = (end - start - 2 * _EDGE) // BLOCK
    begin = start + (end - start - count * BLOCK) // 2
    sound, tracks, explained = np.empty(count * BLOCK), np.empty((2, count), np.complex128), np.empty(count)
    for i in range(len(sound)):
        sound[i] = row[begin + i]
    fit(sound, 0, count, BLOCK, key, (0, 0), tracks[0], tracks[1], explained)
    whole = energy(sound)
    if _total(explained) < (_PURE - 0.05) * whole:
        return nothing()
    low, high = OMEGAS[key // 4], OMEGAS[4 + key % 4]
    one, other = _still(tracks[0], low), _still(tracks[1], high)
    offs = (one.turn / low, other.turn / high)
    if max(abs(offs[0]), abs(offs[1])) > OFF or abs(offs[0] - offs[1]) > _APART:
        return nothing()
    a, b = power(one.mean), power(other.mean)
    if a > bounds.low_over_high * b or b > bounds.high_over_low * a:
        return nothing()
    offsets = (round(offs[0] / STEP), round(offs[1] / STEP))
    if offsets != (0, 0):
        fit(sound, 0, count, BLOCK, key, offsets, tracks[0], tracks[1], explained)
    pair = (a + b) / 2
    if _total(explained) < _PURE * whole or pair * len(sound) < _STEADY * whole:
        return nothing()
    if before > _BEFORE * pair or after > _AFTER * pair:
        return nothing()
    length = min(len(sound), POINTS)
    middle = begin + (len(sound) - length) // 2
    if one_more(row[middle : middle + length], key, offs, (a, b)):
        return nothing()
    rest = max(0.0, whole / (pair * len(sound)) - 1)
    return Entire(0.0, start, end, begin, begin + len(sound), (a, b), offs, rest)


@summing
def _squares(sound: NDArray[np.int16]) -> float:
    total = 0.0
    for i in range(_STRETCH):
        sample = np.float64(sound[i])
        total += sample * sample
    return total


@compiled
def _power(row: NDArray[np.int16], begin: int) -> float:
    """Return the mean power of 10 ms."""
    return _squares(row[begin : begin + _STRETCH]) / _STRETCH


@compiled
def _total(values: Array) -> float:
    total = 0.0
    for value in values:
        total += value
    return total


@compiled
def _still(track: Track, omega: float) -> Still:
    """Turn a tone to a standstill."""
    still = track.copy()
    back, turned = complex(math.cos(omega), -math.sin(omega)), complex(1.0, 0.0)
    for i in range(len(still)):
        still[i] *= turned
        turned *= back
    return stand(still, 0, len(still), omega)

