"""What the bridge asks of the world around it: small protocols, and the answers that come back as events."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.call.slowing import NEVER, Slowing

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


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks the directory, as far as it has to be known to slow those who guess.

    Attributes
    ----------
    at : int
        The sample at which he asks.
    phone, source : str
        The calling number, or else the address it comes from; empty where the line knows none.
    slowing : Slowing
        When answers to this question are held back.
    counts : bool
        Of an ID: whether it counts as a wrong try if it is unknown. A call counts once it has tried enough of them.
    """

    at: int = 0
    phone: str = ""
    source: str = ""
    slowing: Slowing = NEVER
    counts: bool = False


NOBODY = Asker()
"""Who asks where nobody is slowed."""


@dataclass(frozen=True, slots=True)
class Turn:
    """When an answer is to be given that is held back, right or wrong.

    Attributes
    ----------
    number : int
        By which the directory knows it.
    after : int
        Seconds from the question to the answer.
    because : tuple of str
        What too many wrong tries were made with: "meeting", "number", "source".
    """

    number: int
    after: int
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A conference ID leads to a meeting.

    Attributes
    ----------
    meeting : str
        The meeting's own key, made up by the directory: it stays the same when its conference ID is changed, and no
        other meeting ever has it.
    anyone_may_start : bool
        "Unauthenticated callers can be the first person in a meeting" (A2.2).
    options : mapping
        What this meeting has otherwise than the profile: names of the fields of `ivr.call.profile.Profile` that
        may be a meeting's own, and their values.
    """

    call: int
    meeting: str
    anyone_may_start: bool
    options: Mapping[str, Any] = field(default_factory=dict)
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """No meeting has this conference ID (A1.12, A1.14)."""

    call: int
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class PinChecked:
    """The entered PIN is, or is not, the one of the organizer of that very meeting (A2.9).

    `name` is the organizer's display name, by which he is announced (A4.5); empty if it is not known.
    """

    call: int
    right: bool
    organizer: str = ""
    name: str = ""
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class TryLater:
    """There is no answer now, neither that it is right nor that it is wrong.

    `because` tells what too many wrong tries were made with; it is empty where the directory cannot answer.
    """

    call: int
    because: tuple[str, ...] = ()


Answer = Found | Unknown | PinChecked | TryLater


class Directory(Protocol):
    """Who may start which meeting. Asked with a question; the answer comes in its own time.

    Where many wrong ones went before, an answer has a `Turn`, and is to be kept from its caller until then.
    """

    def find(self, call: int, conference_id: str, asker: Asker) -> None:
        """Ask which meeting has `conference_id`: answered by `Found`, `Unknown` or `TryLater`."""

    def check_pin(self, call: int, meeting: str, pin: str, asker: Asker) -> None:
        """Ask whether `pin` is the one of this meeting's organizer: answered by `PinChecked` or `TryLater`."""

    def started(self, meeting: str) -> None:
        """Tell that this meeting has been started; not answered (A1.15)."""

    def given(self, turn: Turn) -> None:
        """Tell that the right answer of this turn has been given, so that it was no wrong try; not answered."""

    def gone(self, turn: Turn) -> None:
        """Tell that nobody waits for the answer of this turn any more; it stays a wrong try; not answered."""

    def answers(self) -> Iterable[Answer]:
        """Hand over, once, the answers that have come since the last time."""
