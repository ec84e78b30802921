"""A directory in memory: the meetings that a scenario or a command line names."""

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.clock import RATE
from ivr.directory.errors import BadConferenceId, BadPin, DuplicateId
from ivr.directory.guesses import Guesses, marks
from ivr.directory.guessing import Delay
from ivr.questions import NOBODY, Answer, Asker, Found, PinChecked, TryLater, Turn, Unknown


def key_of(conference_id: str) -> str:
    """Return what the bridge knows the meeting of an ID by (`ivr.questions.Found`); here an ID never changes."""
    return f"meeting of {conference_id}"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting.

    Attributes
    ----------
    conference_id : str
        Seven digits (A1.10).
    pin : str
        Its organizer's PIN, 4 to 12 digits (B1.2); empty when nobody can start it by phone with a PIN.
    organizer : str
        Its organizer's name or address.
    anyone_may_start : bool
        Whether a caller without a PIN can be the first in it (A2.2).
    options : mapping
        What it has otherwise than the profile (`ivr.questions.Found`).

    Raises
    ------
    BadConferenceId, BadPin
        If a value is none.
    """

    conference_id: str
    pin: str = field(repr=False)
    organizer: str
    anyone_may_start: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{7}", self.conference_id):
            raise BadConferenceId(f"{self.conference_id!r} is not a conference ID: one has exactly 7 digits",
                                  value=self.conference_id)
        if self.pin and not re.fullmatch(r"[0-9]{4,12}", self.pin):
            raise BadPin(f"the PIN of meeting {self.conference_id} has {len(self.pin)} characters: "
                         "a PIN has 4 to 12 digits and nothing else")


class Meetings:
    """Meetings by conference ID; answers are there as soon as a question is asked.

    Raises
    ------
    DuplicateId
        If two meetings have the same ID.
    """

    def __init__(self, meetings: Iterable[Meeting]) -> None:
        self._meetings: dict[str, Meeting] = {}
        self._answers: list[Answer] = []
        for meeting in meetings:
            if meeting.conference_id in self._meetings:
                raise DuplicateId(f"two meetings have the conference ID {meeting.conference_id}: "
                                  "give each its own", value=meeting.conference_id)
            self._meetings[meeting.conference_id] = meeting
        # meetings of one organizer have one PIN; which it is stands in no count
        pins = dict.fromkeys((meeting.organizer, meeting.pin) for meeting in self._meetings.values())
        self._secrets = {pin: number for number, pin in enumerate(pins)}
        self._guesses = Guesses()
        self._by_key = {key_of(own): meeting for own, meeting in self._meetings.items()}

    def find(self, call: int, conference_id: str, asker: Asker = NOBODY) -> None:
        """Ask which meeting has this ID."""
        meeting = self._meetings.get(conference_id)
        turn = self._guesses.tried(marks("id", asker), asker.at // RATE, asker.slowing,
                                   wrong=meeting is None and asker.counts)
        if isinstance(turn, Delay):
            self._answers.append(TryLater(call, turn.because))
        elif meeting is None:
            self._answers.append(Unknown(call, turn))
        else:
            self._answers.append(Found(call, key_of(conference_id), meeting.anyone_may_start, meeting.options,
                                       turn))

    def check_pin(self, call: int, meeting: str, pin: str, asker: Asker = NOBODY) -> None:
        """Ask whether this is the PIN of that meeting's organizer, and of no other (A2.9)."""
        meant = self._by_key[meeting]
        right = bool(meant.pin) and hmac.compare_digest(meant.pin.encode(), pin.encode())
        secret = f"pin {self._secrets[meant.organizer, meant.pin]}"
        turn = self._guesses.tried(marks("pin", asker, secret), asker.at // RATE, asker.slowing, wrong=not right)
        self._answers.append(TryLater(call, turn.because) if isinstance(turn, Delay) else
                             PinChecked(call, right, meant.organizer, turn=turn))

    def started(self, meeting: str) -> None:
        """Take it that this meeting has been started: here a meeting has no end of life."""

    def given(self, turn: Turn) -> None:
        """Take it that a right answer has been given."""
        self._guesses.take_back(turn.number)

    def gone(self, turn: Turn) -> None:
        """Take it that nobody waits for an answer any more."""
        self._guesses.leave(turn.number)

    def answers(self) -> list[Answer]:
        """Hand over, once, the answers that have come."""
        answers, self._answers = self._answers, []
        return answers
