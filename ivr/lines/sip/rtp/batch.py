"""Packets of many calls side by side, as they come from a network and go to it."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

LONGEST = 1472
"""Bytes of a packet; nobody's sound takes more."""

ROOM = 1504
"""What a packet has room for: a longer one is cut, and dropped as it is longer than any."""


class Packets(NamedTuple):
    """Packets.

    Attributes
    ----------
    data : uint8 array [shape=(n, ROOM)]
    length, row : int64 array [shape=(n,)]
        How many bytes of it there are, and of which call it is.
    host : uint8 array [shape=(n, 16)]
        Where it came from: an IP address, of IPv4 its four bytes and zeros. Not of those that go.
    port : int64 array [shape=(n,)]
    at : int64 array [shape=(n,)]
        When it came, in samples of any clock.
    """

    data: NDArray[np.uint8]
    length: NDArray[np.int64]
    row: NDArray[np.int64]
    host: NDArray[np.uint8]
    port: NDArray[np.int64]
    at: NDArray[np.int64]


def room_for(count: int) -> Packets:
    """Return room for so many packets."""
    length, row, port, at = (np.zeros(count, np.int64) for _ in range(4))
    return Packets(np.zeros((count, ROOM), np.uint8), length, row, np.zeros((count, 16), np.uint8), port, at)


def put(packets: Packets, place: int, row: int, data: bytes) -> None:
    """Put a packet into a place; what it has no room for is cut."""
    data = data[:ROOM]
    packets.data[place, :len(data)] = np.frombuffer(data, np.uint8)
    packets.length[place], packets.row[place] = len(data), row


def first(packets: Packets, count: int) -> Packets:
    """Return the first of them, not copied."""
    cut: list[Any] = [one[:count] for one in packets]
    return Packets(*cut)


def taken_from(packets: Packets, place: int) -> bytes:
    """Return the packet in a place."""
    return packets.data[place, :packets.length[place]].tobytes()
