"""A recording as a caller: any format, any rate, any number of channels."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dtmf.audiofile import channel_of, read
from ivr.clock import RATE
from ivr.lines.memory import MemoryLine


def samples_of(path: Path, *, remark: Callable[[str], None] | None = None) -> NDArray[np.int16]:
    """Return a recording as the line carries it: one channel, 8 kHz. int16 array [shape=(n,)].

    `remark` is called with each sentence that says how the file had to be taken.

    Raises
    ------
    dtmf.audiofile.AudioError
        If it cannot be read as audio.
    """
    recorded, rate = read(path, remark=remark)
    one = channel_of(recorded, None, path)
    if rate == RATE:
        return one
    import soxr

    brought = soxr.resample(one.astype(np.float64), rate, RATE, quality="HQ")
    samples: NDArray[np.int16] = np.clip(np.rint(brought), -32768, 32767).astype(np.int16)
    return samples


def wav_line(path: Path, caller: str) -> MemoryLine:
    """Return a caller who plays this recording from the moment of dialling."""
    return MemoryLine(caller, samples_of(path))
