"""A dial tone under a key: whether a hum is one, and taking it away so that the key is left.

Callers press their first key while the exchange still hums, 12 dB louder. Filters that keep the hum out cost low
keys their edges; but a dial tone is known, so it can be fitted and subtracted.
"""

import numpy as np
from numpy.typing import NDArray

from dtmf.goertzel import SCALE
from dtmf.keys import RATE

Array = NDArray[np.float64]

SETS_HZ = ((350, 440), (425,), (400, 450), (400,), (350, 400), (440, 480))
"""Dial and ringing tones that networks have (ITU-T E.180)."""

_SPAN = 640
"""Samples that are fitted: the last 80 ms."""

_OTHER = 0.03
"""Part of the hum's energy that may be something else than the known tones."""


def _band() -> Array:
    angle = 2 * np.pi / RATE * np.outer(np.arange(_SPAN), np.arange(150, 521, 12.5))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(_SPAN) + 0.5) / _SPAN)
    band: Array = np.rint(SCALE * window[:, None] * np.concatenate([np.cos(angle), np.sin(angle)], axis=1))
    return band


def _tones(hertz: tuple[int, ...], count: int) -> Array:
    angle = 2 * np.pi / RATE * np.outer(np.arange(-count, 0), hertz)
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=1)


_BAND = _band()
_SEEN = [_BAND.T @ _tones(hertz, _SPAN) / SCALE for hertz in SETS_HZ]
_FITS = [(seen, np.linalg.pinv(seen)) for seen in _SEEN]


def without_dial_tone(past: Array) -> Array:
    """Return samples without their DC offset, and without the dial tone of the last 80 ms, if one hums there.

    Parameters
    ----------
    past : float64 array of whole numbers [shape=(n,)]
        At least 640 samples up to now.
    """
    past = past - np.rint(past[-_SPAN:].sum() / _SPAN)
    found = (past[-_SPAN:] @ _BAND) / SCALE
    energy = float((found * found).sum())
    for hertz, (seen, inverse) in zip(SETS_HZ, _FITS, strict=True):
        # multiplied and summed here and not by BLAS, whose order of adding is not always the same
        amplitudes = (inverse * found).sum(axis=1)
        rest = found - (seen * amplitudes).sum(axis=1)
        if float((rest * rest).sum()) < _OTHER * energy:
            past = past - np.rint((_tones(hertz, len(past)) * amplitudes).sum(axis=1))
            break
    return past
