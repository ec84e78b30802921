"""Rows of samples as packets."""

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled, kept
from ivr.clock import FRAME
from ivr.lines.sip.rtp import g722
from ivr.lines.sip.rtp.batch import Packets
from ivr.lines.sip.rtp.g711 import ENCODED
from ivr.lines.sip.rtp.packets import HEADER
from ivr.lines.sip.rtp.states import Call, Calls

_TABLES = len(ENCODED)

MOST = 3
"""Packets of a call in a tick: two of 10 ms, or three that say that a key has ended."""


@compiled
def _written(data: NDArray[np.uint8], at: int, count: int, number: int) -> None:
    for n in range(count):
        data[at + n] = (number >> 8 * (count - 1 - n)) & 255


@compiled
def _encoded(call: Call, row: NDArray[np.int16]) -> None:
    """Put a frame's bytes after those that are left."""
    for n in range(FRAME):
        sample = int(row[n])
        byte = ENCODED[call.codec, sample & 0xFFFF] if call.codec < _TABLES else g722.encode(call.adaptive, sample)
        call.bytes[call.left + n] = byte
    call.left += FRAME


@kept
def pack(rows: NDArray[np.int16], calls: Calls, packets: Packets) -> int:
    """Make packets of the next 20 ms of all calls; return how many.

    Parameters
    ----------
    rows : int16 array [shape=(n, 160)]
    calls : array of `SENT` [shape=(m,)]
    packets : Packets
        With room for `MOST` a call.
    """
    count = 0
    for row in range(min(len(rows), len(calls))):
        call = calls[row]
        if not call.playing:
            continue
        if not call.sends or call.keys:
            call.fresh, call.left = True, 0
            call.stamp = (call.stamp + FRAME) & 0xFFFFFFFF
            continue
        stamp = call.stamp - call.left
        _encoded(call, rows[row])
        while call.left >= call.length:
            data, length = packets.data[count], call.length
            call.number = (call.number + 1) & 0xFFFF
            data[0], data[1] = 0x80, call.payload | (0x80 if call.fresh else 0)
            _written(data, 2, 2, call.number)
            _written(data, 4, 4, stamp & 0xFFFFFFFF)
            _written(data, 8, 4, call.source)
            data[HEADER:HEADER + length] = call.bytes[:length]
            packets.length[count], packets.row[count] = HEADER + length, row
            count += 1
            stamp += length
            call.fresh = False
            call.left -= length
            for n in range(call.left):
                call.bytes[n] = call.bytes[n + length]
            call.packets += 1
            call.octets += length
        call.stamp = (call.stamp + FRAME) & 0xFFFFFFFF
    return count
