"""Reading and writing many sockets by calls of the C library, compiled and without the GIL.

Only where the shapes of Linux hold and Numba compiles; elsewhere `portable` does the same.
"""

import platform
import sys
from typing import Any

import numpy as np
from numba import types
from numpy.typing import NDArray

from dtmf.compiled import kept, runs_as_python
from ivr.lines.sip.rtp.batch import ROOM, Packets

READY = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64") and not runs_as_python()
"""Whether it can be done so here."""

NAME = 28
"""Bytes of an address as the system has it, of IPv6; one of IPv4 has 16."""

_NOW = 0x40
"""MSG_DONTWAIT: who would wait fails."""

_V4 = 2
"""AF_INET. The port is at 2; the host at 4, or of IPv6 at 8."""

_STAMPED = 35 << 32 | 1
"""Of what comes beside a packet: SCM_TIMESTAMPNS of SOL_SOCKET."""

_Function: Any = types.ExternalFunction
_recvmsg = _Function("recvmsg", types.intp(types.int32, types.intp, types.int32))
_sendto = _Function("sendto", types.intp(types.int32, types.intp, types.intp, types.int32, types.intp, types.int32))


def beside() -> NDArray[np.int64]:
    """Return room for what comes beside packets: `struct msghdr`, `struct iovec`, the address, the moment."""
    return np.zeros(7 + 2 + 4 + 4, np.int64)


@kept
def receive(sockets: NDArray[np.int64], row: int, most: int, now: int, room: NDArray[np.int64],
            packets: Packets) -> tuple[int, int]:
    """Read packets of all sockets from a row on until there is no more room.

    Parameters
    ----------
    sockets : int64 array [shape=(rows,)]
        File descriptors; -1 where there is none.
    most : int
        Packets of a row that are read at once.
    now : int
        When packets came of which the system does not tell it.
    room : int64 array
        As `beside` makes it.

    Returns
    -------
    tuple of int
        How many were read, and the first row that is to be read again.
    """
    count, base = 0, room.ctypes.data
    name = room[9:13].view(np.uint8)
    while row < len(sockets):
        if sockets[row] < 0:
            row += 1
            continue
        for _ in range(most):
            if count == len(packets.length):
                return count, row
            room[0], room[1], room[2], room[3] = base + 8 * 9, NAME, base + 8 * 7, 1
            room[4], room[5], room[6] = base + 8 * 13, 8 * 4, 0
            room[7], room[8] = packets.data.ctypes.data + count * ROOM, ROOM
            length = _recvmsg(np.int32(sockets[row]), base, np.int32(_NOW))
            if length < 0:
                break
            packets.length[count], packets.row[count] = length, row
            packets.port[count] = int(name[2]) << 8 | int(name[3])
            begin, size = (4, 4) if name[0] == _V4 else (8, 16)
            packets.host[count, size:] = 0
            for n in range(size):
                packets.host[count, n] = name[begin + n]
            stamped = room[5] >= 32 and room[14] == _STAMPED
            packets.at[count] = room[15] * 8000 + room[16] // 125_000 if stamped else now
            count += 1
        row += 1
    return count, row


@kept
def send(sockets: NDArray[np.int64], names: NDArray[np.uint8], lengths: NDArray[np.int64],
         packets: Packets) -> None:
    """Send packets; one that cannot be sent is lost, as on the way.

    Parameters
    ----------
    names : uint8 array [shape=(rows, NAME)]
        Where to, as the system has it.
    lengths : int64 array [shape=(rows,)]
        Of the names; nothing is sent where it is 0.
    """
    for place in range(len(packets.length)):
        row = packets.row[place]
        if lengths[row] and sockets[row] >= 0:
            _sendto(np.int32(sockets[row]), packets.data.ctypes.data + place * ROOM, packets.length[place],
                    np.int32(_NOW), names.ctypes.data + row * NAME, np.int32(lengths[row]))
