"""Datagrams without what is secret in them: keys, and what proves who somebody is.

A digit that goes as an event or in INFO becomes 0. Sound that sounds like a key is silenced: in what went and in
what came, since the other side may have sent it back. The answer to a challenge becomes zeros, as a password could
be guessed by it, and keys of encrypted sound become A's, as it could be read by them.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.lines.sip.capture.keeping import Datagram
from ivr.lines.sip.keying import TYPES
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.rtp.g711 import DECODED
from ivr.lines.sip.rtp.packets import HEADER

Keyed = Callable[[NDArray[np.int16]], Iterable[tuple[str, tuple[int, int]]]]
"""Gives the stretches of some sound that sound like a key."""

_PROOF = re.compile(rb'(response\s*=\s*")([0-9a-fA-F]+)(")')
_INLINE = re.compile(rb"(inline:)([^|\s;]+)")
_SIGNAL = re.compile(rb"(?im)^(\s*Signal\s*=\s*)[0-9]+(?=\s*$)")
_BARE = re.compile(rb"^(\s*)[0-9]+(?=\s*$)")
_G711, _G722, _DYNAMIC = (0, 8), 9, range(96, 128)
_SILENT = (0xFF, 0xD5)
"""A byte of silence of each of them."""

_EVENT, _LAST_DIGIT = 4, 9
_ROUND_A_KEY = 160
"""Samples to either side of a key that are silenced too."""

_Place = tuple[int, int, int, int]
"""Where a packet is, its codec, and the first of its samples and how many there are."""


def cleaned(datagrams: Sequence[Datagram], keyed: Keyed) -> list[Datagram]:
    """Return datagrams without secrets.

    Parameters
    ----------
    keyed : callable
        As of `Keyed`.
    """
    found = [one.having(_message(one.data) if one.signals else _packet(one.data)) for one in datagrams]
    for stream in _streams(found).values():
        _silence(found, stream, keyed)
    return found


def _message(data: bytes) -> bytes:
    """Return a message of SIP without proofs, keys of encryption, and keys of a telephone."""
    data = _PROOF.sub(lambda part: part[1] + b"0" * len(part[2]) + part[3], data)
    data = _INLINE.sub(lambda part: part[1] + b"A" * len(part[2]), data)
    head, gap, body = data.partition(b"\r\n\r\n")
    kind = re.search(rb"(?im)^(?:Content-Type|c)\s*:\s*([\w/-]+)", head)
    if kind and kind[1].decode().lower() in TYPES:
        # of one length, so that Content-Length stays right
        body = re.sub(_SIGNAL, lambda part: _zeros(part[0], len(part[1])), body)
        body = re.sub(_BARE, lambda part: _zeros(part[0], len(part[1])), body)
    return head + gap + body


def _zeros(found: bytes, begin: int) -> bytes:
    return found[:begin] + b"0" * (len(found) - begin)


def _packet(data: bytes) -> bytes:
    """Return a packet whose event, if it is one, is no digit; one of G.722 is silence, as nobody here reads it."""
    if len(data) <= HEADER or data[0] & 0xC0 != 0x80:
        return data
    begin = HEADER + 4 * (data[0] & 15)
    kind, payload = data[1] & 127, data[begin:]
    if kind in _DYNAMIC and len(payload) == _EVENT and payload[0] <= _LAST_DIGIT:
        return data[:begin] + b"\0" + payload[1:]
    return data[:begin] + bytes(len(payload)) if kind == _G722 else data


def _streams(datagrams: Sequence[Datagram]) -> dict[tuple[Peer, Peer, bytes], list[_Place]]:
    """Return the packets of each stream of G.711."""
    streams: dict[tuple[Peer, Peer, bytes], list[_Place]] = defaultdict(list)
    for place, one in enumerate(datagrams):
        data = one.data
        if not one.signals and len(data) > HEADER and data[0] & 0xC0 == 0x80 and data[1] & 127 in _G711:
            length = len(data) - HEADER - 4 * (data[0] & 15)
            stream = streams[one.source, one.to, data[8:12]]
            stream.append((place, _G711.index(data[1] & 127), int.from_bytes(data[4:8]), length))
    return streams


def _silence(datagrams: list[Datagram], stream: Sequence[_Place], keyed: Keyed) -> None:
    """Silence the packets of a stream in which a key sounds, taken in the order of their timestamps."""
    placed: list[tuple[_Place, int]] = []
    sound, end = [np.zeros(0, np.int16)], 0
    for one in sorted(stream, key=lambda one: (one[2] - stream[0][2] + (1 << 31)) % (1 << 32)):
        place, codec, _, length = one
        payload = np.frombuffer(datagrams[place].data[-length:], np.uint8)
        placed.append((one, end))
        sound.append(DECODED[codec][payload])
        end += length
    spans = [span for _, span in keyed(np.concatenate(sound))]
    for (place, codec, _, length), begin in placed:
        if any(first - _ROUND_A_KEY < begin + length and begin < last + _ROUND_A_KEY for first, last in spans):
            data = datagrams[place].data
            datagrams[place] = datagrams[place].having(data[:-length] + bytes([_SILENT[codec]]) * length)
