"""The world of a story's desk: its calendar goes by samples, its chance is seeded, its vault is a dictionary."""

import hashlib
from dataclasses import dataclass, field

from ivr.clock import RATE

EPOCH = 1_614_589_200
"""The moment at which a story begins that says none: 1 March 2021, 9:00 UTC."""


@dataclass(slots=True)
class Calendar:
    """What time it is at the desk.

    Attributes
    ----------
    at : int
        Samples since the bridge began.
    passed : int
        Seconds that have passed without anybody waiting for them.
    begins : int
        The moment at which the story begins.
    """

    at: int = 0
    passed: int = 0
    begins: int = EPOCH

    def now(self) -> int:
        """Return the moment: seconds since 1970, UTC."""
        return self.begins + self.at // RATE + self.passed

    def sample_of(self, moment: int) -> int:
        """Return the sample at which a moment comes, if nothing more passes unwaited."""
        return (moment - self.begins - self.passed) * RATE


class DeskChance:
    """Whole numbers, each as likely as any other, and the same in every run.

    Parameters
    ----------
    seed : str
    """

    def __init__(self, seed: str) -> None:
        self._seed, self._drawn = seed, 0

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to below `limit`."""
        bits = (limit - 1).bit_length()
        while True:
            number = self._bits(bits)
            if number < limit:
                return number

    def _bits(self, bits: int) -> int:
        length = -(-bits // 8)
        data = b""
        while len(data) < length:
            self._drawn += 1
            data += hashlib.sha256(f"{self._seed} {self._drawn}".encode()).digest()
        return int.from_bytes(data[:length], "big") >> (8 * length - bits)


@dataclass(slots=True)
class MemoryVault:
    """Keeps PINs while their letters wait; remembers which it gave out last.

    Attributes
    ----------
    opened : str
        The PIN of the letter that was just made.
    """

    opened: str = field(default="", repr=False)
    _kept: list[str] = field(default_factory=list, repr=False)

    def seal(self, pin: str) -> str:
        """Return what stands for a PIN."""
        self._kept.append(pin)
        return f"sealed {len(self._kept)}"

    def open(self, sealed: str) -> str:
        """Return the PIN again."""
        self.opened = self._kept[int(sealed.removeprefix("sealed ")) - 1]
        return self.opened
