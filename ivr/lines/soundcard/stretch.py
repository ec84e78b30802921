"""From 8 kHz to a device's rate, a little faster or slower as its clock needs it."""

import numpy as np
from numpy.typing import NDArray

from ivr.clock import RATE

_REACH = 16
"""Samples on each side that an output sample is made of: what comes out is 2 ms late."""

_PHASES = 512
_CUTOFF_HZ = 4000
_BETA = 8.0
"""Of the Kaiser window: images are 80 dB down from 4.7 kHz on."""


class Stretcher:
    """Resamples a stream at a ratio that may change with every frame, without a step in the sound.

    Parameters
    ----------
    rate : int
        Samples a second of what comes out, 8000 or more.
    """

    def __init__(self, rate: int) -> None:
        self._step = RATE / rate
        self._table = _table()
        self._rise = np.diff(self._table, axis=0)
        self._kept = np.zeros(2 * _REACH)
        self._at = float(_REACH)
        """Where the next output sample stands, in samples of `_kept`."""

    def feed(self, frame: NDArray[np.int16], faster_ppm: float = 0.0) -> NDArray[np.int16]:
        """Take the next samples and return those that can be made of them.

        Parameters
        ----------
        frame : int16 array [shape=(n,)]
        faster_ppm : float
            Millionths by which what comes in is used up faster than by the clock's count.

        Returns
        -------
        int16 array [shape=(m,)]
        """
        held = np.concatenate([self._kept, frame])
        step = self._step * (1 + faster_ppm * 1e-6)
        count = max(0, int(np.ceil((len(held) - _REACH - self._at) / step)))
        places = self._at + step * np.arange(count)
        whole = np.floor(places).astype(np.intp)
        fine = (places - whole) * _PHASES
        phase = fine.astype(np.intp)
        taps = self._table[phase] + (fine - phase)[:, None] * self._rise[phase]
        windows = np.lib.stride_tricks.sliding_window_view(held, 2 * _REACH)[whole - (_REACH - 1)]
        made = np.einsum("mk,mk->m", taps, windows)
        self._at += step * count
        used = int(self._at) - _REACH
        self._at -= used
        self._kept = held[used:]
        samples: NDArray[np.int16] = np.clip(np.rint(made), -32768, 32767).astype(np.int16)
        return samples


def _table() -> NDArray[np.float64]:
    """Return the filter at each place between two samples, float64 array [shape=(phases + 1, taps)]."""
    distance = np.arange(_PHASES + 1)[:, None] / _PHASES - (np.arange(2 * _REACH) - (_REACH - 1))
    edge = np.sqrt(np.clip(1 - (distance / _REACH) ** 2, 0, None))
    taps = np.sinc(distance * (2 * _CUTOFF_HZ / RATE)) * np.i0(_BETA * edge)
    table: NDArray[np.float64] = taps / taps.sum(axis=1, keepdims=True)
    return table
