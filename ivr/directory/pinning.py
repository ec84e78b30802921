"""Giving an organizer a PIN: what reset, enabling and the system's own reset have in common."""

from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ivr.directory.administration import PinRules
from ivr.directory.hashing import any_matches, hashed
from ivr.directory.letters import withdraw
from ivr.directory.lockout import Tries
from ivr.directory.office import Office
from ivr.directory.pins import Owner, check, generated
from ivr.directory.tables import FormerPin, OrganizerRow


def owner_of(organizer: OrganizerRow) -> Owner:
    """Return what the organizer's PIN must not be."""
    return Owner(tuple(number for number in (organizer.phone, organizer.extension) if number))


def used_by(session: Session, organizer: OrganizerRow, rules: PinRules) -> Callable[[str], bool]:
    """Return what tells whether a PIN is among the organizer's latest (B2, F2)."""
    if not rules.history or organizer.id is None:
        return lambda _pin: False
    kept = session.scalars(select(FormerPin.pin_hash).where(FormerPin.organizer_id == organizer.id)
                           .order_by(FormerPin.id.desc()).limit(rules.history)).all()
    return lambda pin: any_matches(pin, kept)


def chosen(office: Office, organizer: OrganizerRow, rules: PinRules, used: Callable[[str], bool],
           wanted: str = "") -> tuple[str, str]:
    """Return a PIN and its hash: the wanted one if the rules allow it, else one by chance.

    It takes the time of a hash or more, so it is done before a transaction begins.

    Raises
    ------
    BadPin
        If the rules forbid the wanted one.
    """
    if wanted:
        check(wanted, rules, owner_of(organizer), used)
    pin = wanted or generated(rules, office.world.randbelow, owner_of(organizer), used)
    return pin, hashed(pin, office.salt(), office.world.cost)


def give(office: Office, session: Session, organizer: OrganizerRow, rules: PinRules, *, pin: str, pin_hash: str,
         first_use: bool, tries: Tries, by_owner: bool = False) -> None:
    """Let a PIN be the organizer's from now on; the one before stops working with it (B1.11).

    Letters that were to bring one before it are withdrawn.
    """
    withdraw(office, session, organizer, "another PIN has been in force since")
    now = office.now()
    organizer.pin_hash, organizer.pin_digits, organizer.pin_set_at = pin_hash, len(pin), now
    organizer.pin_expired, organizer.pin_changed_by_owner = first_use, by_owner
    remember(organizer, tries)
    if not rules.history:
        return
    session.add(FormerPin(organizer_id=organizer.id, pin_hash=pin_hash, set_at=now))
    session.flush()
    kept = session.scalars(select(FormerPin.id).where(FormerPin.organizer_id == organizer.id)
                           .order_by(FormerPin.id.desc()).limit(rules.history)).all()
    session.execute(delete(FormerPin).where(FormerPin.organizer_id == organizer.id, FormerPin.id.not_in(kept)))


def take_away(office: Office, session: Session, organizer: OrganizerRow) -> None:
    """Let the organizer have no PIN; letters that were to bring him one are withdrawn."""
    withdraw(office, session, organizer, "its organizer has been disabled since")
    organizer.pin_hash, organizer.pin_digits, organizer.pin_set_at = "", 0, 0
    organizer.pin_expired = organizer.pin_changed_by_owner = False
    remember(organizer, Tries())
    session.execute(delete(FormerPin).where(FormerPin.organizer_id == organizer.id))


def tries_of(organizer: OrganizerRow) -> Tries:
    """Return what the organizer's PIN remembers of the tries at it."""
    return Tries(organizer.tries_local, organizer.tries_local_since, organizer.tries_locked_until,
                 organizer.tries_overall, organizer.tries_since_reset, organizer.tries_locked)


def remember(organizer: OrganizerRow, tries: Tries) -> None:
    """Keep what the organizer's PIN remembers of the tries at it."""
    organizer.tries_local, organizer.tries_local_since = tries.local, tries.local_since
    organizer.tries_locked_until, organizer.tries_overall = tries.locked_until, tries.overall
    organizer.tries_since_reset, organizer.tries_locked = tries.since_reset, tries.locked
