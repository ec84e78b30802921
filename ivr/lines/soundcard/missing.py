"""How much of what a device heard was lost: found by its count of samples against the time that passed."""

_NOTICED_S = 0.05
"""Devices deliver in lumps of up to 40 ms; a buffer that overflowed has lost what it holds, 60 ms or more."""

_CREEP = 0.001
"""Part by which a device's clock may be slower than ours without being taken to lose samples."""


class Missing:
    """Compares counts of samples with times."""

    def __init__(self) -> None:
        self._behind = 0.0
        self._at: float | None = None

    def note(self, at_s: float, came_s: float) -> float:
        """Return the seconds of sound that were lost just before.

        Parameters
        ----------
        at_s : float
            The time.
        came_s : float
            Seconds of sound that the device has given or holds ready.
        """
        behind = at_s - came_s
        if self._at is None:
            self._at, self._behind = at_s, behind
            return 0.0
        self._behind += _CREEP * (at_s - self._at)
        self._at = at_s
        lost = behind - self._behind
        if lost > _NOTICED_S:
            self._behind = behind
            return lost
        self._behind = min(self._behind, behind)
        return 0.0
