"""A directory in memory: the meetings that a scenario or a command line names."""

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.bridge.ports import Answer, Found, PinChecked, Unknown
from ivr.directory.errors import BadConferenceId, BadPin, DuplicateId


def key_of(conference_id: str) -> str:
    """Return what the bridge knows the meeting of an ID by (`ivr.bridge.ports.Found`); here an ID never changes."""
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
        What it has otherwise than the profile (`ivr.bridge.ports.Found`).

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
            raise BadConferenceId(f"{self.conference_id!r} is not a conference ID: one has exactly 7 digits")
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
                                  "give each its own")
            self._meetings[meeting.conference_id] = meeting
        self._by_key = {key_of(own): meeting for own, meeting in self._meetings.items()}

    def find(self, call: int, conference_id: str) -> None:
        """Ask which meeting has this ID."""
        meeting = self._meetings.get(conference_id)
        self._answers.append(Unknown(call) if meeting is None
                             else Found(call, key_of(conference_id), meeting.anyone_may_start, meeting.options))

    def check_pin(self, call: int, meeting: str, pin: str) -> None:
        """Ask whether this is the PIN of that meeting's organizer, and of no other (A2.9)."""
        meant = self._by_key[meeting]
        right = bool(meant.pin) and hmac.compare_digest(meant.pin.encode(), pin.encode())
        self._answers.append(PinChecked(call, right, meant.organizer))

    def started(self, meeting: str) -> None:
        """Take it that this meeting has been started: here a meeting has no end of life."""

    def answers(self) -> list[Answer]:
        """Hand over, once, the answers that have come."""
        answers, self._answers = self._answers, []
        return answers
