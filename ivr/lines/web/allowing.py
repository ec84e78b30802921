"""How much a phone may send: as much as a phone does, and what a network has held back."""

from dataclasses import dataclass


@dataclass(slots=True)
class Allowance:
    """So many a second, and so many at once after a pause.

    Parameters
    ----------
    per_s : float
    at_once : float

    Attributes
    ----------
    left : float
        How many may come now.
    """

    per_s: float
    at_once: float
    left: float = -1.0
    _at: float = 0.0

    def take(self, now: float) -> bool:
        """Return whether one more may come, at a time in seconds of any clock that does not go back."""
        gained = self.at_once if self.left < 0 else (now - self._at) * self.per_s
        self.left, self._at = min(max(self.left, 0.0) + gained, self.at_once), now
        if self.left < 1:
            return False
        self.left -= 1
        return True


def of_frames() -> Allowance:
    """Return that of frames: 50 a second, a quarter more for a clock that runs fast, 4 s that were held back."""
    return Allowance(62.5, 200)


def of_messages() -> Allowance:
    """Return that of messages: a key goes down and up, and nobody presses more than ten a second for long."""
    return Allowance(20, 60)
