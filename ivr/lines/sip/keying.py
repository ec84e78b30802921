"""Keys in INFO: `application/dtmf-relay` and `application/dtmf`."""

import re

TYPES = ("application/dtmf-relay", "application/dtmf")

_SIGNAL = re.compile(r"(?im)^\s*Signal\s*=\s*([0-9*#A-D]{1,2})\s*$")
_DURATION = re.compile(r"(?im)^\s*Duration\s*=\s*([0-9]{1,5})\s*$")
_NUMBERED = {"10": "*", "11": "#", "12": "A", "13": "B", "14": "C", "15": "D"}
_SHORTEST_MS, _USUAL_MS, _LONGEST_MS = 40, 160, 8000


def keyed(kind: str, body: bytes) -> tuple[str, int] | None:
    """Return the key that a message holds and how long it is down, in ms; None if it holds none."""
    text = body[:200].decode("ascii", "replace")
    found = _SIGNAL.search(text) if kind == TYPES[0] else re.fullmatch(r"\s*([0-9*#A-Da-d]{1,2})\s*", text)
    if not found:
        return None
    key = _NUMBERED.get(found[1], found[1].upper())
    if len(key) != 1:
        return None
    length = _DURATION.search(text)
    return key, min(max(int(length[1]) if length else _USUAL_MS, _SHORTEST_MS), _LONGEST_MS)


def pressed(key: str, ms: int) -> tuple[str, bytes]:
    """Return the type and the body of a message that holds a key."""
    return TYPES[0], f"Signal={key}\r\nDuration={ms}\r\n".encode()
