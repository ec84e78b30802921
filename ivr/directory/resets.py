"""PINs at the desk: reset, changed, locked, unlocked, and what may be known of one (B1, B4, F3)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from ivr.directory.administration import Lockout, PinRules
from ivr.directory.changing import change
from ivr.directory.errors import NotAllowed
from ivr.directory.identity import enabled
from ivr.directory.letters import Mailing, NewPin, asked_for, write
from ivr.directory.lockout import after_reset, is_locked, locked, unlocked
from ivr.directory.office import Office
from ivr.directory.pinning import chosen, give, remember, tries_of, used_by
from ivr.directory.pins import change_due, expires_at, never
from ivr.directory.tables import OrganizerRow
from ivr.directory.turns import Turns, secret_of
from ivr.mail.letters import LetterKind


@dataclass(frozen=True, slots=True)
class PinInfo:
    """All that may be known of a PIN (B4, F3); moments in seconds since 1970, UTC.

    Attributes
    ----------
    change_due : str
        Why it must be changed first: "first-use", "expired", "too-short", or "".
    locked_until : int
        When a lock that ends by itself does; 0 for none.
    guesses : int
        Wrong PINs of the last minutes; from the tenth on checks are slowed, until it is calm or the PIN is reset.
    """

    address: str
    is_set: bool
    locked_out: bool
    locked_until: int
    changed_at: int
    expires_at: int | None
    change_due: str
    changed_by_owner: bool
    failures: int
    guesses: int


class Pins:
    """The desk's part for PINs."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def reset(self, who: str, *, pin: str = "", by_owner: bool = False, first_use: bool | None = None,
              lock: bool = False, mailing: Mailing | None = None) -> NewPin:
        """Give an organizer a new PIN; the old one fails from then on (B1.7, B1.11, S0.4).

        Parameters
        ----------
        pin : str
            The new one, where the product lets it be typed (B1.5, S2.14); by chance if empty.
        by_owner : bool
            Whether the owner himself does it (B1.9, C4).
        first_use : bool, optional
            Whether it must be changed at its first use (S2.16); the product's default if left out.
        lock : bool
            Whether to leave the PIN locked (F3, -LockedOut $true).

        Raises
        ------
        NotFound, NotEnabled, NotAllowed, BadPin
        """
        return self._give(who, pin, by_owner=by_owner, first_use=first_use, lock=lock, mailing=mailing)

    def welcome(self, who: str, *, pin: str = "", force: bool = False, mailing: Mailing | None = None) -> NewPin:
        """Give an organizer his first PIN with the letter of welcome (B4); sent even if letters are off.

        Parameters
        ----------
        pin : str
            The PIN, where the product lets it be typed; by chance if empty.
        force : bool
            Whether to replace a PIN that is set: nobody can read that one back, so the letter needs a new one
            (B1.13, D6).

        Raises
        ------
        NotFound, NotEnabled, BadPin
        NotAllowed
            Also if a PIN is set and this is not forced.
        """
        return self._give(who, pin, kind=LetterKind.ENABLED, replaces=force, mailing=asked_for(mailing))

    def _give(self, who: str, pin: str, *, mailing: Mailing | None, by_owner: bool = False,
              first_use: bool | None = None, lock: bool = False, kind: LetterKind | None = None,
              replaces: bool = True) -> NewPin:
        office = self._office
        with office.store.reading() as session:
            organizer = enabled(session, who)
            rules = office.rules(session, organizer)
            _allowed(rules, organizer, now=office.now(), typed=bool(pin), by_owner=by_owner)
            _is_unset(organizer, replaces)
            binds = by_owner or rules.history_binds_administrator
            used = used_by(session, organizer, rules) if binds else never
            new, pin_hash = chosen(office, organizer, rules, used, pin)
        chosen_by_owner = by_owner and bool(pin)
        must_change = (rules.change_at_first_use and not chosen_by_owner) if first_use is None else first_use
        with office.store.writing() as session:
            organizer = enabled(session, who, lock=True)
            _is_unset(organizer, replaces)
            # where enabling gives no PIN (B4), the first one comes with the letter of welcome
            kind = kind or (LetterKind.PIN_RESET if organizer.pin_hash else LetterKind.ENABLED)
            tries = after_reset(tries_of(organizer), rules)
            give(office, session, organizer, rules, pin=new, pin_hash=pin_hash, first_use=must_change,
                 tries=locked(tries) if lock else tries, by_owner=chosen_by_owner)
            mailed_to = write(office, session, kind, organizer, pin=new, mailing=mailing)
            return NewPin(organizer.address, new, mailed_to)

    def change(self, who: str, old: str, new: str) -> PinInfo:
        """Let an organizer choose his own PIN, who knows the one he has (F1.10, F1.11, S2.14).

        No letter tells of it: he knows what he chose, and nobody else is to.

        Raises
        ------
        NotFound, NotEnabled
        NotAllowed
            If owners do not choose their PINs with this product (B1.5).
        WrongPin
            If the old PIN is wrong, which counts like any other try at it, or is locked or not set.
        BadPin
            If a rule forbids the new one; told only to those who know the old one.
        """
        change(self._office, who, old, new)
        return self.info(who)

    def lock(self, who: str) -> PinInfo:
        """Lock a PIN until it is unlocked: it opens nothing by phone, the app is not concerned (B4)."""
        return self._turn(who, lock=True)

    def unlock(self, who: str) -> PinInfo:
        """Unlock a PIN; every count of wrong tries is 0 again (B3)."""
        return self._turn(who, lock=False)

    def _turn(self, who: str, *, lock: bool) -> PinInfo:
        with self._office.store.writing() as session:
            organizer = enabled(session, who, lock=True)
            product = self._office.administration(session)
            if self._office.rules(session, organizer).lockout == Lockout():
                raise NotAllowed(f"PINs of the administration {product.name!r} are never locked (B1.16): "
                                 "reset the PIN instead, or choose another administration")
            remember(organizer, locked(tries_of(organizer)) if lock else unlocked(tries_of(organizer)))
            session.flush()
            return self._info(session, organizer)

    def info(self, who: str) -> PinInfo:
        """Tell what may be known of a PIN, which is not the PIN (B1.13)."""
        with self._office.store.reading() as session:
            return self._info(session, enabled(session, who))

    def _info(self, session: Session, organizer: OrganizerRow) -> PinInfo:
        rules, now = self._office.rules(session, organizer), self._office.now()
        tries = tries_of(organizer)
        is_set = bool(organizer.pin_hash)
        due = change_due(rules, digits=organizer.pin_digits, set_at=organizer.pin_set_at,
                         first_use=organizer.pin_expired, now=now) if is_set else None
        return PinInfo(
            address=organizer.address, is_set=is_set, locked_out=is_locked(tries, now),
            locked_until=tries.locked_until if tries.locked_until > now else 0, changed_at=organizer.pin_set_at,
            expires_at=expires_at(organizer.pin_set_at, rules) if is_set else None, change_due=due or "",
            changed_by_owner=organizer.pin_changed_by_owner, failures=tries.overall,
            guesses=Turns(self._office).lately(session, secret_of(organizer)))


def _is_unset(organizer: OrganizerRow, replaces: bool) -> None:
    if organizer.pin_hash and not replaces:
        raise NotAllowed(f"{organizer.address} has a PIN, and a letter of welcome needs a new one: "
                         "add --force to replace it (B4)", value=organizer.address)


def _allowed(rules: PinRules, organizer: OrganizerRow, *, now: int, typed: bool, by_owner: bool) -> None:
    if by_owner and not rules.self_service:
        raise NotAllowed(f"{organizer.address} cannot reset his own PIN with this administration (S4.4): "
                         "an administrator has to", value=organizer.address)
    if typed and not (rules.self_typed if by_owner else rules.typed):
        raise NotAllowed("with this administration PINs are always generated (B1.5): leave out the PIN")
    if rules.unlock_before_set and is_locked(tries_of(organizer), now):
        raise NotAllowed(f"the PIN of {organizer.address} is locked: "
                         f"'ivr pin unlock {organizer.address}' first (B4)", value=organizer.address)
