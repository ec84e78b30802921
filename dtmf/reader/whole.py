"""Files that have to be there as a whole, read by libraries: libsndfile first, PyAV where it cannot."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dtmf.errors import AudioError
from dtmf.pcm import CODECS, PACKED, Raw
from dtmf.reader.decoded import Decoded, Unreadable
from dtmf.reader.heads import FileKind
from dtmf.reader.lacking import cut_off, cut_short
from dtmf.reader.scale import Scale

_BLOCK = 1 << 16
"""Samples, of all channels together, in a block."""

_LITTLE = 1024
"""Samples a channel in a block where larger ones cannot be read: all is lost of one that cannot be had whole."""

_INSTALL = "install PyAV with 'pip install av'"


def read_whole(path: Path, kind: FileKind | None, name: object) -> Decoded:
    """Open a file that is of a kind, or of any if nobody knows.

    Parameters
    ----------
    path : Path
    kind : FileKind, optional
    name : object
        What errors call it.

    Raises
    ------
    AudioError
        If it cannot be read as what it is, or PyAV is needed and not there.
    Unreadable
        If it is of no kind that is known.
    """
    kind = kind or FileKind("")
    if kind.reader == "none":
        raise AudioError(f"{name} is {kind.name}, not audio; give a recording.", value=name)
    try:
        if kind.reader == "sndfile alone":
            return SoundFile(path)
        if kind.reader != "av":
            try:
                return SoundFile(path)
            except Unreadable:
                decoded = _by_av(path)
                if decoded is None and kind.name:
                    raise AudioError(f"{name} begins like {kind.name}, but cannot be read: it is spoilt, or "
                                     f"needs an extra, for which you {_INSTALL}.",
                                     value=name) from None  # fmt: skip
                if decoded is None:
                    raise
                return decoded
        return _needed(_by_av(path), f"{name} is {kind.name}")
    except Unreadable:
        if not kind.name:
            raise
        raise AudioError(f"{name} begins like {kind.name}, but cannot be read; record it again.",
                         value=name) from None


def read_raw(path: Path, raw: Raw, name: object) -> Decoded:
    """Open a file without a head whose bytes are no single samples.

    Raises
    ------
    AudioError
        If PyAV is needed and not there.
    Unreadable
        If it cannot be read.
    """
    if raw.encoding in PACKED:
        return SoundFile(path, raw)
    return _needed(_by_av(path, raw.encoding), f"{name} is taken for {raw.encoding}")


def _needed(decoded: Decoded | None, what: str) -> Decoded:
    if decoded is None:
        raise AudioError(f"{what}, which needs an extra: {_INSTALL}.")
    return decoded


def _by_av(path: Path, encoding: str = "") -> Decoded | None:
    """Return what PyAV reads; None without PyAV."""
    try:
        from dtmf.reader.telephones import AvFile
    except ImportError:
        return None
    return AvFile(path, CODECS.get(encoding))


def _tag_bytes(path: Path) -> int:
    """Return how long a file's ID3 tag says it is, in seven bits of four bytes; 0 without one."""
    with path.open("rb") as stream:
        begin = stream.read(10)
    if not begin.startswith(b"ID3") or len(begin) < 10:
        return 0
    return 10 + sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(begin[6:]))


class SoundFile(Decoded):
    """What libsndfile reads.

    Parameters
    ----------
    path : Path
    raw : Raw, optional
        How a file without a head is to be read.

    Raises
    ------
    Unreadable
    """

    def __init__(self, path: Path, raw: Raw | None = None) -> None:
        import soundfile  # most recordings are WAVs, and read without it

        more: dict[str, Any] = {}
        if raw is not None:
            more = {"samplerate": raw.rate, "channels": raw.channels, "format": "RAW"}
            more["subtype"] = PACKED[raw.encoding]
        if _tag_bytes(path) > path.stat().st_size:
            # the decoder of MP3 would ask for that much memory
            raise Unreadable("the tag is longer than the file")
        try:
            # By its name: libsndfile does not read every MP3 from a stream, and sends streams where no place is.
            # What it cannot tell by its beginning it tells by its ending, and asks for more about some.
            self._sound = soundfile.SoundFile(os.fsencode(path), **more)
        except (soundfile.LibsndfileError, TypeError) as error:
            raise Unreadable(str(error)) from None
        self.rate, self.channels = int(self._sound.samplerate), int(self._sound.channels)
        if self._sound.format == "MP3":
            # it is sought anew after each block otherwise, from where a decoder lacks what it has read before
            self._sound.seekable = lambda: False
        # GSM and the like cannot say how long they are.
        self.frames = self._sound.frames if 0 < self._sound.frames < 1 << 40 else None
        # libsndfile wraps or clips floats by its own rules when asked for int16.
        self._floating = self._sound.subtype in ("FLOAT", "DOUBLE", "VORBIS", "OPUS") or self._sound.format == "MP3"
        self.notes = self._lacks = [] if raw else cut_off(path)

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        """Yield what comes next, int16 array [shape=(n, channels)], n > 0."""
        import soundfile

        scale, came = Scale(), 0
        kind = "float32" if self._floating else "int16"
        length = max(1, _BLOCK // self.channels)
        with self._sound as sound:
            while True:
                try:
                    part = sound.read(length, dtype=kind, always_2d=True)
                except soundfile.LibsndfileError as error:
                    if length > _LITTLE and self._back_to(came):
                        length = _LITTLE
                        continue
                    if not came:
                        raise Unreadable(str(error)) from None
                    self._lacks = [f"is cut off, or spoilt: it cannot be read beyond {came / self.rate:.2f} s."]
                    break
                if not len(part):
                    break
                block = scale.to_int16(part) if self._floating else part
                self.notes = self._lacks + scale.notes
                came += len(part)
                yield block
        scale.check()
        if self.frames and not self._lacks:
            self._lacks = cut_short(self.frames, came, self.rate)
        self.notes = self._lacks + scale.notes

    def _back_to(self, place: int) -> bool:
        """Go where a block began that could not be read, if that can be."""
        import soundfile

        try:
            self._sound.seek(place)
        except soundfile.LibsndfileError:
            return False
        return True
