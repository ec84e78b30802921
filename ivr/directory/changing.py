"""A PIN changed by its owner, who proves himself by the one he has (F1.10, F1.11, S2.12, S2.14).

What is said about the new PIN is said only to those who know the old one: else a stranger could learn from the
history's refusals which PINs were used, without a try being counted.
"""

from contextlib import suppress

from ivr.directory.errors import BadPin, NotAllowed, WrongPin
from ivr.directory.hashing import hashed, matches
from ivr.directory.identity import enabled
from ivr.directory.lockout import Judged
from ivr.directory.office import Office
from ivr.directory.pinning import give, owner_of, tries_of, used_by
from ivr.directory.pins import check
from ivr.directory.trying import tried


def change(office: Office, who: str, old: str, new: str) -> None:
    """Let an organizer choose his own PIN.

    A PIN that has expired or has to be changed at its first use is good enough for this (F1.10).

    Raises
    ------
    NotFound, NotEnabled, NotAllowed, BadPin
    WrongPin
        If the old PIN is wrong, is locked or is not set; a wrong one has been counted.
    """
    while True:
        with suppress(_ResetMeanwhile):
            fault = _changed(office, who, old, new)
            break
    if fault:
        raise fault


class _ResetMeanwhile(Exception):
    """Somebody has given the organizer another PIN since it was looked at."""


def _changed(office: Office, who: str, old: str, new: str) -> BadPin | WrongPin | None:
    """Change the PIN and return what is wrong with it, if anything; hashes are made before the transaction."""
    with office.store.reading() as session:
        organizer = enabled(session, who)
        rules, stored = office.rules(session, organizer), organizer.pin_hash
        if not (rules.self_typed or rules.by_phone):
            raise NotAllowed(f"with the administration {office.administration(session).name!r} PINs are always "
                             f"generated (B1.5): 'ivr pin reset {organizer.address}' makes another one")
        owner, used = owner_of(organizer), used_by(session, organizer, rules)
    right = matches(old, stored, office.world.cost)
    fault: BadPin | WrongPin | None = None
    pin_hash = ""
    if right:
        try:
            check(new, rules, owner, used)
            pin_hash = hashed(new, office.salt(), office.world.cost)
        except BadPin as error:
            fault = error
    with office.store.writing() as session:
        organizer = enabled(session, who, lock=True)
        if organizer.pin_hash != stored:
            raise _ResetMeanwhile
        if not stored:
            return WrongPin(f"{organizer.address} has no PIN yet: 'ivr pin reset {organizer.address}' makes one")
        judged = tried(office, session, organizer, right=right, to_change=True)
        if not judged.accepted:
            return WrongPin(_why(organizer.address, judged))
        if fault is None:
            give(office, session, organizer, rules, pin=new, pin_hash=pin_hash, first_use=False,
                 tries=tries_of(organizer), by_owner=True)
        return fault


def _why(address: str, judged: Judged) -> str:
    if judged.reset_due:
        return f"the old PIN is wrong once too often: {address} gets a new one by letter (F2)"
    if judged.newly_locked or judged.reason == "locked":
        return f"the PIN of {address} is locked: 'ivr pin unlock {address}' unlocks it"
    return f"this is not the PIN of {address}: try again, or 'ivr pin reset {address}' makes another one"
