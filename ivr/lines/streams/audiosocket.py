"""Asterisk's AudioSocket: packets of three bytes and a payload over a connection, read and written.

A packet is a kind, the length of its payload (16 bits, big end first), and that. Documented by Asterisk under
Channel Drivers, AudioSocket.
"""

import uuid
from dataclasses import dataclass

import numpy as np
import soxr

from ivr.clock import RATE
from ivr.lines.streams.applications import Keyed, StreamOver, StreamSound
from ivr.lines.streams.messages import BadMessage, Samples

OVER, IDENTITY, KEY, SOUND, FAULT = 0x00, 0x01, 0x03, 0x10, 0xFF
_RATES = {0x10: RATE, 0x11: 12_000, 0x12: 16_000, 0x13: 24_000, 0x14: 32_000, 0x15: 44_100, 0x16: 48_000,
          0x17: 96_000, 0x18: 192_000}
_KEYS = b"0123456789*#ABCD"


@dataclass(frozen=True, slots=True)
class Named:
    """The call comes, by the UUID that the dialplan gave it."""

    uuid: str


Told = Named | Keyed | StreamSound | StreamOver


class AudioSocket:
    """One connection of Asterisk's.

    Attributes
    ----------
    uuid : str
        Of its call; empty until it is told.
    """

    def __init__(self) -> None:
        self.uuid = ""
        self._came = bytearray()
        self._kind = SOUND
        self._stream: soxr.ResampleStream | None = None

    def received(self, data: bytes) -> list[Told]:
        """Return what bytes of a connection tell, in any pieces.

        Raises
        ------
        BadMessage
            If they are no such packets: the connection cannot go on.
        """
        self._came += data
        told: list[Told] = []
        while len(self._came) >= 3:
            size = int.from_bytes(self._came[1:3], "big")
            if len(self._came) < 3 + size:
                break
            kind, payload = self._came[0], bytes(self._came[3:3 + size])
            del self._came[:3 + size]
            told += self._packet(kind, payload)
        return told

    def _packet(self, kind: int, payload: bytes) -> list[Told]:
        if kind == IDENTITY:
            if len(payload) != 16 or self.uuid:
                raise BadMessage("a connection names its call once, by 16 bytes")
            self.uuid = str(uuid.UUID(bytes=payload))
            return [Named(self.uuid)]
        if not self.uuid:
            raise BadMessage("a connection begins with the UUID of its call")
        if kind in (OVER, FAULT):
            return [StreamOver()]
        if kind == KEY:
            if len(payload) != 1 or payload not in _KEYS:
                raise BadMessage("a key is none of the 16")
            return [Keyed(payload.decode())]
        if kind in _RATES:
            if len(payload) % 2:
                raise BadMessage("half a sample came")
            return [StreamSound(self._at_our_rate(kind, np.frombuffer(payload, "<i2").astype(np.int16)))]
        raise BadMessage(f"a packet of kind {kind:#04x} is unknown here")

    def _at_our_rate(self, kind: int, samples: Samples) -> Samples:
        if kind == SOUND:
            return samples
        if self._stream is None or kind != self._kind:
            self._kind = kind
            self._stream = soxr.ResampleStream(_RATES[kind], RATE, 1, dtype="int16", quality="HQ")
        converted: Samples = self._stream.resample_chunk(samples)
        return converted


def sound(samples: Samples) -> bytes:
    """Return what is said to the caller. int16 array [shape=(n,)], n at most 32,767."""
    return bytes([SOUND]) + (2 * len(samples)).to_bytes(2, "big") + samples.astype("<i2").tobytes()


def hang_up() -> bytes:
    """Return the packet that ends a call."""
    return bytes([OVER, 0, 0])
