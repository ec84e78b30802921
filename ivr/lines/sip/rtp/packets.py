"""RTP packets as bytes (RFC 3550 5.1), and which kind each is."""

import struct

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled, kept
from ivr.lines.sip.rtp.batch import LONGEST, Packets
from ivr.lines.sip.rtp.states import Call, Calls

HEADER = 12
_VERSION, _PADDED, _EXTENDED, _SOURCES = 0x80, 0x20, 0x10, 0x0F

NONE, SOUND, KEY, NOISE, UNKNOWN, CONTROL, STRANGE = range(7)
"""What a packet is: nothing, sound, part of a key, comfort noise, of no known kind, RTCP, sent from elsewhere."""

FIRST_CONTROL, LAST_CONTROL = 64, 95
"""Payload types that RTCP's packets would have; no sound has them (RFC 5761 4)."""


@compiled
def number_at(data: NDArray[np.uint8], at: int, count: int) -> int:
    """Return the number that so many bytes are."""
    number = 0
    for n in range(count):
        number = number << 8 | int(data[at + n])
    return number


@compiled
def payload_of(data: NDArray[np.uint8], length: int) -> tuple[int, int]:
    """Return where a payload begins and ends, without sources, an extension, padding; 0, 0 if it is no packet."""
    flags = int(data[0])
    if not HEADER < length <= LONGEST or flags & 0xC0 != _VERSION:
        return 0, 0
    begin, end = HEADER + 4 * (flags & _SOURCES), length
    if flags & _EXTENDED:
        if length < begin + 4:
            return 0, 0
        begin += 4 + 4 * number_at(data, begin + 2, 2)
    if flags & _PADDED:
        if not data[length - 1]:
            return 0, 0
        end -= int(data[length - 1])
    if begin >= end:
        return 0, 0
    return begin, end


@compiled
def _kind(data: NDArray[np.uint8], length: int, call: Call) -> int:
    kind = int(data[1]) & 127
    if FIRST_CONTROL <= kind <= LAST_CONTROL:
        return CONTROL if length >= 8 and data[0] >> 6 == 2 else NONE
    if kind == call.events:
        return KEY
    if kind == call.payload:
        return SOUND
    for other in call.others:
        if kind == other:
            return SOUND
    return NOISE if kind == call.noise else UNKNOWN


@kept
def sort(packets: Packets, calls: Calls, now: int, kinds: NDArray[np.int64]) -> None:
    """Tell what each packet is, and note of which calls something has come.

    One of a known kind that came from somewhere else than its call's sound does is `STRANGE`.
    """
    for place in range(len(kinds)):
        row = packets.row[place]
        kinds[place] = NONE
        if packets.length[place] < 2 or not 0 <= row < len(calls) or not calls[row].playing:
            continue
        call, host = calls[row], packets.host[place]
        kind = _kind(packets.data[place], packets.length[place], call)
        came = call.port == packets.port[place]
        for n in range(16):
            came = came and call.host[n] == host[n]
        if came:
            if kind not in (UNKNOWN, NONE):
                call.learnt, call.heard_at = True, now
            kinds[place] = kind
        elif kind not in (UNKNOWN, NONE, CONTROL):
            kinds[place] = STRANGE


def packet(payload_type: int, sequence: int, timestamp: int, source: int, payload: bytes, *,
           marker: bool = False) -> bytes:
    """Return a packet."""
    return struct.pack(">BBHII", _VERSION, payload_type | (0x80 if marker else 0), sequence & 0xFFFF,
                       timestamp & 0xFFFFFFFF, source & 0xFFFFFFFF) + payload


def fields(data: bytes) -> tuple[int, int, int, int]:
    """Return payload type, sequence number, timestamp and source of a packet."""
    _, kind, sequence, timestamp, source = struct.unpack(">BBHII", data[:HEADER])
    return kind & 127, sequence, timestamp, source
