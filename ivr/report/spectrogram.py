"""A spectrogram as a PNG: time to the right, 0 to 4000 Hz upwards, the frequencies of the keys spread out."""

import io

import numpy as np
from numpy.typing import NDArray

from ivr.clock import RATE
from ivr.report.model import Samples

COLUMNS = 1600
ROWS = 144
"""The most a picture measures, in pixels."""

_SCALE_HZ = (0.0, 600.0, 1750.0, 4000.0)
_SCALE_HEIGHT = (0.0, 0.14, 0.8, 1.0)
_WINDOW = 256
_FFT = 512
HOP = 80
"""Samples from column to column."""
_FLOOR_DB, _CEILING_DB = -62.0, -14.0
_LEVELS = 64
LOUDEST = _LEVELS - 1
"""The number of the colour of what is loudest; 0 is that of silence."""
_RAMP = ((0.0, (16, 22, 38)), (0.25, (28, 50, 92)), (0.5, (38, 112, 148)), (0.75, (104, 192, 166)),
         (1.0, (252, 240, 186)))
"""Loudness -> red, green, blue; in between is interpolated. Lightness rises all the way."""


def height_of(hz: float) -> float:
    """Return how high a frequency stands in the picture, 0 at its foot and 1 at its top."""
    return float(np.interp(hz, _SCALE_HZ, _SCALE_HEIGHT))


def png(audio: Samples) -> bytes:
    """Return the picture of `audio`, which must already be without secrets (see `ivr.report.redact`).

    Of what is so faint that nothing would be seen there is none: no bytes.

    Parameters
    ----------
    audio : int16 array [shape=(n,)]
    """
    from PIL import Image

    levels = levels_of(audio)
    if not levels.any():
        return b""
    image = Image.fromarray(levels, mode=None)
    image.putpalette(_palette())
    target = io.BytesIO()
    image.save(target, format="PNG", optimize=True)
    return target.getvalue()


def levels_of(audio: Samples) -> NDArray[np.uint8]:
    """Return the picture as numbers of colours, 0 to 63. uint8 array [shape=(ROWS, columns)], the top row first.

    Of what is no longer than 16 s every column is of `HOP` samples more, and in the middle of what it shows.
    """
    padded = np.pad(audio, (_WINDOW // 2, _WINDOW))
    count = max(1, -(-len(audio) // HOP))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:count]
    # Every column is the loudest of so many frames, so that a 40 ms key never drops out.
    pooled = -(-count // COLUMNS)
    window = np.hanning(_WINDOW)
    rows = np.interp((np.arange(ROWS)[::-1] + 0.5) / ROWS, _SCALE_HEIGHT, _SCALE_HZ) * _FFT / RATE
    below = np.minimum(rows.astype(np.intp), _FFT // 2 - 1)
    part = (rows - below)[:, None]
    columns = []
    for first in range(0, count, pooled * 256):
        block = frames[first:first + pooled * 256]
        edges = np.arange(0, len(block), pooled)
        if not block.any():
            columns.append(np.zeros((ROWS, len(edges))))
            continue
        power = (np.abs(np.fft.rfft(block * window, _FFT, axis=1)) / (32768 * window.sum() / 2)) ** 2
        loudest = np.maximum.reduceat(power, edges, axis=0).T
        columns.append(loudest[below] * (1 - part) + loudest[below + 1] * part)
    db = 10 * np.log10(np.concatenate(columns, axis=1) + 1e-12)
    share = np.clip((db - _FLOOR_DB) / (_CEILING_DB - _FLOOR_DB), 0, 1)
    return np.rint(share * (_LEVELS - 1)).astype(np.uint8)


def _palette() -> list[int]:
    places = [at for at, _ in _RAMP]
    ramp = np.linspace(0, 1, _LEVELS)
    mixed = [np.interp(ramp, places, [colour[i] for _, colour in _RAMP]) for i in range(3)]
    return [int(v) for v in np.rint(np.stack(mixed, axis=1)).ravel()]
