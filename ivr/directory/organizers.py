"""Organizers at the desk: enabled, disabled, shown, changed (B1.6, C-5, C-13, D7, E)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.directory import identity, ids
from ivr.directory.administration import PinRules
from ivr.directory.errors import BadValue, DirectoryError, DuplicateAddress, NotAllowed
from ivr.directory.invitations import give_ids, is_static, mark_stale, migration_of
from ivr.directory.letters import Mailing, NewPin, asked_for, readdressed, write
from ivr.directory.lockout import Tries
from ivr.directory.office import SETTINGS, Office, insert_if_new
from ivr.directory.parameters import language
from ivr.directory.pinning import chosen, give, owner_of, take_away
from ivr.directory.pins import MASK_STARS, check, never
from ivr.directory.places import default_number, number_of_bridge, read_country
from ivr.directory.tables import MeetingRow, OrganizerRow
from ivr.mail.letters import LetterKind


@dataclass(frozen=True, slots=True)
class NewOrganizer:
    """Whom to enable; what is empty is chosen by the desk, or not known.

    Attributes
    ----------
    phone, extension : str
        The organizer's own, which his PIN must not be (B2, F2).
    country : str
        Two letters, to choose his number by (D7).
    conference_id, pin : str
        Where the product lets them be typed (C-3, B1.5).
    pstn_only : bool, optional
        Whether callers may start his meetings without a PIN; the setting's default if left out (A2.2).
    """

    address: str
    name: str = ""
    sip_uri: str = ""
    phone: str = ""
    extension: str = ""
    country: str = ""
    site: str = ""
    language: str = ""
    service_number: str = ""
    toll_free_number: str = ""
    conference_id: str = ""
    pin: str = field(default="", repr=False)
    pstn_only: bool | None = None

    def checked(self) -> "NewOrganizer":
        """Return it with every value in the form in which it is kept.

        Raises
        ------
        BadValue
            If one is none.
        """
        return NewOrganizer(**({name: getattr(self, name) for name in self.__dataclass_fields__} | checked(
            {name: getattr(self, name) for name in _READERS})))


def _digits(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise BadValue(f"{text!r} is not an extension: it takes 1 to 20 digits (F1.5)", value=text)
    return text


def _line(text: str) -> str:
    if len(text) > 200 or not text.isprintable():
        raise BadValue(f"{text[:40]!r} cannot be a name: it takes one line of up to 200 characters",
                       value=text[:40])
    return text.strip()


_READERS: dict[str, Callable[[str], str]] = {
    "address": identity.address, "name": _line, "sip_uri": identity.sip_uri, "country": read_country,
    "extension": _digits, "site": _line, "language": language, "phone": _line,
}


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Return values of an organizer in the form in which they are kept; only an address cannot be empty."""
    return {name: _READERS[name](value) if name in _READERS and (value or name == "address") else value
            for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Enabled:
    """What enabling came to.

    Attributes
    ----------
    changed : bool
        False for an organizer who was enabled before: then nothing was done, which is no error (E).
    pin : NewPin or None
        None also where enabling gives no PIN (B4).
    conference_id : str
        With static IDs only (C-3).
    """

    address: str
    changed: bool
    pin: NewPin | None = None
    conference_id: str = ""
    service_number: str = ""


@dataclass(frozen=True, slots=True)
class OrganizerShown:
    """An organizer as he is shown; his PIN is five stars, of whatever length (C5, S4.9)."""

    address: str
    name: str
    sip_uri: str
    enabled: bool
    conference_id: str
    pin: str
    service_number: str
    toll_free_number: str
    pstn_only: bool
    toll_free_dial_in: bool
    language: str
    country: str
    site: str
    phone: str
    extension: str
    meetings: int
    migration: str


class Organizers:
    """The desk's part for organizers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def enable(self, new: NewOrganizer, *, mailing: Mailing | None = None) -> Enabled:
        """Enable an organizer: he gets a PIN, a number, with static IDs a conference ID, and a letter (S0.1).

        Raises
        ------
        BadValue, BadPin, NotAllowed, DuplicateAddress, DuplicateId, BridgeFull
        """
        return self.enable_all([new], mailing=mailing)[0]

    def enable_all(self, people: Sequence[NewOrganizer], *, mailing: Mailing | None = None,
                   mapping: Callable[..., Iterable[Any]] = map) -> list[Enabled]:
        """Enable several in one transaction: all of them or none.

        Parameters
        ----------
        mapping : callable
            As `map`, for making the PINs; one that spreads over threads is quicker.
        """
        office, people = self._office, [person.checked() for person in people]
        with office.store.reading() as session:
            known = set(session.scalars(select(OrganizerRow.address).where(
                OrganizerRow.enabled, OrganizerRow.address.in_([person.address for person in people]))))
            plans = [(person, None if person.address in known else self._planned(session, person))
                     for person in people]
        made = list(mapping(self._pin, plans))
        with office.store.writing() as session:
            return [self._enable(session, person, rules, pin, mailing)
                    for (person, rules), pin in zip(plans, made, strict=True)]

    def examine(self, people: Sequence[NewOrganizer]) -> list[tuple[int, str]]:
        """Return what is wrong with people who are to be enabled: their places in the list, and why.

        Nothing is changed. Somebody who is enabled already is not wrong; one who stands there twice is.
        """
        wrong: list[tuple[int, str]] = []
        taken: dict[str, int] = {}
        with self._office.store.reading() as session:
            for n, given in enumerate(people):
                try:
                    person = given.checked()
                    for value in filter(None, (person.address, person.sip_uri, person.conference_id)):
                        if taken.setdefault(value, n) != n:
                            raise DuplicateAddress(_stands_twice(value, person, people[taken[value]]), value=value)
                    address = OrganizerRow.address == person.address
                    if not session.scalar(select(OrganizerRow.enabled).where(address)):
                        self._planned(session, person)
                except DirectoryError as error:
                    wrong.append((n, str(error)))
        return wrong

    def _planned(self, session: Session, person: NewOrganizer) -> PinRules:
        """Return the rules for a new organizer's PIN; all that may be wrong with him is found out here."""
        office = self._office
        product = office.administration(session)
        rules = office.rules(session, OrganizerRow(id=0, site=person.site))
        if person.pin and not rules.typed:
            raise NotAllowed(f"with the administration {product.name!r} PINs are always generated (B1.5): "
                             "leave out the PIN")
        if person.conference_id and not product.id_typed:
            raise NotAllowed(f"with the administration {product.name!r} conference IDs are always drawn by chance "
                             "(C-6): leave out the conference ID")
        if person.conference_id and not is_static(office, session):
            raise NotAllowed(f"{person.conference_id} cannot be his, for every meeting has an ID of its own (C-2): "
                             "leave it out, or 'ivr settings set --unique-conference-ids no' first",
                             value=person.conference_id)
        if person.pin:
            check(person.pin, rules, owner_of(OrganizerRow(phone=person.phone, extension=person.extension)))
        if person.conference_id:
            ids.free(session, person.conference_id)
        for number, toll_free in ((person.service_number, False), (person.toll_free_number, True)):
            if number:
                number_of_bridge(session, number, toll_free=toll_free)
        _is_free(session, person)
        return rules

    def _pin(self, plan: tuple[NewOrganizer, PinRules | None]) -> tuple[str, str]:
        person, rules = plan
        if rules is None or not (rules.at_enabling or person.pin):
            return "", ""
        return chosen(self._office, OrganizerRow(phone=person.phone, extension=person.extension), rules, never,
                      person.pin)

    def _enable(self, session: Session, person: NewOrganizer, rules: PinRules | None, pin: tuple[str, str],
                mailing: Mailing | None) -> Enabled:
        office = self._office
        if rules is None:
            return Enabled(person.address, changed=False)
        _is_free(session, person)
        insert_if_new(session, OrganizerRow, address=person.address)
        organizer = session.scalars(select(OrganizerRow).where(OrganizerRow.address == person.address)
                                    .with_for_update()).one()
        if organizer.enabled:  # somebody else was quicker
            return Enabled(person.address, changed=False)
        with session.no_autoflush:
            self._fill(session, organizer, person)
        organizer.enabled = True
        _keep(session, organizer)
        conference_id = ""
        if is_static(office, session):
            conference_id = ids.take(office, session, organizer_id=organizer.id, meeting_id=None,
                                     wanted=person.conference_id)
        else:
            give_ids(office, session, organizer)
        if not pin[0]:
            return Enabled(organizer.address, True, None, conference_id, organizer.service_number)
        give(office, session, organizer, rules, pin=pin[0], pin_hash=pin[1], first_use=rules.change_at_first_use,
             tries=Tries())
        mailed_to = write(office, session, LetterKind.ENABLED, organizer, pin=pin[0], mailing=mailing)
        return Enabled(organizer.address, True, NewPin(organizer.address, pin[0], mailed_to), conference_id,
                       organizer.service_number)

    def _fill(self, session: Session, organizer: OrganizerRow, person: NewOrganizer) -> None:
        # one who was enabled before keeps what the command leaves out
        for name in ("name", "sip_uri", "phone", "extension", "country", "site", "language"):
            if given := getattr(person, name):
                setattr(organizer, name, given)
        _fold(organizer)
        organizer.pstn_only = (bool(self._office.value(session, SETTINGS, "pstn-only-by-default"))
                               if person.pstn_only is None else person.pstn_only)
        organizer.service_number = (number_of_bridge(session, person.service_number, toll_free=False)
                                    if person.service_number else default_number(self._office, session, organizer))
        if person.toll_free_number:
            organizer.toll_free_number = number_of_bridge(session, person.toll_free_number, toll_free=True)

    def disable(self, who: str, *, mailing: Mailing | None = None) -> bool:
        """Disable an organizer: his IDs are free for others, his PIN is gone, and a letter says so (C-13, S3.7).

        Returns
        -------
        bool
            False if he was disabled before: then nothing was done.
        """
        office = self._office
        with office.store.writing() as session:
            organizer = identity.find(session, who, lock=True)
            if not organizer.enabled:
                return False
            ids.release(session, organizer_id=organizer.id)
            mark_stale(office, session, organizer)
            take_away(office, session, organizer)
            organizer.enabled = False
            session.flush()
            write(office, session, LetterKind.TURNED_OFF, organizer, mailing=mailing)
            return True

    def show(self, who: str) -> OrganizerShown:
        """Return what is known of one organizer, enabled or not."""
        with self._office.store.reading() as session:
            return _shown(session, identity.find(session, who), self._office.now())

    def list(self, *, number: str = "", everyone: bool = False, offset: int = 0,
             limit: int = 50) -> Sequence[OrganizerShown]:
        """Return organizers by address.

        Parameters
        ----------
        number : str
            Only those whose default number this is.
        everyone : bool
            Whether to list those who are not enabled too.
        """
        query = select(OrganizerRow).order_by(OrganizerRow.address).offset(offset).limit(limit)
        if not everyone:
            query = query.where(OrganizerRow.enabled)
        with self._office.store.reading() as session:
            if number:
                query = query.where(OrganizerRow.service_number == number_of_bridge(session, number))
            return [_shown(session, organizer, self._office.now()) for organizer in session.scalars(query)]

    def set(self, who: str, changes: dict[str, Any], *, mailing: Mailing | None = None) -> OrganizerShown:
        """Change what is known of an organizer.

        A new default number makes his sent invitations stale and sends a letter (S3.5, D10).

        Parameters
        ----------
        changes : dict
            By name of `NewOrganizer`, and ``toll_free_dial_in``.

        Raises
        ------
        NotFound, BadValue, DuplicateAddress, NotEnabled
        """
        office = self._office
        changes = checked(changes)
        with office.store.writing() as session:
            enabled_only = {"service_number", "toll_free_number", "pstn_only", "toll_free_dial_in"} & set(changes)
            organizer = (identity.enabled if enabled_only else identity.find)(session, who, lock=True)
            before = (organizer.service_number, organizer.toll_free_number)
            for name, toll_free in (("service_number", False), ("toll_free_number", True)):
                if changes.get(name):
                    changes[name] = number_of_bridge(session, changes[name], toll_free=toll_free)
            if changes.get("service_number") == "":
                raise BadValue("an organizer needs a default number (D7): name another one")
            if changes.get("address", organizer.address) != organizer.address or changes.get("sip_uri"):
                _is_free(session, NewOrganizer(changes.get("address", organizer.address),
                                               sip_uri=changes.get("sip_uri") or ""), organizer.id)
            if (address := changes.get("address", organizer.address)) != organizer.address:
                readdressed(session, organizer.address, address)
            for name, value in changes.items():
                setattr(organizer, name, value if name != "sip_uri" else value or None)
            _fold(organizer)
            _keep(session, organizer)
            if (organizer.service_number, organizer.toll_free_number) != before:
                mark_stale(office, session, organizer)
                write(office, session, LetterKind.INFO_CHANGED, organizer, mailing=mailing)
            return _shown(session, organizer, office.now())

    def send_info(self, who: str, *, mailing: Mailing | None = None) -> str:
        """Send an organizer his dial-in information, without the PIN (S1.10, M5); return the recipient.

        It is asked for, so it is sent even though letters are switched off.
        """
        with self._office.store.writing() as session:
            organizer = identity.enabled(session, who, lock=True)
            return write(self._office, session, LetterKind.INFO, organizer, mailing=asked_for(mailing))


def _stands_twice(value: str, person: NewOrganizer, before: NewOrganizer) -> str:
    if value == person.address:
        return f"{value} stands in the file twice: leave out one of the lines"
    return f"{value} belongs to {before.address}, who stands there too: give each his own"


def _fold(organizer: OrganizerRow) -> None:
    organizer.folded_name = organizer.name.casefold()
    organizer.local_part = organizer.address.partition("@")[0]


def _keep(session: Session, organizer: OrganizerRow) -> None:
    said = f"{organizer.address} or {organizer.sip_uri}" if organizer.sip_uri else organizer.address
    try:
        session.flush()
    except IntegrityError:  # it was free a moment ago: somebody else was quicker
        raise DuplicateAddress(f"{said} has just become another organizer's: give each his own",
                               value=said) from None


def _is_free(session: Session, person: NewOrganizer, own_id: int | None = None) -> None:
    for column, value in ((OrganizerRow.address, person.address if own_id else ""),
                          (OrganizerRow.sip_uri, person.sip_uri)):
        if not value:
            continue
        taken = session.execute(select(OrganizerRow.id, OrganizerRow.address).where(column == value)).one_or_none()
        if taken and taken.id != own_id and (own_id or taken.address != person.address):
            raise DuplicateAddress(f"{value} belongs to the organizer {taken.address}: give each his own",
                                   value=value)


def _shown(session: Session, organizer: OrganizerRow, now: int) -> OrganizerShown:
    meetings = len(session.scalars(select(MeetingRow.id).where(
        MeetingRow.organizer_id == organizer.id, MeetingRow.cancelled.is_(False)).limit(1000)).all())
    return OrganizerShown(
        organizer.address, organizer.name, organizer.sip_uri or "", organizer.enabled,
        ids.static_id(session, organizer.id), MASK_STARS if organizer.pin_hash else "", organizer.service_number,
        organizer.toll_free_number, organizer.pstn_only, organizer.toll_free_dial_in, organizer.language,
        organizer.country, organizer.site, organizer.phone, organizer.extension, meetings,
        migration_of(session, organizer, now))
