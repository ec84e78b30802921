"""What a call asks: which meeting has this ID, and is this its organizer's PIN (A1.12, A2.9, B3, F2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.bridge.ports import Answer, Found, PinChecked, Unknown
from ivr.directory.hashing import matches
from ivr.directory.ids import key, numbers_of
from ivr.directory.obeyed import options_of
from ivr.directory.office import LIFE, Office
from ivr.directory.tables import ConferenceId, Meeting, Organizer
from ivr.directory.trying import tried, without_traces


@dataclass(frozen=True, slots=True)
class Place:
    """The meeting that an ID leads to.

    Attributes
    ----------
    meeting : str
        Its key: `ids.key`.
    """

    meeting: str
    organizer: str
    anyone_may_start: bool
    options: Mapping[str, Any] = field(default_factory=dict)


class Checks:
    """Answers the call's questions; each takes as long as it takes, so not on the thread that carries audio."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def find(self, conference_id: str) -> Place | None:
        """Return the meeting that has this ID; None if it leads nowhere (A1.12, A1.14, A1.15, S1.13)."""
        with self._office.store.reading() as session:
            row = session.execute(
                select(Organizer, ConferenceId.meeting_id, Meeting.expires_at)
                .join(ConferenceId, ConferenceId.organizer_id == Organizer.id)
                .join(Meeting, Meeting.id == ConferenceId.meeting_id, isouter=True)
                .where(ConferenceId.conference_id == conference_id, Organizer.enabled)).one_or_none()
            if row is None or (row.expires_at is not None and row.expires_at <= self._office.now()):
                return None
            organizer: Organizer = row[0]
            options, anyone_may_start = options_of(self._office, session, organizer)
            return Place(key(organizer.id, row.meeting_id), organizer.address, anyone_may_start, options)

    def check_pin(self, meeting: str, pin: str) -> PinChecked:
        """Tell whether this is the PIN of that meeting's organizer and opens it; a wrong one is counted.

        The meeting is known by its key, so that the PIN opens it whatever its ID is by now. A meeting that is
        cancelled, or whose organizer is enabled no more, is opened by no PIN.
        The PIN is hashed before the transaction begins; when somebody has reset it meanwhile, the new one counts.
        A try that changes nothing writes nothing, so that no caller waits for an administrator's long change.
        """
        office = self._office
        with office.store.reading() as session:
            organizer = _organizer_of(session, meeting)
            stored = organizer.pin_hash if organizer else ""
        right = matches(pin, stored, office.world.cost)
        with office.store.reading() as session:
            organizer = _organizer_of(session, meeting)
            if organizer is None or not organizer.pin_hash:
                return PinChecked(0, right=False)
            if organizer.pin_hash == stored and (judged := without_traces(office, session, organizer, right=right)):
                return PinChecked(0, judged.accepted, organizer.address, organizer.name)
        with office.store.writing() as session:
            organizer = _organizer_of(session, meeting, lock=True)
            if organizer is None or not organizer.pin_hash:
                return PinChecked(0, right=False)
            if organizer.pin_hash != stored:
                right = matches(pin, organizer.pin_hash, office.world.cost)
            accepted = tried(office, session, organizer, right=right).accepted
            return PinChecked(0, accepted, organizer.address, organizer.name)

    def started(self, meeting: str) -> None:
        """Take it that this meeting has been started: it can be dialled for 60 more days (A1.15)."""
        _, number = numbers_of(meeting)
        if number is None:
            return  # the meetings of its organizer have one ID, which does not run out
        with self._office.store.writing() as session:
            until = self._office.now() + LIFE
            session.execute(update(Meeting).where(Meeting.id == number, Meeting.expires_at < until)
                            .values(expires_at=until))


class AtOnce:
    """The bridge's directory for a virtual run: the answer is there in the tick in which it was asked for.

    Parameters
    ----------
    checks : Checks
    """

    def __init__(self, checks: Checks) -> None:
        self._checks = checks
        self._answers: list[Answer] = []

    def find(self, call: int, conference_id: str) -> None:
        """Ask which meeting has this ID."""
        place = self._checks.find(conference_id)
        self._answers.append(Unknown(call) if place is None
                             else Found(call, place.meeting, place.anyone_may_start, place.options))

    def check_pin(self, call: int, meeting: str, pin: str) -> None:
        """Ask whether this is its organizer's PIN."""
        checked = self._checks.check_pin(meeting, pin)
        self._answers.append(PinChecked(call, checked.right, checked.organizer, checked.name))

    def started(self, meeting: str) -> None:
        """Tell that this meeting has been started."""
        self._checks.started(meeting)

    def answers(self) -> list[Answer]:
        """Hand over, once, the answers that have come."""
        answers, self._answers = self._answers, []
        return answers


def _organizer_of(session: Session, meeting: str, *, lock: bool = False) -> Organizer | None:
    organizer, number = numbers_of(meeting)
    query = select(Organizer).where(Organizer.enabled)
    query = query.where(Organizer.id == organizer) if number is None else (
        query.join(Meeting, Meeting.organizer_id == Organizer.id)
        .where(Meeting.id == number, Meeting.cancelled.is_(False)))
    return session.scalars(query.with_for_update(of=Organizer) if lock else query).one_or_none()
