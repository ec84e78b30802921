"""What can be filled into a prompt, and how each kind of value is taken apart."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
Named = str | Samples
"""A name: text, a telephone number, or a recording (int16 array [shape=(n,)])."""
Value = str | int | Samples | Sequence[Named]
"""What a slot may hold."""


class SlotKind(Enum):
    """How a slot's value is said."""

    DIGITS = "digits, said one by one"
    NUMBER = "a whole number from 0 to 999"
    KEYS = "keys of a telephone"
    NAME = "a name: text, a telephone number or a recording"
    NAMES = "names, one or several"


KINDS: Mapping[str, SlotKind] = MappingProxyType({
    "conference_id": SlotKind.DIGITS,
    "digits": SlotKind.DIGITS,
    "count": SlotKind.NUMBER,
    "seconds": SlotKind.NUMBER,
    "minutes": SlotKind.NUMBER,
    "hours": SlotKind.NUMBER,
    "key": SlotKind.KEYS,
    "keys": SlotKind.KEYS,
    "name": SlotKind.NAME,
    "moment": SlotKind.NAME,
    "names": SlotKind.NAMES,
})
"""Every slot that a catalogue may use, the same in all languages."""

FORMS: Mapping[str, int] = MappingProxyType({"zero": 0, "one": 1, "two": 2})
"""Forms of a prompt for one number each; `other` is for the rest."""

MOST = 999

_PHONE = re.compile(r"\+?[0-9]{3,}")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean X?" with the known name nearest to `name`, or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"; did you mean {near[0]!r}?" if near else ""


def is_phone(name: str) -> bool:
    """Return whether a name is a telephone number, which is said digit by digit."""
    return _PHONE.fullmatch(name) is not None


def wrong(kind: SlotKind, value: Value) -> str:
    """Return what is wrong with a slot's value, as the end of a sentence; empty if nothing is."""
    match kind:
        case SlotKind.DIGITS:
            good = isinstance(value, str) and value.isascii() and value.isdigit()
            return "" if good else "takes digits only"
        case SlotKind.KEYS:
            good = isinstance(value, str) and value != "" and not set(value) - set("0123456789*#")
            return "" if good else "takes keys only: 0 to 9, * and #"
        case SlotKind.NUMBER:
            good = isinstance(value, int | str) and str(value).isascii() and str(value).isdigit()
            return "" if good and int(str(value)) <= MOST else f"takes a whole number from 0 to {MOST}"
        case SlotKind.NAME:
            return "" if _is_name(value) else "takes a name, a telephone number or a recording (int16, one channel)"
        case SlotKind.NAMES:
            names = several(value)
            return "" if names and all(map(_is_name, names)) else "takes a list of names, one at least"


def _is_name(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype == np.int16 and value.ndim == 1 and value.size > 0
    return isinstance(value, str) and any(character.isalnum() for character in value)


def several(value: Value) -> list[Named]:
    """Return the names of a list; none if the value is no list."""
    return [] if isinstance(value, str | int | np.ndarray) else list(value)


def amount(kind: SlotKind, value: Value) -> int | None:
    """Return the number that decides a prompt's form: a number itself, or how many names there are."""
    if kind is SlotKind.NUMBER:
        return int(str(value))
    return len(several(value)) if kind is SlotKind.NAMES else None
