"""Behind the bridge of a story that has a desk."""

from collections.abc import Collection, Mapping, Sequence

from ivr.engine.application import Builder
from ivr.journal import Journal
from ivr.mailbox.application import leads_of
from ivr.scenario.backstage import Backstage, told_id
from ivr.scenario.desk.words import ExpectId, ExpectMails, ExpectPin, Founding, Order
from ivr.scenario.deskwork.acting import Administrator
from ivr.scenario.deskwork.clerk import Clerk
from ivr.scenario.deskwork.mailing import Delivered
from ivr.scenario.deskwork.wishes import of_mails, of_pin
from ivr.scenario.failure import Failure
from ivr.scenario.others import Others
from ivr.scenario.steps import Scenario, StoryMeeting


class DeskBackstage(Backstage):
    """The desk, its database in memory, and the administrator.

    Raises
    ------
    ScenarioError
        If the desk cannot be as the story says.
    """

    def __init__(self, scenario: Scenario, founding: Founding) -> None:
        self._clerk = Clerk(scenario, founding)
        super().__init__(scenario, self._clerk.directory)
        self.numbers = self._clerk.numbers
        self._founding = founding
        self._setting_up = Administrator(founding.set_up, self._clerk, Others())
        self.begin(Others())

    @property
    def failure(self) -> Failure | None:
        """The step of the administrator that did not come true."""
        return self._setting_up.failure or self._administrator.failure

    @property
    def finished(self) -> bool:
        """Whether the administrator has done everything."""
        return self._administrator.finished

    def begin(self, others: Others) -> None:
        """Let the administrator see how it stands with callers."""
        self._others = others
        self._administrator = Administrator(self._founding.orders, self._clerk, others)

    def do(self, order: Order) -> None:
        """Have the administrator do one thing more; what failed before is forgotten."""
        self._administrator = Administrator((order,), self._clerk, self._others)

    @property
    def letters(self) -> Sequence[Delivered]:
        """The letters that were delivered so far."""
        return self._clerk.mails

    def leads(self, spoken: Collection[str]) -> Mapping[str, Builder]:
        """Return where numbers lead that lead to voice mail."""
        return leads_of(self._clerk.applications(), self._clerk.voicemail, spoken)

    def before(self, now: int, journal: Journal) -> None:
        """Let the calendar go on, and the administrator act."""
        self._clerk.at(now)
        if not self._setting_up.finished:
            self._setting_up.act(now, journal)
        if self._setting_up.failure is None:
            self._administrator.act(now, journal)

    def tear_down(self, now: int, journal: Journal) -> tuple[Failure, ...]:
        """Do what is done after the last call, each step whatever has become of the one before."""
        self._clerk.at(now)
        failures = []
        for order in self._founding.tear_down:
            last = Administrator((order,), self._clerk, self._others)
            last.act(now, journal)
            failures += [last.failure] if last.failure else []
        return tuple(failures)

    def after(self, now: int, journal: Journal) -> None:
        """Write down what wrong PINs have led to, and post the letters."""
        self._clerk.settle(now, journal)

    def resolve(self, text: str) -> str:
        """Return a text with digits in the place of its placeholders."""
        return self._clerk.resolve(text)

    def id_of(self, meeting: StoryMeeting) -> str:
        """Return the present ID of one of the story's meetings."""
        return self._clerk.id_of_meeting(meeting)

    def ids_of(self, which: str) -> list[str]:
        """Return every ID that a meeting has had."""
        if which in self._clerk.memory.meetings:
            return self._clerk.memory.every_id_of(which)
        return self._clerk.memory.alike(self.resolve(which))

    def meeting_of(self, conference_id: str) -> str:
        """Return the key of the meeting that an ID leads to, or has led to last; empty if there is none."""
        return self._clerk.memory.meeting_of(conference_id)

    def instead(self, wish: ExpectMails | ExpectId | ExpectPin) -> str:
        """Return what is so instead of what was expected."""
        match wish:
            case ExpectMails():
                return of_mails(wish, self._clerk)
            case ExpectId(conference_id=which, works=works):
                return told_id(works, self._clerk.works(self.resolve(which)))
            case ExpectPin():
                return of_pin(wish, self._clerk)

    def close(self) -> None:
        """Let go of the database."""
        self._clerk.close()
