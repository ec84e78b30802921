"""The bridge and its numbers at the desk (D7-D11, A1.4, A1.6, E)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ivr.directory.errors import BadValue, NotAllowed, NotFound
from ivr.directory.invitations import ask_migration, mark_stale
from ivr.directory.letters import write
from ivr.directory.office import Office
from ivr.directory.parameters import language
from ivr.directory.parameters import number as read_number
from ivr.directory.parameters.numbers import APPLICATIONS
from ivr.directory.parameters.texts import one_line
from ivr.directory.places import number_of_bridge, read_country
from ivr.directory.tables import BridgeRow, Number, OrganizerRow, Policy
from ivr.mail.letters import LetterKind

MOST_SECONDARY = 4
"""Languages of a number besides its first (A1.4, C8)."""


@dataclass(frozen=True, slots=True)
class NumberShown:
    """A number as it is shown.

    Attributes
    ----------
    languages : tuple of str
        The first, then the others in the order in which they are offered; empty is the default set (A1.7).
    """

    number: str
    kind: str
    sharing: str
    country: str
    city: str
    languages: tuple[str, ...]
    default: bool
    organizers: int
    application: str = APPLICATIONS[0]


@dataclass(frozen=True, slots=True)
class BridgeShown:
    """The bridge as it is shown."""

    id: str
    name: str
    default_number: str
    numbers: int
    organizers: int


class Numbers:
    """The desk's part for the bridge and its numbers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def bridge(self, which: str = "") -> BridgeShown:
        """Return the bridge; `which`, its name or ID, has to be right if it is given."""
        with self._office.store.reading() as session:
            return self._bridge_shown(session, self._bridge(session, which))

    def set_bridge(self, which: str = "", *, name: str = "", default_number: str = "") -> BridgeShown:
        """Rename the bridge, or give it another default number, a toll one (D7); organizers keep theirs (D8)."""
        with self._office.store.writing() as session:
            bridge = self._bridge(session, which)
            if name:
                bridge.name = one_line(name, "the name of a bridge") or bridge.name
            if default_number:
                bridge.default_number = number_of_bridge(session, default_number, toll_free=False)
            session.flush()
            return self._bridge_shown(session, bridge)

    def _bridge(self, session: Session, which: str) -> BridgeRow:
        bridge = self._office.bridge(session)
        if which and which.lower() not in (bridge.id, bridge.name.lower()):
            raise NotFound(f"there is no bridge {which!r}: this directory's is {bridge.name!r}, {bridge.id}",
                           value=which)
        return bridge

    def list(self, *, country: str = "", city: str = "", bridge: str = "") -> Sequence[NumberShown]:
        """Return the bridge's numbers."""
        query = select(Number).order_by(Number.number)
        if country:
            query = query.where(Number.country == read_country(country))
        with self._office.store.reading() as session:
            default = self._bridge(session, bridge).default_number
            # compared here, because SQLite knows no capitals but those of ASCII
            return [self._shown(session, number, default) for number in session.scalars(query)
                    if not city or number.city.casefold() == city.strip().casefold()]

    def show(self, number: str) -> NumberShown:
        """Return one number."""
        with self._office.store.reading() as session:
            return self._one(session, number)

    def add(self, number: str, *, toll_free: bool = False, shared: bool = False, country: str = "", city: str = "",
            primary_language: str = "", secondary_languages: tuple[str, ...] = (), application: str = ""
            ) -> NumberShown:
        """Give the bridge another number; `application` is what it leads to, one of `APPLICATIONS`."""
        wanted, city = read_number(number), one_line(city, "the name of a city")
        with self._office.store.writing() as session:
            if session.get(Number, wanted):
                raise BadValue(f"the bridge has the number {wanted} already", value=wanted)
            new = Number(number=wanted, toll_free=toll_free, shared=shared, city=city,
                         country=read_country(country) if country else "",
                         primary_language="", secondary_languages=[],
                         application=_application(session, application))
            session.add(new)
            if primary_language or secondary_languages:
                _speak(new, primary_language, secondary_languages)
            session.flush()
            return self._one(session, wanted)

    def set_languages(self, number: str, *, primary: str = "", secondary: tuple[str, ...] | None = None,
                      restore_default: bool = False) -> NumberShown:
        """Set which languages a dedicated number speaks, the first and up to four others (A1.4, A1.6, A1.7)."""
        with self._office.store.writing() as session:
            found = session.get_one(Number, number_of_bridge(session, number))
            if restore_default:
                if primary or secondary:
                    raise BadValue("the default languages and others cannot both be set: leave one out")
                found.primary_language, found.secondary_languages = "", []
            else:
                _speak(found, primary or found.primary_language,
                       tuple(found.secondary_languages) if secondary is None else secondary)
            session.flush()
            return self._one(session, found.number)

    def lead(self, number: str, application: str) -> NumberShown:
        """Let a number lead to another application from the next start of a bridge on."""
        with self._office.store.writing() as session:
            found = session.get_one(Number, number_of_bridge(session, number))
            found.application = _application(session, application)
            session.flush()
            return self._one(session, found.number)

    def applications(self) -> dict[str, str]:
        """Return what the numbers lead to that lead to another application than the conference."""
        return {one.number: one.application for one in self.list() if one.application != APPLICATIONS[0]}

    def remove(self, number: str, *, remove_default: bool = False) -> None:
        """Take a number from the bridge.

        Raises
        ------
        NotAllowed
            If organizers have it, it is the bridge's default and that was not said, or no toll number would be
            left, for every organizer needs one (D7).
        """
        with self._office.store.writing() as session:
            wanted = number_of_bridge(session, number)
            bridge = self._office.bridge(session)
            shown = self._one(session, wanted)
            if shown.organizers:
                raise NotAllowed(f"{shown.organizers} organizers have the number {wanted}: give them another first "
                                 f"('ivr number renumber {wanted} NUMBER')", value=wanted)
            if shown.default and not remove_default:
                raise NotAllowed(f"{wanted} is the bridge's default number: set another first ('ivr bridge set "
                                 "--default-service-number NUMBER'), or add --remove-default", value=wanted)
            session.execute(delete(Number).where(Number.number == wanted))
            # those who are disabled have it no longer when they are enabled again
            session.execute(update(OrganizerRow).where(OrganizerRow.toll_free_number == wanted)
                            .values(toll_free_number=""))
            if shown.default:
                other = session.scalars(select(Number.number).where(
                    Number.toll_free.is_(False)).order_by(Number.number).limit(1)).first()
                if not other:
                    raise NotAllowed(f"{wanted} is the bridge's last toll number, and organizers need one: "
                                     "add another first ('ivr number add NUMBER')", value=wanted)
                bridge.default_number = other

    def renumber(self, before: str, after: str, *, toll_free: bool = False, country: str = "",
                 reschedule: bool = False) -> Sequence[str]:
        """Give all who have one number another; each gets a letter (D10); return their addresses.

        Parameters
        ----------
        country : str
            Only those of this country.
        reschedule : bool
            Whether to send their invitations again (C-12).
        """
        office = self._office
        with office.store.writing() as session:
            old = number_of_bridge(session, before, toll_free=toll_free)
            new = number_of_bridge(session, after, toll_free=toll_free)
            if old == new:
                raise BadValue(f"{old} would be replaced by itself: name two different numbers", value=old)
            column = OrganizerRow.toll_free_number if toll_free else OrganizerRow.service_number
            query = (select(OrganizerRow).where(OrganizerRow.enabled, column == old)
                     .order_by(OrganizerRow.id).with_for_update())
            if country:
                query = query.where(OrganizerRow.country == read_country(country))
            concerned = session.scalars(query).all()
            for organizer in concerned:
                setattr(organizer, column.key, new)
                session.flush()
                mark_stale(office, session, organizer)
                if reschedule:
                    ask_migration(office, session, organizer)
                write(office, session, LetterKind.INFO_CHANGED, organizer)
            return [organizer.address for organizer in concerned]

    def _bridge_shown(self, session: Session, bridge: BridgeRow) -> BridgeShown:
        return BridgeShown(bridge.id, bridge.name, bridge.default_number,
                           session.scalar(select(func.count()).select_from(Number)) or 0,
                           session.scalar(select(func.count()).select_from(OrganizerRow)
                                          .where(OrganizerRow.enabled)) or 0)

    def _one(self, session: Session, number: str) -> NumberShown:
        found = session.get_one(Number, number_of_bridge(session, number))
        return self._shown(session, found, self._office.bridge(session).default_number)

    @staticmethod
    def _shown(session: Session, number: Number, default: str) -> NumberShown:
        column = OrganizerRow.toll_free_number if number.toll_free else OrganizerRow.service_number
        has = session.scalar(select(func.count()).select_from(OrganizerRow).where(
            OrganizerRow.enabled, column == number.number)) or 0
        spoken = tuple(name for name in (number.primary_language, *number.secondary_languages) if name)
        return NumberShown(number.number, "toll-free" if number.toll_free else "toll",
                           "shared" if number.shared else "dedicated", number.country, number.city, spoken,
                           number.number == default, has, number.application or APPLICATIONS[0])


