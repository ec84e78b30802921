"""Who is meant: by mail address, SIP URI, display name, logon name or the part before the @ (E, C16, S4.18)."""

import re
from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from ivr.directory.errors import BadValue, NotEnabled, NotFound, nearest_address
from ivr.directory.tables import OrganizerRow
from ivr.mail import addresses
from ivr.mail.errors import BadHeader

_ENOUGH = 20_000
"""How many addresses are looked through for the most alike one."""


def address(text: str) -> str:
    """Return a mail address as it is kept: in small letters, its domain in its own script.

    Raises
    ------
    BadValue
        If it is none, or no letter could be sent to it.
    """
    try:
        return addresses.address(text)
    except BadHeader as wrong:
        raise BadValue(str(wrong)) from None


def sip_uri(text: str) -> str:
    """Return a SIP URI as it is kept: ``sip:`` and a lower-case address."""
    return f"sip:{address(text.removeprefix('sip:').removeprefix('SIP:'))}"


def find(session: Session, who: str, *, lock: bool = False) -> OrganizerRow:
    r"""Return the organizer who is meant.

    Parameters
    ----------
    who : str
        Address, SIP URI, display name, ``domain\logon``, or the part of the address before the @.
    lock : bool
        Whether nobody else may change the organizer until this transaction ends.

    Raises
    ------
    NotFound
        If there is none, with the nearest one, or if several are meant.
    """
    who = who.strip()
    found: list[OrganizerRow] = []
    for query in _queries(who) if who.isprintable() else ():  # else no database could even look for it
        found = list(session.scalars(query.limit(6).with_for_update() if lock else query.limit(6)))
        if found:
            break
    if len(found) > 1:
        several = ", ".join(organizer.address for organizer in found[:5])
        raise NotFound(f"{who!r} may be any of {several}{' and others' if len(found) > 5 else ''}: "
                       "use the mail address", value=who)
    if not found:
        known = session.scalars(select(OrganizerRow.address).limit(_ENOUGH)).all()
        raise NotFound(f"there is no organizer {who!r}{_meant(who.lower(), known)}" if known else
                       f"there is no organizer {who!r}: none has been enabled yet ('ivr organizer enable')",
                       value=who)
    return found[0]


def enabled(session: Session, who: str, *, lock: bool = False) -> OrganizerRow:
    """Return the organizer who is meant, and is enabled.

    Raises
    ------
    NotEnabled
        If he is not.
    """
    organizer = find(session, who, lock=lock)
    if not organizer.enabled:
        raise NotEnabled(f"{organizer.address} is not enabled for audio conferencing: "
                         f"'ivr organizer enable {organizer.address}' first", value=organizer.address)
    return organizer


def _queries(who: str) -> list[Select[OrganizerRow]]:
    low = who.lower()
    if "@" in low:
        plain = low.removeprefix("sip:")
        spelt = {plain, _as_kept(plain)}
        by_uri = select(OrganizerRow).where(OrganizerRow.sip_uri.in_([f"sip:{one}" for one in sorted(spelt)]))
        by_address = select(OrganizerRow).where(OrganizerRow.address.in_(sorted(spelt)))
        return [by_uri] if plain != low else [by_address, by_uri]
    if "\\" in low:
        domain, _, logon = low.partition("\\")
        return [select(OrganizerRow).where(OrganizerRow.local_part == logon, or_(
            func.substr(OrganizerRow.address, func.length(logon) + 2, len(domain) + 1) == f"{domain}.",
            func.substr(OrganizerRow.address, func.length(logon) + 2) == domain))]
    return [select(OrganizerRow).where(OrganizerRow.folded_name == who.casefold()),
            select(OrganizerRow).where(OrganizerRow.local_part == low)]


def _meant(who: str, known: Sequence[str]) -> str:
    """Return what is said to somebody who named nobody: whom he may mean, and by what people are named."""
    near = nearest_address(who, known)
    if "@" in who:
        return near
    if not near:
        begins = [one for one in known if who in re.split(r"[._+-]", one.partition("@")[0])]
        near = f"; did you mean {begins[0]!r}?" if len(begins) == 1 else ""
    return f": name him by his mail address{near}"


def _as_kept(text: str) -> str:
    """Return an address as it is kept if it is one; one of an older version may be none by today's rule."""
    try:
        return address(text)
    except BadValue:
        return text
