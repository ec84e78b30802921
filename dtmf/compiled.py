"""Functions that are compiled to machine code when they are first called.

Code that looks at every sample is plain Python of loops over numbers, which Numba compiles. What it
compiled is kept beside the sources (or, where these are read-only, in the user's cache), so that this happens once
a machine and version: of several processes that need it at once one compiles, and the others wait for it. Later
ones load the machine code alone (`dtmf.machine`); Numba is imported where there is none that fits (`dtmf.jit`).

With `NUMBA_DISABLE_JIT=1` in the environment nothing is compiled: the same functions run as Python, with the same
results and 500 times slower, so that a debugger, coverage and mutants see their lines.
"""

import os
from collections.abc import Callable
from functools import cache, wraps
from importlib.util import source_hash
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from dtmf import objectcode
from dtmf.kinds import Kind, kind_of
from dtmf.machine import Loaded, UnlikeError

_Function = TypeVar("_Function", bound=Callable[..., Any])

_HERE = Path(__file__).parent

_KEPT = 3
"""Functions of this folder that are kept."""

_LATER: dict[Callable[..., Any], tuple[Callable[..., Any], dict[str, object]]] = {}
"""Functions by what stands for each of them, and how it is compiled."""

_PLAIN = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
"""Whether everything runs as Python."""


def runs_as_python() -> bool:
    """Tell whether nothing is compiled."""
    return _PLAIN


def compiled(function: _Function) -> _Function:
    """Compile a function; its sums are done in the order in which they are written."""
    # said, or it were taken from who calls it
    return _later(function, forceinline=False)


def summing(function: _Function) -> _Function:
    """Compile a function whose sums are of whole numbers below 2**53: they are exact, so in any order the same."""
    return _later(function, forceinline=True, fastmath={"reassoc", "contract"})


def inlined(function: _Function) -> _Function:
    """Compile a function into those that call it: what every window goes through must not be called."""
    return _later(function, forceinline=True)


def kept(function: _Function) -> _Function:
    """Compile a function that Python calls, and keep what was compiled for the next time."""
    return _as_compiled(function) if _PLAIN else cast("_Function", _Kept(function))


def _later(function: _Function, **options: object) -> _Function:
    """Return what stands for a function until it has to be compiled."""
    if _PLAIN:
        return function

    @wraps(function)
    def later(*args: object) -> object:
        from dtmf import jit

        return jit.made(later, _LATER)(*args)

    _LATER[later] = function, options
    return cast("_Function", later)


class _Kept:
    """A function that Python calls: by the machine code that is kept for such arguments, or else by Numba."""

    def __init__(self, function: Callable[..., Any]) -> None:
        wraps(function)(self)
        self._function = function
        self._way: Callable[[tuple[Any, ...]], Any] | None = None
        self._loaded: list[Loaded] = []

    def __call__(self, *args: object) -> object:
        if self._way is not None:
            try:
                return self._way(args)
            except UnlikeError:
                pass
        self._way = self._found(kind_of(args))
        return self._way(args)

    def _found(self, kind: Kind) -> Callable[[tuple[Any, ...]], Any]:
        for loaded in self._loaded:
            if loaded.takes(kind):
                return loaded
        where = folder(Path(self._function.__code__.co_filename).parent)
        if where is not None and objectcode.supported():
            code = objectcode.read(objectcode.place(where, self._function.__name__, kind))
            if code is not None:
                self._loaded.append(Loaded(code, kind))
                return self._loaded[-1]
        from dtmf import jit

        return jit.kept(self._function, _LATER, where)


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


def is_ready() -> bool:
    """Tell whether what has to be compiled is there from before: if not, the first call takes half a minute.

    Where everything runs as Python, nothing has to.
    """
    return is_kept(_HERE, _KEPT)


def is_kept(home: Path, count: int) -> bool:
    """Tell whether so many functions of a folder of sources are kept, or nothing has to be compiled."""
    if _PLAIN:
        return True
    where = folder(home)
    return where is not None and len(list(where.rglob("*.nbi"))) >= count


@cache
def folder(home: Path = _HERE) -> Path | None:
    """Return where to keep what is compiled from the sources of a folder; None if nothing can be written.

    Numba looks at the file of a function for changes, not at the files of the functions that it calls: so a
    function may call those of its own folder and of this one.
    """
    sources = b"\0".join(path.read_bytes() for path in sorted({*home.glob("*.py"), *_HERE.glob("*.py")}))
    name = f"compiled-{source_hash(sources).hex()}"  # hashlib would cost 3 MB
    caches = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    for base in (home / "__pycache__", Path(caches) / "dtmf"):
        try:
            base.mkdir(parents=True, exist_ok=True)
            (base / name).mkdir(mode=0o700, exist_ok=True)
        except OSError:
            continue
        if os.access(base / name, os.W_OK) and objectcode.trusted(base / name):
            return base / name
    return None
