"""What a caller heard, as a page can hold it: a FLAC to play and an outline to look at."""

import io

import numpy as np

from ivr.clock import RATE
from ivr.report.model import Samples

COLUMNS = 1200
"""The most points an outline has to the right."""


def flac(audio: Samples) -> bytes:
    """Return `audio` as a FLAC file, sample for sample; of no samples at all, one that is silent."""
    import soundfile

    target = io.BytesIO()
    # libsndfile writes not even a header for a FLAC of no samples.
    whole = audio if len(audio) else np.zeros(1, np.int16)
    soundfile.write(target, whole, RATE, format="FLAC", subtype="PCM_16")
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


def _closed(heights: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    whole = [max(1, round(float(h))) for h in heights]
    there = "".join(f"V{-h}h1" for h in whole)
    back = "".join(f"V{h}h-1" for h in reversed(whole))
    return f"M0 0{there}{back}z"
