"""Whether another sound lies beside a key that begins and ends with it: then it is no key."""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled
from dtmf.envelope import OMEGAS
from dtmf.fourier import POINTS, transform
from dtmf.goertzel import SCALE, Array
from dtmf.keys import RATE

_THIRD = 0.126
"""Most that a third tone may be of the stronger of the pair: -9 dB."""

_MOSTLY = 0.8
"""Part of what lies beside the pair that one tone must be to be one."""

_ONE_MORE = 0.1
"""Part of what lies beside the pair that is left when one more tone is taken away, if that is what it is; where a
codec makes two tones swell more is left."""

_THERE = 0.1
"""Part of a tone that must be there before or after the key if it is to be another sound: -10 dB."""

_AS_LOUD = 0.35
"""Part of a third tone that sounds outside, whatever it is, from which on it is another sound: voices glide, so
their harmonics are elsewhere before and after."""

_MUCH = 0.2
"""Part of the pair that lies beside it from which on it must be there outside too, whatever it is: -7 dB."""

_WITHOUT = 4.0
"""How many times more of it than of the pair must be there: beats with a tone near by hide a key's edges."""

_LOWEST, _HIGHEST = (hertz * POINTS // RATE for hertz in (125, 3500))

_AROUND, _APART = 160, 80
"""Samples before and after a key that are asked, and between them and its full strength: an edge may be misjudged
by 7 ms."""

_OVER = 40
"""Samples after a key's full strength from which on it is over: what begins earlier is the key itself."""

_CLIPPED = 0.42
"""Part of the highest square that the mean is from which on a sound is clipped: of two tones it is a fourth."""

_ANOTHER, _ON_TONE = 0.5, 0.02
"""Part of the stronger tone that a third one is on a tone of the keypad, and by which it may miss that, which makes
it another key's: several that are pressed at once are none, though they begin and end at different times."""

_ORDER = 5
_NEAR = 2 * math.pi * 30 / RATE
"""Highest order of a product of the two tones that clipping makes, and radians by which it may be missed."""

_TIMES = 3
"""How often each of the two tones is fitted by itself and taken away, so that both are in the end."""

_FINER, _FINE = 3, 2 * math.pi * 2 / RATE
"""Steps to either side of the loudest point that are tried, and radians of one: 2 Hz."""


@compiled
def third(row: NDArray[np.int16], stop: int, first: int, last: int, key: int, offs: tuple[float, float],
          powers: tuple[float, float]) -> bool:  # fmt: skip
    """Tell whether there is one.

    Parameters
    ----------
    row : int16 array [shape=(n,)]
    stop : int
        Where what has come ends in it.
    first, last : int
        Where the key is at its full strength.
    key : int
    offs : tuple of float
        By which part its tones are off.
    powers : tuple of float
        Their squared amplitudes.
    """
    length = min(last - first, POINTS)
    begin = (first + last - length) // 2
    most = whole = 0.0
    for i in range(begin, begin + length):
        square = float(row[i]) * float(row[i])
        whole += square
        most = max(most, square)
    omegas = (OMEGAS[key // 4] * (1 + offs[0]), OMEGAS[4 + key % 4] * (1 + offs[1]))
    peak, omega, left = _loudest(row[begin : begin + length], omegas)
    before, after = first - _APART - _AROUND, min(last + _APART, stop - _AROUND)
    if after < last + _OVER:
        after = before
    clipped = whole > _CLIPPED * most * length
    outside = max(_energy(row, before), _energy(row, after))
    if not clipped and left > _MUCH * length / 2 * (powers[0] + powers[1]) and outside < _THERE * left / length:
        return True
    if peak > _ANOTHER * max(powers[0], powers[1]) and _on_keypad(omega):
        return True
    if peak < _THIRD * max(powers[0], powers[1]) or peak / 2 * length < _MOSTLY * left:
        return False
    if clipped and _product(omega, omegas[0], omegas[1]):
        return False
    return not (_there(row, before, omega, peak, omegas, powers) or _there(row, after, omega, peak, omegas, powers))


@compiled
def one_more(sound: NDArray[np.int16], key: int, offs: tuple[float, float], powers: tuple[float, float]) -> bool:
    """Tell whether what lies beside a key's two tones is one more; `sound` has `POINTS` samples at the most."""
    omegas = (OMEGAS[key // 4] * (1 + offs[0]), OMEGAS[4 + key % 4] * (1 + offs[1]))
    peak, omega, left = _loudest(sound, omegas)
    if peak > _ANOTHER * max(powers[0], powers[1]) and _on_keypad(omega):
        return True
    if peak < _THIRD * max(powers[0], powers[1]):
        return False
    least, rest = left, np.empty(len(sound))
    for step in range(-_FINER, _FINER + 1):
        for i in range(len(sound)):
            rest[i] = sound[i]
        for _ in range(_TIMES):
            _take_away(rest, omegas[0])
            _take_away(rest, omegas[1])
            _take_away(rest, omega + step * _FINE)
        now = 0.0
        for value in rest:
            now += value * value
        least = min(least, now)
    return least < _ONE_MORE * left


@compiled
def _loudest(sound: NDArray[np.int16], omegas: tuple[float, float]) -> tuple[float, float, float]:
    """Take two tones away; return the loudest other one's squared amplitude, its turn, and all that is left."""
    length = len(sound)
    rest = np.empty(length)
    for i in range(length):
        rest[i] = sound[i]
    for _ in range(_TIMES):
        _take_away(rest, omegas[0])
        _take_away(rest, omegas[1])
    left, weight, points = 0.0, 0.0, np.zeros(POINTS, np.complex128)
    for i in range(length):
        left += rest[i] * rest[i]
        window = round(SCALE * (0.5 - 0.5 * math.cos(2 * math.pi * (i + 0.5) / length)))
        weight += window
        points[i] = rest[i] * window
    transform(points)
    peak, place = 0.0, 0
    for i in range(_LOWEST, _HIGHEST):
        size = points[i].real * points[i].real + points[i].imag * points[i].imag
        if size > peak:
            peak, place = size, i
    return peak * 4 / (weight * weight), 2 * math.pi * place / POINTS, left


@compiled
def _there(row: NDArray[np.int16], begin: int, omega: float, peak: float, omegas: tuple[float, float],
           powers: tuple[float, float]) -> bool:  # fmt: skip
    """Tell whether a third tone is there outside, or another as loud, and not because the key is."""
    pair = max(_power(row, begin, omegas[0]) / powers[0], _power(row, begin, omegas[1]) / powers[1])
    if _power(row, begin, omega) / peak > max(_THERE, _WITHOUT * pair):
        return True
    return 2 * _energy(row, begin) > max(_AS_LOUD * peak, _WITHOUT * pair * (powers[0] + powers[1]))


@compiled
def _energy(row: NDArray[np.int16], begin: int) -> float:
    """Return the mean power of a stretch."""
    total = 0.0
    for i in range(_AROUND):
        sample = float(row[begin + i])
        total += sample * sample
    return total / _AROUND


@compiled
def _take_away(rest: Array, omega: float) -> None:
    """Fit a tone and take it away."""
    cc = ss = cs = xc = xs = 0.0
    turn, turned = complex(math.cos(omega), math.sin(omega)), complex(1.0, 0.0)
    for i in range(len(rest)):
        c, s = turned.real, turned.imag
        turned *= turn
        cc += c * c
        ss += s * s
        cs += c * s
        xc += rest[i] * c
        xs += rest[i] * s
    det = cc * ss - cs * cs
    p, q, turned = (xc * ss - xs * cs) / det, (xs * cc - xc * cs) / det, complex(1.0, 0.0)
    for i in range(len(rest)):
        rest[i] -= p * turned.real + q * turned.imag
        turned *= turn


@compiled
def _on_keypad(omega: float) -> bool:
    """Tell whether a tone is one of the keypad's."""
    return bool(np.any(np.abs(omega / OMEGAS - 1) < _ON_TONE))


@compiled
def _product(omega: float, low: float, high: float) -> bool:
    """Tell whether a tone is what clipping makes of two others."""
    for i in range(_ORDER + 1):
        for j in range(-_ORDER, _ORDER + 1):
            if 2 <= i + abs(j) <= 2 * _ORDER - 3:
                made = abs(i * low + j * high) % (2 * math.pi)
                if abs(min(made, 2 * math.pi - made) - omega) < _NEAR:
                    return True
    return False


@compiled
def _power(row: NDArray[np.int16], begin: int, omega: float) -> float:
    """Return the squared amplitude of a tone in a stretch."""
    turn, turned, total, weight = complex(math.cos(omega), math.sin(omega)), complex(1.0, 0.0), 0j, 0.0
    for i in range(_AROUND):
        window = 0.5 - 0.5 * math.cos(2 * math.pi * (i + 0.5) / _AROUND)
        total += window * row[begin + i] * turned
        weight += window
        turned *= turn
    return 4 * (total.real * total.real + total.imag * total.imag) / (weight * weight)
