"""A dial tone under a key: whether a hum is one, and taking it away so that the key is left.

Callers press their first key while the exchange still hums, 12 dB louder. Filters that keep the hum out cost low
keys their edges; but a dial tone is known, so it can be fitted and subtracted.
"""

import math

import numpy as np

from dtmf.compiled import compiled, summing
from dtmf.goertzel import SCALE, Array
from dtmf.keys import RATE

SETS_HZ = ((350, 440), (425,), (400, 450), (400,), (350, 400), (440, 480))
"""Dial and ringing tones that networks have (ITU-T E.180)."""

_SPAN = 640
"""Samples that are fitted: the last 80 ms."""

_OTHER = 0.03
"""Part of the hum's energy that may be something else than the known tones."""


_GRID_HZ = np.arange(150, 521, 12.5)
_MOST = 4
"""Columns of the fit: cosines and sines of two tones."""


def _bands() -> Array:
    """Return what is seen of a hum: cosines and sines of a windowed stretch folded in its middle."""
    time = np.arange(_SPAN // 2) - (_SPAN - 1) / 2
    angle = 2 * np.pi / RATE * np.outer(_GRID_HZ, time)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(_SPAN // 2) + 0.5) / _SPAN)
    whole: Array = np.rint(SCALE * window * np.stack([np.cos(angle), np.sin(angle)]))
    return whole


_BANDS = _bands()
"""float64 array of whole numbers [shape=(2, 30, 320)]."""


def _fits() -> tuple[Array, Array, Array]:
    """Return of each set of tones what is seen of them, its inverse, and how far they turn a sample."""
    seen = np.zeros((len(SETS_HZ), _MOST, 2 * len(_GRID_HZ)))
    inverses, omegas = np.zeros_like(seen), np.zeros((len(SETS_HZ), _MOST // 2))
    for place, hertz in enumerate(SETS_HZ):
        omegas[place, : len(hertz)] = 2 * np.pi / RATE * np.array(hertz)
        angle = np.outer(np.arange(-_SPAN, 0), omegas[place, : len(hertz)])
        tones = np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
        left, right = tones[: _SPAN // 2], tones[: _SPAN // 2 - 1 : -1]
        one = np.concatenate([_BANDS[0] @ (left + right), _BANDS[1] @ (left - right)]) / SCALE
        # a lone tone has its columns where the first of two has them
        columns = [*range(len(hertz)), *range(_MOST // 2, _MOST // 2 + len(hertz))]
        seen[place, columns] = one.T
        inverses[place, columns] = np.linalg.pinv(one)
    return seen, inverses, omegas


_SEEN, _INVERSES, _OMEGAS = _fits()


@summing
def _fold(past: Array, even: Array, odd: Array) -> None:
    """Fold the last 80 ms, without their DC offset, in the middle."""
    last, total = past[len(past) - _SPAN :], 0.0
    for i in range(_SPAN):
        total += last[i]
    offset = np.rint(total / _SPAN)
    for i in range(len(past)):
        past[i] -= offset
    for i in range(_SPAN // 2):
        even[i] = last[i] + last[_SPAN - 1 - i]
        odd[i] = last[i] - last[_SPAN - 1 - i]


@summing
def _sums(folded: Array, rows: Array, found: Array) -> None:
    for i in range(0, len(rows), 2):
        first = second = 0.0
        for j in range(_SPAN // 2):
            first += folded[j] * rows[i, j]
            second += folded[j] * rows[i + 1, j]
        found[i], found[i + 1] = first / SCALE, second / SCALE


@compiled
def _product(one: Array, other: Array) -> float:
    # numpy sums in another order than the compiler
    total = 0.0
    for i in range(len(one)):
        total += one[i] * other[i]
    return total


@compiled
def remove_dial_tone(past: Array) -> None:
    """Take their DC offset from samples, and the dial tone of the last 80 ms, if one hums there.

    Parameters
    ----------
    past : float64 array of whole numbers [shape=(n,)]
        At least 640 samples up to now; they are changed in place and stay whole numbers.
    """
    even, odd, found = np.empty(_SPAN // 2), np.empty(_SPAN // 2), np.empty(2 * len(_GRID_HZ))
    _fold(past, even, odd)
    _sums(even, _BANDS[0], found[: len(_GRID_HZ)])
    _sums(odd, _BANDS[1], found[len(_GRID_HZ) :])
    energy = _product(found, found)
    for one in range(len(_SEEN)):
        amplitudes, rest = np.zeros(_MOST), found.copy()
        for i in range(_MOST):
            amplitudes[i] = _product(_INVERSES[one, i], found)
            rest -= _SEEN[one, i] * amplitudes[i]
        if _product(rest, rest) < _OTHER * energy:
            for i in range(len(past)):
                time, tone = i - len(past), 0.0
                for j in range(_MOST // 2):
                    angle = _OMEGAS[one, j] * time
                    tone += amplitudes[j] * math.cos(angle) + amplitudes[_MOST // 2 + j] * math.sin(angle)
                past[i] -= np.rint(tone)
            break
