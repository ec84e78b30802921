"""Audio of any length, block by block: memory does not grow with it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dtmf.errors import AudioError
from dtmf.keys import check_rate
from dtmf.pcm import CODECS, ENCODINGS, ENDINGS, PACKED, Raw
from dtmf.reader.decoded import NoSamples, Unreadable
from dtmf.reader.doubt import Doubted, is_text
from dtmf.reader.heads import FORMATS, FileKind, kind_of
from dtmf.reader.pipe import Arriving, Bytes, Tap
from dtmf.reader.wav import wav_of
from dtmf.reader.whole import read_raw, read_whole

_BLOCK = 1 << 18
"""Bytes of a pipe that are put aside at once."""

_LOOKED = 64
"""Bytes by which text is known."""


class Source(Protocol):
    """Audio that is read from its beginning to its end, once."""

    rate: int
    channels: int
    frames: int | None
    """How many samples a channel there will be, if that is known."""

    def blocks(self) -> Iterator[NDArray[np.int16]]:
        """Yield what comes next, int16 array [shape=(n, channels)], n > 0."""
        ...

    @property
    def notes(self) -> list[str]:
        """What was found that whoever listens should know; more may come while it is read."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user says about samples without a header; None is what the file's ending says, or usual."""

    encoding: str | None = None
    rate: int | None = None
    channels: int | None = None

    def __post_init__(self) -> None:
        if self.encoding is not None and self.encoding not in ENCODINGS:
            raise AudioError(f"the encoding '{self.encoding}' is not known; use one of {', '.join(ENCODINGS)}.",
                             value=self.encoding)
        if self.rate is not None:
            check_rate(self.rate)
        if self.channels is not None and not 1 <= self.channels <= 1024:
            raise AudioError(f"{self.channels} channels cannot be read; say 1 to 1024.", value=self.channels)

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
        What it is is told by how it begins; if that tells nothing, by its ending.
    reading : Reading, optional
        How raw samples are to be read. If nothing is said and nothing told, they are 16 bit, little-endian, one
        channel at 8 kHz, which `Source.notes` then says.

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
                raise AudioError(f"{path} is a folder; name an audio file.", value=path)
            if not size and path.is_file():
                raise AudioError(f"{path} is an empty file; record it again.", value=path)
            tap = Tap(stack.enter_context(path.open("rb")))
            file = path if path.is_file() else None
            source = _Checked(_source(tap, reading or Reading(), path, stack, file), path)
        yield source


@contextmanager
def arriving(stream: Bytes, reading: Reading | None = None, name: str = "-") -> Iterator[Source]:
    """Read a stream as it arrives; `opened` reads a file so.

    Parameters
    ----------
    stream : binary stream with `read1`
        Raw samples or a WAV are taken as they come, other formats when all has come.
    reading : Reading, optional
    name : str
        What errors call it.

    Raises
    ------
    AudioError
        As `opened` does.
    """
    with ExitStack() as stack:
        with _plainly(name):
            source = _Checked(_source(Tap(stream), reading or Reading(), name, stack, None), name)
        yield source


@contextmanager
def _plainly(name: object) -> Iterator[None]:
    """Say in one sentence what is wrong with a file."""
    try:
        yield
    except FileNotFoundError:
        raise AudioError(f"{name} does not exist; check the name.", value=name) from None
    except OSError as error:
        raise AudioError(f"{name} cannot be read ({error.strerror or error}).", value=name) from None
    except NoSamples as error:
        raise AudioError(f"{name} {error}", value=name) from None
    except Unreadable:
        raise AudioError(
            f"{name} is not audio that can be read; give WAV, FLAC, Ogg, MP3, M4A, AMR or the like.", value=name
        ) from None


def _source(tap: Tap, reading: Reading, name: Path | str, stack: ExitStack, file: Path | None) -> Source:
    """Return what reads a stream, by what was said, how it begins, and what its name says, in this order.

    Parameters
    ----------
    name : Path or str
        Of the stream; a path where its ending may tell something.
    file : Path, optional
        The stream as a file, if it is one.
    """
    ending = name.suffix.lower() if isinstance(name, Path) else ""
    if reading.encoding:
        return _raw(tap, reading.raw(ENDINGS.get(ending, Raw())), name, stack, file)
    kind: FileKind | Arriving | None = kind_of(tap)
    if isinstance(kind, FileKind) and kind.reader == "wav":
        kind = wav_of(tap, str(name))
    if kind is not None and reading.given:
        raise AudioError(f"{name} says itself how it is to be read; leave out --rate and --channels, or say "
                         "--encoding too.", value=name)  # fmt: skip
    if isinstance(kind, Arriving):
        return _sized(kind, tap, file)
    if kind is not None or (ending in FORMATS and not reading.given and not is_text(tap.peek(_LOOKED))):
        return read_whole(file or _put_aside(tap, stack), kind, name)
    if is_text(tap.peek(_LOOKED)):
        raise AudioError(f"{name} is text, not audio; give a recording.", value=name)
    raw = reading.raw(ENDINGS.get(ending, Raw()))
    source = _raw(tap, raw, name, stack, file)
    if raw.encoding == "s16le" and isinstance(source, Arriving):
        source = Doubted(source, name)
        if not reading.given and ending not in ENDINGS:
            source.notes = [f"does not say what it is, and is read as s16le at {raw.rate} Hz; 'dtmf decode' has "
                            "--encoding and --rate for what is not."]  # fmt: skip
    return source


def _raw(tap: Tap, raw: Raw, name: object, stack: ExitStack, file: Path | None) -> Source:
    if raw.encoding in PACKED or raw.encoding in CODECS:
        return read_raw(file or _put_aside(tap, stack), raw, name)
    return _sized(Arriving(tap, raw), tap, file)


def _sized(source: Arriving, tap: Tap, file: Path | None) -> Arriving:
    """Return a source that knows how long its file is, whatever its head says."""
    if file is not None:
        there = (file.stat().st_size - tap.taken) // source.step
        source.frames = there if source.frames is None else min(source.frames, there)
    return source


def _put_aside(tap: Tap, stack: ExitStack) -> Path:
    """Return a file of all that comes, which is gone when the stack is left."""
    import tempfile

    whole = stack.enter_context(tempfile.NamedTemporaryFile())  # noqa: SIM115 - the stack closes it
    while data := tap.read1(_BLOCK):
        whole.write(data)
    whole.flush()
    return Path(whole.name)


class _Checked:
    """A source whose faults are told plainly, no samples at all among them."""

    def __init__(self, source: Source, name: object) -> None:
        self._source, self._name = source, name
        self.rate, self.channels, self.frames = source.rate, source.channels, source.frames

    @property
    def notes(self) -> list[str]:
        """What is to be known of it, as sentences."""
        return [f"{self._name} {note}" for note in self._source.notes]

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
            raise AudioError(f"{self._name} holds 0 samples; record it again.", value=self._name)
