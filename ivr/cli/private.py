"""Files that nobody else may read."""

import os
from pathlib import Path

from ivr.cli.faults import UsageError


def private_text(path: Path, why: str) -> str:
    """Return what is in a file that nobody else can read.

    Parameters
    ----------
    why : str
        Why nobody may, as the middle of a sentence.

    Raises
    ------
    UsageError
        If it cannot be read, or others can.
    """
    try:
        if os.name == "posix" and not path.is_dir() and path.stat().st_mode & 0o077:
            raise UsageError(f"{path} can be read by others, {why}: chmod 600 {path}")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}") from None
