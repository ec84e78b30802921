"""The way of a compiled function where no machine code of it is kept: by Numba, which only this file imports.

Functions are compiled together with those they call, so until then something stands for each (`dtmf.compiled`),
wherever it was imported. What was compiled is tried by a process of its own before it is kept for the next one.
"""

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FunctionType
from typing import Any, TypeAlias, cast

import numba

from dtmf import objectcode
from dtmf.beside import beside
from dtmf.kinds import Kind, kind_of

Dispatcher: TypeAlias = Any
"""What Numba makes of a function."""

Later: TypeAlias = dict[Callable[..., Any], tuple[Callable[..., Any], dict[str, object]]]
"""Functions by what stands for each of them, and how it is compiled."""

_MADE: dict[object, Dispatcher] = {}
"""What was made, by what stood for it."""


def made(later: Callable[..., object], all_later: Later) -> Callable[..., object]:
    """Return a function that something stood for, compiled; from now on all others are too."""
    _replace(all_later)
    return cast("Callable[..., object]", _MADE[later])


def _numba(function: Callable[..., object], **options: object) -> Dispatcher:
    njit: Dispatcher = numba.njit
    return njit(error_model="numpy", nogil=True, **options)(function)


def _replace(all_later: Later) -> None:
    """Put what Numba can compile wherever something stands for it: it looks for functions by their names."""
    for later, (function, options) in all_later.items():
        if later not in _MADE:
            _MADE[later] = _numba(function, **options)
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", {})
        for name, value in list(names.items()):
            if isinstance(value, FunctionType) and value in _MADE:
                names[name] = _MADE[value]


def kept(function: Callable[..., object], all_later: Later,
         folder: Path | None) -> Callable[[tuple[Any, ...]], object]:  # fmt: skip
    """Return a function that runs one by Numba, any arguments in a tuple, and keeps what is compiled for the first.

    Parameters
    ----------
    function
    all_later
        What stands for functions that it may call.
    folder : Path, optional
        Where to keep it.
    """
    _replace(all_later)
    if folder is None:
        made = _numba(function)
        return lambda args: made(*args)
    config: Any = numba.config
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
    try:
        made = _numba(function, cache=True)
    finally:
        config.CACHE_DIR = before
    called = False

    def once(args: tuple[Any, ...]) -> object:
        nonlocal called
        if called:
            return made(*args)
        called = True
        name, kind, given = function.__name__, kind_of(args), pickle.dumps(args)
        # those that come meanwhile wait, and load what this one has compiled
        with _alone(folder / "lock", needed=not any(folder.rglob(f"*.{name}-*.nbi"))):
            result = made(*args)
        if objectcode.supported():
            with suppress(Exception):  # nobody promises what Numba is like inside: without it all goes on as here
                _keep(made, objectcode.place(folder, name, kind), kind, given, (result, args))
        return result

    return once


@contextmanager
def _alone(path: Path, *, needed: bool) -> Iterator[None]:
    """Keep other processes out while this lasts, where the system can: Windows and some network disks cannot."""
    with ExitStack() as held:
        if needed:
            with suppress(ImportError, OSError):
                import fcntl

                fcntl.flock(held.enter_context(path.open("w")), fcntl.LOCK_EX)
        yield


def _keep(made: Dispatcher, path: Path, kind: Kind, given: bytes, came: tuple[object, tuple[Any, ...]]) -> None:
    """Keep the machine code of a function that was called, if another process does the same with it to the byte."""
    if path.exists() or not isinstance(came[0], int | None):
        return
    store, (signature,) = made._cache, made.overloads
    stored = store._cache_file.load(store._index_key(signature, made.targetctx.codegen()))
    (_, form, (code, _)), description = stored[:2]
    if form != "object":
        return
    symbol = description.llvm_func_name
    trial = objectcode.Code(symbol, came[0] is not None, code, beside(symbol, kind))
    tried = subprocess.run([sys.executable, "-m", "dtmf.machine"], input=pickle.dumps((tuple(trial), given)),
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
                           cwd=Path(__file__).parents[1])  # fmt: skip
    if tried.stdout == pickle.dumps(came):
        objectcode.write(path, trial)
