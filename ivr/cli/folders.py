"""Folders that commands make: nothing stays of those that a command which failed has put nothing into."""

import contextlib
import os
from pathlib import Path

from dtmf.audiofile import unwritten
from dtmf.errors import NoRoom
from ivr.cli.faults import UsageError

_made: list[Path] = []


def folder(path: Path) -> Path:
    """Return a folder that can be written into, made if it is not there.

    Raises
    ------
    UsageError
        If it cannot be.
    dtmf.errors.NoRoom
        If the disk is full.
    """
    missing: list[Path] = []
    try:
        missing = [one for one in (path, *path.parents) if not one.exists()]
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if isinstance(full := unwritten(path, error), NoRoom):
            raise full from None
        raise UsageError(f"the folder {path} cannot be made ({error.strerror}): name another") from None
    finally:
        _made.extend(one for one in reversed(missing) if one.is_dir())
    if not os.access(path, os.W_OK | os.X_OK):
        raise UsageError(f"the folder {path} cannot be written: name another")
    return path


def settled(*, well: bool) -> None:
    """Be done with the folders that were made: if it did not go well, those go that nothing is in."""
    while _made:
        made = _made.pop()
        if not well:
            with contextlib.suppress(OSError):
                made.rmdir()
