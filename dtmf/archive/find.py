"""Which files of a folder are audio."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from dtmf.pcm import ENDINGS
from dtmf.reader.heads import FORMATS

AUDIO = FORMATS | frozenset(ENDINGS) | {".raw", ".pcm"}
"""Endings that are looked for in folders, in small letters."""


def found(paths: Iterable[Path], failed: Callable[[str, str], None]) -> list[str]:
    """Return the files to decode, each once: those named, and the audio files within the folders named.

    Parameters
    ----------
    paths : iterable of Path
        Files, which are taken whatever their ending, and folders, which are searched to the bottom; links to
        folders are not followed, hidden files and folders left out.
    failed : callable
        Called with a folder and a sentence where it cannot be searched or holds no audio files.

    Returns
    -------
    list of str
        In the order of `paths`; within a folder in the order of their names, part by part.
    """
    files: dict[str, None] = {}
    for path in paths:
        if not path.is_dir():
            files[str(path)] = None
            continue
        failures: list[OSError] = []
        inside: list[Path] = []
        for folder, folders, names in os.walk(path, onerror=failures.append):
            folders[:] = [name for name in folders if not name.startswith(".")]
            wanted = (name for name in names if os.path.splitext(name)[1].lower() in AUDIO)  # noqa: PTH122
            there = [Path(folder, name) for name in wanted if not name.startswith(".")]
            # a pipe or a device is read where it is named; one that happens to lie here might never end
            inside += [file for file in there if file.is_file() or not file.exists()]
        for failure in failures:
            failed(str(failure.filename), f"{failure.filename} cannot be searched ({failure.strerror}).")
        if not inside and not failures:
            failed(str(path), f"{path} is a folder without audio files; name another, or name the files.")
        files |= dict.fromkeys(str(file) for file in sorted(inside, key=lambda file: file.parts))
    return list(files)
