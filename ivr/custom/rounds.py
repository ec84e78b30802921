"""Whether a call goes round in a circle."""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.clock import RATE

MOST_A_SECOND, MOST_IN_ALL = 25, 20_000
"""Nodes that a call may pass, in a second and in all: who needs more goes round in a circle."""


@dataclass(slots=True)
class Rounds:
    """Counts the nodes that a call passes.

    Attributes
    ----------
    now : callable
        Gives the sample on the bridge's clock.
    """

    now: Callable[[], int]
    _circled: bool = False
    _passed: int = 0
    _second: tuple[int, int] = (0, 0)

    def too_many(self) -> bool:
        """Count one more; tell, once, whether the call goes round in a circle."""
        second, passed = self.now() // RATE, self._second[1] + 1
        self._second = (second, passed if second == self._second[0] else 1)
        self._passed += 1
        if self._circled or (self._second[1] <= MOST_A_SECOND and self._passed <= MOST_IN_ALL):
            return False
        self._circled = True
        return True
