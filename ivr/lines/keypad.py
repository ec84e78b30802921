"""A scripted caller: keys pressed at given moments, as the real tones that a keypad makes."""

from collections.abc import Iterable

import numpy as np

import dtmf
from ivr.clock import RATE, samples
from ivr.lines.memory import MemoryLine


class KeypadLine(MemoryLine):
    """A caller who presses keys on a timetable and says nothing else.

    Parameters
    ----------
    caller : str
        Who calls.
    presses : iterable of (float, str)
        Seconds from dialling, and the keys pressed from then on, 100 ms each with pauses of 100 ms.
    dials_at, hangs_up_after
        As for `MemoryLine`.
    """

    def __init__(self, caller: str, presses: Iterable[tuple[float, str]], *, dials_at: int = 0,
                 hangs_up_after: int | None = None) -> None:
        parts = [(samples(at), dtmf.encode(keys, RATE)) for at, keys in presses]
        says = np.zeros(max((at + len(keys) for at, keys in parts), default=0), np.int16)
        for at, keys in parts:
            says[at:at + len(keys)] = keys
        super().__init__(caller, says, dials_at=dials_at, hangs_up_after=hangs_up_after)
