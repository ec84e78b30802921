"""Whether what is left beside a key's two tones is noise."""

import math

import numpy as np

from dtmf.compiled import compiled
from dtmf.fit import BLOCK, HISTORY, Track
from dtmf.fourier import POINTS, transform
from dtmf.goertzel import SCALE, Array
from dtmf.keys import RATE

_THIRD, _CREST, _CREST_IN_NOISE = 0.126, 13.5, 10.0
"""Most that the highest peak of the rest may be of the stronger tone (-9 dB), and of the mean of the rest, where
the rest is the smaller and where it is the greater part."""

_OF_THE_WEAKER = 0.4
"""Most that the highest peak may be of the weaker tone (-4 dB): a third tone as loud as one of the pair makes it no
pair."""

_LOW, _LOW_LONG, LONG = 0.15, 0.25, 12
"""Peaks below this part of the weaker tone (-8 dB, -6 dB in looks of so many blocks, 60 ms, and more) may stand out
of the rest: a short look's noise has few points, and peaks by chance."""

_MOSTLY_KEY, _HALF_KEY = 0.72, 0.6
"""Part that the pair must be for that (4 dB over the rest), and where the rest counts as the smaller part."""

_DEEP = 0.6
"""Most that a voice's hum below 520 Hz may be of the stronger tone."""

_NO_HARMONIC = 0.02
"""Most that the highest peak may be of the weaker tone over a dial tone (-17 dB): a hum that has harmonics is a
voice's."""

_LOWEST, _MIDDLE, _HIGHEST = (hertz * POINTS // RATE for hertz in (150, 520, 3500))


@compiled
def is_white(past: Array, means: Track, omegas: Array, powers: Array, purity: float, count: int,
             lasting: bool) -> bool:  # fmt: skip
    """Tell whether what is left beside the pair is noise: no third tone stands out of it.

    A hum below the keys that was `lasting` there before is a dial tone; speech has harmonics of its hum.

    Parameters
    ----------
    past : float64 array [shape=(HISTORY + after,)]
        Its last `count` blocks before HISTORY are looked at.
    means : complex128 array [shape=(2,)]
        The tones' amplitudes in the middle of the first block.
    omegas : float64 array [shape=(2,)]
        How far they turn from sample to sample.
    powers : float64 array [shape=(2,)]
    purity : float
        Part of the energy that is the pair.
    count : int
    lasting : bool
    """
    length = count * BLOCK
    points = np.zeros(POINTS, np.complex128)
    weight = 0.0
    for i in range(length):
        points[i] = past[HISTORY - length + i]
    for tone in range(2):
        angle = omegas[tone] * (BLOCK - 1) / 2
        turned = means[tone] * complex(math.cos(angle), -math.sin(angle))
        one = complex(math.cos(omegas[tone]), math.sin(omegas[tone]))
        for i in range(length):
            points[i] -= turned.real
            turned *= one
    for i in range(length):
        window = round(SCALE * (0.5 - 0.5 * math.cos(2 * math.pi * (i + 0.5) / length)))
        points[i] *= window
        weight += window
    transform(points)
    scale = (2 / weight) * (2 / weight)
    peak = mean = deep = 0.0
    for i in range(_LOWEST, _HIGHEST):
        part = (points[i].real * points[i].real + points[i].imag * points[i].imag) * scale
        if i < _MIDDLE:
            deep = max(deep, part)
        else:
            peak = max(peak, part)
            mean += part / (_HIGHEST - _MIDDLE)
    strong, weak = max(powers[0], powers[1]), min(powers[0], powers[1])
    if peak > _THIRD * strong or peak > _OF_THE_WEAKER * weak:
        return False
    if deep > _DEEP * strong:
        return lasting and peak < _NO_HARMONIC * weak
    low_peak = peak < (_LOW_LONG if count >= LONG else _LOW) * weak and purity > _MOSTLY_KEY
    return peak < (_CREST if purity > _HALF_KEY else _CREST_IN_NOISE) * mean or low_peak
