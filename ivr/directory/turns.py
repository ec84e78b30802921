"""The wrong tries of the last minutes in the database, for all processes that share it."""

from sqlalchemy import delete, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from ivr.directory.guesses import Entered, Marks, enough, expires
from ivr.directory.guessing import AHEAD, Delay, Guess
from ivr.directory.guessing import delay as delay_of
from ivr.directory.office import Office
from ivr.directory.tables import GuessRow as Row
from ivr.directory.tables import OrganizerRow
from ivr.questions import Slowing

_AT_ONCE = 100
"""Rows that one try sweeps away at most."""

_OURS = 0x677565
"""The first number of PostgreSQL's advisory locks of callers."""


def secret_of(organizer: OrganizerRow | None) -> str:
    """Return the mark of tries at an organizer's PIN.

    It is of the PIN, not of a meeting, since all his meetings have the one; and a new PIN begins without counts.
    """
    return f"pin of {organizer.id} since {organizer.pin_set_at}" if organizer else ""


class Turns:
    """Counts tries and gives turns; several processes at once count one by one."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def delay(self, session: Session, at: Marks, slowing: Slowing) -> Delay | None:
        """Tell when a try with these marks is to be answered; None for at once. One question to the database."""
        return self._delay(session, at, slowing, self._office.now())

    def _delay(self, session: Session, at: Marks, slowing: Slowing, now: int) -> Delay | None:
        if not slowing.limit or not at.meant:
            return None
        # answered ones need not all be known, however many callers hang up at once
        parts = []
        for name, mark in at.meant.items():
            own = Row.secret if name == "meeting" else Row.caller
            of_mark = select(literal(name).label("name"), Row.at, Row.since, Row.until).where(own == mark)
            answered = of_mark.where(Row.until < now, Row.at > now - slowing.window, Row.at <= now + AHEAD)
            parts += [of_mark.where(Row.until >= now), answered.limit(enough(slowing)).subquery().select()]
        known: dict[str, list[Guess]] = {name: [] for name in at.meant}
        for name, asked_at, since, until in session.execute(union_all(*parts)):
            known[name].append(Guess(asked_at, since, until))
        return delay_of(known, now, slowing)

    def lately(self, session: Session, secret: str) -> int:
        """Return how many wrong tries at something count at this moment."""
        now = self._office.now()
        query = select(func.count()).where(Row.secret == secret, Row.expires_at > now, Row.at <= now + AHEAD)
        return session.scalar(query) or 0

    def enter(self, session: Session, at: Marks, slowing: Slowing) -> Entered | Delay:
        """Count a try, in its turn if it is slowed; return the delay alone if there is none to be had.

        Parameters
        ----------
        session : Session
            One that writes. On PostgreSQL the row of what is tried at has to be locked already.
        """
        if at.caller and session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(_OURS, func.hashtext(at.caller))))
        now = self._office.now()
        wait = self._delay(session, at, slowing, now)
        if wait and wait.later:
            return wait
        since, until = (wait.since, wait.until) if wait else (0, 0)
        row = Row(secret=at.secret, caller=at.caller, at=now, since=since, until=until,
                  expires_at=expires(now, until, slowing))
        session.add(row)
        session.flush()
        self._sweep(session, now)
        return Entered(row.number, wait)

    def take_back(self, session: Session, number: int) -> None:
        """Take it that a try was none."""
        session.execute(delete(Row).where(Row.number == number))

    def leave(self, session: Session, number: int) -> None:
        """Take it that nobody waits for the answer of a try."""
        session.execute(update(Row).where(Row.number == number).values(since=0, until=0))

    def _sweep(self, session: Session, now: int) -> None:
        # those of a clock that has been put back, too; rows that another process is about to sweep are left to it
        over = select(Row.number).where((Row.expires_at <= now) | (Row.at > now + AHEAD)).limit(_AT_ONCE)
        session.execute(delete(Row).where(Row.number.in_(over.with_for_update(skip_locked=True)))
                        .execution_options(synchronize_session=False))
