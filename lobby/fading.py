"""Gains of single rows that do not jump: a row that is hushed or let through again fades within 5 ms.

Whole numbers, in quarters of full gain, so a row sounds the same whoever else is on the bridge.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

FULL = 4
"""Gain of a row of which nothing is said: all of it, in quarters."""

_FADE = 40


class Fader:
    """Remembers the gain of every row, and fades from one to the next."""

    def __init__(self) -> None:
        self._now: dict[int, int] = {}
        self._ramp = np.arange(_FADE, dtype=np.int32)

    def forget(self, row: int) -> None:
        """Take a row for a new one, at full gain."""
        self._now.pop(row, None)

    def resize(self, rows: int) -> None:
        """Forget the rows from `rows` on."""
        self._now = {row: gain for row, gain in self._now.items() if row < rows}

    def assume(self, row: int, gain: int) -> None:
        """Take it that a row has had a gain all along, in quarters: it fades from there."""
        self._now[row] = gain

    def apply(self, frames: NDArray[np.int16], wanted: Mapping[int, int]) -> NDArray[np.int16]:
        """Return frames at the wanted gains.

        Parameters
        ----------
        frames : int16 array [shape=(rows, n)]
            n is 40 at least; they are not changed.
        wanted : mapping of row to quarters
            Gains from 0 to 4 of the rows that are not at full gain.

        Returns
        -------
        int16 array [shape=(rows, n)]
            The same array if no row has another gain than full.
        """
        if not wanted and not self._now:
            return frames
        faded = frames.copy()
        for row in sorted(self._now.keys() | wanted.keys()):
            before, after = self._now.get(row, FULL), wanted.get(row, FULL)
            whole = frames[row].astype(np.int32)
            faded[row] = whole * after // FULL
            if before != after:
                gain = before * _FADE + (after - before) * self._ramp
                faded[row, :_FADE] = whole[:_FADE] * gain // (FULL * _FADE)
        self._now = dict(wanted)
        return faded
