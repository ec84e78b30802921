"""Conference IDs: seven digits, drawn by chance, each taken once on the bridge (C-1, C-6, C-7).

A bridge has room for 10^7 of them. An ID is drawn among all and taken if nobody has it, which in a bridge
that is half full takes two draws. Near its end, after `_DRAWS` draws in vain, the free ones are counted and one
of them is drawn, so that the last ID is as easily given as the first, only slower; then comes `BridgeFull`.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.directory.errors import BadConferenceId, BridgeFull, DuplicateId
from ivr.directory.office import Office, insert_if_new
from ivr.directory.tables import ConferenceId

_DRAWS = 64


def key(organizer_id: int, meeting_id: int | None) -> str:
    """Return what the bridge knows a meeting by, whatever its ID.

    That is "meeting:34"; where one ID is for all meetings of an organizer it is "organizer:12" (C-2, C-3).
    """
    return f"organizer:{organizer_id}" if meeting_id is None else f"meeting:{meeting_id}"


def numbers_of(meeting: str) -> tuple[int | None, int | None]:
    """Return the number of the organizer, or the one of the meeting, that a key names; the other is None."""
    kind, _, number = meeting.partition(":")
    return (int(number), None) if kind == "organizer" else (None, int(number))


def checked(conference_id: str) -> str:
    """Return a conference ID.

    Raises
    ------
    BadConferenceId
        If it is none (C-7).
    """
    if not re.fullmatch(r"[0-9]{7}", conference_id):
        raise BadConferenceId(f"{conference_id!r} is not a conference ID: one has exactly 7 digits",
                              value=conference_id)
    return conference_id


def take(office: Office, session: Session, *, organizer_id: int, meeting_id: int | None,
         wanted: str = "") -> str:
    """Take an ID for a meeting, or for all meetings of its organizer.

    Parameters
    ----------
    wanted : str
        The one to take; drawn by chance if empty.

    Raises
    ------
    BadConferenceId, DuplicateId
        If the wanted one is none or is taken (C-7).
    BridgeFull
        If all are taken.
    """
    return _claimed(office, session, wanted, lambda drawn: insert_if_new(
        session, ConferenceId, conference_id=drawn, organizer_id=organizer_id, meeting_id=meeting_id))


def replace(office: Office, session: Session, old: str, wanted: str = "") -> str:
    """Put another ID in an ID's place; the old one is free at once (C-10).

    Raises
    ------
    BadConferenceId, DuplicateId, BridgeFull
        As `take` does.
    """
    def renamed(drawn: str) -> bool:
        try:
            with session.begin_nested():
                session.execute(update(ConferenceId).where(ConferenceId.conference_id == old)
                                .values(conference_id=drawn))
        except IntegrityError:
            return False
        return drawn != old

    return _claimed(office, session, wanted, renamed)


def free(session: Session, wanted: str) -> None:
    """Make sure that nobody has this ID yet.

    Raises
    ------
    BadConferenceId, DuplicateId
        As `take` does.
    """
    if session.get(ConferenceId, checked(wanted)):
        raise DuplicateId(_TAKEN.format(wanted), value=wanted)


_TAKEN = "the conference ID {} is taken: choose another, or leave the choice to chance"


def _claimed(office: Office, session: Session, wanted: str, claim: Callable[[str], bool]) -> str:
    if wanted:
        if not claim(checked(wanted)):
            raise DuplicateId(_TAKEN.format(wanted), value=wanted)
        return wanted
    for _ in range(_DRAWS):
        if claim(drawn := f"{office.world.randbelow(office.world.ids):07d}"):
            return drawn
    while True:
        if claim(drawn := _one_of_the_last(office, session)):
            return drawn


def _one_of_the_last(office: Office, session: Session) -> str:
    space = office.world.ids
    left = space - (session.scalar(select(func.count()).select_from(ConferenceId)) or 0)
    if left <= 0:
        raise BridgeFull(f"all {space} conference IDs of the bridge are taken: cancel meetings or disable "
                         "organizers to free some")
    nth = office.world.randbelow(left)
    taken = session.scalars(select(ConferenceId.conference_id).order_by(ConferenceId.conference_id)
                            .execution_options(yield_per=10_000))
    ends = [-1, *(int(conference_id) for conference_id in taken), space]
    for before, after in pairwise(ends):
        gap = after - before - 1
        if nth < gap:
            return f"{before + 1 + nth:07d}"
        nth -= gap
    raise BridgeFull("no conference ID is left")


def release(session: Session, *, organizer_id: int | None = None, meeting_id: int | None = None) -> None:
    """Give back the IDs of an organizer, or the one of a meeting: others may be given them (C-13)."""
    column, value = ((ConferenceId.organizer_id, organizer_id) if meeting_id is None else
                     (ConferenceId.meeting_id, meeting_id))
    session.execute(delete(ConferenceId).where(column == value))


def static_id(session: Session, organizer_id: int) -> str:
    """Return the ID of all meetings of an organizer; empty if there is none (C-3)."""
    return session.scalar(select(ConferenceId.conference_id).where(
        ConferenceId.organizer_id == organizer_id, ConferenceId.meeting_id.is_(None))) or ""
