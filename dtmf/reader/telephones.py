"""What telephones and phones write, decoded by PyAV: M4A, AMR, 3GP, WebM, WMA, Speex, G.722, G.726, G.729."""

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from dtmf.pcm import Codec
from dtmf.reader.decoded import Decoded, Unreadable
from dtmf.reader.lacking import cut_off, cut_short

_BLOCK = 1 << 16
"""Samples, of all channels together, that are put together before they go on; a frame has 160 and more."""

_FAULTS = (av.FFmpegError, IndexError, StopIteration, ValueError, NotImplementedError)
"""How PyAV says that it cannot read a file."""


class _Places(io.BufferedReader):
    """A file in which a header that lies may ask for a place that is none: PyAV would print what that raises."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        try:
            return super().seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -1


_KNOWN = frozenset({"mp4", "matroska", "asf"})
"""Containers that say how long they are."""

_HARDLY_S = 0.2
"""What they may be wrong by: codecs begin late and end early."""


class AvFile(Decoded):
    """What PyAV reads: the first track of sound.

    Parameters
    ----------
    path : Path
    codec : Codec, optional
        How a file without a head is to be read.

    Raises
    ------
    Unreadable
    """

    def __init__(self, path: Path, codec: Codec | None = None) -> None:
        self._file = _Places(path.open("rb", buffering=0))
        self.notes = cut_off(path) if codec is None else []
        self._came = 0
        try:
            # From the open file: a name could mean a device or an address to FFmpeg.
            if codec is None:
                self._media = av.open(self._file, "r")
            else:
                self._media = av.open(self._file, "r", format=codec.format, options=codec.options)
            stream = self._media.streams.audio[0]
            self._frames = self._decoded()
            # What the container says of the rate is half of what comes out of some AAC.
            self._first = next(self._frames)
        except _FAULTS as error:
            self._file.close()
            raise Unreadable(str(error)) from None
        self.rate, self.channels = self._first.sample_rate, self._first.layout.nb_channels
        self.frames = None
        if stream.duration and stream.time_base:
            self.frames = int(stream.duration * stream.time_base * self.rate)
        self._promised = int((self._media.duration or 0) * self.rate / av.time_base) if self._says_how_long() else 0

    def _decoded(self) -> Iterator[av.AudioFrame]:
        """Yield what can be decoded; a packet that cannot is left out, as a telephone would."""
        for packet in self._media.demux(audio=0):
            with suppress(av.error.InvalidDataError):
                yield from packet.decode()

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        """Yield what comes next, int16 array [shape=(n, channels)], n > 0."""
        parts: list[NDArray[np.int16]] = []
        with self._file, self._media:
            try:
                for part in self._levelled():
                    parts.append(part)
                    if sum(map(len, parts)) * self.channels >= _BLOCK:
                        yield np.concatenate(parts)
                        parts.clear()
            except _FAULTS as error:
                raise Unreadable(str(error)) from None
            if parts:
                yield np.concatenate(parts)
        self.notes = self.notes or cut_short(self._promised, self._came, self.rate, _HARDLY_S)

    def _says_how_long(self) -> bool:
        """Tell whether the container holds a duration, and none is guessed from the bits of the first second."""
        return not _KNOWN.isdisjoint(self._media.format.name.split(","))

    def _levelled(self) -> Iterator[NDArray[np.int16]]:
        """Yield all frames as int16 with the channels and the rate of the first; some formats change them."""
        level, made_for = None, None
        frame: av.AudioFrame | None = self._first
        while frame is not None or level is not None:
            now = None if frame is None else (frame.format.name, frame.layout.name, frame.sample_rate)
            if level is not None and now != made_for:
                yield from self._arrays(level.resample(None))
                level = None
            if frame is not None:
                level = level or av.AudioResampler("s16", self._first.layout, self.rate)
                made_for = now
                yield from self._arrays(level.resample(frame))
            frame = next(self._frames, None)

    def _arrays(self, frames: list[av.AudioFrame]) -> Iterator[NDArray[np.int16]]:
        for frame in frames:
            if frame.samples:
                self._came += frame.samples
                yield np.asarray(frame.to_ndarray(), np.int16).reshape(-1, self.channels)
