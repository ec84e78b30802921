"""What an application asks the directory, and what it answers: small values that both know, and nothing else.

Where guessing is slowed (`Slowing`), the numbers are a profile's; who asks (`Asker`) is told with the question.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Slowing:
    """When the answers to a kind of question are held back, and how long; times in seconds.

    Attributes
    ----------
    limit : int
        Wrong answers within the window after which the next questions are slowed; 0 is never.
    window : int
        How long a wrong answer counts.
    longest : int
        The longest delay of one answer. Delays are 1, 2, 4 ... seconds until then.
    waiting : int
        How many may wait for their answer; who comes behind them is told to try later.
    """

    limit: int = 0
    window: int = 600
    longest: int = 60
    waiting: int = 5


NEVER = Slowing()
"""Of questions that are not slowed."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks the directory, as far as it has to be known to slow those who guess.

    Attributes
    ----------
    at : int
        The sample at which he asks.
    phone, source : str
        The calling number, and the address it comes from where nobody answers for the number; empty where the line
        knows none.
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
        What this meeting has otherwise than the profile: names of the fields of
        `ivr.conference.profile.Profile` that may be a meeting's own, and their values.
    elsewhere : str
        At which other process the meeting is, so that it cannot be joined here; empty where it can.
    """

    call: int
    meeting: str
    anyone_may_start: bool
    options: Mapping[str, Any] = field(default_factory=dict)
    turn: Turn | None = None
    elsewhere: str = ""


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
