"""What was heard, written while it is heard."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import soundfile

from dtmf.audiofile import format_of, replacing
from dtmf.errors import NoRoom
from ivr.clock import RATE
from ivr.engine.ports import Frame


@contextmanager
def recording(path: Path) -> Iterator[Callable[[Frame], None]]:
    """Give what takes frames; the file is in its place, whole, when the context ends.

    Raises
    ------
    dtmf.AudioError
        If the file cannot be written, or its name tells no format; `dtmf.errors.NoRoom` if the disk is full.
    """
    form = format_of(path)
    with replacing(path) as part, _told(path), \
            soundfile.SoundFile(os.fsencode(part), "w", RATE, 1, format=form) as file:
        def write(frame: Frame) -> None:
            with _told(path):
                file.write(frame)

        yield write


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except soundfile.LibsndfileError as error:
        raise NoRoom(f"{path} cannot be written any further ({error}): is the disk full?", value=path) from None
