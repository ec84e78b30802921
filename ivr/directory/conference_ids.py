"""Conference IDs at the desk: shown, and reset (C-8 to C-11)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.directory import identity, ids
from ivr.directory.errors import BadValue, NotAllowed, NotFound
from ivr.directory.invitations import id_of, mark_stale
from ivr.directory.letters import Mailing, outdated, write
from ivr.directory.office import Office
from ivr.directory.schedule import find_meeting
from ivr.directory.tables import ConferenceId, MeetingRow, OrganizerRow
from ivr.mail.letters import LetterKind


@dataclass(frozen=True, slots=True)
class NewIds:
    """What resetting conference IDs came to.

    Attributes
    ----------
    conference_ids : tuple of (str, str)
        Each old ID with the new one in its place.
    stale : int
        How many sent invitations tell an ID that holds no longer (C-11).
    mailed_to : str
        Empty if letters are switched off.
    """

    address: str
    conference_ids: tuple[tuple[str, str], ...]
    stale: int
    mailed_to: str


class ConferenceIds:
    """The desk's part for conference IDs."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def of(self, who: str) -> list[tuple[str, int | None]]:
        """Return an organizer's IDs, each with its meeting's number; None for the one of all his meetings."""
        with self._office.store.reading() as session:
            organizer = identity.enabled(session, who)
            return [(row.conference_id, row.meeting_id) for row in session.execute(
                select(ConferenceId.conference_id, ConferenceId.meeting_id)
                .where(ConferenceId.organizer_id == organizer.id).order_by(ConferenceId.meeting_id))]

    def reset(self, who: str, *, meeting: str = "", wanted: str = "", mailing: Mailing | None = None) -> NewIds:
        """Put new IDs in the place of an organizer's: the old ones fail at once (C-9, C-10, S1.13).

        Parameters
        ----------
        meeting : str
            Number or ID of the one meeting it is for; all if empty.
        wanted : str
            The new ID, where the product lets it be typed (C-3, C-7).

        Raises
        ------
        NotFound, NotEnabled, NotAllowed, BadConferenceId, DuplicateId, BridgeFull
        """
        office = self._office
        with office.store.writing() as session:
            organizer = identity.enabled(session, who, lock=True)
            product = office.administration(session)
            if wanted and not product.id_typed:
                raise NotAllowed(f"with the administration {product.name!r} conference IDs are always drawn by "
                                 "chance (C-6): leave out the conference ID")
            old = self._old(session, organizer, meeting)
            if wanted and len(old) > 1:
                raise BadValue(f"{wanted} can be one ID only, and {organizer.address} has {len(old)}: "
                               "name the meeting it is for", value=wanted)
            concerned = self._concerned(session, organizer, old)
            new = tuple((before, ids.replace(office, session, before, wanted)) for before in old)
            outdated(office, session, organizer, old)
            stale = mark_stale(office, session, organizer, concerned)
            mailed_to = write(office, session, LetterKind.INFO_CHANGED, organizer, mailing=mailing)
            return NewIds(organizer.address, new, stale, mailed_to)

    @staticmethod
    def _old(session: Session, organizer: OrganizerRow, meeting: str) -> list[str]:
        if meeting:
            found, owner = find_meeting(session, meeting, lock=True)
            if owner.id != organizer.id:
                raise NotFound(f"meeting {meeting} is not one of {organizer.address}, but of {owner.address}",
                               value=meeting)
            old = [id_of(session, found)]
        else:
            old = list(session.scalars(select(ConferenceId.conference_id).where(
                ConferenceId.organizer_id == organizer.id).order_by(ConferenceId.conference_id)))
        if not any(old):
            raise NotFound(f"{organizer.address} has no conference ID yet: a meeting gets one when it is scheduled",
                           value=organizer.address)
        return old

    @staticmethod
    def _concerned(session: Session, organizer: OrganizerRow, old: list[str]) -> list[int]:
        """Return the numbers of the meetings that are dialled by one of these IDs."""
        rows = session.execute(
            select(MeetingRow.id, ConferenceId.conference_id)
            .join(ConferenceId, ConferenceId.meeting_id == MeetingRow.id, isouter=True)
            .where(MeetingRow.organizer_id == organizer.id)).all()
        static = ids.static_id(session, organizer.id)
        return [number for number, own in rows if (own or static) in old]
