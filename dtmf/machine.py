"""Machine code that Numba made once, run without Numba: its import alone costs more than most recordings do.

What is kept is the object code of one function for one kind of arguments, on this kind of processor, by these
versions, of these sources (`dtmf.compiled`). It is loaded by llvmlite and called as Numba calls it. Whoever can
write what is loaded decides what runs, so a file or folder that others can write is left alone.
"""

import ctypes
import os
import pickle
import platform
import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec, source_hash
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Kind = tuple[object, ...]
"""What arguments are: of arrays their dtype and dimensions, of numbers their kind, of named tuples those inside."""

_NUMBERS: dict[type, str] = {bool: "?", np.bool_: "?", int: "q", np.int64: "q", float: "d", np.float64: "d"}
"""Letters for the numbers that are taken."""

_TYPES = {"?": "i8", "q": "i64", "d": "double", "p": "ptr"}
"""What LLVM calls them."""

PACKED = "packed"
"""The name of what calls a function with what `_Packed` holds."""

_RETURNED, _NOTHING = 0, -2
"""What a function of Numba's gives back where nothing went wrong."""

_BESIDE = """
declare ptr @malloc(i64)
declare void @free(ptr)
declare void @abort()

define ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %align) {
  %wide = zext i32 %align to i64
  %more = add i64 %size, %wide
  %all = add i64 %more, 48
  %whole = call ptr @malloc(i64 %all)
  %none = icmp eq ptr %whole, null
  br i1 %none, label %out, label %fill
fill:
  %at = ptrtoint ptr %whole to i64
  %after = add i64 %at, 48
  %over = urem i64 %after, %wide
  %lacks = sub i64 %wide, %over
  %data = add i64 %after, %lacks
  store i64 1, ptr %whole
  %dtor = getelementptr i64, ptr %whole, i64 1
  store i64 0, ptr %dtor
  %info = getelementptr i64, ptr %whole, i64 2
  store i64 0, ptr %info
  %where = getelementptr i64, ptr %whole, i64 3
  store i64 %data, ptr %where
  %long = getelementptr i64, ptr %whole, i64 4
  store i64 %size, ptr %long
  %allocator = getelementptr i64, ptr %whole, i64 5
  store i64 0, ptr %allocator
  br label %out
out:
  ret ptr %whole
}

define void @NRT_MemInfo_call_dtor(ptr %whole) {
  call void @free(ptr %whole)
  ret void
}

define void @NRT_Free(ptr %whole) {
  call void @free(ptr %whole)
  ret void
}
""" + "".join(
    f"define void @{name}() {{ call void @abort() unreachable }}\n"
    for name in ("NRT_adapt_ndarray_from_python", "numba_do_raise", "numba_gil_ensure", "numba_gil_release",
                 "numba_runtime_build_excinfo_struct", "numba_unpickle")
)
"""What the code calls and only Numba has: scratch arrays, and what serves Python objects, of which there are none."""


class Code(NamedTuple):
    """A function's object code, its name in there, whether it returns a whole number, and the code it needs beside."""

    symbol: str
    returns: bool
    code: bytes
    beside: bytes


def kind_of(args: tuple[object, ...]) -> Kind:
    """Return what arguments are, as a key."""
    return tuple([(each.dtype, each.ndim, each.flags.c_contiguous, each.flags.writeable)
                  if isinstance(each, np.ndarray) else
                  (type(each), kind_of(each)) if isinstance(each, tuple) else
                  _NUMBERS.get(type(each), type(each)) for each in args])  # fmt: skip


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
    return folder / f"{name}-{source_hash(f'{_here()} {_in_words(kind)}'.encode()).hex()}.code"


def _in_words(kind: Kind) -> str:
    words = []
    for each in kind:
        if not isinstance(each, tuple):
            words.append(str(each))
        elif isinstance(each[0], np.dtype):
            words.append(f"{each[0].descr} {each[0].itemsize} {each[1:]}")
        else:
            words.append(f"{each[0]} ({_in_words(each[1])})")
    return ", ".join(words)


def trusted(path: Path) -> bool:
    """Tell whether nobody but this user, or root, can have written a file or what is in a folder."""
    try:
        found = path.stat()
    except OSError:
        return False
    return found.st_uid in (0, os.geteuid()) and not found.st_mode & 0o022


def write(path: Path, code: Code) -> None:
    """Keep code, whole or not at all."""
    part = path.with_suffix(f".{os.getpid()}")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(f"{code.symbol} {code.returns:d} {len(code.code)}\n".encode() + code.code + code.beside)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read(path: Path) -> Code | None:
    """Return the code that is kept there; None if there is none that may be loaded."""
    if not (trusted(path.parent) and trusted(path)):
        return None
    with path.open("rb") as file:
        symbol, returns, size = file.readline().decode().split()
        return Code(symbol, returns == "1", file.read(int(size)), file.read())


