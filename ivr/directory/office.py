"""What every part of the desk works with: the database, the world it is given, and what is set there."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, delete, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ivr.directory.administration import Administration, PinRules, administration, rules_with
from ivr.directory.hashing import STRONG, Cost
from ivr.directory.parameters import GROUPS, Value
from ivr.directory.recordings import MemoryRecordings, Recordings
from ivr.directory.store import Database
from ivr.directory.tables import Base, BridgeRow, Grant, Number, OrganizerRow, ParameterRow
from ivr.voicemail import Samples

LIFE = 60 * 86_400
"""Seconds for which a meeting can be dialled after its end, its start or its last change (A1.15)."""

SETTINGS = "settings"

_MOST_REMEMBERED = 10_000
"""Letters of one command: those to all organizers of a number that is replaced."""


class Vault(Protocol):
    """Makes a PIN unreadable while its letter waits, with a key that is not in the database."""

    def seal(self, pin: str) -> str:
        """Return what can be kept."""

    def open(self, sealed: str) -> str:
        """Return the PIN again.

        Raises
        ------
        LookupError
            If it was sealed with another key.
        """


@dataclass(frozen=True, slots=True)
class World:
    """What a desk is given from outside, so that a simulated run can be exact.

    Attributes
    ----------
    clock : callable
        Returns the moment: seconds since 1970, UTC.
    randbelow : callable
        Returns a whole number from 0 to below its argument, unforeseeable (C-6, B1.5).
    vault : Vault
    cost : Cost
        Of hashing a PIN.
    ids : int
        How many conference IDs there are; smaller only to try out a full bridge (C-1).
    offset : callable
        Returns, in seconds, what the zone in which letters tell times has on UTC at a moment.
    recordings : Recordings
        Where what callers say is kept.
    sound : callable
        Reads a recording that a parameter names; None if it cannot be read.
    """

    clock: Callable[[], int]
    randbelow: Callable[[int], int]
    vault: Vault = field(repr=False)
    cost: Cost = STRONG
    ids: int = 10_000_000
    offset: Callable[[int], int] = lambda _at: 0
    recordings: Recordings = field(default_factory=MemoryRecordings, repr=False)
    sound: Callable[[str], Samples | None] = lambda _name: None


class Office:
    """The database and the world, with what several parts of the desk ask for.

    Parameters
    ----------
    store : Database
    world : World

    Attributes
    ----------
    written : deque of str
        The Message-IDs of the letters that were written here last; some may have been undone with their change.
    """

    def __init__(self, store: Database, world: World) -> None:
        self.store, self.world = store, world
        self.written: deque[str] = deque(maxlen=_MOST_REMEMBERED)

    def now(self) -> int:
        """Return the moment."""
        return self.world.clock()

    def salt(self) -> bytes:
        """Return 16 unforeseeable bytes."""
        return self.world.randbelow(1 << 128).to_bytes(16, "big")

    def administration(self, session: Session) -> Administration:
        """Return what product the desk is of."""
        return administration(str(self.value(session, SETTINGS, "administration")))

    def value(self, session: Session, group: str, name: str, organizer: OrganizerRow | None = None) -> Value:
        """Return what holds for one parameter."""
        return self.values(session, group, organizer)[name]

    def values(self, session: Session, group: str, organizer: OrganizerRow | None = None) -> dict[str, Value]:
        """Return what holds for a group's parameters: the narrowest scope that sets one wins (B2)."""
        values = GROUPS[group].defaults()
        for scope in self._scopes(session, group, organizer):
            values |= set_values(session, group, scope)
        return values

    def set_for(self, session: Session, group: str, organizer: OrganizerRow) -> dict[str, Value]:
        """Return what is set of a group for an organizer, the narrowest scope winning; nothing of its defaults."""
        values: dict[str, Value] = {}
        for scope in self._scopes(session, group, organizer):
            values |= set_values(session, group, scope)
        return values

    def _scopes(self, session: Session, group: str, organizer: OrganizerRow | None) -> list[str]:
        scopes = [""]
        if organizer is not None and GROUPS[group].scoped:
            if organizer.site:
                scopes.append(f"site:{organizer.site}")
            granted = session.get(Grant, (organizer.id, group))
            if granted:
                scopes.append(granted.scope)
        return scopes

    def rules(self, session: Session, organizer: OrganizerRow | None = None) -> PinRules:
        """Return the rules for an organizer's PIN, or for anyone's."""
        product = self.administration(session)
        groups = {group for group, _ in product.pin_from.values()}
        values = {(group, name): value for group in groups
                  for name, value in self.values(session, group, organizer).items()}
        return rules_with(product, values)

    def bridge(self, session: Session) -> BridgeRow:
        """Return the bridge of this directory."""
        return session.scalars(select(BridgeRow)).one()


def set_values(session: Session, group: str, scope: str) -> dict[str, Value]:
    """Return what is set in one scope of a group."""
    rows = session.execute(_SET, {"of_group": group, "of_scope": scope})
    known = {parameter.name for parameter in GROUPS[group].parameters}
    return {name: _value(value["is"]) for name, value in rows if name in known}


# asked several times in every transaction, so the statement is made once
_SET = select(ParameterRow.name, ParameterRow.value).where(ParameterRow.kind == bindparam("of_group"),
                                                     ParameterRow.scope == bindparam("of_scope"))


def _value(kept: Any) -> Value:  # noqa: ANN401  (JSON)
    return tuple(kept) if isinstance(kept, list) else kept


def write_values(session: Session, group: str, scope: str, values: Mapping[str, Value]) -> None:
    """Set these in one scope of a group; what is not named stays."""
    for name, value in values.items():
        session.merge(ParameterRow(kind=group, scope=scope, name=name, value={"is": value}))


def clear_values(session: Session, group: str, scope: str) -> None:
    """Set nothing in one scope of a group."""
    session.execute(delete(ParameterRow).where(ParameterRow.kind == group, ParameterRow.scope == scope))


def insert_if_new(session: Session, table: type[Base], **values: Any) -> bool:  # noqa: ANN401
    """Insert a row unless one stands in its way; tell whether it was inserted."""
    dialect = session.get_bind().dialect.name
    statement: Any = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
    # asked for by RETURNING, since not every driver counts the rows of such an insert
    done = session.execute(statement.values(**values).on_conflict_do_nothing().returning(literal(1)))
    return done.first() is not None


def founding(world: World) -> Callable[[Connection], None]:
    """Return what puts a bridge and its first numbers, all of them fictitious, into a new database."""

    def found(connection: Connection) -> None:
        drawn = f"{world.randbelow(1 << 128):032x}"
        guid = "-".join((drawn[:8], drawn[8:12], drawn[12:16], drawn[16:20], drawn[20:]))
        connection.execute(insert(BridgeRow).values(id=guid, name="Conference Bridge",
                                                 default_number=_FIRST[0]["number"]))
        connection.execute(insert(Number), _FIRST)

    return found


_FIRST: list[dict[str, Any]] = [
    {"number": "+14255550100", "toll_free": False, "shared": False, "country": "US", "city": "Redmond",
     "primary_language": "en-US", "secondary_languages": ["fr-FR", "zh-CN"]},
    {"number": "+33199000100", "toll_free": False, "shared": True, "country": "FR", "city": "Paris",
     "primary_language": "", "secondary_languages": []},
    {"number": "+18005550100", "toll_free": True, "shared": False, "country": "US", "city": "",
     "primary_language": "en-US", "secondary_languages": []},
]