def _application(session: Session, name: str) -> str:
    if name and name not in APPLICATIONS and not re.fullmatch(r"(?:mailbox|attendant) [\w-]{1,64}", name):
        raise BadValue(f"a number cannot lead to {name!r}: it takes {' or '.join(APPLICATIONS)}")
    word, _, policy = name.partition(" ")
    kind, what = ("um-dial-plan", "dial plan") if word == "mailbox" else ("um-auto-attendant", "auto attendant")
    if policy and session.get(Policy, (kind, f"user:{policy}")) is None:
        raise NotFound(f"there is no {what} {policy!r}: 'ivr policy new {kind} {policy}' makes one")
    return "" if name == APPLICATIONS[0] else name


def _speak(number: Number, primary: str, secondary: tuple[str, ...]) -> None:
    if number.shared:
        raise NotAllowed(f"{number.number} is a shared number, and only dedicated ones have languages (A1.6, D11)",
                         value=number.number)
    if not primary:
        raise BadValue("the languages of a number begin with its first: add --primary-language")
    if len(secondary) > MOST_SECONDARY:
        raise BadValue(f"{len(secondary)} further languages are too many: a number has {MOST_SECONDARY} at most "
                       "(A1.4)", value=len(secondary))
    spoken = [language(name) for name in (primary, *secondary)]
    if len(set(spoken)) != len(spoken):
        raise BadValue(f"{', '.join(spoken)}: each language stands once only", value=', '.join(spoken))
    number.primary_language, number.secondary_languages = spoken[0], spoken[1:]
