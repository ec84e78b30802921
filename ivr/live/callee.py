"""Somebody whom an IVR of one's own can have dialled: he answers by himself, or as the presenter wants."""

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, samples
from ivr.engine.ports import Signal
from ivr.live.puppet import Puppet

_RINGS = samples(3)
"""How long it rings until he does anything by himself."""


class Callee(Puppet):
    """A line that rings, and then is led as any other.

    Parameters
    ----------
    number : str
        By which he is dialled, and known.
    does : Signal or None
        What he does by himself when it rings: answers, declines, or nothing.
    greeting : int16 array [shape=(n,)]
        What he says when he answers.
    """

    def __init__(self, number: str, does: Signal | None, greeting: NDArray[np.int16]) -> None:
        super().__init__(number)
        self.answers = number
        self._does, self._greeting = does, greeting
        self._rung = 0

    def ring(self) -> None:
        """Take it that somebody dials the number."""
        self.rings, self._rung = True, 0

    def dial(self) -> None:
        """Answer, if it rings: he calls nobody himself."""
        if self.rings:
            self._wish = Signal.ANSWER

    def hang_up(self) -> None:
        """Hang up, or decline where it only rings."""
        if self.rings:
            self._wish = Signal.DECLINE
        else:
            super().hang_up()

    def signal(self) -> Signal | None:
        """Return what he does at the start of this tick."""
        if self.rings:
            self._rung += FRAME
            if self._wish is None and (self._rung > _RINGS or self._does is Signal.DECLINE):
                self._wish = self._does
        wish = super().signal()
        if wish is not None:
            self.rings = False
        if wish is Signal.ANSWER:
            self.on_the_line = True
            self.play(self._greeting)
        return wish

    def hung_up(self) -> None:
        """Take it that the call is over, or that nobody waits any more."""
        super().hung_up()
        self.rings = False
