"""At which of several processes that share a directory a meeting is: a lease, so that one that dies frees it."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.directory.office import Office
from ivr.directory.tables import HomeRow

LASTS = 60
"""Seconds that a lease holds; whoever has it renews it long before."""

_AT_ONCE = 100
"""Leases that have ended and are swept away with one that is taken, at most."""


class Homes:
    """The leases of all meetings."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def take(self, meeting: str, here: str, *, gone: str = "") -> str:
        """Return where a meeting is: here from now on, unless another process has it.

        Parameters
        ----------
        meeting : str
            Its key.
        here : str
            By which name others reach this process.
        gone : str
            A process that is dead, as somebody knows who has just tried to reach it: its lease is over.
        """
        now = self._office.now()
        with self._office.store.writing() as session:
            row = self._row(session, meeting, here, now)
            if row.home == here or row.home == gone or row.until <= now:
                row.home, row.until = here, now + LASTS
            return row.home

    def _row(self, session: Session, meeting: str, here: str, now: int) -> HomeRow:
        """Return a meeting's lease, locked; a new one that is ours if it has none."""
        wanted = select(HomeRow).where(HomeRow.meeting == meeting).with_for_update()
        if row := session.scalar(wanted):
            return row
        ended = select(HomeRow.meeting).where(HomeRow.until <= now).limit(_AT_ONCE)
        swept = session.scalars(ended.with_for_update(skip_locked=True)).all()
        session.execute(delete(HomeRow).where(HomeRow.meeting.in_(swept)))
        row = HomeRow(meeting=meeting, home=here, until=now + LASTS)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # another process has just taken it
            return session.scalars(wanted).one()
        return row

    def renew(self, meetings: Collection[str], here: str) -> set[str]:
        """Hold leases for longer; return those that are lost, since another process has taken them meanwhile."""
        now = self._office.now()
        with self._office.store.writing() as session:
            ours = HomeRow.meeting.in_(meetings), HomeRow.home == here
            session.execute(update(HomeRow).where(*ours).values(until=now + LASTS))
            return set(meetings) - set(session.scalars(select(HomeRow.meeting).where(*ours)))

    def free(self, meetings: Collection[str], here: str) -> None:
        """Give leases back: nobody is in these meetings any more."""
        with self._office.store.writing() as session:
            session.execute(delete(HomeRow).where(HomeRow.meeting.in_(meetings), HomeRow.home == here))
