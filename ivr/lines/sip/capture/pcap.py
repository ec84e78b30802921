"""Datagrams as a file for Wireshark, tcpdump and such: pcap, with raw IP packets made around them.

What went by TCP or TLS is written as TCP, a message a segment, without what opens and closes a connection.
"""

import ipaddress
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ivr.lines.sip.capture.keeping import Datagram
from ivr.lines.sip.reading import Peer

_MAGIC, _VERSION, _LONGEST, _RAW_IP = 0xA1B2C3D4, (2, 4), 1 << 18, 101
_UDP, _TCP = 17, 6
_PUSH_ACK = 0x18
_SEGMENT = 1 << 15


def pcap_of(datagrams: Iterable[Datagram]) -> bytes:
    """Return them as a file, in the order of time."""
    parts = [struct.pack("<IHHiIII", _MAGIC, *_VERSION, 0, 0, _LONGEST, _RAW_IP)]
    sent: dict[tuple[Peer, Peer], int] = defaultdict(int)
    for one in sorted(datagrams, key=lambda one: one.at_s):
        micros = round(one.at_s * 1e6)
        for packet in _packets(one, sent):
            parts.append(struct.pack("<IIII", micros // 1_000_000, micros % 1_000_000, len(packet), len(packet)))
            parts.append(packet)
    return b"".join(parts)


def _packets(one: Datagram, sent: dict[tuple[Peer, Peer], int]) -> Iterator[bytes]:
    """Give a datagram as IP packets; `sent` has how many bytes of each stream went before."""
    if one.to.transport == "UDP":
        yield _ip(one, _UDP, struct.pack("!HHHH", one.source.port, one.to.port, 8 + len(one.data), 0), one.data, 6)
        return
    way, back = (one.source, one.to), (one.to, one.source)
    for begin in range(0, len(one.data), _SEGMENT):
        part = one.data[begin:begin + _SEGMENT]
        head = struct.pack("!HHIIBBHHH", one.source.port, one.to.port, (1 + sent[way]) & 0xFFFFFFFF,
                           (1 + sent[back]) & 0xFFFFFFFF, 5 << 4, _PUSH_ACK, 65_535, 0, 0)
        sent[way] += len(part)
        yield _ip(one, _TCP, head, part, 16)


def _ip(one: Datagram, protocol: int, head: bytes, data: bytes, sum_at: int) -> bytes:
    """Return an IP packet, with all its sums; the inner one stands at a place of the inner head."""
    source, to = (ipaddress.ip_address(peer.host.partition("%")[0]) for peer in (one.source, one.to))
    length = len(head) + len(data)
    addresses = source.packed + to.packed
    pseudo = addresses + (struct.pack("!BBH", 0, protocol, length) if source.version == 4 else
                          struct.pack("!IBBBB", length, 0, 0, 0, protocol))
    inner = _sum(pseudo + head + data) or 0xFFFF
    head = head[:sum_at] + struct.pack("!H", inner) + head[sum_at + 2:]
    if source.version == 6:
        return struct.pack("!IHBB", 6 << 28, length, protocol, 64) + addresses + head + data
    outer = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 0, 0, 64, protocol, 0) + addresses
    return outer[:10] + struct.pack("!H", _sum(outer)) + outer[12:] + head + data


def _sum(data: bytes) -> int:
    """Return the sum of RFC 1071."""
    data += b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
