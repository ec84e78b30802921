"""What the others in a meeting may hear of a caller: no key, and nothing of a time when he was not to be heard.

Sound without keys comes `dtmf.clamp.DELAY` samples late. So whoever comes into a meeting, or is muted no longer, is
let through only when what comes is from after that moment.
"""

from collections.abc import Iterable, Set

import numpy as np
from numpy.typing import NDArray

from dtmf.clamp import DELAY
from ivr.clock import FRAME
from lobby.fading import Fader

LATE_TICKS = -(-DELAY // FRAME)
"""Ticks in which what comes without keys is, in part at least, from before the first of them."""


class Audible:
    """Lets rows through or not."""

    def __init__(self) -> None:
        self._fader = Fader()
        self._waiting: dict[int, int] = {}
        self._muted: frozenset[int] = frozenset()

    def resize(self, rows: int) -> None:
        """Forget the rows from `rows` on."""
        self._fader.resize(rows)
        self._waiting = {row: left for row, left in self._waiting.items() if row < rows}
        self._muted = frozenset(row for row in self._muted if row < rows)

    def frame(self, clamped: NDArray[np.int16], newcomers: Iterable[int], muted: Set[int]) -> NDArray[np.int16]:
        """Return what may be heard of every row in this tick.

        Parameters
        ----------
        clamped : int16 array [shape=(rows, 160)]
            What comes without keys; it is not changed.
        newcomers, muted : rows
            Who has come into a meeting in this tick, and who is muted.

        Returns
        -------
        int16 array [shape=(rows, 160)]
        """
        self._waiting = {row: left - 1 for row, left in self._waiting.items() if left > 1}
        for row in newcomers:
            self._waiting[row] = LATE_TICKS
            self._fader.assume(row, 0)  # he was not heard before, so he does not fade out
        for row in self._muted - muted:
            self._waiting[row] = LATE_TICKS
        self._muted = frozenset(muted)
        return self._fader.apply(clamped, dict.fromkeys(self._muted | self._waiting.keys(), 0))
