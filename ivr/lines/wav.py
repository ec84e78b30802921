"""A recording as a caller: any format that can be read, any rate, any number of channels."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dtmf.audiofile import gathered
from dtmf.blocks import arriving, opened
from dtmf.channels import One, check_channel, picked
from dtmf.choosing import HOW, chosen
from dtmf.reader.pipe import Bytes
from ivr.clock import RATE
from ivr.lines.memory import MemoryLine


def samples_of(path: Path, channel: One = None, *, how: str = HOW, remark: Callable[[str], None] | None = None,
               stream: Bytes | None = None) -> NDArray[np.int16]:  # fmt: skip
    """Return a recording as the line carries it: one channel, 8 kHz. int16 array [shape=(n,)].

    Parameters
    ----------
    path : Path
    channel : int, "mix" or None
        One from 0, all of them mixed down, or the one with keys; where none has keys, the loudest.
    how : str
        How the user chooses a channel, for the errors; see `dtmf.choosing.chosen`.
    remark : callable, optional
        Called with each sentence that says how the file had to be taken.
    stream : binary stream with `read1`, optional
        What is read to its end instead, and called so.

    Raises
    ------
    dtmf.AudioError
        If it cannot be read as audio, has no such channel, or its channels hold different keys and none was chosen.
    """
    with opened(path) if stream is None else arriving(stream, name=str(path)) as source:
        recorded, rate = gathered(source, remark=remark)
    check_channel(recorded.shape[1], channel, path)
    rows = np.stack([_at_our_rate(row, rate) for row in picked(recorded, channel)], axis=1)
    return chosen(rows, RATE, None, path, how=how)


def _at_our_rate(one: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    if rate == RATE:
        return one
    import soxr

    brought = soxr.resample(one.astype(np.float64), rate, RATE, quality="HQ")
    samples: NDArray[np.int16] = np.clip(np.rint(brought), -32768, 32767).astype(np.int16)
    return samples


def wav_line(path: Path, caller: str) -> MemoryLine:
    """Return a caller who plays this recording from the moment of dialling."""
    return MemoryLine(caller, samples_of(path))
