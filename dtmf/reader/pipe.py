"""Samples as they arrive, from a file, a pipe, a terminal's microphone or a named pipe."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dtmf.pcm import FLOATS, Raw, floats_of, samples_of, width
from dtmf.reader.lacking import cut_short
from dtmf.reader.scale import Scale

_MOST = 1 << 19
"""Bytes that are asked for at once; what has come is taken at once, however little."""


class Bytes(Protocol):
    """What is needed of a binary stream: `read1` returns what has come, b"" at the end."""

    def read1(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes as soon as there are some."""
        ...


class Tap:
    """A stream whose beginning can be looked at and given again.

    Attributes
    ----------
    taken : int
        Bytes that were taken so far.
    """

    def __init__(self, stream: Bytes) -> None:
        self._stream = stream
        self._seen = b""
        self.taken = 0

    def peek(self, count: int) -> bytes:
        """Return the next `count` bytes, fewer at the end, without taking them."""
        while len(self._seen) < count and (more := self._stream.read1(_MOST)):
            self._seen += more
        return self._seen[:count]

    def read1(self, size: int = -1, /) -> bytes:
        """Take what has come."""
        if self._seen:
            size = len(self._seen) if size < 0 else size
            data, self._seen = self._seen[:size], self._seen[size:]
        else:
            data = self._stream.read1(size)
        self.taken += len(data)
        return data

    def skip(self, count: int) -> None:
        """Take `count` bytes and forget them, fewer at the end."""
        while count and (data := self.read1(min(count, _MOST))):
            count -= len(data)


class Arriving:
    """Raw samples that are taken as they come.

    Parameters
    ----------
    stream : binary stream with `read1`
    raw : Raw
    length : int, optional
        How many bytes there will be, if something says so.

    Attributes
    ----------
    rate, channels : int
    step : int
        Bytes of a sample of all channels.
    frames : int or None
        How many samples a channel there will be; usually nobody knows.
    notes : list of str
        What was found that whoever listens should know.
    """

    def __init__(self, stream: Bytes, raw: Raw, length: int | None = None) -> None:
        self.rate, self.channels = raw.rate, raw.channels
        self._stream, self._encoding = stream, raw.encoding
        self.step = width(raw.encoding) * raw.channels
        self.frames: int | None = None if length is None else length // self.step
        self.notes: list[str] = []

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        """Yield what has come, int16 array [shape=(n, channels)]; a frame cut off at the end is left out."""
        rest, scale, came = b"", Scale(), 0
        while data := self._stream.read1(_MOST):
            data = rest + data
            whole = len(data) // self.step * self.step
            rest = data[whole:]
            if not whole:
                continue
            came += whole // self.step
            if self._encoding in FLOATS:
                block = scale.to_int16(floats_of(data[:whole], self._encoding, self.channels))
                self.notes = scale.notes
                yield block
            else:
                yield samples_of(data[:whole], self._encoding, self.channels)
        scale.check()
        if lacking := getattr(self._stream, "lacking", 0):
            self.notes = scale.notes + cut_short(came + lacking // self.step, came, self.rate)
