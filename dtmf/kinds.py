"""Of what kind the arguments of a function are that is compiled: it is compiled for one."""

from typing import Any

import numpy as np

Kind = tuple[object, ...]
"""What arguments are: of arrays their dtype and dimensions, of numbers a letter, of named tuples those inside."""

_NUMBERS: dict[type, str] = {bool: "?", np.bool_: "?", int: "q", np.int64: "q", float: "d", np.float64: "d"}


def kind_of(args: tuple[object, ...]) -> Kind:
    """Return what arguments are, as a key."""
    return tuple([(each.dtype, each.ndim, each.flags.c_contiguous, each.flags.writeable)
                  if isinstance(each, np.ndarray) else
                  (type(each), kind_of(each)) if isinstance(each, tuple) else
                  _NUMBERS.get(type(each), type(each)) for each in args])  # fmt: skip


def letters(kind: Kind) -> str:
    """Return what a compiled function takes for such arguments, a letter for eight bytes.

    An array is where it is, how long, and its shape and strides.
    """
    told = ""
    for each in kind:
        if not isinstance(each, tuple):
            told += str(each)
        elif isinstance(each[0], np.dtype):
            told += "ppqqp" + 2 * each[1] * "q"
        else:
            told += letters(each[1])
    return told


def flat(args: tuple[Any, ...]) -> list[Any]:
    """Return the values for these letters."""
    values: list[Any] = []
    for each in args:
        if isinstance(each, np.ndarray):
            values += (0, 0, each.size, each.itemsize, each.ctypes.data, *each.shape, *each.strides)
        elif isinstance(each, tuple):
            values += flat(each)
        else:
            values.append(each)
    return values


def in_words(kind: Kind) -> str:
    """Return a kind as text."""
    words = []
    for each in kind:
        if not isinstance(each, tuple):
            words.append(str(each))
        elif isinstance(each[0], np.dtype):
            words.append(f"{each[0].descr} {each[0].itemsize} {each[1:]}")
        else:
            words.append(f"{each[0]} ({in_words(each[1])})")
    return ", ".join(words)
