"""Fourier's transform of 1024 points, as the judges of a key ask for it."""

import numpy as np

from dtmf.compiled import compiled
from dtmf.fit import Track

POINTS = 1024
_TURNS = np.exp(-2j * np.pi * np.arange(POINTS // 2) / POINTS)
_PLACES = np.array([int(f"{i:010b}"[::-1], 2) for i in range(POINTS)])


@compiled
def transform(points: Track) -> None:
    """Put Fourier's transform of 1024 points in their place."""
    for i in range(POINTS):
        j = _PLACES[i]
        if i < j:
            points[i], points[j] = points[j], points[i]
    half = 1
    while half < POINTS:
        for begin in range(0, POINTS, 2 * half):
            for i in range(half):
                turned = points[begin + half + i] * _TURNS[i * (POINTS // 2 // half)]
                points[begin + half + i] = points[begin + i] - turned
                points[begin + i] += turned
        half *= 2