def beside(symbol: str, kind: Kind) -> bytes:
    """Make the code that calls a function with its arguments from memory, and of what that calls and only Numba has."""
    import llvmlite.binding as llvm

    types = ["ptr", *(_TYPES[letter] for letter in letters(kind))]
    lines, given = [], ["ptr %at"]
    for i, each in enumerate(types, 1):
        lines.append(f"%place{i} = getelementptr i64, ptr %at, i64 {i}")
        # what went wrong is written there, all else is read
        lines.append(f"%value{i} = load {each}, ptr %place{i}" if i > 1 else "")
        given.append(f"{each} %{'value' if i > 1 else 'place'}{i}")
    text = [_BESIDE, f'declare i32 @"{symbol}"({", ".join(["ptr", *types])})', f"define i32 @{PACKED}(ptr %at) {{",
            *lines, f'%status = call i32 @"{symbol}"({", ".join(given)})', "ret i32 %status", "}"]  # fmt: skip
    machine: Any = _target()
    made: bytes = machine.emit_object(llvm.parse_assembly("\n".join(text)))
    return made


def _target() -> object:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine()


class Loaded:
    """A function that runs code; arguments are given as a tuple.

    Parameters
    ----------
    code : Code
    kind : Kind
        Of the arguments.
    """

    def __init__(self, code: Code, kind: Kind) -> None:
        import llvmlite.binding as llvm

        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target())
        for part in (code.beside, code.code):
            file = llvm.ObjectFileRef.from_data(part)
            self._engine.add_object_file(file)
            file.detach()  # it is the engine's, which llvmlite does not know: freed twice, the process would crash
        self._engine.finalize_object()
        self._run = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(self._engine.get_function_address(PACKED))
        self._kind, self._symbol, self._returns = kind, code.symbol, code.returns
        self._idle: list[_Packed] = []
        """As many as there were threads in it at once."""

    def takes(self, kind: Kind) -> bool:
        """Tell whether arguments of a kind are what it takes."""
        return kind == self._kind

    def __call__(self, args: tuple[Any, ...]) -> int | None:
        """Run it; raise `UnlikeError` without having done anything if the arguments are of another kind."""
        try:
            packed = self._idle.pop()
        except IndexError:
            packed = _Packed(self._kind)
        packed.fill(args)
        status = self._run(packed.address)
        result = packed.whole[0]
        self._idle.append(packed)
        if status not in (_RETURNED, _NOTHING):
            raise RuntimeError(f"{self._symbol} ended with {status}")
        return result if self._returns else None


class UnlikeError(TypeError):
    """Arguments are of another kind than those that a function was compiled for."""


class _Packed:
    """What a function is given, eight bytes each: first where it puts its result, and what went wrong."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._given: list[object] = [None] * len(kind)
        self._places, size = [], 2
        for each in kind:
            self._places.append(size)
            size += len(letters((each,)))
        memory = (ctypes.c_int64 * size)()
        self.address = ctypes.addressof(memory)
        self.whole = memoryview(memory).cast("B").cast("q")
        self._floats = memoryview(memory).cast("B").cast("d")

    def fill(self, args: tuple[Any, ...]) -> None:
        """Put arguments in; most are those of the time before."""
        if len(args) != len(self._kind):
            raise UnlikeError
        given = self._given
        for i, each in enumerate(args):
            if each is not given[i]:
                given[i] = None
                self._put(self._places[i], each, self._kind[i])
                given[i] = each

    def _put(self, at: int, each: Any, kind: Any) -> None:
        if kind == "q" and type(each) is int:
            self.whole[at] = each
            return
        if kind_of((each,)) != (kind,):
            raise UnlikeError
        for i, (letter, value) in enumerate(zip(letters((kind,)), _flat((each,)), strict=True)):
            if letter == "d":
                self._floats[at + i] = value
            else:
                self.whole[at + i] = value


def letters(kind: Kind) -> str:
    """Return what a function of Numba's takes for such arguments, a letter each; an array is where it is, and its
    size."""
    told = ""
    for each in kind:
        if not isinstance(each, tuple):
            told += str(each)
        elif isinstance(each[0], np.dtype):
            told += "ppqqp" + 2 * each[1] * "q"
        else:
            told += letters(each[1])
    return told


def _flat(args: tuple[Any, ...]) -> list[Any]:
    values: list[Any] = []
    for each in args:
        if isinstance(each, np.ndarray):
            values += (0, 0, each.size, each.itemsize, each.ctypes.data, *each.shape, *each.strides)
        elif isinstance(each, tuple):
            values += _flat(each)
        else:
            values.append(each)
    return values


def _try() -> None:
    """Run code with the arguments on standard input; tell what it returned, and what became of them."""
    code, given = pickle.load(sys.stdin.buffer)
    args = pickle.loads(given)
    result = Loaded(Code(*code), kind_of(args))(args)
    sys.stdout.buffer.write(pickle.dumps((result, args)))


if __name__ == "__main__":
    _try()
