"""What the bridge asks of the world around it: small protocols, and the answers that come back as events."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

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
    such as "+14255550100". The first chooses the languages (A1.4), the second stands for a name (A4.2).
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
class Found:
    """A conference ID names a meeting.

    Attributes
    ----------
    anyone_may_start : bool
        "Unauthenticated callers can be the first person in a meeting" (A2.2).
    options : mapping
        What this meeting has otherwise than the profile: names of the fields of `ivr.call.profile.Profile` that
        may be a meeting's own, and their values.
    """

    call: int
    conference_id: str
    anyone_may_start: bool
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unknown:
    """No meeting has this conference ID (A1.12, A1.14)."""

    call: int


@dataclass(frozen=True, slots=True)
class PinChecked:
    """The entered PIN is, or is not, the one of the organizer of that very meeting (A2.9).

    `name` is the organizer's display name, by which he is announced (A4.5); empty if it is not known.
    """

    call: int
    right: bool
    organizer: str = ""
    name: str = ""


Answer = Found | Unknown | PinChecked


class Directory(Protocol):
    """Who may start which meeting. Asked with a question; the answer comes in its own time."""

    def find(self, call: int, conference_id: str) -> None:
        """Ask which meeting has `conference_id`: answered by `Found` or `Unknown`."""

    def check_pin(self, call: int, conference_id: str, pin: str) -> None:
        """Ask whether `pin` is its organizer's: answered by `PinChecked`."""

    def started(self, conference_id: str) -> None:
        """Tell that the meeting with this ID has been started; not answered (A1.15)."""

    def answers(self) -> Iterable[Answer]:
        """Hand over, once, the answers that have come since the last time."""
