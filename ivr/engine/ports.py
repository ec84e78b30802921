"""How callers reach the bridge: the protocol of a line."""

import enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.int16]
"""One frame of one call: int16 array [shape=(160,)]."""


class Signal(enum.Enum):
    """What a line says besides audio."""

    DIAL = "dial"
    HANG_UP = "hang up"
    GONE = "gone"
    """Of a line that is in no call: it will not dial any more, and need not be asked again."""


class Line(Protocol):
    """How one caller reaches us: bytes, a queue, a codec; no policy.

    In every tick the exchange calls, in this order, `signal`, then for a line that is in a call `speak` and
    `hear`. A line that is in no call is asked for its signal only, until it says that it is gone.

    A line that knows which number was dialled, or who calls, has the attributes `number` and `phone` as well: text
    such as "+14255550100". The first chooses the languages (A1.4), the second stands for a name (A4.2). A line that
    comes over a network has `source`, the address it comes from: it tells who guesses where there is no `phone`.
    """

    caller: str
    """Who is calling: the name that stands in the journal."""

    def signal(self) -> Signal | None:
        """Return what the caller does at the start of this tick, if anything."""

    def speak(self) -> Frame | None:
        """Return the caller's next frame; None when it did not come. int16 array [shape=(160,)]."""

    def hear(self, frame: Frame) -> None:
        """Take what the bridge says to the caller in the same tick. int16 array [shape=(160,)]."""

    def hung_up(self) -> None:
        """Learn that the bridge has ended the call; `hear` is not called again."""
