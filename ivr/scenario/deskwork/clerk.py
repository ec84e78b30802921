"""The desk of a story at work: it answers the bridge, does what the administrator asks, and posts the letters."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ivr.directory.asking import AtOnce
from ivr.directory.checks import Checks
from ivr.directory.desk import Desk
from ivr.directory.errors import DirectoryError
from ivr.directory.hashing import CHEAP
from ivr.directory.office import Office, World
from ivr.directory.tables import OrganizerRow
from ivr.directory.voicemail import MailAtOnce, Mailboxes
from ivr.journal import Entry, Journal
from ivr.questions import NOBODY, Answer, Asker, Found
from ivr.scenario.desk.people import filled
from ivr.scenario.desk.words import Founding, Order
from ivr.scenario.deskwork.doing import Doer, Facts
from ivr.scenario.deskwork.founding import found
from ivr.scenario.deskwork.mailing import Delivered, deliver
from ivr.scenario.deskwork.memory import Memory, Standing, snapshot
from ivr.scenario.deskwork.world import EPOCH, Calendar, DeskChance, MemoryVault
from ivr.scenario.steps import Scenario, StoryMeeting
from ivr.voicemail import ChangePin, MailQuestion

_SEED = "dial-in conference"


class ClerkAnswers(AtOnce):
    """Answers the bridge at once, and notes that a PIN was tried.

    Attributes
    ----------
    options : dict of a meeting's key to its options
        What organizers have set for meetings of theirs; it counts before the desk's policies.
    """

    tried = False

    def __init__(self, checks: Checks) -> None:
        super().__init__(checks)
        self.options: dict[str, Mapping[str, Any]] = {}

    def answers(self) -> list[Answer]:
        """Hand over, once, the answers that have come."""
        return [replace(one, options={**one.options, **self.options[one.meeting]})
                if isinstance(one, Found) and one.meeting in self.options else one for one in super().answers()]

    def check_pin(self, call: int, meeting: str, pin: str, asker: Asker = NOBODY) -> None:
        """Ask whether this is its organizer's PIN."""
        super().check_pin(call, meeting, pin, asker)
        self.tried = True


class MailAsked(MailAtOnce):
    """Answers voice mail at once, and notes that something was asked, and whose PIN was changed."""

    tried = False

    def __init__(self, boxes: Mailboxes) -> None:
        super().__init__(boxes)
        self.chosen: dict[int, str] = {}

    def ask(self, call: int, about: str, question: MailQuestion) -> None:
        """Ask for a call."""
        super().ask(call, about, question)
        self.tried = True
        if isinstance(question, ChangePin) and self._answered[-1][2] == "":
            self.chosen[question.box] = question.new


