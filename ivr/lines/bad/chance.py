"""Chance that is the same each time: numbers by a seed, and by nothing else."""

import hashlib

import numpy as np
from numpy.typing import NDArray


class Chance:
    """What is drawn for one thing of one line.

    Parameters
    ----------
    *about : str
        What it is drawn for. Philox by such a key gives the same bits on every machine, and bits of different keys
        have nothing in common (Salmon et al., 2011).
    """

    def __init__(self, *about: str) -> None:
        self._key = int.from_bytes(hashlib.sha256("\0".join(about).encode()).digest()[:16], "little")
        self._next = np.random.Philox(key=self._key)

    def share(self) -> float:
        """Return the next number from 0 up to 1."""
        return (int(self._next.random_raw()) >> 11) * 2.0**-53

    def bits(self, block: int, count: int) -> NDArray[np.uint64]:
        """Return the numbers of a block, whatever was drawn before. uint64 array [shape=(count,)]."""
        return np.random.Philox(key=self._key, counter=[0, 0, 1, block]).random_raw(count)
