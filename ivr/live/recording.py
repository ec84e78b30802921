"""What was heard, written while it is heard."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import soundfile

from dtmf.audiofile import audio_file, format_of, replacing, unwritten
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
    with replacing(path) as part, audio_file(part, path) as kept, \
            soundfile.SoundFile(kept, "w", RATE, 1, format=form) as file:
        def write(frame: Frame) -> None:
            file.write(frame)
            if kept.error is not None:
                raise unwritten(path, kept.error)

        yield write
