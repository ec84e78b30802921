"""Floats as int16, whatever they are scaled to."""

import numpy as np
from numpy.typing import NDArray

from dtmf.pcm import to_int16
from dtmf.reader.decoded import NoSamples

_NO_NUMBER = 2.0**32
"""What is larger is no sample."""

_OVER = 32.0
"""Floats of +-1 that were amplified may be over 1, but not by 30 dB."""

_FULL = {16: 2.0**15, 24: 2.0**23, 32: 2.0**31}
"""Bits of whole numbers -> what is 1 in floats."""


class Scale:
    """Brings the floats of a file to int16 while they come.

    Floats are +-1, but programs also write whole numbers as floats. Which it is, is decided at the first block
    that is not silent, by what nine tenths of its samples stay under: a click decides nothing.
    """

    def __init__(self) -> None:
        self._bits: int | None = None
        self._usual = False
        self._most = 0.0
        self._good = self._bad = 0

    @property
    def notes(self) -> list[str]:
        """What was found, if it is not the usual."""
        found = []
        if self._bits is not None:
            found.append(f"holds floats up to {self._most:.0f} instead of -1 to 1; they are read as {self._bits} "
                         "bits.")  # fmt: skip
        if self._bad:
            found.append(f"holds {self._bad} samples that are no numbers or beyond {_NO_NUMBER:.0f}, of "
                         f"{self._good + self._bad}; they are heard as silence.")  # fmt: skip
        return found

    def check(self) -> None:
        """See that there was anything to hear.

        Raises
        ------
        NoSamples
            If no sample was one.
        """
        if self._bad and not self._good:
            raise NoSamples(f"holds no sound: each of its {self._bad} samples is no number or beyond "
                            f"{_NO_NUMBER:.0f}; record it again.")  # fmt: skip

    def to_int16(self, block: NDArray[np.floating]) -> NDArray[np.int16]:
        """Return a block as int16; what is too loud is clipped, what is no number, or beyond any, is 0."""
        with np.errstate(invalid="ignore"):
            good = np.abs(block) < _NO_NUMBER
        whole = int(np.count_nonzero(good))
        self._good += whole
        if whole < block.size:
            self._bad += block.size - whole
            block = np.where(good, block, 0)
        if not self._usual:
            self._look(block)
        if self._bits is not None:
            with np.errstate(invalid="ignore"):
                block = block / np.float64(_FULL[self._bits])
        return to_int16(block)

    def _look(self, block: NDArray[np.floating]) -> None:
        size = np.abs(block[block != 0], dtype=np.float64)
        if not len(size):
            return
        usual, most = float(np.quantile(size, 0.9)), float(size.max())
        if self._bits is None:
            whole = bool(np.all(size == np.rint(size)))
            if whole and most <= 1:
                return
            self._usual = not whole and usual < _OVER
            if self._usual:
                return
        bits = next(bits for bits, full in _FULL.items() if usual <= full or bits == 32)
        if self._bits is None or bits > self._bits:
            self._bits, self._most = bits, most
