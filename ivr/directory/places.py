"""Which number is whose: numbers of the bridge, the default one of a new organizer (D7, D8)."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.directory.errors import BadValue, NotFound, nearest_number
from ivr.directory.office import Office
from ivr.directory.parameters import number as read_number
from ivr.directory.tables import Number, OrganizerRow


def read_country(text: str) -> str:
    """Return a country's two letters as they are kept.

    Raises
    ------
    BadValue
        If it is none.
    """
    if not re.fullmatch("[A-Za-z]{2}", text):
        raise BadValue(f"{text!r} is not a country: it takes two letters such as US or FR", value=text)
    return text.upper()


def number_of_bridge(session: Session, text: str, *, toll_free: bool | None = None) -> str:
    """Return a number in the form in which it is kept, if it is one of the bridge.

    Parameters
    ----------
    text : str
        ``+14255550100``, ``14255550100`` or ``tel:+14255550100`` (D9).
    toll_free : bool, optional
        Which kind it has to be.

    Raises
    ------
    BadValue
        If it is no number, or of the other kind.
    NotFound
        If the bridge does not have it.
    """
    wanted = read_number(text)
    found = session.get(Number, wanted)
    if found is None:
        known = session.scalars(select(Number.number)).all()
        raise NotFound(f"the bridge does not have the number {wanted}{nearest_number(wanted, known)}", value=wanted)
    if toll_free is not None and found.toll_free != toll_free:
        kind, other = ("toll-free", "toll") if toll_free else ("toll", "toll-free")
        raise BadValue(f"{wanted} is a {other} number, and a {kind} one is needed here", value=wanted)
    return wanted


def default_number(office: Office, session: Session, organizer: OrganizerRow) -> str:
    """Return a new organizer's default number: a toll number of his country, else the bridge's (D7)."""
    if organizer.country:
        near = session.scalars(select(Number.number).where(
            Number.country == organizer.country, Number.toll_free.is_(False)).order_by(Number.number)).first()
        if near:
            return near
    return office.bridge(session).default_number
