"""Meetings at the desk: scheduled, invited to, moved, cancelled (C-2, C-14, A1.15)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.directory import identity, ids
from ivr.directory.errors import BadValue, NotAllowed, NotEnabled, NotFound
from ivr.directory.invitations import (
    ask_migration,
    id_of,
    is_stale,
    is_static,
    migration_of,
    settle_migration,
    stale_at,
)
from ivr.directory.office import LIFE, SETTINGS, Office
from ivr.directory.parameters import language as read_language
from ivr.directory.parameters.texts import one_line
from ivr.directory.tables import ConferenceId, MeetingRow, Number, OrganizerRow
from ivr.mail.invitation import DialIn, block

MEET_NOW_LIFE = 8 * 3600
"""How long a meeting that was not scheduled can be dialled (A1.15)."""


@dataclass(frozen=True, slots=True)
class MeetingShown:
    """A meeting as it is shown; moments in seconds since 1970, UTC.

    Attributes
    ----------
    state : str
        "scheduled", "cancelled", "expired" (A1.15), or "no ID" when its organizer is disabled.
    stale : bool
        Whether the invitation that was sent tells an ID or a number that holds no longer (C-11, D10).
    """

    number: int
    organizer: str
    subject: str
    conference_id: str
    starts_at: int
    ends_at: int
    expires_at: int
    invitees: int
    invited: bool
    stale: bool
    state: str


class Schedule:
    """The desk's part for meetings and their conference IDs."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def schedule(self, who: str, *, subject: str = "", starts_at: int, ends_at: int, invitees: int = 0,
                 conference_id: str = "") -> MeetingShown:
        """Schedule a meeting; with dynamic IDs it gets one of its own (C-2, S3.4).

        Parameters
        ----------
        conference_id : str
            The ID to give it, where the product lets it be typed; drawn by chance if empty.

        Raises
        ------
        NotFound, NotEnabled, NotAllowed, BadValue, DuplicateId, BridgeFull
        """
        _times(starts_at, ends_at)
        if not 0 <= invitees <= _MOST_INVITEES:
            raise BadValue(f"{invitees} people cannot be invited: a meeting takes 0 to {_MOST_INVITEES} of them",
                           value=invitees)
        return self._new(who, subject, starts_at, ends_at, ends_at + LIFE, invitees, conference_id)

    def meet_now(self, who: str, *, subject: str = "") -> MeetingShown:
        """Make a meeting that begins now and can be dialled for eight hours (A1.15)."""
        now = self._office.now()
        return self._new(who, subject, now, now + MEET_NOW_LIFE, now + MEET_NOW_LIFE, 0, "")

    def _new(self, who: str, subject: str, starts_at: int, ends_at: int, expires_at: int, invitees: int,
             conference_id: str) -> MeetingShown:
        office, subject = self._office, one_line(subject, "the subject of a meeting")
        with office.store.writing() as session:
            organizer = identity.enabled(session, who, lock=True)
            product = office.administration(session)
            if conference_id and not product.id_typed:
                raise NotAllowed(f"with the administration {product.name!r} conference IDs are always drawn by "
                                 "chance (C-6): leave out the conference ID")
            meeting = MeetingRow(organizer_id=organizer.id, subject=subject, starts_at=starts_at, ends_at=ends_at,
                              expires_at=expires_at, invitees=invitees)
            session.add(meeting)
            session.flush()
            if is_static(office, session):
                if not ids.static_id(session, organizer.id):
                    ids.take(office, session, organizer_id=organizer.id, meeting_id=None)
            else:
                ids.take(office, session, organizer_id=organizer.id, meeting_id=meeting.id, wanted=conference_id)
            return self._shown(session, meeting, organizer)

    def list(self, *, who: str = "", stale: bool = False, everything: bool = False, offset: int = 0,
             limit: int = 50) -> Sequence[MeetingShown]:
        """Return meetings in the order in which they were scheduled, those of one organizer or all.

        Parameters
        ----------
        stale : bool
            Only those whose invitation has to be sent again (C-11).
        everything : bool
            Whether to list cancelled and expired ones too.
        """
        # the page first: organizers joined to a million meetings, of which fifty are shown, take seconds
        page = select(MeetingRow.id).order_by(MeetingRow.id).offset(offset).limit(limit)
        if stale:
            page = (page.join(OrganizerRow, OrganizerRow.id == MeetingRow.organizer_id)
                    .where(stale_at(self._office.now())))
        if not everything:
            page = page.where(MeetingRow.cancelled.is_(False), MeetingRow.expires_at > self._office.now())
        query = (select(MeetingRow, OrganizerRow).join(OrganizerRow, OrganizerRow.id == MeetingRow.organizer_id)
                 .order_by(MeetingRow.id))
        with self._office.store.reading() as session:
            if who:
                page = page.where(MeetingRow.organizer_id == identity.find(session, who).id)
            query = query.where(MeetingRow.id.in_(page))
            return [self._shown(session, meeting, organizer) for meeting, organizer in session.execute(query)]

    def show(self, which: str) -> MeetingShown:
        """Return a meeting, named by its number or by its conference ID."""
        with self._office.store.reading() as session:
            return self._shown(session, *find_meeting(session, which))

    def invite(self, which: str, language: str = "") -> str:
        """Return the block for the foot of a meeting's invitation, and take it as sent (S1.1, C-14).

        Parameters
        ----------
        language : str
            The organizer's, or the setting's, if empty.

        Raises
        ------
        NotFound, NotEnabled
        BadValue
            Also if the meeting is cancelled, or can be dialled no longer (A1.15).
        """
        office = self._office
        with office.store.writing() as session:
            meeting, organizer = find_meeting(session, which, lock=True)
            _is_on(meeting)
            if meeting.expires_at <= office.now():
                raise BadValue(f"meeting {meeting.id} can be dialled no longer (A1.15): "
                               f"'ivr meeting reschedule {meeting.id}' first", value=meeting.id)
            settings = office.values(session, SETTINGS)
            conference_id = id_of(session, meeting)
            if not conference_id:
                raise NotEnabled(f"meeting {meeting.id} has no conference ID, for {organizer.address} is not "
                                 f"enabled: 'ivr organizer enable {organizer.address}' first", value=meeting.id)
            number = session.get(Number, organizer.service_number)
            replaces = is_stale(meeting, organizer, office.now())
            meeting.invited_at, meeting.stale = office.now(), False
            return block(DialIn(
                conference_id=conference_id, number=organizer.service_number,
                place=", ".join(part for part in (number.city, number.country) if part) if number else "",
                toll_free_number=organizer.toll_free_number if organizer.toll_free_dial_in else "",
                numbers_link=str(settings["numbers-link"] or ""), pin_link=str(settings["self-service-link"] or ""),
                options_link=str(settings["options-link"] or ""),
                by_owner=office.rules(session, organizer).self_service, stale=replaces),
                read_language(language) if language else organizer.language or str(settings["language"]))

    def cancel(self, which: str) -> MeetingShown:
        """Cancel a meeting; its ID is free for others."""
        with self._office.store.writing() as session:
            meeting, organizer = find_meeting(session, which, lock=True)
            _is_on(meeting)
            ids.release(session, meeting_id=meeting.id)
            meeting.cancelled, meeting.stale = True, False
            session.flush()
            return self._shown(session, meeting, organizer)

    def reschedule(self, which: str, *, starts_at: int | None = None, ends_at: int | None = None) -> MeetingShown:
        """Move a meeting, or only bring it up to date; it can be dialled for 60 more days (A1.15).

        Its invitation, if one was sent, has to be sent again with `invite` (S1.14).
        """
        with self._office.store.writing() as session:
            meeting, organizer = find_meeting(session, which, lock=True)
            _is_on(meeting)
            settle_migration(self._office, session, organizer)
            lasted = meeting.ends_at - meeting.starts_at
            if starts_at is not None:
                meeting.starts_at, meeting.ends_at = starts_at, starts_at + lasted
            if ends_at is not None:
                meeting.ends_at = ends_at
            _times(meeting.starts_at, meeting.ends_at)
            meeting.expires_at = max(meeting.ends_at, self._office.now()) + LIFE
            meeting.stale = meeting.stale or (meeting.invited_at > 0 and (starts_at, ends_at) != (None, None))
            session.flush()
            return self._shown(session, meeting, organizer)

    def migrate(self, who: str) -> str:
        """Ask that an organizer's stale invitations be sent again by themselves; return how it stands (C-12)."""
        with self._office.store.writing() as session:
            organizer = identity.enabled(session, who, lock=True)
            ask_migration(self._office, session, organizer)
            return organizer.migration_state

    def migration(self, who: str) -> str:
        """Return how re-sending an organizer's invitations stands: a word of C-12, or empty if never asked for."""
        with self._office.store.reading() as session:
            return migration_of(session, identity.find(session, who), self._office.now())

    # what has to be found

    def _shown(self, session: Session, meeting: MeetingRow, organizer: OrganizerRow) -> MeetingShown:
        conference_id = "" if meeting.cancelled else id_of(session, meeting)
        now = self._office.now()
        state = ("cancelled" if meeting.cancelled else "expired" if meeting.expires_at <= now else
                 "scheduled" if conference_id else "no ID")
        return MeetingShown(meeting.id, organizer.address, meeting.subject, conference_id, meeting.starts_at,
                            meeting.ends_at, meeting.expires_at, meeting.invitees, meeting.invited_at > 0,
                            is_stale(meeting, organizer, now), state)


