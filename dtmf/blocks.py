"""Audio of any length, block by block: memory does not grow with it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from dtmf.errors import AudioError
from dtmf.keys import check_rate
from dtmf.pcm import ENCODINGS, ENDINGS, PACKED, Raw, to_int16
from dtmf.pipe import Arriving, Bytes, Tap, wav_of

_BLOCK = 1 << 18
"""Samples, of all channels together, in a block."""

_MAGIC = (b"RIFF", b"RIFX", b"RF64", b"fLaC", b"OggS", b".snd", b"FORM", b"caff", b"ID3")
"""What files begin with that say themselves what they are."""


class Source(Protocol):
    """Audio that is read from its beginning to its end, once."""

    rate: int
    channels: int
    frames: int | None
    """How many samples a channel there will be, if that is known."""

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        """Yield what comes next, int16 array [shape=(n, channels)], n > 0."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user says about samples without a header; None is what the file's ending says, or usual."""

    encoding: str | None = None
    rate: int | None = None
    channels: int | None = None

    def __post_init__(self) -> None:
        if self.encoding is not None and self.encoding not in ENCODINGS:
            raise AudioError(f"the encoding '{self.encoding}' is not known; use one of {', '.join(ENCODINGS)}.")
        if self.rate is not None:
            check_rate(self.rate)
        if self.channels is not None and not 1 <= self.channels <= 1024:
            raise AudioError(f"{self.channels} channels cannot be read; say 1 to 1024.")

    @property
    def given(self) -> bool:
        """Whether anything was said."""
        return self != Reading()

    def raw(self, usual: Raw) -> Raw:
        """Return how to read, with what was not said taken from `usual`."""
        return Raw(self.encoding or usual.encoding, self.rate or usual.rate, self.channels or usual.channels)


@contextmanager
def opened(path: str | os.PathLike[str], reading: Reading | None = None) -> Iterator[Source]:
    """Open an audio file to be read in blocks.

    Parameters
    ----------
    path : str or path
        A file of any format that libsndfile knows, or raw samples.
    reading : Reading, optional
        How raw samples are to be read.

    Raises
    ------
    AudioError
        While it is opened or read: if there is no such file, it is a folder, cannot be read, is empty, is not
        audio, or holds no samples.
    """
    path = Path(path)
    with ExitStack() as stack:
        with _plainly(path):
            size = path.stat().st_size
            if path.is_dir():
                raise AudioError(f"{path} is a folder; name an audio file.")
            if not size and path.is_file():
                raise AudioError(f"{path} is an empty file; record it again.")
            stream = stack.enter_context(path.open("rb"))
            source = _Checked(_source(path, stream, reading or Reading()), path)
        yield source


@contextmanager
def _plainly(name: object) -> Iterator[None]:
    """Say in one sentence what is wrong with a file."""
    import soundfile

    try:
        yield
    except FileNotFoundError:
        raise AudioError(f"{name} does not exist; check the name.") from None
    except OSError as error:
        raise AudioError(f"{name} cannot be read ({error.strerror or error}).") from None
    except soundfile.LibsndfileError:
        raise AudioError(
            f"{name} is not audio that can be read; give WAV, FLAC, Ogg, MP3, AU or the like."
        ) from None


def _source(path: Path, stream: IO[bytes], reading: Reading) -> Source:
    usual = ENDINGS.get(path.suffix.lower())
    if not reading.encoding and usual and path.is_file():
        begin = stream.read(4)
        stream.seek(0)
        usual = None if begin.startswith(_MAGIC) else usual
    if not reading.encoding and usual is None:
        if reading.given:
            raise AudioError(f"{path} is not known to be raw samples; say --encoding too, or leave out --rate and "
                             "--channels.")  # fmt: skip
        return _File(path)
    raw = reading.raw(usual or Raw())
    if raw.encoding in PACKED:
        return _File(path, raw)
    source = Arriving(cast("Bytes", stream), raw)
    if path.is_file():
        source.frames = path.stat().st_size // source.step
    return source


@contextmanager
def arriving(stream: Bytes, reading: Reading | None = None, name: str = "-") -> Iterator[Source]:
    """Read a stream as it arrives.

    Parameters
    ----------
    stream : binary stream with `read1`
        Raw samples or a WAV are taken as they come; other formats that libsndfile knows, when all has come.
    reading : Reading, optional
        How raw samples are to be read. If nothing is said, a stream that begins like an audio file is one,
        and anything else is 16 bit, little-endian, one channel at 8 kHz.
    name : str
        What errors call it.

    Raises
    ------
    AudioError
        As `opened` does.
    """
    reading = reading or Reading()
    tap = Tap(stream)
    with ExitStack() as stack:
        with _plainly(name):
            begin = b"" if reading.given else tap.peek(4)
            source: Source | None = None
            if reading.encoding not in PACKED and not begin.startswith(_MAGIC):
                source = Arriving(tap, reading.raw(Raw()))
            elif begin == b"RIFF":
                source = wav_of(tap, name)
            if source is None:
                whole = stack.enter_context(tempfile.NamedTemporaryFile())
                while data := tap.read1(_BLOCK):
                    whole.write(data)
                whole.flush()
                source = _File(Path(whole.name), reading.raw(Raw()) if reading.given else None)
            source = _Checked(source, name)
        yield source


def _tag_bytes(path: Path) -> int:
    """Return how long a file's ID3 tag says it is, in seven bits of four bytes; 0 without one."""
    with path.open("rb") as stream:
        begin = stream.read(10)
    if not begin.startswith(b"ID3") or len(begin) < 10:
        return 0
    return 10 + sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(begin[6:]))


class _File:
    """What libsndfile reads."""

    def __init__(self, path: Path, raw: Raw | None = None) -> None:
        import soundfile

        more: dict[str, Any] = {}
        if raw is not None:
            more = {"samplerate": raw.rate, "channels": raw.channels, "format": "RAW"}
            more["subtype"] = PACKED[raw.encoding]
        if _tag_bytes(path) > path.stat().st_size:
            # the decoder of MP3 would ask for that much memory
            raise soundfile.LibsndfileError(1, "the tag is longer than the file: ")
        # By its name: libsndfile does not read every MP3 from a stream, and sends streams where no place is.
        self._sound = soundfile.SoundFile(os.fsencode(path), **more)
        self.rate, self.channels = int(self._sound.samplerate), int(self._sound.channels)
        # GSM and the like cannot say how long they are.
        self.frames: int | None = self._sound.frames if 0 < self._sound.frames < 1 << 40 else None
        # libsndfile wraps or clips floats by its own rules when asked for int16.
        self._floating = self._sound.subtype in ("FLOAT", "DOUBLE", "VORBIS", "OPUS") or self._sound.format == "MP3"

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        with self._sound as sound:
            kind = "float32" if self._floating else "int16"
            length = max(1, _BLOCK // self.channels)
            while len(part := sound.read(length, dtype=kind, always_2d=True)):
                yield to_int16(part) if self._floating else part


class _Checked:
    """A source whose faults are told plainly, no samples at all among them."""

    def __init__(self, source: Source, name: object) -> None:
        self._source, self._name = source, name
        self.rate, self.channels, self.frames = source.rate, source.channels, source.frames

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        blocks, came = self._source.blocks(), False
        while True:
            with _plainly(self._name):
                block = next(blocks, None)
            if block is None:
                break
            came = True
            yield block
        if not came:
            raise AudioError(f"{self._name} holds 0 samples; record it again.")
