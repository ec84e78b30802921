"""What a call asks: which meeting has this ID, and is this its organizer's PIN (A1.12, A2.9, B3, F2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.directory.guesses import Entered, Marks, marks
from ivr.directory.guessing import Delay
from ivr.directory.hashing import matches
from ivr.directory.homes import Homes
from ivr.directory.ids import key, numbers_of
from ivr.directory.lockout import Judged
from ivr.directory.obeyed import options_of
from ivr.directory.office import LIFE, Office
from ivr.directory.tables import ConferenceId, MeetingRow, OrganizerRow
from ivr.directory.trying import tried, without_traces
from ivr.directory.turns import Turns, secret_of
from ivr.questions import NOBODY, Asker, PinChecked, Slowing, TryLater, Turn


@dataclass(frozen=True, slots=True)
class FoundPlace:
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
    """Answers the call's questions; each takes as long as it takes, so not on the thread that carries audio.

    Attributes
    ----------
    homes : Homes
        At which process a meeting is, where several share the directory.
    """

    def __init__(self, office: Office) -> None:
        self._office, self._turns = office, Turns(office)
        self.homes = Homes(office)

    def now(self) -> int:
        """Return the moment, as the counts know it."""
        return self._office.now()

    def find(self, conference_id: str) -> FoundPlace | None:
        """Return the meeting that has this ID; None if it leads nowhere (A1.12, A1.14, A1.15, S1.13)."""
        with self._office.store.reading() as session:
            row = session.execute(
                select(OrganizerRow, ConferenceId.meeting_id, MeetingRow.expires_at)
                .join(ConferenceId, ConferenceId.organizer_id == OrganizerRow.id)
                .join(MeetingRow, MeetingRow.id == ConferenceId.meeting_id, isouter=True)
                .where(ConferenceId.conference_id == conference_id, OrganizerRow.enabled)).one_or_none()
            if row is None or (row.expires_at is not None and row.expires_at <= self._office.now()):
                return None
            organizer: OrganizerRow = row[0]
            options, anyone_may_start = options_of(self._office, session, organizer)
            return FoundPlace(key(organizer.id, row.meeting_id), organizer.address, anyone_may_start, options)

    def check_pin(self, meeting: str, pin: str, asker: Asker = NOBODY, turn: Turn | None = None,
                  asked_at: int | None = None) -> PinChecked | TryLater:
        """Tell whether this is the PIN of that meeting's organizer and opens it; a wrong one is counted.

        The meeting is known by its key, so that the PIN opens it whatever its ID is by now. A meeting that is
        cancelled, or whose organizer is enabled no more, is opened by no PIN.
        The PIN is hashed before the transaction begins; when somebody has reset it meanwhile, the new one counts.
        A try that changes nothing writes nothing, so that no caller waits for an administrator's long change.

        Parameters
        ----------
        turn : Turn, optional
            What `enter_pin` has given; without it the try takes its turn once it is known to need one. So of a
            thousand that were asked before the tenth was found wrong, no more than ten are answered at once.
        asked_at : int, optional
            When it was asked, if that was before now.
        """
        office = self._office
        asked_at = office.now() if asked_at is None else asked_at
        with office.store.reading() as session:
            stored = _hash_of(_organizer_of(session, meeting))
        right = matches(pin, stored, office.world.cost)
        with office.store.reading() as session:
            organizer = _organizer_of(session, meeting)
            if _hash_of(organizer) == stored:
                judged = without_traces(office, session, organizer, right=right) if organizer and stored else None
                if (judged or not stored) and (
                        turn or not self._to_enter(session, organizer, asker, right=right)):
                    return _checked(organizer, judged, turn)
        with office.store.writing() as session:
            organizer = _organizer_of(session, meeting, lock=True)
            now_stored = _hash_of(organizer)
            if now_stored != stored:
                right = matches(pin, now_stored, office.world.cost)
            judged = tried(office, session, organizer, right=right) if organizer and now_stored else None
            if turn is None and self._to_enter(session, organizer, asker, right=right):
                entered = self._turns.enter(session, _marks(organizer, asker), _slowing(organizer, asker))
                if isinstance(entered, Delay):
                    return TryLater(0, entered.because)
                turn = entered.turn(asked_at) if right or entered.delay else None
            return _checked(organizer, judged, turn)

    # who may be guessing

    def slows_pin(self, meeting: str, asker: Asker) -> bool:
        """Tell whether a check of a PIN has to take its turn first."""
        if not asker.slowing.limit:
            return False
        with self._office.store.reading() as session:
            organizer = _organizer_of(session, meeting)
            return self._waits(session, organizer, asker) and not self._locks(session, organizer)

    def enter_pin(self, meeting: str, asker: Asker) -> Entered | Delay:
        """Take a turn for a check; it is a wrong try until it is taken back."""
        with self._office.store.writing() as session:
            organizer = _organizer_of(session, meeting, lock=True)
            return self._turns.enter(session, _marks(organizer, asker), _slowing(organizer, asker))

    def slows_id(self, asker: Asker) -> bool:
        """Tell whether a look-up of an ID has to take its turn first."""
        at = marks("id", asker)
        if not asker.slowing.limit or not at.meant:
            return False
        with self._office.store.reading() as session:
            return self._turns.delay(session, at, asker.slowing) is not None

    def enter_id(self, asker: Asker) -> Entered | Delay:
        """Take a turn for a look-up, or count an unknown ID."""
        with self._office.store.writing() as session:
            return self._turns.enter(session, marks("id", asker), asker.slowing)

    def take_back(self, turn: Turn) -> None:
        """Take it that the try was no wrong one: its answer was right, and has been given."""
        with self._office.store.writing() as session:
            self._turns.take_back(session, turn.number)

    def leave(self, turn: Turn) -> None:
        """Take it that nobody waits for the answer any more."""
        with self._office.store.writing() as session:
            self._turns.leave(session, turn.number)

    def _to_enter(self, session: Session, organizer: OrganizerRow | None, asker: Asker, *, right: bool) -> bool:
        """Tell whether a try that has no turn is to be counted, or has to wait by now."""
        if not asker.slowing.limit or not _marks(organizer, asker).meant:
            return False
        return (not right or self._waits(session, organizer, asker)) and not self._locks(session, organizer)

    def _waits(self, session: Session, organizer: OrganizerRow | None, asker: Asker) -> bool:
        return self._turns.delay(session, _marks(organizer, asker), _slowing(organizer, asker)) is not None

    def _locks(self, session: Session, organizer: OrganizerRow | None) -> bool:
        """Tell whether wrong PINs lock, or reset, instead of being slowed (B3, F2)."""
        return self._office.rules(session, organizer).lockout.counts

    def started(self, meeting: str) -> None:
        """Take it that this meeting has been started: it can be dialled for 60 more days (A1.15)."""
        _, number = numbers_of(meeting)
        if number is None:
            return  # the meetings of its organizer have one ID, which does not run out
        with self._office.store.writing() as session:
            until = self._office.now() + LIFE
            session.execute(update(MeetingRow).where(MeetingRow.id == number, MeetingRow.expires_at < until)
                            .values(expires_at=until))


def _organizer_of(session: Session, meeting: str, *, lock: bool = False) -> OrganizerRow | None:
    organizer, number = numbers_of(meeting)
    query = select(OrganizerRow).where(OrganizerRow.enabled)
    query = query.where(OrganizerRow.id == organizer) if number is None else (
        query.join(MeetingRow, MeetingRow.organizer_id == OrganizerRow.id)
        .where(MeetingRow.id == number, MeetingRow.cancelled.is_(False)))
    return session.scalars(query.with_for_update(of=OrganizerRow) if lock else query).one_or_none()


def _hash_of(organizer: OrganizerRow | None) -> str:
    return organizer.pin_hash if organizer else ""


def _marks(organizer: OrganizerRow | None, asker: Asker) -> Marks:
    return marks("pin", asker, secret_of(organizer))


def _slowing(organizer: OrganizerRow | None, asker: Asker) -> Slowing:
    """Return the numbers that hold for a check: one place more for a call from the organizer's own number.

    So nobody who fills the queue with others' calls keeps him out. Somebody has to answer for the number.
    """
    number = "" if asker.source else _digits(asker.phone)
    own = organizer is not None and number != "" and number == _digits(organizer.phone)
    return replace(asker.slowing, waiting=asker.slowing.waiting + own)


def _digits(number: str) -> str:
    return "".join(filter(str.isdecimal, number))


def _checked(organizer: OrganizerRow | None, judged: Judged | None, turn: Turn | None) -> PinChecked:
    if organizer is None or judged is None:  # without a PIN there is nothing to judge
        return PinChecked(0, right=False, turn=turn)
    return PinChecked(0, judged.accepted, organizer.address, organizer.name, turn)
