"""RTCP packets as bytes (RFC 3550 6)."""

import struct
from dataclasses import dataclass

SENDER, RECEIVER, DESCRIPTION, BYE = 200, 201, 202, 203
_VERSION, _PADDED, _COUNT = 0x80, 0x20, 0x1F
_BLOCK = 24
_NAME = 1
"""CNAME, of a description's items."""


@dataclass(frozen=True, slots=True)
class Block:
    """What one has received of another.

    Attributes
    ----------
    source : int
        The other.
    fraction : int
        Lost since the report before, in 256ths.
    lost : int
        Lost since the beginning; negative if some came twice.
    highest : int
        Sequence number, with how often it has wrapped.
    jitter : int
        In samples.
    last, since : int
        Of the last sender report that came: the middle of its time, and how long ago it came, in 65536ths of a
        second; 0 if none has come.
    """

    source: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    last: int
    since: int

    def packed(self) -> bytes:
        """Return it as bytes."""
        lost = min(max(self.lost, -0x800000), 0x7FFFFF) & 0xFFFFFF
        numbers = self.source, self.fraction << 24 | lost, self.highest, self.jitter, self.last, self.since
        return struct.pack(">IIIIII", *(one & 0xFFFFFFFF for one in numbers))


@dataclass(frozen=True, slots=True)
class Sender:
    """What one has sent.

    Attributes
    ----------
    time : int
        Now, in 65536ths of a second of his clock, whole seconds above.
    stamp : int
        The timestamp of what he would send now.
    packets, octets : int
    """

    time: int
    stamp: int
    packets: int
    octets: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a packet says.

    Attributes
    ----------
    source : int
        Whose it is.
    sender : Sender or None
    blocks : tuple of Block
    gone : tuple of int
        The sources that say goodbye.
    """

    source: int
    sender: Sender | None = None
    blocks: tuple[Block, ...] = ()
    gone: tuple[int, ...] = ()


def read(data: bytes) -> Report | None:
    """Return what a compound packet says; None if it is none, or any part of it does not fit."""
    source: int | None = None
    sender, blocks, gone, at = None, [], (), 0
    while at < len(data):
        if len(data) - at < 8 or data[at] & 0xC0 != _VERSION:
            return None
        count, kind, words = data[at] & _COUNT, data[at + 1], int.from_bytes(data[at + 2:at + 4])
        body, after = data[at + 4:at + 4 + 4 * words], at + 4 + 4 * words
        if after > len(data) or (data[at] & _PADDED and after < len(data)):
            return None
        if kind in (SENDER, RECEIVER):
            begin = 24 if kind == SENDER else 4
            if len(body) < begin + count * _BLOCK:
                return None
            source = int.from_bytes(body[:4])
            if kind == SENDER:
                _, high, low, stamp, packets, octets = struct.unpack(">IIIIII", body[:24])
                sender = Sender(high << 16 | low >> 16, stamp, packets, octets)
            blocks += [_block(body[begin + n * _BLOCK:][:_BLOCK]) for n in range(count)]
        elif kind == BYE:
            if len(body) < 4 * count:
                return None
            gone = struct.unpack(f">{count}I", body[:4 * count])
        at = after
    return None if source is None else Report(source, sender, tuple(blocks), gone)


def _block(data: bytes) -> Block:
    source, lost, *rest = struct.unpack(">IIIIII", data)
    return Block(source, lost >> 24, (lost & 0xFFFFFF ^ 0x800000) - 0x800000, *rest)


def written(report: Report, name: str) -> bytes:
    """Return a report as a compound packet, with who says it.

    Parameters
    ----------
    name : str
        The canonical name of its source.
    """
    source, blocks = struct.pack(">I", report.source), b"".join(one.packed() for one in report.blocks)
    body = source
    if (sent := report.sender) is not None:
        numbers = sent.time >> 16, sent.time << 16, sent.stamp, sent.packets, sent.octets
        body += struct.pack(">IIIII", *(one & 0xFFFFFFFF for one in numbers))
    kind = RECEIVER if report.sender is None else SENDER
    item = bytes([_NAME, len(name)]) + name.encode() + b"\0"
    item += bytes(-len(item) % 4)
    whole = _part(kind, len(report.blocks), body + blocks) + _part(DESCRIPTION, 1, source + item)
    if report.gone:
        whole += _part(BYE, len(report.gone), struct.pack(f">{len(report.gone)}I", *report.gone))
    return whole


def _part(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack(">BBH", _VERSION | count, kind, len(body) // 4) + body
