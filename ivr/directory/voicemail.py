"""The mailboxes of the directory: who has one, his PIN, his messages and his greetings (F1 to F3).

A mailbox is an organizer's who is enabled and has an extension, where the desk is that of Outlook Voice Access.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ivr.directory.attendants import attendant, reception
from ivr.directory.changing import change
from ivr.directory.errors import BadPin, DirectoryError, WrongPin
from ivr.directory.hashing import matches
from ivr.directory.messages import Messages
from ivr.directory.office import Office, set_values
from ivr.directory.parameters import GROUPS
from ivr.directory.pins import change_due
from ivr.directory.spelling import keyed, spellings
from ivr.directory.tables import ConferenceId, Grant, MailboxRow, MeetingRow, OrganizerRow, Policy
from ivr.directory.trying import tried
from ivr.directory.whens import day, when
from ivr.voicemail import (
    Agenda,
    Appointment,
    ChangePin,
    DialPlan,
    Find,
    GreetingKind,
    HearGreeting,
    Keep,
    KeepGreeting,
    Leave,
    MailAnswer,
    Mailbox,
    MailQuestion,
    Prefer,
    Reception,
    Samples,
    SignedIn,
    SignIn,
    Spelt,
    Today,
    WhatIsSaid,
    WhichPlan,
)

_MOST_FOUND = 9
_MOST_MEETINGS = 99
_PLAN, _POLICY, _ATTENDANT = "um-dial-plan", "um-mailbox", "um-auto-attendant"


class Mailboxes:
    """Answers what a voice mail application asks; each answer takes as long as it takes."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.messages = Messages(office)
        self._answers: Mapping[type, Callable[[Any], MailAnswer]] = {
            Find: self._find, Spelt: self._spelt, SignIn: self._sign_in, ChangePin: self._change_pin,
            Today: self._today, WhatIsSaid: self.messages.hear, Keep: self.messages.keep,
            Leave: self.messages.leave, HearGreeting: self._hear_greeting, KeepGreeting: self._keep_greeting,
            Prefer: self._prefer, Reception: self._reception, WhichPlan: self.plan}

    def answer(self, question: MailQuestion) -> MailAnswer:
        """Answer a question.

        Raises
        ------
        StoreError
            If the database, or a recording, is out of reach.
        """
        return self._answers[type(question)](question)

    def plan(self, question: WhichPlan) -> DialPlan:
        """Return a dial plan as it holds now (F1); one that has been taken away is that of the whole desk."""
        attendants: dict[str, dict[str, Any]] = {}
        with self._office.store.reading() as session:
            name, called = question.name, question.attendant
            if called is not None:
                attendants = {one: self._attendant(session, one) for one in self._named(session, _ATTENDANT)}
                name = name or attendants.get(called, attendants[""])["dial-plan"]
            values: dict[str, Any] = dict(self._office.values(session, _PLAN))
            if name in (plans := self._named(session, _PLAN)):
                values |= set_values(session, _PLAN, _scope(name))
            greetings: list[dict[str, Any]] = [
                dict(self._office.values(session, _POLICY)),
                *(dict(set_values(session, _POLICY, _scope(one))) for one in self._named(session, _POLICY))]
        announced = values["info-announcement"]
        return DialPlan(
            name=name if name in plans else "", extension_digits=values["extension-digits"],
            sign_in_failures=values["failures-before-disconnect"],
            input_failures=values["input-failures-before-disconnect"],
            longest_call=60 * values["longest-call-minutes"],
            longest_recording=60 * values["longest-recording-minutes"],
            recording_silence=values["recording-silence-s"],
            longest_greeting=60 * max(one.get("longest-greeting-minutes", 0) for one in greetings),
            operator=values["operator"],
            search_by=values["search-by"], search_by_second=values["search-by-second"],
            language=values["language"],
            welcome=self._file(values["welcome-greeting-file"] if values["welcome-greeting"] else ""),
            announcement=self._file("" if announced == "no" else values["info-announcement-file"]),
            announcement_cut=announced != "uninterruptible",
            attendants={one: attendant(one, of, self._office.world.sound) for one, of in attendants.items()})

    @staticmethod
    def _named(session: Session, group: str) -> list[str]:
        """Return the names of a group's policies: that of the whole desk has none."""
        scopes = session.scalars(select(Policy.scope).where(Policy.kind == group)).all()
        return ["", *sorted(scope.removeprefix("user:") for scope in scopes if scope.startswith("user:"))]

    @staticmethod
    def _attendant(session: Session, name: str) -> dict[str, Any]:
        values: dict[str, Any] = dict(GROUPS[_ATTENDANT].defaults())
        return values | set_values(session, _ATTENDANT, _scope(name))

    def _reception(self, question: Reception) -> str:
        with self._office.store.reading() as session:
            values = self._attendant(session, question.attendant)
        now = self._office.now()
        return reception(values, now + self._office.world.offset(now))

    def _file(self, name: str) -> Samples | None:
        return self._office.world.sound(name) if name else None

    # who

    def _find(self, question: Find) -> Mailbox | None:
        with self._office.store.reading() as session:
            if not self._office.administration(session).mailbox:
                return None
            query = select(OrganizerRow).where(OrganizerRow.enabled, OrganizerRow.extension != "")
            found: Sequence[OrganizerRow] = ()
            if question.extension:
                found = session.scalars(query.where(
                    OrganizerRow.extension == question.extension, _of_plan(question.plan))).all()
            if not found and (own := _digits(question.phone)):
                found = [row for row in session.scalars(query.where(OrganizerRow.phone != ""))
                         if _digits(row.phone) == own]
            # where two share an extension nobody can say whose mailbox is meant
            return self._mailbox(session, found[0]) if len(found) == 1 else None

    def _spelt(self, question: Spelt) -> tuple[Mailbox, ...]:
        with self._office.store.reading() as session:
            if not self._office.administration(session).mailbox or not keyed(question.keys):
                return ()
            rows = session.scalars(select(OrganizerRow).where(
                OrganizerRow.enabled, OrganizerRow.extension != "", _of_plan(question.plan))
                .order_by(OrganizerRow.folded_name, OrganizerRow.address))
            found = [row for row in rows if any(
                one.startswith(question.keys) for one in spellings(row.name, row.address, question.by))]
            return tuple(self._mailbox(session, row) for row in found[:_MOST_FOUND])

    def _mailbox(self, session: Session, organizer: OrganizerRow) -> Mailbox:
        policy: dict[str, Any] = dict(self._office.values(session, _POLICY, organizer))
        own = session.get(MailboxRow, organizer.id) or MailboxRow(away=False)
        box = Mailbox(
            organizer.id, organizer.name or organizer.local_part, organizer.extension, organizer.phone,
            organizer.language, away=own.away, pinless=policy["pinless-voice-mail"],
            longest_greeting=60 * policy["longest-greeting-minutes"], hours_24=own.hours_24 is not False,
            zone=self._office.world.offset(self._office.now()) // 60 if own.zone is None else own.zone)
        return replace(box, now=when(self._office.now(), box))

    # the PIN

    def _sign_in(self, question: SignIn) -> SignedIn:
        office = self._office
        while True:
            with office.store.reading() as session:
                organizer = session.get(OrganizerRow, question.box)
                stored = organizer.pin_hash if organizer and organizer.enabled else ""
            right = matches(question.pin, stored, office.world.cost)
            with office.store.writing() as session:
                organizer = session.scalars(select(OrganizerRow).where(
                    OrganizerRow.id == question.box, OrganizerRow.enabled).with_for_update()).one_or_none()
                if organizer is None or not organizer.pin_hash:
                    return SignedIn("wrong")
                if organizer.pin_hash != stored:
                    continue  # it has been reset meanwhile, and the new one counts
                judged = tried(office, session, organizer, right=right, to_change=True)
                if judged.accepted:
                    return SignedIn("right", change_due(
                        office.rules(session, organizer), digits=organizer.pin_digits, set_at=organizer.pin_set_at,
                        first_use=organizer.pin_expired, now=office.now()) or "")
            locked = judged.newly_locked or judged.reason == "locked"
            return SignedIn("reset" if judged.reset_due else "locked" if locked else "wrong")

    def _change_pin(self, question: ChangePin) -> str:
        with self._office.store.reading() as session:
            organizer = session.get_one(OrganizerRow, question.box)
            address = organizer.address
        try:
            change(self._office, address, question.old, question.new)
        except BadPin as error:
            return error.rule or "length"
        except WrongPin:
            return "old"
        except DirectoryError:  # he is no organizer any more
            return "old"
        return ""

    # what is there

    def _today(self, question: Today) -> Agenda:
        with self._office.store.reading() as session:
            organizer = session.get_one(OrganizerRow, question.box)
            box = self._mailbox(session, organizer)
            messages = self.messages.of(session, box)
            return Agenda(box, messages, self._calendar(session, box))

    def _calendar(self, session: Session, box: Mailbox) -> tuple[Appointment, ...]:
        """Return the meetings that an owner has ahead of him."""
        rows = session.scalars(select(MeetingRow).where(
            MeetingRow.organizer_id == box.key, MeetingRow.cancelled.is_(False),
            MeetingRow.starts_at > self._office.now()).order_by(MeetingRow.starts_at).limit(_MOST_MEETINGS))
        ids = {row.meeting_id: row.conference_id for row in session.scalars(
            select(ConferenceId).where(ConferenceId.organizer_id == box.key))}
        return tuple(Appointment(when(row.starts_at, box), day(row.starts_at, box), row.subject,
                                 ids.get(row.id, ids.get(None, ""))) for row in rows)

    # what he has chosen

    def _hear_greeting(self, question: HearGreeting) -> Samples | None:
        with self._office.store.reading() as session:
            own = session.get(MailboxRow, question.box)
            name = (own.away_greeting if question.kind == "away" else own.greeting) if own else ""
        return self._office.world.recordings.read(name) if name else None

    def _keep_greeting(self, question: KeepGreeting) -> bool:
        office, field = self._office, "away_greeting" if question.kind == "away" else "greeting"
        name = f"greeting-{office.world.randbelow(1 << 64):016x}"
        office.world.recordings.keep(name, question.samples)
        with office.store.writing() as session:
            own = _row(session, question.box)
            before = getattr(own, field)
            setattr(own, field, name)
        if before:
            office.world.recordings.drop(before)
        return True

    def forget_greeting(self, box: int, kind: GreetingKind) -> None:
        """Let a mailbox greet callers with the words that nobody has recorded."""
        with self._office.store.writing() as session:
            own = _row(session, box)
            field = "away_greeting" if kind == "away" else "greeting"
            before = getattr(own, field)
            setattr(own, field, "")
        if before:
            self._office.world.recordings.drop(before)

    def _prefer(self, question: Prefer) -> Mailbox:
        with self._office.store.writing() as session:
            own = _row(session, question.box)
            for field in ("away", "hours_24", "zone"):
                if (value := getattr(question, field)) is not None:
                    setattr(own, field, value)
            session.flush()
            return self._mailbox(session, session.get_one(OrganizerRow, question.box))


def _row(session: Session, box: int) -> MailboxRow:
    """Return what a mailbox is set to, which nobody else may change until this transaction ends."""
    session.get_one(OrganizerRow, box, with_for_update=True)  # of what is not there yet nothing can be locked
    own = session.get(MailboxRow, box, with_for_update=True)
    if own is None:
        own = MailboxRow(organizer_id=box, away=False, greeting="", away_greeting="")
        session.add(own)
    return own


def _scope(name: str) -> str:
    return f"user:{name}" if name else ""


def _of_plan(name: str) -> ColumnElement[bool]:
    """Return which organizers a dial plan has: those to whom it was granted, that of the whole desk all others."""
    granted = select(Grant.organizer_id).where(Grant.kind == _PLAN)
    return (OrganizerRow.id.in_(granted.where(Grant.scope == _scope(name))) if name else
            OrganizerRow.id.not_in(granted))


def _digits(number: str) -> str:
    return "".join(filter(str.isdecimal, number))


class MailAtOnce:
    """Mailboxes for a virtual run: the answer is there in the tick in which it was asked for.

    Parameters
    ----------
    boxes : Mailboxes
    """

    def __init__(self, boxes: Mailboxes) -> None:
        self._boxes = boxes
        self._answered: list[tuple[int, str, MailAnswer]] = []

    def ask(self, call: int, about: str, question: MailQuestion) -> None:
        """Ask for a call."""
        self._answered.append((call, about, self._boxes.answer(question)))

    def answers(self) -> list[tuple[int, str, MailAnswer]]:
        """Hand over, once, the answers that have come."""
        answered, self._answered = self._answered, []
        return answered

    def awaits(self) -> bool:
        """Tell that nothing is waited for but what is there already."""
        return bool(self._answered)