def find_meeting(session: Session, which: str, *, lock: bool = False) -> tuple[MeetingRow, OrganizerRow]:
    """Return a meeting and its organizer; `which` is its number, or its own conference ID.

    Raises
    ------
    NotFound
        If there is none.
    """
    query = select(MeetingRow, OrganizerRow).join(OrganizerRow, OrganizerRow.id == MeetingRow.organizer_id)
    if lock:
        query = query.with_for_update(of=MeetingRow)
    row = None
    if which.isascii() and which.isdigit() and len(which) == _ID_DIGITS:
        row = session.execute(query.join(ConferenceId, ConferenceId.meeting_id == MeetingRow.id)
                              .where(ConferenceId.conference_id == which)).one_or_none()
    # no number begins with 0, so that an ID which leads nowhere any more is never taken for a meeting's number
    if row is None and which.isascii() and which.isdigit() and which[0] != "0" and len(which) <= _MOST_DIGITS:
        row = session.execute(query.where(MeetingRow.id == int(which))).one_or_none()
    if row is None:
        raise NotFound(f"there is no meeting {which!r}: 'ivr meeting list' shows them, by number and conference ID",
                       value=which)
    return row[0], row[1]


_ID_DIGITS, _MOST_DIGITS = 7, 9


def _is_on(meeting: MeetingRow) -> None:
    if meeting.cancelled:
        raise BadValue(f"meeting {meeting.id} is cancelled: schedule another", value=meeting.id)


def _times(starts_at: int, ends_at: int) -> None:
    if ends_at <= starts_at:
        raise BadValue("a meeting has to end after it begins: check the two times")
    if starts_at < 0 or ends_at > _YEAR_10000:
        raise BadValue("a meeting has to be between the years 1970 and 9999: check the two times")


_YEAR_10000 = 253_402_300_800
_MOST_INVITEES = 1_000_000
