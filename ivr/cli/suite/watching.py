"""Plays again whenever a file changes, until Ctrl-C."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ivr.cli.saying import OK, complain, remark

_EVERY_S = 0.5

_OURS = (".journal",)
"""What a run writes itself."""


def watched(play: Callable[[], int], changed: Iterable[str]) -> int:
    """Play, and again whenever something has changed; return the exit code of the last time.

    Parameters
    ----------
    changed : iterable of str
        Names of files, each as it changes.
    """
    code = OK
    try:
        code = _once(play)
        for name in changed:
            remark(f"{name} has changed")
            code = _once(play)
    except KeyboardInterrupt:
        return code
    return code


def _once(play: Callable[[], int]) -> int:
    """Play; what is wrong with the files is told, and waited for."""
    try:
        return play()
    except Exception as error:
        code = getattr(error, "exit_code", None)
        if not isinstance(code, int):
            raise
        return complain(str(error), code)


def changes(paths: Iterable[Path], written: Iterable[Path | None]) -> Iterator[str]:
    """Give the name of a file whenever one has changed, of those in the folders of what is named.

    Parameters
    ----------
    written : iterable of Path or None
        Files and folders that the run writes itself.
    """
    folders = sorted({path if path.is_dir() else path.parent for path in paths})
    own = frozenset(path.resolve() for path in written if path is not None)
    before = seen(folders, own)
    while True:
        time.sleep(_EVERY_S)
        now = seen(folders, own)
        if differing := sorted(str(path) for path, _ in now.items() ^ before.items()):
            yield differing[0]
            now = seen(folders, own)
        before = now


def seen(folders: Iterable[Path], own: frozenset[Path] = frozenset()) -> dict[Path, tuple[int, int]]:
    """Return when each file there was changed, and its size; hidden ones and those that a run writes left out."""
    found = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix in _OURS or any(part.startswith(".") for part in path.relative_to(folder).parts) or (
                    own and own & {path.resolve(), *path.resolve().parents}):
                continue
            try:
                if path.is_file():
                    found[path] = (path.stat().st_mtime_ns, path.stat().st_size)
            except OSError:
                continue  # it has gone meanwhile
    return found
