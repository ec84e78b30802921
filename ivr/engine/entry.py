"""Digits being collected."""

from dataclasses import dataclass, field

BEGIN_AGAIN = "*"
TERMINATOR = "#"
LETTERS = "ABCD"
"""They are not on a caller's keypad: noted, otherwise as if never pressed."""

_KEPT = 32
"""Digits of one entry that are kept; more only make it longer still."""


@dataclass(slots=True)
class Entry:
    """The digits of one answer so far, and when each came (samples)."""

    digits: str = field(default="", repr=False)
    times: list[int] = field(default_factory=list)

    def clear(self) -> None:
        """Forget everything typed."""
        self.digits = ""
        self.times = []

    def add(self, key: str, at: int) -> None:
        """Take one digit."""
        if len(self.digits) < _KEPT:
            self.digits += key
            self.times.append(at)
