"""What is behind a story's bridge: its directory, and whatever else goes on beside the calls."""

from collections.abc import Collection, Mapping

from ivr.directory.meetings import key_of
from ivr.engine.application import Builder
from ivr.journal import Journal
from ivr.questions import Directory
from ivr.scenario.desk.people import no_desk
from ivr.scenario.desk.words import ExpectId, ExpectMails, ExpectPin
from ivr.scenario.failure import Failure
from ivr.scenario.others import Others
from ivr.scenario.steps import Scenario, StoryMeeting


class Backstage:
    """Meetings that never change: there is no desk, nobody administers, no letter is sent.

    Parameters
    ----------
    scenario : Scenario
    directory : Directory
        What the bridge asks.

    Attributes
    ----------
    failure : Failure or None
        What went wrong here.
    numbers : mapping of number to languages
        The numbers of the desk, as it stands.
    finished : bool
        Whether everything here is done.
    """

    def __init__(self, scenario: Scenario, directory: Directory) -> None:
        self.scenario, self.directory = scenario, directory
        self.numbers: Mapping[str, tuple[str, ...]] = {}

    @property
    def failure(self) -> Failure | None:
        """What went wrong here."""
        return None

    @property
    def finished(self) -> bool:
        """Whether everything here is done."""
        return True

    def begin(self, others: Others) -> None:
        """Learn how it stands with callers."""

    def leads(self, spoken: Collection[str]) -> Mapping[str, Builder]:  # noqa: ARG002
        """Return where numbers lead that lead to another application; `spoken` are the languages of prompts."""
        return {}

    def before(self, now: int, journal: Journal) -> None:
        """Do what is due at the beginning of a tick."""

    def after(self, now: int, journal: Journal) -> None:
        """Do what a tick has led to."""

    def tear_down(self, now: int, journal: Journal) -> tuple[Failure, ...]:  # noqa: ARG002
        """Do what is done after the last call; return what of it failed."""
        return ()

    def resolve(self, text: str) -> str:
        """Return a text with digits in the place of its placeholders.

        Raises
        ------
        NothingThere
            With a sentence, if there are none.
        """
        return no_desk(text)

    def id_of(self, meeting: StoryMeeting) -> str:
        """Return the present ID of one of the story's meetings."""
        return meeting.conference_id

    def ids_of(self, which: str) -> list[str]:
        """Return every ID that a meeting has had: which is an ID, a placeholder or a meeting's name."""
        named = [meeting.conference_id for meeting in self.scenario.meetings if meeting.name == which]
        return named or [self.resolve(which)]

    def meeting_of(self, conference_id: str) -> str:
        """Return the key of the meeting that an ID leads to, or has led to last; empty if there is none."""
        known = {meeting.conference_id for meeting in self.scenario.meetings}
        return key_of(conference_id) if conference_id in known else ""

    def instead(self, wish: ExpectMails | ExpectId | ExpectPin) -> str:
        """Return what is so instead of what was expected; empty if it is so."""
        match wish:
            case ExpectMails(count=0) | ExpectMails(count=None, kind=""):
                return ""
            case ExpectMails():
                return "no letter was sent, for this story has no desk"
            case ExpectId(conference_id=which, works=works):
                return told_id(works, self.resolve(which) in {m.conference_id for m in self.scenario.meetings})
            case _:
                return "this story has no desk"


def told_id(wanted: bool, works: bool) -> str:
    """Return what an ID does instead of what was expected."""
    return "" if wanted == works else "it leads to a meeting" if works else "it leads nowhere"
