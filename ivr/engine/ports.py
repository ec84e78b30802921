"""How callers reach the bridge: the protocol of a trunk, what it tells, and what is asked of it.

A trunk is a kind of line: it serves any number of calls that come and go, all of them at once. Which of its calls
is meant is told by its slot: the row in the trunk's own block of samples. The trunk gives it out itself, the lowest
free one first. Inside, a call is meant by its serial.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ivr.engine.messages import Command, Event, Extra

Frame = NDArray[np.int16]
"""One frame of one call: int16 array [shape=(160,)]."""

FOREVER = 1 << 62
"""A horizon without an end."""


class Signal(enum.Enum):
    """What a caller does besides speaking."""

    DIAL = "dial"
    HANG_UP = "hang up"
    ANSWER = "answer"
    DECLINE = "decline"
    """Of somebody whose own line rings."""
    GONE = "gone"
    """Of somebody who is in no call: he will not dial any more, and need not be asked again."""


class Trunk(Protocol):
    """Any number of calls that come and go, by rows of samples; no policy.

    In every step the exchange calls, in this order, `events`, then if any call goes on `receive` and `send`. Rows
    are views that must not be kept: those to be received of a block that is this trunk's own, those to be sent
    of one that others read too, and so not to be written.
    """

    can: frozenset[type[Extra]]
    """Which of the commands it can do that not every trunk can; the others are not asked of it."""

    @property
    def over(self) -> bool:
        """Whether nobody is in a call and nobody will be any more: then it is let go."""

    def horizon(self, now: int) -> int:
        """Return how far ahead its input is known, in samples: 160 of a live line, much of a recording.

        Nothing happens on it before, and what its calls say until then does not depend on what they are told. Asked
        after `events`.
        """

    def events(self, now: int) -> Iterable[Event]:
        """Return what has happened since the last step, in its order, and what will within this one."""

    def receive(self, now: int, rows: NDArray[np.int16]) -> NDArray[np.bool_] | None:
        """Write what came from all its calls in this step into their rows; those without a call are not looked at.

        Parameters
        ----------
        rows : int16 array [shape=(slots, k * 160)]

        Returns
        -------
        bool array [shape=(slots, k)] or None
            True where a frame did not come, which is never invented; None if all have come.
        """

    def send(self, now: int, rows: NDArray[np.int16], commands: Sequence[Command]) -> None:
        """Take what goes to its calls in the same step, and what is asked of them.

        Parameters
        ----------
        rows : int16 array [shape=(slots, k * 160)]
            Only those of calls that were answered, or hear something before, mean anything.
        """

    def place(self, now: int, to: str) -> int | None:
        """Dial a number; return the slot of the leg, which is `Placed` or `Declined` later; None: it cannot."""


@runtime_checkable
class Measured(Protocol):
    """A trunk that knows how the sound of its calls comes."""

    def figures(self, slot: int) -> Mapping[str, Any]:
        """Return that of a call, as facts of a journal; of one that is over until its slot is another's."""


@runtime_checkable
class Heeding(Protocol):
    """A trunk on which somebody does something about what he hears: such a step ends before he does.

    Its input is known until its `horizon` if nobody does; `receive` is then given more frames than `send` may be.
    """

    def heeds(self, now: int, rows: NDArray[np.int16]) -> int:
        """Return after how many frames, at most all of them and at least one, somebody may do something.

        Parameters
        ----------
        rows : int16 array [shape=(slots, k * 160)]
            What its calls would hear from `now` on; `send` says how much of it they do.
        """

    def unheeding(self, now: int) -> int:
        """Return for how many samples from this tick on nobody looks at what he hears: a frame at least.

        Asked where what would be heard cannot be told ahead.
        """
