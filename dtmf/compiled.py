"""Functions that are compiled to machine code when they are first called.

Code that looks at every sample is plain Python of loops over numbers, which Numba compiles. What it
compiled is kept beside the sources (or, where these are read-only, in the user's cache), so that this happens once
a machine and version: of several processes that need it at once one compiles, and the others wait for it.

With `NUMBA_DISABLE_JIT=1` in the environment nothing is compiled: the same functions run as Python, with the same
results and 500 times slower, so that a debugger, coverage and mutants see their lines.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

_Function = TypeVar("_Function", bound=Callable[..., Any])

_HERE = Path(__file__).parent

_KEPT = 3
"""Functions of this folder that are kept."""

_PLAIN = bool(cast("Any", numba.config).DISABLE_JIT)
"""Whether everything runs as Python."""


def runs_as_python() -> bool:
    """Tell whether nothing is compiled."""
    return _PLAIN


def compiled(function: _Function) -> _Function:
    """Compile a function; its sums are done in the order in which they are written."""
    return _made(function)


def summing(function: _Function) -> _Function:
    """Compile a function whose sums are of whole numbers below 2**53: they are exact, so in any order the same."""
    return _made(function, forceinline=True, fastmath={"reassoc", "contract"})


def kept(function: _Function) -> _Function:
    """Compile a function that Python calls, and keep what was compiled for the next time."""
    if _PLAIN:
        return _as_compiled(function)
    folder = _folder(Path(function.__code__.co_filename).parent)
    config: Any = numba.config
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder or "")
    try:
        made = _made(function, cache=folder is not None)
    finally:
        config.CACHE_DIR = before
    return made if folder is None else _compiled_once(made, function, folder)


def _compiled_once(made: _Function, function: _Function, folder: Path) -> _Function:
    """Return a function that lets one process compile it, and has those that come meanwhile wait and load it."""
    called = False

    @wraps(function)
    def once(*args: object) -> object:
        nonlocal called
        if called:
            return made(*args)
        if any(folder.rglob(f"*.{function.__name__}-*.nbi")):
            result = made(*args)
        else:
            with _alone(folder / "lock"):
                result = made(*args)
        called = True
        return result

    return cast("_Function", once)


def _as_compiled(function: _Function) -> _Function:
    """Return a function that as Python takes what it takes compiled: records have attributes, x / 0 is no error."""

    @wraps(function)
    def plain(*args: object) -> object:
        with np.errstate(all="ignore"):
            return function(*map(_with_attributes, args))

    return cast("_Function", plain)


def _with_attributes(given: object) -> object:
    """Return an array of records as a view whose rows have their fields as attributes; anything else as it is."""
    if isinstance(given, np.ndarray) and given.dtype.names is not None:
        return given.view(np.recarray)
    return given


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other processes out while this lasts, where the system can: Windows and some network disks cannot."""
    with ExitStack() as held:
        with suppress(ImportError, OSError):
            import fcntl

            fcntl.flock(held.enter_context(path.open("w")), fcntl.LOCK_EX)
        yield


def is_ready() -> bool:
    """Tell whether what has to be compiled is there from before: if not, the first call takes half a minute.

    Where everything runs as Python, nothing has to.
    """
    return is_kept(_HERE, _KEPT)


def is_kept(home: Path, count: int) -> bool:
    """Tell whether so many functions of a folder of sources are kept, or nothing has to be compiled."""
    if _PLAIN:
        return True
    folder = _folder(home)
    return folder is not None and len(list(folder.rglob("*.nbi"))) >= count


def _made(function: _Function, **options: object) -> _Function:
    njit: Any = numba.njit
    return cast("_Function", njit(error_model="numpy", nogil=True, **options)(function))


@cache
def _folder(home: Path = _HERE) -> Path | None:
    """Return where to keep what is compiled from the sources of a folder; None if nothing can be written.

    Numba looks at the file of a function for changes, not at the files of the functions that it calls: so a
    function may call those of its own folder and of this one.
    """
    sources = hashlib.sha256()
    for path in sorted({*home.glob("*.py"), *_HERE.glob("*.py")}):
        sources.update(path.read_bytes())
    name = f"compiled-{sources.hexdigest()[:16]}"
    caches = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    for base in (home / "__pycache__", Path(caches) / "dtmf"):
        try:
            (base / name).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(base / name, os.W_OK):
            return base / name
    return None
