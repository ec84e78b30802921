"""Where machine code is kept that Numba made once: a file for each function and kind of arguments.

It is for this kind of processor, by these versions, of these sources (`dtmf.compiled.folder`). Whoever can write
what is loaded decides what runs, so a file or folder that others can write is left alone.
"""

import os
import platform
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec, source_hash
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dtmf.kinds import Kind, in_words


class Code(NamedTuple):
    """A function's object code, and what goes with it (`dtmf.beside`).

    `symbol` is its name in there; `returns` whether it returns a whole number.
    """

    symbol: str
    returns: bool
    code: bytes
    beside: bytes


@cache
def supported() -> bool:
    """Tell whether code is kept on this system at all: where it was tried."""
    return sys.platform == "linux" and sys.byteorder == "little" and sys.maxsize > 1 << 32


@cache
def _here() -> str:
    """Return what code depends on beside its sources."""
    import llvmlite
    import llvmlite.binding as llvm

    return " ".join([platform.machine(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten(),
                     sys.implementation.cache_tag, np.__version__, llvmlite.__version__, *_numba()])  # fmt: skip


def _numba() -> Iterator[str]:
    """Yield what tells one version of Numba from another, which is not imported for that."""
    found = find_spec("numba")
    for folder in (found and found.submodule_search_locations) or ():
        yield (Path(folder) / "_version.py").read_text(encoding="utf-8")


def place(folder: Path, name: str, kind: Kind) -> Path:
    """Return the file of a function's code for such arguments."""
    return folder / f"{name}-{source_hash(f'{_here()} {in_words(kind)}'.encode()).hex()}.code"


def trusted(path: Path) -> bool:
    """Tell whether nobody but this user, or root, can have written a file or what is in a folder."""
    try:
        found = path.stat()
    except OSError:
        return False
    return not hasattr(os, "geteuid") or (found.st_uid in (0, os.geteuid()) and not found.st_mode & 0o022)


def write(path: Path, code: Code) -> None:
    """Keep code, whole or not at all."""
    part = path.with_suffix(f".{os.getpid()}")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            both = code.code + code.beside
            head = f"{code.symbol} {code.returns:d} {len(code.code)} {source_hash(both).hex()}\n"
            file.write(head.encode() + both)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read(path: Path) -> Code | None:
    """Return the code that is kept there; None if there is none that may be loaded, or not the whole of it."""
    if not (trusted(path.parent) and trusted(path)):
        return None
    with path.open("rb") as file:
        symbol, returns, size, whole = file.readline().decode().split()
        both = file.read()
    if source_hash(both).hex() != whole:
        return None
    return Code(symbol, returns == "1", both[: int(size)], both[int(size) :])
