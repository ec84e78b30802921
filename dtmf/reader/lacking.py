"""Files that hold less than their heads say, as a copy that broke off leaves them."""

from pathlib import Path

_HARDLY_S, _HARDLY_BYTES = 0.01, 128
"""What heads may be wrong by: some programs count in what is no sample."""

_LOOKED = 8192
"""Bytes in which a head is looked for."""

_UNKNOWN = 0x7FF00000
"""A length of a file that was begun before its length was known."""


def cut_short(promised: int, came: int, rate: int, hardly_s: float = _HARDLY_S) -> list[str]:
    """Return what is to be known of a file of which less came than its head says, both in samples a channel."""
    if promised - came <= hardly_s * rate:
        return []
    return [f"is cut off: its head says {promised / rate:.2f} s, and {came / rate:.2f} s are there."]


def cut_off(path: Path) -> list[str]:
    """Return the same of a file whose head says how many bytes there are; libraries take what is there."""
    with path.open("rb") as stream:
        begin = stream.read(_LOOKED)
    promised, there = _promised(begin), path.stat().st_size
    if promised >= _UNKNOWN or promised - there < _HARDLY_BYTES:
        return []
    return [f"is cut off: its head says {promised} bytes, and {there} are there."]


def _promised(begin: bytes) -> int:
    """Return how long a file is by its head; 0 if that says nothing."""
    if len(begin) < 32:
        return 0
    match begin[:4]:
        case b"RIFF":
            return 8 + int.from_bytes(begin[4:8], "little")
        case b"RIFX" | b"FORM":
            return 8 + int.from_bytes(begin[4:8], "big")
        case b".snd":
            return int.from_bytes(begin[4:8], "big") + int.from_bytes(begin[8:12], "big")
        case b"riff":
            return int.from_bytes(begin[16:24], "little")
        case b"caff":
            return _of_chunks(begin)
    return 0


def _of_chunks(begin: bytes) -> int:
    """Return where the samples of a CAF end; its parts each say how long they are, in 64 bits."""
    place = 8
    while place + 12 <= len(begin):
        length = int.from_bytes(begin[place + 4:place + 12], "big")
        if begin[place:place + 4] == b"data":
            return place + 12 + length
        place += 12 + length
    return 0
