"""A press with pauses inside that cut it into keys as long as the recording's others."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dtmf.keys import RATE, frequencies
from dtmf.recording import Tone

_WINDOW = 40
"""Samples of sound at which one place looks: 5 ms."""

_GONE = 0.35
"""Part of a tone below which it is gone: of 5 ms, a pause leaves less from 4 ms on."""

_LEAST_PAUSE = 24
"""Places of the shortest pause: 3 ms, where both tones are gone in the window's middle."""

_ALIKE = 0.2
"""Part by which a key may be longer or shorter than the recording's others."""


def split(sound: NDArray[np.int16], tone: Tone, usual: Sequence[float], rate: int) -> list[Tone]:
    """Return the keys that a press is: itself, where no pauses cut it into keys of a usual length.

    Parameters
    ----------
    sound : int16 array [shape=(n,)]
        The press at 8 kHz, from its start.
    tone : Tone
    usual : sequence of float
        How long others of the recording's keys are, in samples at 8 kHz.
    rate : int
        Samples a second of `tone`.
    """
    gone = np.all([_amplitude(sound, hertz) < _GONE for hertz in frequencies(tone.digit)], axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], gone, [False]]).astype(np.int8))).reshape(-1, 2)
    scale = rate / RATE
    length = (tone.end - tone.start) / scale
    pauses = [(begin, end) for begin, end in edges.tolist()
              if end - begin >= _LEAST_PAUSE and begin > _WINDOW and end < length - _WINDOW]  # fmt: skip
    begins = [0.0, *(float(end) for _, end in pauses)]
    ends = [*(float(begin) for begin, _ in pauses), length]
    parts = list(zip(begins, ends, strict=True))
    # half of a window that is gone may lie within the key
    if not any(all(abs(end - begin - one) <= _ALIKE * one + _WINDOW / 2 for begin, end in parts) for one in usual):
        return [tone]
    return [tone._replace(start=tone.start + math.floor(begin * scale + 0.5),
                          end=tone.start + math.floor(end * scale + 0.5)) for begin, end in parts]  # fmt: skip


def _amplitude(sound: NDArray[np.int16], hertz: int) -> NDArray[np.float64]:
    """Return a tone's amplitude around each sample, in parts of its median."""
    time = np.arange(len(sound)) / RATE
    window = np.hanning(_WINDOW + 2)[1:-1]
    turned = sound * np.exp(-2j * np.pi * hertz * time)
    amplitude = np.abs(np.convolve(turned, window, "same"))
    return np.asarray(amplitude / max(float(np.median(amplitude)), 1e-9), np.float64)
