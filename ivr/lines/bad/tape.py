"""A codec of libsndfile used as sound comes: what it writes is read at once."""

import soundfile

from ivr.clock import RATE

_LONG = 33 * 13_000_000
"""How long what is read pretends to be, three days: libsndfile asks first, and counts samples in 32 bits."""


class Flowing(soundfile.SoundFile):  # type: ignore[misc]
    """A file in which nobody goes to and fro: a codec would begin anew there."""

    def seekable(self) -> bool:
        """Say no."""
        return False


class ByteTape:
    """Bytes that come from one and go to another; who asks how long they are is told that they never end."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._at = 0

    def write(self, data: bytes) -> int:
        """Take what is written."""
        self._bytes += bytes(data)
        return len(data)

    def read(self, count: int) -> bytes:
        """Give what comes next."""
        first = bytes(self._bytes[:count])
        del self._bytes[:count]
        self._at += len(first)
        return first

    def seek(self, place: int, whence: int = 0) -> int:
        """Say that one is there."""
        self._at = {0: 0, 1: self._at, 2: _LONG}[whence] + place
        return self._at

    def tell(self) -> int:
        """Say where one is."""
        return self._at


def written(codec: str) -> tuple[soundfile.SoundFile, ByteTape]:
    """Return what samples are written into, and where their bytes are."""
    tape = ByteTape()
    return Flowing(tape, "w", RATE, 1, format="RAW", subtype=codec), tape


def read(codec: str, tape: ByteTape) -> soundfile.SoundFile:
    """Return what samples are read from."""
    return Flowing(tape, "r", RATE, 1, format="RAW", subtype=codec)
