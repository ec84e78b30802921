"""Samples as they arrive: raw or WAV, from a pipe, a terminal's microphone or a named pipe."""

import struct
from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dtmf.errors import AudioError
from dtmf.pcm import Raw, samples_of, width

_MOST = 1 << 16
"""Bytes that are asked for at once; what has come is taken at once, however little."""

_LONGEST_FORMAT = 4096
"""Bytes that a WAV's `fmt ` chunk may have; 40 are usual."""

_ENDLESS = 0x7FF00000
"""A `data` chunk that says it is longer was begun before its length was known."""

_TAGS = {(1, 8): "u8", (1, 16): "s16le", (1, 24): "s24le", (1, 32): "s32le", (3, 32): "f32le", (3, 64): "f64le",
         (6, 8): "alaw", (7, 8): "mulaw"}  # fmt: skip
"""Format tag and bits of a sample -> encoding (RFC 2361)."""

_EXTENSIBLE = 0xFFFE


class Bytes(Protocol):
    """What is needed of a binary stream: `read1` returns what has come, b"" at the end."""

    def read1(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes as soon as there are some."""
        ...


class Tap:
    """A stream whose beginning can be looked at and given again."""

    def __init__(self, stream: Bytes) -> None:
        self._stream = stream
        self._seen = b""

    def peek(self, count: int) -> bytes:
        """Return the next `count` bytes, fewer at the end, without taking them."""
        while len(self._seen) < count and (more := self._stream.read1(_MOST)):
            self._seen += more
        return self._seen[:count]

    def read1(self, size: int = -1, /) -> bytes:
        """Take what has come."""
        if self._seen:
            size = len(self._seen) if size < 0 else size
            taken, self._seen = self._seen[:size], self._seen[size:]
            return taken
        return self._stream.read1(size)


class Arriving:
    """Raw samples that are taken as they come.

    Attributes
    ----------
    rate, channels : int
    step : int
        Bytes of a sample of all channels.
    frames : int or None
        How many samples a channel there will be; usually nobody knows.
    """

    def __init__(self, stream: Bytes, raw: Raw, length: int | None = None) -> None:
        self.rate, self.channels = raw.rate, raw.channels
        self._stream, self._encoding = stream, raw.encoding
        self.step = width(raw.encoding) * raw.channels
        self._left = length
        self.frames: int | None = None if length is None else length // self.step

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        """Yield what has come, int16 array [shape=(n, channels)]; a frame cut off at the end is left out."""
        rest = b""
        while self._left is None or self._left > 0:
            data = self._stream.read1(_MOST if self._left is None else min(_MOST, self._left))
            if not data:
                return
            if self._left is not None:
                self._left -= len(data)
            data = rest + data
            whole = len(data) // self.step * self.step
            rest = data[whole:]
            if whole:
                yield samples_of(data[:whole], self._encoding, self.channels)


def wav_of(tap: Tap, name: str) -> Arriving | None:
    """Return the samples of a WAV as they arrive, its header read.

    Parameters
    ----------
    tap : Tap
        At the first byte of the WAV.
    name : str
        For the errors.

    Returns
    -------
    Arriving or None
        None if it is a WAV of an encoding that cannot be read so; nothing has then been taken.

    Raises
    ------
    AudioError
        If the header is broken.
    """
    place, raw = 12, None
    while True:
        head = tap.peek(place + 8)[place:]
        if len(head) < 8:
            raise AudioError(f"{name} ends before its samples begin; record it again.")
        kind, size = head[:4], int.from_bytes(head[4:], "little")
        if kind == b"data":
            break
        if size > (_LONGEST_FORMAT if kind == b"fmt " else 1 << 20):
            raise AudioError(f"{name} has a WAV header whose part {kind!r} says {size} bytes; record it again.")
        if kind == b"fmt ":
            raw, known = _format(tap.peek(place + 8 + size)[place + 8 :], name)
            if not known:
                return None
        place += 8 + size + size % 2
        if place > 1 << 21:
            raise AudioError(f"{name} has a WAV header of over {place} bytes; record it again.")
    if raw is None:
        raise AudioError(f"{name} has a WAV header without a format; record it again.")
    taken = place + 8
    while taken:
        taken -= len(tap.read1(taken))
    return Arriving(tap, raw, None if size >= _ENDLESS or not size else size)


def _format(chunk: bytes, name: str) -> tuple[Raw, bool]:
    """Return how the samples are to be read, and whether that encoding is known."""
    if len(chunk) < 16:
        raise AudioError(f"{name} has a WAV format of {len(chunk)} bytes, fewer than 16; record it again.")
    tag, channels, rate, _, _, bits = struct.unpack("<HHIIHH", chunk[:16])
    if tag == _EXTENSIBLE and len(chunk) >= 26:
        tag = int.from_bytes(chunk[24:26], "little")
    if not 1 <= channels <= 1024:
        raise AudioError(f"{name} says it has {channels} channels; 1 to 1024 can be read.")
    encoding = _TAGS.get((tag, bits))
    return Raw(encoding or "", rate, channels), encoding is not None
