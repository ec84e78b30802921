"""Callers for tests: keys pressed at given moments, as the real tones that a keypad makes."""

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
    more
        As for `MemoryLine`.
    """

    def __init__(self, caller, presses, **more):
        parts = [(samples(at), dtmf.encode(keys, RATE)) for at, keys in presses]
        says = np.zeros(max((at + len(keys) for at, keys in parts), default=0), np.int16)
        for at, keys in parts:
            says[at:at + len(keys)] = keys
        super().__init__(caller, says, **more)
