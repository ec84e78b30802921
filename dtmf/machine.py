"""Machine code that Numba made once, run without Numba: its import alone costs more than most recordings do.

It is loaded by llvmlite and called as Numba calls it. `python -m dtmf.machine` is the process that tries what is to
be kept (`dtmf.jit`).
"""

import ctypes
import pickle
import sys
from typing import Any

from dtmf.beside import PACKED, target
from dtmf.kinds import Kind, flat, kind_of, letters
from dtmf.objectcode import Code

_RETURNED, _NOTHING = 0, -2
"""What a function of Numba's gives back where nothing went wrong."""


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

        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target())
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

    def _put(self, at: int, each: object, kind: object) -> None:
        if kind == "q" and type(each) is int:
            self.whole[at] = each
            return
        if kind_of((each,)) != (kind,):
            raise UnlikeError
        for i, (letter, value) in enumerate(zip(letters((kind,)), flat((each,)), strict=True)):
            if letter == "d":
                self._floats[at + i] = value
            else:
                self.whole[at + i] = value


def _try() -> None:
    """Run code with the arguments on standard input; tell what it returned, and what became of them."""
    code, given = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    args = pickle.loads(given)  # noqa: S301
    result = Loaded(Code(*code), kind_of(args))(args)
    sys.stdout.buffer.write(pickle.dumps((result, args)))


if __name__ == "__main__":
    _try()