class Clerk:
    """The desk of one story.

    Parameters
    ----------
    scenario : Scenario
    founding : Founding

    Attributes
    ----------
    directory : ClerkAnswers
        What the bridge asks.
    voicemail : MailAsked
        What voice mail asks.
    numbers : dict of number to languages
        Those that were added.
    mails : list of Delivered
        Letters so far.
    memory : Memory

    Raises
    ------
    ScenarioError
        If the desk cannot be as the story says.
    """

    def __init__(self, scenario: Scenario, founding: Founding) -> None:
        begins, ahead = founding.begins or (EPOCH, 0)
        self._calendar, self._vault = Calendar(begins=begins), MemoryVault()
        world = World(clock=self._calendar.now, randbelow=DeskChance(_SEED).below, vault=self._vault, cost=CHEAP,
                      offset=lambda _: ahead)
        self._desk = Desk("sqlite://", world)
        self._office = Office(self._desk.store, world)
        try:
            pins, numbers = found(scenario, founding, self._desk, self._office)
        except BaseException:
            self.close()
            raise
        self.memory = Memory(snapshot(self._office))
        self.memory.begins(pins)
        self._meetings = [*zip(scenario.meetings, numbers, strict=True)]
        for meeting, number in self._meetings:
            if meeting.name:
                self.memory.meetings[meeting.name] = number
        self._doer = Doer(self._desk, self._calendar, self.memory)
        self.directory = ClerkAnswers(self._desk.checks)
        for meeting, _ in self._meetings:
            if meeting.options:
                self.directory.options[self.memory.meeting_of(self.id_of_meeting(meeting))] = meeting.options
        self.voicemail = MailAsked(self._desk.voicemail)
        self.mails: list[Delivered] = []
        self.numbers: dict[str, tuple[str, ...]] = {}

    def close(self) -> None:
        """Let go of the database."""
        self._desk.close()

    # what others ask

    def resolve(self, text: str) -> str:
        """Return a text with PINs and IDs in the place of its placeholders.

        Raises
        ------
        NothingThere
            With a sentence, if there is none.
        """
        return filled(text, self.memory.value)

    def works(self, conference_id: str) -> bool:
        """Tell whether an ID leads to a meeting."""
        return self._desk.checks.find(conference_id) is not None

    def locked(self, address: str) -> bool:
        """Tell whether an organizer's PIN is locked at this moment."""
        return self._is_locked(self.memory.now.people[address])

    def change_due(self, address: str) -> str:
        """Return why an organizer must change his PIN first; empty if he need not."""
        return self._desk.pins.info(address).change_due

    def id_of_meeting(self, meeting: StoryMeeting) -> str:
        """Return the present ID of one of the story's meetings; empty if it has none."""
        address, number = next(number for one, number in self._meetings if one is meeting)
        ids = self.memory.now.ids
        return ids.get((address, number)) or ids.get((address, None), "")

    # in every tick

    def at(self, now: int) -> None:
        """Let the calendar go on to a sample."""
        self._calendar.at = now

    def settle(self, now: int, journal: Journal) -> None:
        """Write down what callers have brought about in this tick, and post the letters."""
        if self.directory.tried or self.voicemail.tried:
            self.directory.tried = self.voicemail.tried = False
            before = self.memory.now.people
            chosen = self._chosen()
            changed = self.memory.seen(snapshot(self._office), chosen)
            for address, standing in self.memory.now.people.items():
                if address in chosen:
                    self._note(now, journal, what="change pin", organizer=address, by="owner")
                elif address in changed:
                    self._note(now, journal, what="reset pin", organizer=address, by="system")
                if self._is_locked(standing) and not self._is_locked(before[address]):
                    until = {} if standing.locked else {"until_at": self._calendar.sample_of(standing.locked_until)}
                    self._note(now, journal, what="lock pin", organizer=address, by="system", **until)
            self._post(now, journal)

    def do(self, order: Order, now: int, journal: Journal) -> None:
        """Do what the administrator asks.

        Raises
        ------
        DirectoryError
            If the desk refuses it.
        NothingThere
            If there is no such ID.
        """
        by = "owner" if order.options.get("by owner") else "administrator"
        given: dict[str, str] = {}
        facts: Facts = {}
        told: Facts = {"what": order.word}
        if order.word not in ("settings", "policies", "cancel", "let pass", "add number"):
            told["organizer"] = order.subject
        try:
            facts = self._doer.do(order, given)
        except DirectoryError:
            self._note(now, journal, **told, by=by, refused=True)
            raise
        self.memory.seen(snapshot(self._office), given)
        self.numbers |= {one.number: one.languages for one in self._desk.numbers.list()}
        self._note(now, journal, **told, by=by, **facts)
        self._post(now, journal)

    def _chosen(self) -> dict[str, str]:
        """Return the PINs that owners have chosen in this tick, by their addresses."""
        chosen, self.voicemail.chosen = self.voicemail.chosen, {}
        with self._office.store.reading() as session:
            return {session.get_one(OrganizerRow, box).address: pin for box, pin in chosen.items()}

    def applications(self) -> dict[str, str]:
        """Return what numbers lead to that lead to another application than the conference."""
        return self._desk.numbers.applications()

    def _is_locked(self, standing: Standing) -> bool:
        return standing.locked or self._calendar.now() < standing.locked_until

    def _post(self, now: int, journal: Journal) -> None:
        for letter in deliver(self._desk.outbox, self._vault, self.memory, at=now, now=self._calendar.now()):
            self.mails.append(letter)
            journal.write(Entry(now, 0, "", "letter", {"kind": letter.kind, "organizer": letter.organizer,
                                                       "to": letter.recipient}))

    @staticmethod
    def _note(at: int, journal: Journal, **facts: Any) -> None:  # noqa: ANN401
        journal.write(Entry(at, 0, "", "desk", facts))
