"""Keys as events (RFC 4733), as they come and as they go.

A key is told at the first packet that comes of it; of three ends two may be lost, or all. Senders differ: clocks of
events that run at 1 kHz, presses that all begin at one timestamp, the reserved bit set, ends without beginnings.
"""

import struct
from dataclasses import dataclass, field

from ivr.clock import FRAME, samples

KEYS = "0123456789*#ABCD"
_END = 0x80
_LONGEST = 0xFFFF
_VOLUME = 10
"""-10 dBm0."""

_SILENT = samples(0.3)
"""After so long without a packet a key is up: its ends were lost."""

_OLD = samples(0.2)
"""A packet that comes so long after the end of a key is of another press."""


def newer(one: int, other: int, bits: int) -> int:
    """Return how far one number is after another, of which both wrap; negative if it is before."""
    half = 1 << bits - 1
    return ((one - other + half) & ((1 << bits) - 1)) - half


@dataclass(slots=True)
class Keypad:
    """The keys of one call as they come."""

    down: bool = False
    _key: str = field(default="", repr=False)  # it may be one of a PIN's
    _stamp: int = 0
    _sequence: int = 0
    _source: int = -1
    _heard: int = 0
    _full: bool = False

    def take(self, sequence: int, stamp: int, source: int, payload: bytes, now: int) -> list[str]:
        """Take a packet; return what it tells: a key that goes down, "" for the one that was down and is up."""
        if len(payload) < 4 or payload[0] >= len(KEYS):
            return []
        key, end = KEYS[payload[0]], bool(payload[1] & _END)
        duration = int.from_bytes(payload[2:4])
        later = newer(sequence, self._sequence, 16) > 0
        ahead = newer(stamp, self._stamp, 32)
        if source != self._source:
            new = True
        elif ahead == 0 and key == self._key:
            new = not self.down and not end and (later or now - self._heard > _OLD)
            if not new and not self.down:
                return []  # an end again, or what was overtaken by it
        elif ahead == _LONGEST and key == self._key and self.down and self._full:
            new, self._stamp = False, stamp  # one key, longer than a packet can tell
        else:
            new = later or ahead > 0
            if not new:
                return []
        told = []
        if new:
            told = ["", key] if self.down else [key]
            self.down, self._key, self._stamp, self._source, self._sequence = True, key, stamp, source, sequence
        elif later:
            self._sequence = sequence
        self._heard, self._full = now, duration == _LONGEST
        if end:
            self.down = False
            told.append("")
        return told

    def silent(self, now: int) -> bool:
        """Tell whether the key that was down must be up, as nothing comes of it any more."""
        if self.down and now - self._heard > _SILENT:
            self.down = False
            return True
        return False


@dataclass(slots=True)
class Dialler:
    """Keys of one call as they go: 100 ms each if nothing else is said, with 60 ms between them."""

    _waiting: list[tuple[str, int]] = field(default_factory=list, repr=False)
    _stamp: int = 0
    _frames: int = -1
    """Of this key and the pause after it; -1 where none is."""

    _PAUSE, _ENDS = 3, 3
    _SHORTEST, _LONGEST = 2, _LONGEST // FRAME

    def press(self, keys: str, ms: float = 100) -> None:
        """Have keys pressed, each for so long (40 ms to 8 s), after those that wait."""
        frames = min(max(round(samples(ms / 1000) / FRAME), self._SHORTEST), self._LONGEST)
        self._waiting += [(key, frames) for key in keys if key in KEYS]

    @property
    def busy(self) -> bool:
        """Whether anything is still to be sent."""
        return bool(self._waiting) and self._frames < self._waiting[0][1] + self._PAUSE

    def frame(self, stamp: int) -> list[tuple[int, bool, bytes]]:
        """Return the packets of a frame, as (timestamp, marker, payload); none where sound goes out."""
        if not self._waiting:
            return []
        if self._frames < 0:
            self._stamp, self._frames = stamp, 0
        self._frames += 1
        key, frames = self._waiting[0]
        sent: list[tuple[int, bool, bytes]] = []
        if self._frames <= frames:
            end = self._frames == frames
            payload = struct.pack(">BBH", KEYS.index(key), _VOLUME | (_END if end else 0),
                                  self._frames * FRAME)
            sent = [(self._stamp, self._frames == 1, payload)] * (self._ENDS if end else 1)
        elif self._frames >= frames + self._PAUSE:
            del self._waiting[0]
            self._frames = -1
        return sent
