"""WAV as it comes: RIFF, RF64 and BW64 (EBU Tech 3306), with samples that need no decoder."""

import struct

from dtmf.errors import AudioError
from dtmf.pcm import Raw, width
from dtmf.reader.heads import FileKind
from dtmf.reader.pipe import Arriving, Tap

_LONGEST_FORMAT = 4096
"""Bytes that a WAV's `fmt ` chunk may have; 40 are usual."""

_LONGEST_HEADER = 1 << 21
"""Bytes before the samples of which no more are kept in mind; libsndfile takes longer ones from the file."""

_ENDLESS = 0x7FF00000
"""A `data` chunk that says it is longer was begun before its length was known."""

_TAGS = {(1, 8): "u8", (1, 16): "s16le", (1, 24): "s24le", (1, 32): "s32le", (3, 32): "f32le", (3, 64): "f64le",
         (6, 8): "alaw", (7, 8): "mulaw"}  # fmt: skip
"""Format tag and bits of a sample -> encoding (RFC 2361)."""

_EXTENSIBLE = 0xFFFE

_CODECS = {0x0040: "G.721", 0x0045: "G.726", 0x0064: "G.726", 0x0065: "G.722", 0x028F: "G.722", 0x0014: "G.723",
           0x0042: "G.723.1", 0x0083: "G.729", 0x0022: "TrueSpeech", 0x0160: "WMA", 0x0161: "WMA", 0x0162: "WMA",
           0x00FF: "AAC", 0x1600: "AAC", 0x1610: "AAC", 0xA109: "Speex"}  # fmt: skip
"""Format tags of what PyAV decodes; the rest is left to libsndfile first."""

_CHUNKS = (b"LIST", b"fact", b"data", b"bext", b"cue ", b"smpl", b"id3 ", b"ID3 ", b"iXML", b"JUNK", b"junk",
           b"PEAK", b"afsp", b"axml", b"_PMX", b"PAD ", b"FLLR")  # fmt: skip
"""What may follow on a `data` chunk: if one stands where samples of unknown length should begin, there are none."""


class _Data:
    """The bytes of all `data` chunks of a WAV, one after another.

    Parameters
    ----------
    tap : Tap
        At the first byte of the first one.
    size : int
        What it says its length is.
    long : int
        What a `ds64` chunk says instead; 0 if nothing does.

    Attributes
    ----------
    left : int or None
        Bytes of this chunk that are to come; None if nobody knows.
    lacking : int
        Bytes of it that have not come, though the stream is at its end.
    """

    def __init__(self, tap: Tap, size: int, long: int) -> None:
        self._tap = tap
        self.lacking = 0
        self.left = long or self._length(size)
        self._odd = bool(size % 2)

    def _length(self, size: int) -> int | None:
        """Return how many bytes there are; None for all that come."""
        if size >= _ENDLESS or (size == 0 and self._tap.peek(4) not in _CHUNKS):
            return None
        return size

    def read1(self, size: int = -1, /) -> bytes:
        """Return what has come."""
        while self.left == 0:
            self._tap.skip(int(self._odd))
            head = self._tap.peek(8)
            if len(head) < 8:
                return b""
            self._tap.skip(8)
            length = int.from_bytes(head[4:], "little")
            self._odd = bool(length % 2)
            if head[:4] == b"data":
                self.left = self._length(length)
            else:
                self._tap.skip(length)
        if self.left is None:
            return self._tap.read1(size)
        data = self._tap.read1(self.left if size < 0 else min(size, self.left))
        if not data and size:
            self.lacking, self.left = self.left, 0
        else:
            self.left -= len(data)
        return data


def wav_of(tap: Tap, name: str) -> Arriving | FileKind:
    """Return the samples of a WAV as they arrive, its header read.

    Parameters
    ----------
    tap : Tap
        At the first byte of the WAV.
    name : str
        For the errors.

    Returns
    -------
    Arriving or FileKind
        If it is a WAV of an encoding that cannot be read so, what it is; nothing has then been taken.

    Raises
    ------
    AudioError
        If the header is broken.
    """
    raw: Raw | None = None
    place, long = 12, 0
    while True:
        head = tap.peek(place + 8)[place:]
        if len(head) < 8:
            raise AudioError(f"{name} ends before its samples begin; record it again.", value=name)
        kind, size = head[:4], int.from_bytes(head[4:], "little")
        if kind == b"data":
            break
        if kind == b"fmt ":
            if size > _LONGEST_FORMAT:
                raise AudioError(f"{name} has a WAV header whose part {kind!r} says {size} bytes; record it again.",
                                 value=name)
            how = _format(tap.peek(place + 8 + size)[place + 8 :], name)
            if isinstance(how, FileKind):
                return how
            raw = how
        elif kind == b"ds64":
            long = int.from_bytes(tap.peek(place + 24)[place + 16 :], "little")
        place += 8 + size + size % 2
        if place > _LONGEST_HEADER:
            return FileKind("WAV", "sndfile alone")  # no encoding is in doubt: PyAV would read no more of it
    if raw is None:
        raise AudioError(f"{name} has a WAV header without a format; record it again.", value=name)
    tap.skip(place + 8)
    data = _Data(tap, size, long if size == 0xFFFFFFFF and long < 1 << 62 else 0)
    return Arriving(data, raw, data.left)


def _format(chunk: bytes, name: str) -> Raw | FileKind:
    """Return how the samples are to be read, or who can."""
    if len(chunk) < 16:
        raise AudioError(f"{name} has a WAV format of {len(chunk)} bytes, fewer than 16; record it again.",
                         value=name)
    tag, channels, rate, _, align, bits = struct.unpack("<HHIIHH", chunk[:16])
    if tag == _EXTENSIBLE and len(chunk) >= 26:
        tag = int.from_bytes(chunk[24:26], "little")
    if tag in _CODECS:
        return FileKind(f"WAV with {_CODECS[tag]}", "av")
    if not 1 <= channels <= 1024:
        raise AudioError(f"{name} says it has {channels} channels; 1 to 1024 can be read.", value=name)
    encoding = _TAGS.get((tag, bits))
    # samples may lie in more bytes than they need
    if encoding is None or align > width(encoding) * channels:
        return FileKind("WAV")
    return Raw(encoding, rate, channels)
