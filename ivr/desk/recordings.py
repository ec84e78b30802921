"""Recordings as files beside the database: each is written whole or not at all, and is there when that is said."""

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.directory.errors import NotFound, Unusable
from ivr.directory.recordings import wav_of

_WHILE_S = 3600
"""How long a recording may lack its row: whoever writes it may be about to."""


class FolderRecordings:
    """A folder of WAV files, which nobody else may read.

    Parameters
    ----------
    folder : Path
        Made with the first recording.
    clock : callable
        Returns the moment: seconds since 1970, UTC.
    """

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        self._folder, self._clock = folder, clock

    def keep(self, name: str, samples: NDArray[np.int16]) -> None:
        """Keep a recording: it is on the disk, under its name, when this returns."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, part = tempfile.mkstemp(prefix=f".{name}.", dir=self._folder)  # its mode is 0600
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(wav_of(samples))
                    file.flush()
                    os.fsync(file.fileno())
                Path(part).replace(self.path(name))
            except BaseException:
                Path(part).unlink(missing_ok=True)
                raise
            _sync(self._folder)
        except OSError as error:
            raise Unusable(f"the folder of recordings {self._folder} cannot be written ({error.strerror}): see "
                           "that its disk has room") from None

    def read(self, name: str) -> NDArray[np.int16]:
        """Return a recording."""
        path = self.path(name)
        if not path.exists():
            raise NotFound(f"the recording {path} is there no more")
        return read(path)

    def drop(self, name: str) -> None:
        """Keep it no longer."""
        self.path(name).unlink(missing_ok=True)

    def names(self) -> Iterable[str]:
        """Give the names of recordings that have been there for a while, and take away what was never whole."""
        if not self._folder.is_dir():
            return
        old = self._clock() - _WHILE_S
        for path in sorted(self._folder.iterdir()):
            if path.stat().st_mtime > old:
                continue
            if path.name.startswith("."):
                path.unlink(missing_ok=True)
            elif path.suffix == ".wav":
                yield path.stem

    def path(self, name: str) -> Path:
        """Return the file of a recording."""
        return self._folder / f"{name}.wav"


def read(path: Path) -> NDArray[np.int16]:
    """Return a recording of any kind at our rate.

    Raises
    ------
    Unusable
        If it cannot be read.
    """
    from dtmf import AudioError
    from ivr.lines.wav import samples_of  # most that is done at a desk needs no audio

    try:
        return samples_of(path)
    except AudioError as error:
        raise Unusable(str(error)) from None


def _sync(folder: Path) -> None:
    """See to it that a name that has just come into a folder is on the disk; Windows does by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
