"""What callers heard, as a page can hold it: packed sound to play and an outline to look at."""

import io
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ivr.clock import RATE
from ivr.report.model import Samples

COLUMNS = 1200
"""The most points an outline has to the right."""


LOSSLESS = 2_500_000
"""Up to so many bytes sound is kept sample for sample; of more only what the ear needs."""


def packed(audio: Samples) -> tuple[str, bytes]:
    """Return the kind and the bytes of a file of `audio`: FLAC, or Opus in Ogg, a fourth of it, if large."""
    flac = _file(audio, "FLAC", "PCM_16")
    return ("audio/flac", flac) if len(flac) <= LOSSLESS else ("audio/ogg", _file(audio, "OGG", "OPUS"))


def _file(audio: Samples, kind: str, subtype: str) -> bytes:
    import soundfile

    target = io.BytesIO()
    # libsndfile writes not even a header for a FLAC of no samples.
    whole = audio if len(audio) else np.zeros(1, np.int16)
    soundfile.write(target, whole, RATE, format=kind, subtype=subtype)
    return target.getvalue()


def outline(audio: Samples) -> tuple[str, str, int]:
    """Return the outline of `audio`: its peaks and its level, as two closed SVG paths.

    Both are drawn as the square root of the amplitude: speech at -20 dB is a third of the height, so a quiet
    prompt can be told from silence.

    Returns
    -------
    peaks, level : str
        Path data in a box as wide as there are columns and from -100 to 100 high.
    columns : int
        How wide the box is.
    """
    step = max(80, -(-len(audio) // COLUMNS))
    whole = np.pad(audio, (0, -len(audio) % step)).astype(np.float64).reshape(-1, step)
    if not len(whole):
        return "", "", 1
    peak = np.sqrt(np.abs(whole).max(axis=1) / 32768) * 100
    level = np.sqrt(np.sqrt(np.mean(whole ** 2, axis=1)) / 32768) * 100
    return _closed(peak), _closed(level), len(whole)


def _closed(heights: NDArray[np.float64]) -> str:
    whole = np.maximum(1, np.rint(heights)).astype(int)
    edges = np.flatnonzero(np.diff(whole, prepend=-1, append=-1))
    # neighbours of one height are one step: silence is nothing but its length
    steps = [(int(whole[begin]), int(end - begin)) for begin, end in pairwise(edges)]
    there = "".join(f"V{-h}h{wide}" for h, wide in steps)
    back = "".join(f"V{h}h-{wide}" for h, wide in reversed(steps))
    return f"M0 0{there}{back}z"
