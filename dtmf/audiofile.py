"""Reading and writing whole audio files, with errors that a person can act on."""

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dtmf.blocks import Source, opened
from dtmf.errors import AudioError, NoRoom

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Errors of the disk, and not of the name."""

_BEGIN = 20
"""Letters of a name that what is not whole yet has too."""


def read(
    path: str | os.PathLike[str], *, remark: Callable[[str], None] | None = None
) -> tuple[NDArray[np.int16], int]:
    """Read an audio file of any format, as `dtmf.blocks.opened` does.

    Parameters
    ----------
    path : str or path
    remark : callable, optional
        Called with each sentence that says how the file had to be taken.

    Returns
    -------
    samples : int16 array [shape=(n, channels)]
        n is 1 at least. What the file holds in floats is scaled from +-1 and clipped.
    rate : int
        Samples a second, as the file says.

    Raises
    ------
    AudioError
        If there is no such file, it is a folder, cannot be read, is empty, is not audio, or holds no samples.
    """
    with opened(path) as source:
        return gathered(source, remark=remark)


def gathered(source: Source, *, remark: Callable[[str], None] | None = None) -> tuple[NDArray[np.int16], int]:
    """Return all samples of a source, and their rate, as `read` does."""
    samples: NDArray[np.int16] = np.concatenate(list(source.blocks()))
    if remark is not None:
        for note in source.notes:
            remark(note)
    return samples, source.rate


def format_of(path: Path) -> str:
    """Return the audio format that a file's ending names, as libsndfile calls it.

    Raises
    ------
    AudioError
        If it names none.
    """
    import soundfile

    kind = path.suffix[1:].upper()
    if kind not in soundfile.available_formats() or kind == "RAW":  # which says nothing of the samples
        raise AudioError(f"{path} has no ending that names an audio format; use .wav, .flac, .ogg, .mp3 or .au.",
                         value=path)
    return kind


def write(path: str | os.PathLike[str], samples: NDArray[np.int16], rate: int) -> None:
    """Write an audio file whole or not at all; the format follows the name's ending.

    Parameters
    ----------
    path : str or path
    samples : int16 array [shape=(n,) or (n, channels)]
    rate : int

    Raises
    ------
    AudioError
        If the ending names no format, or the file cannot be written.
    """
    path = Path(path)
    format_of(path)
    with replacing(path) as part:
        fill(part, path, samples, rate)


def fill(part: Path, path: Path, samples: NDArray[np.int16], rate: int) -> None:
    """Write audio into the file that `replacing` has given for `path`.

    Raises
    ------
    AudioError
        If the file cannot be written, or the format that `path` names cannot hold it.
    """
    import soundfile

    kind = format_of(path)
    try:
        with audio_file(part, path) as file:
            soundfile.write(file, samples, rate, format=kind)
    except (soundfile.LibsndfileError, ValueError) as error:
        raise AudioError(f"{path} cannot be written as {kind} at {rate} Hz ({error}); use .wav.",
                         value=path) from None


class AudioFile:
    """A file that libsndfile writes: a name need be no text, and an error is kept, which some of its formats lose.

    Parameters
    ----------
    file : binary file
        Unbuffered.

    Attributes
    ----------
    error : OSError or None
        Why something could not be written, the first time.
    """

    def __init__(self, file: RawIOBase) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write all of it, or nothing more."""
        rest = memoryview(data)
        try:
            while rest and self.error is None:
                rest = rest[self._file.write(rest) or 0:]
        except OSError as error:
            self.error = error
        return len(data)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()


@contextmanager
def audio_file(part: Path, path: Path) -> Iterator[AudioFile]:
    """Give what libsndfile writes into the file that `replacing` has given for `path`.

    Raises
    ------
    AudioError
        If the file cannot be written; `NoRoom` if the disk is full. What libsndfile raised then is left out.
    """
    try:
        with part.open("wb", buffering=0) as raw:
            file = AudioFile(raw)
            try:
                yield file
            finally:
                if file.error is not None:
                    raise file.error
    except OSError as error:
        raise unwritten(path, error) from None


def unwritten(path: object, error: OSError) -> AudioError:
    """Return the error of a file that cannot be written: the disk's fault, or that of its name."""
    kind = NoRoom if error.errno in _FULL else AudioError
    return kind(f"{path} cannot be written ({error.strerror}).", value=path)


def check_target(path: Path) -> None:
    """See that a file of this name could be written, before that is done for which it is written.

    Raises
    ------
    AudioError
        If it could not.
    """
    try:
        if path.is_dir():
            raise AudioError(f"{path} is a folder; name a file to write.", value=path)
        if path.exists() and not path.is_file():
            raise AudioError(f"{path} is no file that could be replaced; name a file to write.", value=path)
        folder = path.resolve().parent
        if not folder.is_dir():
            raise AudioError(f"{path} cannot be written (there is no folder {folder}).", value=path)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise AudioError(f"{path} cannot be written (its folder may not be written).", value=path)
    except OSError as error:
        raise unwritten(path, error) from None


class replacing:  # noqa: N801 - used as a statement
    """Write beside `path` and put the result in its place only when all went well.

    Raises
    ------
    AudioError
        If the folder is missing or may not be written.
    NoRoom
        If the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Path:
        # a link stays one, and a device or a pipe is nothing to be replaced
        check_target(self._path)
        self._target = self._path.resolve()
        try:
            # hidden, and not by the whole of its name, which may be as long as a name can be
            begin, ending = self._path.name[:_BEGIN], self._path.suffix[:_BEGIN]
            handle, name = tempfile.mkstemp(prefix=f".{begin}.", suffix=ending, dir=self._target.parent)
        except OSError as error:
            raise unwritten(self._path, error) from None
        os.close(handle)
        self._part = Path(name)
        return self._part

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                mask = os.umask(0)
                os.umask(mask)
                self._part.chmod(0o666 & ~mask)
                self._part.replace(self._target)
        except OSError as problem:
            raise unwritten(self._path, problem) from None
        finally:
            self._part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise unwritten(self._path, error) from None
