"""How much of what a device heard was lost: found by its count of samples against the time that passed."""

from collections import deque

_NOTICED_S = 0.05
"""A buffer that overflowed has lost what it holds, 60 ms or more."""

_SURE_S = 0.5
"""Busy devices are late by as much, and make up for it within this time; what is lost never comes."""

_CREEP = 0.001
"""Part by which a device's clock may be slower than ours without being taken to lose samples."""


class Missing:
    """Compares counts of samples with times."""

    def __init__(self) -> None:
        self._usual: float | None = None
        self._recent: deque[tuple[float, float]] = deque()

    def note(self, at_s: float, came_s: float) -> float:
        """Return the seconds of sound that, as is now certain, were lost since the last time they were told.

        Parameters
        ----------
        at_s : float
            The time.
        came_s : float
            Seconds of sound that the device has given or holds ready.
        """
        behind = at_s - came_s
        if self._usual is None:
            self._usual = behind
        elif self._recent:
            self._usual += _CREEP * (at_s - self._recent[-1][0])
        self._usual = min(self._usual, behind)
        self._recent.append((at_s, behind))
        if at_s - self._recent[0][0] < _SURE_S:
            return 0.0
        least = min(behind for _, behind in self._recent)
        while at_s - self._recent[0][0] >= _SURE_S:
            self._recent.popleft()
        if least - self._usual <= _NOTICED_S:
            return 0.0
        lost, self._usual = least - self._usual, least
        return lost
