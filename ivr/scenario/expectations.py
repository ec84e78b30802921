"""What is expected in the end of a story, as values."""

from dataclasses import dataclass

from ivr.scenario.desk.words import ExpectId, ExpectMails, ExpectPin
from ivr.scenario.leading import ExpectDigits


@dataclass(frozen=True, slots=True)
class ExpectMeeting:
    """A meeting, by its ID, its name or a placeholder, was started by somebody; None: by nobody."""

    line: int
    said: str
    conference_id: str
    started_by: str | None


@dataclass(frozen=True, slots=True)
class ExpectCaller:
    """How a call went: one of `OUTCOMES`."""

    line: int
    said: str
    caller: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ExpectJournal:
    """Entries of the journal begin with these words, a caller's name first, so many times; None: at least once."""

    line: int
    said: str
    words: tuple[str, ...]
    times: int | None


OUTCOMES = {
    "joined": "was in the meeting",
    "waited": "was in the lobby",
    "never waited": "was never in the lobby",
    "still waiting": "is in the lobby at the end",
    "refused": "the bridge ended the call",
    "never joined": "was never in the meeting",
    "turned away": "was refused without being answered",
}
"""What can be expected of a caller."""

Expectation = ExpectMeeting | ExpectCaller | ExpectDigits | ExpectJournal | ExpectMails | ExpectId | ExpectPin
