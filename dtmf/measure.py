"""How loud a tone is and how high: for people to read. Nothing is decided by these figures."""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf.keys import FULL_SCALE, FULL_SCALE_DBM0, frequencies

_LENGTHS_S = (0.015, 0.03, 0.06, 0.12, 0.5)
"""A short stretch finds frequencies that are far off, a long one finds them well."""


def measure(samples: NDArray[np.int16], rate: int, digit: str) -> tuple[float, float, float, float]:
    """Return level in dBm0 (mean of both tones), twist in dB, low and high frequency in Hz of one tone.

    Parameters
    ----------
    samples : int16 array [shape=(n,)]
        The tone from its start to its end.
    rate : int
        Samples a second.
    digit : str
        Which key it is.
    """
    edge = min(len(samples) // 6, rate // 200)
    middle = samples[edge : len(samples) - edge].astype(np.float64)
    hertz = [float(f) for f in frequencies(digit)]
    if len(middle) < rate // 200:
        return -math.inf, 0.0, hertz[0], hertz[1]
    # Gauss-Newton: besides each tone, its slope over time tells how far its frequency is off.
    powers = [0.0, 0.0]
    for length in _LENGTHS_S:
        whole = int(length * rate) >= len(middle)
        out = 0 if whole else (len(middle) - int(length * rate)) // 2
        part = middle[out : len(middle) - out]
        time = (np.arange(len(part)) - (len(part) - 1) / 2) / rate
        # as parts of half the stretch, so that all columns are about as long and squares may be solved
        place = time * (2 * rate / len(part))
        angles = np.outer([2 * np.pi * f for f in hertz], time)
        cos, sin = np.cos(angles), np.sin(angles)
        columns = np.concatenate([cos, sin, cos * place, sin * place])
        found = np.linalg.solve(columns @ columns.T, columns @ part).reshape(4, 2).T.tolist()
        for i, (a, b, da, db) in enumerate(found):
            powers[i] = a * a + b * b
            step = (b * da - a * db) / max(powers[i], 1e-9) / (2 * math.pi) * (2 * rate / len(part))
            nominal = frequencies(digit)[i]
            hertz[i] = min(max(hertz[i] + min(max(step, -10.0), 10.0), 0.95 * nominal), 1.05 * nominal)
        if whole:
            break
    low, high = (10 * math.log10(max(p, 1e-9) / FULL_SCALE**2) + FULL_SCALE_DBM0 for p in powers)
    return (low + high) / 2, high - low, hertz[0], hertz[1]
