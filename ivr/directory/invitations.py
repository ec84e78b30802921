"""What invitations in people's hands still say: IDs per meeting or per organizer, stale ones, sending again (C)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, not_, select, update
from sqlalchemy.orm import Session

from ivr.directory import ids
from ivr.directory.office import SETTINGS, Office
from ivr.directory.tables import ConferenceId, MeetingRow, OrganizerRow

MIGRATION = 2 * 3600
"""Seconds that sending an organizer's invitations again takes (C-12: 90 minutes at least, usually two hours)."""

MOST_INVITEES = 250
"""Meetings with more are not sent again by themselves (C-12)."""


def is_static(office: Office, session: Session) -> bool:
    """Return whether each organizer has one ID for all meetings (C-3), rather than each meeting its own (C-2)."""
    return (office.administration(session).static_allowed
            and not office.value(session, SETTINGS, "unique-conference-ids"))


def own_id(session: Session, meeting: MeetingRow) -> str:
    """Return the ID that is this meeting's alone; empty if there is none."""
    return session.scalar(select(ConferenceId.conference_id).where(ConferenceId.meeting_id == meeting.id)) or ""


def id_of(session: Session, meeting: MeetingRow) -> str:
    """Return the ID to dial for a meeting: its own, else its organizer's; empty if there is neither."""
    return own_id(session, meeting) or ids.static_id(session, meeting.organizer_id)


def give_ids(office: Office, session: Session, organizer: OrganizerRow) -> None:
    """Give an ID to each of an organizer's coming meetings that has none: he was disabled meanwhile (C-5)."""
    without = session.scalars(select(MeetingRow).where(
        MeetingRow.organizer_id == organizer.id, MeetingRow.cancelled.is_(False),
        MeetingRow.expires_at > office.now(),
        ~exists().where(ConferenceId.meeting_id == MeetingRow.id)).order_by(MeetingRow.id)).all()
    for meeting in without:
        ids.take(office, session, organizer_id=organizer.id, meeting_id=meeting.id)


def mark_stale(office: Office, session: Session, organizer: OrganizerRow,
               meetings: Sequence[int] | None = None) -> int:
    """Mark sent invitations as telling what holds no longer (C-11, D10).

    Parameters
    ----------
    meetings : sequence of int, optional
        Numbers of the meetings concerned; all of the organizer's if left out.

    Returns
    -------
    int
        How many there are.
    """
    settle_migration(office, session, organizer)
    query = update(MeetingRow).where(MeetingRow.organizer_id == organizer.id, MeetingRow.invited_at > 0,
                                  MeetingRow.cancelled.is_(False))
    if meetings is not None:
        query = query.where(MeetingRow.id.in_(meetings))
    marked = int(session.execute(query.values(stale=True)).rowcount)  # type: ignore[attr-defined]
    if marked and office.value(session, SETTINGS, "migrate-meetings"):
        ask_migration(office, session, organizer)
    return marked


def ask_migration(office: Office, session: Session, organizer: OrganizerRow) -> None:
    """Queue an organizer's stale invitations to be sent again (C-12)."""
    settle_migration(office, session, organizer)
    organizer.migration_asked_at, organizer.migration_state = office.now(), "Pending"


def migration_of(session: Session, organizer: OrganizerRow, now: int) -> str:
    """Return how sending an organizer's invitations again stands: a word of C-12, or empty if never asked for."""
    if organizer.migration_state not in _WAITING:
        return organizer.migration_state
    if not _is_over(organizer, now):
        in_progress = (now - organizer.migration_asked_at) * 4 >= MIGRATION * 3
        return "InProgress" if in_progress else "Pending"
    left = session.scalars(select(MeetingRow.id).where(
        MeetingRow.organizer_id == organizer.id, MeetingRow.stale,
        MeetingRow.invitees > MOST_INVITEES).limit(1)).first()
    return "Succeeded" if left is None else "Failed"


_WAITING = ("Pending", "InProgress")


def _is_over(organizer: OrganizerRow, now: int) -> bool:
    return organizer.migration_state in _WAITING and now - organizer.migration_asked_at >= MIGRATION


def settle_migration(office: Office, session: Session, organizer: OrganizerRow) -> None:
    """Write down what sending again has come to by now, before invitations become stale anew."""
    now = office.now()
    state = migration_of(session, organizer, now)
    if _is_over(organizer, now):
        session.execute(update(MeetingRow).where(
            MeetingRow.organizer_id == organizer.id, MeetingRow.stale,
        MeetingRow.invitees <= MOST_INVITEES)
            .values(stale=False, invited_at=now))
    organizer.migration_state = state


def is_stale(meeting: MeetingRow, organizer: OrganizerRow, now: int) -> bool:
    """Return whether an invitation in people's hands tells what holds no longer (C-11) and was not sent again."""
    return meeting.stale and not (_is_over(organizer, now) and meeting.invitees <= MOST_INVITEES)


def stale_at(now: int) -> ColumnElement[bool]:
    """Return `is_stale` for a query of meetings that is joined with their organizers."""
    sent_again = and_(OrganizerRow.migration_state.in_(_WAITING),
                      OrganizerRow.migration_asked_at <= now - MIGRATION,
                      MeetingRow.invitees <= MOST_INVITEES)
    return and_(MeetingRow.stale, not_(sent_again))
