"""The way of a compiled function where no machine code of it is kept: by Numba, which is imported here and only here.

Its functions are compiled as a whole, so until then something stands for each of them (`dtmf.compiled`), wherever it
was imported; what the processor then runs is tried by a process of its own before it is kept for the next one.
"""

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FunctionType
from typing import Any

import numba

from dtmf import machine
from dtmf.compiled import LATER


def made(later: Any) -> Callable[..., Any]:
    """Return a function that stood for one, compiled; so are all others from now on."""
    _replace()
    return _dispatcher(later)


_MADE: dict[object, Any] = {}


def _dispatcher(later: Any) -> Any:
    if later not in _MADE:
        function, options = LATER[later]
        _MADE[later] = _numba(function, **options)
    return _MADE[later]


def _numba(function: Callable[..., Any], **options: object) -> Any:
    njit: Any = numba.njit
    return njit(error_model="numpy", nogil=True, **options)(function)


def _replace() -> None:
    """Put functions for Numba wherever there is what stands for them: it looks for them by their names."""
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", {})
        for name, value in list(names.items()):
            if isinstance(value, FunctionType) and value in LATER:
                names[name] = _dispatcher(value)


def kept(function: Callable[..., Any], folder: Path | None) -> Callable[[tuple[Any, ...]], Any]:
    """Return a function that runs one by Numba, any arguments in a tuple, and keeps what is compiled for the first.

    Parameters
    ----------
    function
    folder : Path, optional
        Where to keep it.
    """
    _replace()
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

    def once(args: tuple[Any, ...]) -> Any:
        nonlocal called
        if called:
            return made(*args)
        called = True
        name = function.__name__
        kind, given = machine.kind_of(args), pickle.dumps(args)
        # those that come meanwhile wait, and load what this one has compiled
        with _alone(folder / "lock", needed=not any(folder.rglob(f"*.{name}-*.nbi"))):
            result = made(*args)
        if machine.supported():
            with suppress(Exception):  # of Numba's insides nothing is promised; without it all goes on as here
                _keep(made, machine.place(folder, name, kind), kind, given, (result, args))
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


def _keep(made: Any, path: Path, kind: machine.Kind, given: bytes, came: tuple[Any, tuple[Any, ...]]) -> None:
    """Keep the machine code of a function that was called, if another process does the same with it to the byte."""
    if path.exists():
        return
    store, (signature,) = made._cache, made.overloads
    (_, form, (code, _)), description = store._cache_file.load(
        store._index_key(signature, made.targetctx.codegen()))[:2]
    if form != "object":
        return
    trial = machine.Code(description.llvm_func_name, came[0] is not None, code,
                          machine.beside(description.llvm_func_name, kind))
    told = pickle.dumps((tuple(trial), given))
    tried = subprocess.run([sys.executable, "-m", "dtmf.machine"], input=told, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, check=True, cwd=Path(__file__).parents[1])  # fmt: skip
    if tried.stdout == pickle.dumps(came):
        machine.write(path, trial)
