"""RTP packets as bytes (RFC 3550 5.1)."""

import struct

HEADER = 12
_VERSION, _PADDED, _EXTENDED, _SOURCES = 0x80, 0x20, 0x10, 0x0F
_LONGEST = 1472


def plain(data: bytes) -> bytes | None:
    """Return a packet without what only some have: sources, an extension, padding; None if it is none."""
    if not HEADER < len(data) <= _LONGEST or data[0] & 0xC0 != _VERSION:
        return None
    if data[0] == _VERSION:
        return data
    begin = HEADER + 4 * (data[0] & _SOURCES)
    if data[0] & _EXTENDED:
        if len(data) < begin + 4:
            return None
        begin += 4 + 4 * int.from_bytes(data[begin + 2:begin + 4])
    end = len(data) - (data[-1] if data[0] & _PADDED else 0)
    if (data[0] & _PADDED and not data[-1]) or begin >= end:
        return None
    return bytes([_VERSION]) + data[1:HEADER] + data[begin:end]


def packet(payload_type: int, sequence: int, timestamp: int, source: int, payload: bytes, *,
           marker: bool = False) -> bytes:
    """Return a packet."""
    return struct.pack(">BBHII", _VERSION, payload_type | (0x80 if marker else 0), sequence & 0xFFFF,
                       timestamp & 0xFFFFFFFF, source & 0xFFFFFFFF) + payload


def fields(data: bytes) -> tuple[int, int, int, int]:
    """Return payload type, sequence number, timestamp and source of a plain packet."""
    _, kind, sequence, timestamp, source = struct.unpack(">BBHII", data[:HEADER])
    return kind & 127, sequence, timestamp, source
