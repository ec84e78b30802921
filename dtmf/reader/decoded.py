"""What a library makes of a file."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Unreadable(Exception):
    """A library cannot read a file; its message says why, in the library's words."""


class NoSamples(Exception):
    """What was read holds nothing that can be heard; its message goes on after the file's name."""


class Decoded(Protocol):
    """A file whose samples come block by block, once.

    Attributes
    ----------
    rate, channels : int
    frames : int or None
        How many samples a channel there will be, if the file says so.
    notes : list of str
        What was found that whoever listens should know.
    """

    rate: int
    channels: int
    frames: int | None
    notes: list[str]

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        """Yield what comes next, int16 array [shape=(n, channels)], n > 0."""
        ...
