"""Settings and policies at the desk: groups of parameters, each with its default (E, B2, F2)."""

import itertools
from collections.abc import Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ivr.directory import identity as people
from ivr.directory.errors import BadValue, NotAllowed, NotFound, nearest
from ivr.directory.office import SETTINGS, Office, clear_values, set_values, write_values
from ivr.directory.parameters import GROUPS, Group, Value
from ivr.directory.parameters.texts import one_line
from ivr.directory.tables import Grant, ParameterRow, Policy

Shown = list[tuple[str, str, bool]]
"""Parameters in their order: name, value in words, and whether it is set rather than the default."""


class Settings:
    """The desk's part for what is set for the bridge, a site, or some organizers."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def values(self) -> dict[str, Value]:
        """Return what is set for the whole bridge."""
        with self._office.store.reading() as session:
            return self._office.values(session, SETTINGS)

    def show(self, group: str, *, identity: str = "") -> Shown:
        """Return the parameters of a group as they stand in one scope.

        Parameters
        ----------
        identity : str
            "" or "global", "site:NAME", or a user policy's name.
        """
        with self._office.store.reading() as session:
            kind, scope = self._kind(session, group), _scope(identity)
            self._exists(session, kind, scope)
            return self._shown(session, kind, scope)

    def for_organizer(self, group: str, who: str) -> Shown:
        """Return the parameters that hold for an organizer: the narrowest scope that sets one wins (B2)."""
        with self._office.store.reading() as session:
            kind, organizer = self._kind(session, group), people.find(session, who)
            values = self._office.values(session, kind.name, organizer)
            return [(p.name, p.show(values[p.name]), values[p.name] != p.default) for p in kind.parameters]

    def set(self, group: str, changes: Mapping[str, str], *, identity: str = "", new: bool = False,
            what_if: bool = False) -> Shown:
        """Set parameters of a group; either all that are named or, after an error, none.

        Parameters
        ----------
        changes : mapping of name to text
            Names are ours or the cmdlet's.
        new : bool
            Whether to make the policy.
        what_if : bool
            Whether to tell only what would stand there.

        Raises
        ------
        BadValue, NotAllowed, NotFound
        """
        with self._office.store.writing() as session, session.begin_nested() as change:
            kind, scope = self._kind(session, group), _scope(identity)
            if new:
                self._make(session, kind, scope)
            self._exists(session, kind, scope)
            read = _read(kind, changes)
            write_values(session, kind.name, scope, read)
            session.flush()
            self._fits(session, read)
            _go_together(session, kind, scope)
            shown = self._shown(session, kind, scope)
            if what_if:
                change.rollback()
            return shown

    def _fits(self, session: Session, read: Mapping[str, Value]) -> None:
        product = self._office.administration(session)
        if read.get("unique-conference-ids") is False and not product.static_allowed:
            raise NotAllowed(f"with the administration {product.name!r} every meeting has its own conference ID "
                             "(S1.4): one ID an organizer cannot be set")

    def _make(self, session: Session, kind: Group, scope: str) -> None:
        if not scope:
            raise BadValue("the global policy is always there: name a site ('site:NAME') or a policy for users")
        if session.get(Policy, (kind.name, scope)):
            raise BadValue(f"the policy {scope!r} is there already: 'ivr policy set' changes it", value=scope)
        session.add(Policy(kind=kind.name, scope=scope))
        session.flush()

    def reset(self, group: str, *, identity: str = "") -> None:
        """Bring a group back to its defaults; a site's or users' policy is removed (E, Remove-)."""
        with self._office.store.writing() as session:
            kind, scope = self._kind(session, group), _scope(identity)
            self._exists(session, kind, scope)
            has = session.scalar(select(func.count()).select_from(Grant).where(
                Grant.kind == kind.name, Grant.scope == scope)) or 0
            if has:
                raise NotAllowed(f"{has} organizers have the policy {identity!r}: grant them another first",
                                 value=identity)
            clear_values(session, kind.name, scope)
            session.execute(delete(Policy).where(Policy.kind == kind.name, Policy.scope == scope))
            session.flush()
            _go_together(session, kind, scope)

    def kinds(self) -> list[str]:
        """Return the groups of parameters that the bridge's product has."""
        with self._office.store.reading() as session:
            has = self._office.administration(session).groups | {SETTINGS}
            return [name for name in GROUPS if name in has]

    def policies(self, group: str) -> list[str]:
        """Return the identities of a group's policies, the global one first."""
        with self._office.store.reading() as session:
            kind = self._kind(session, group)
            scopes = session.scalars(select(Policy.scope).where(Policy.kind == kind.name).order_by(Policy.scope))
            return ["global", *(scope.removeprefix("user:") for scope in scopes)]

    def grant(self, group: str, policy: str, who: str) -> None:
        """Give an organizer a policy; "global" takes it away again."""
        with self._office.store.writing() as session:
            kind, scope = self._kind(session, group), _scope(policy)
            organizer = people.find(session, who, lock=True)
            if scope.startswith("site:"):
                raise BadValue(f"{policy!r} is a site's policy: it holds for all organizers of the site by itself",
                               value=policy)
            self._exists(session, kind, scope)
            session.execute(delete(Grant).where(Grant.organizer_id == organizer.id, Grant.kind == kind.name))
            if scope:
                session.add(Grant(organizer_id=organizer.id, kind=kind.name, scope=scope))

    def _kind(self, session: Session, group: str) -> Group:
        if group not in GROUPS:
            raise NotFound(f"there is no policy of the kind {group!r}{nearest(group, GROUPS)}", value=group)
        product = self._office.administration(session)
        if group not in product.groups | {SETTINGS}:
            has = ", ".join(sorted(product.groups - {SETTINGS}))
            raise NotAllowed(f"the administration {product.name!r} has no policy of the kind {group!r}; it has "
                             f"{has} ('ivr settings set --administration NAME' chooses another)", value=group)
        return GROUPS[group]

    @staticmethod
    def _exists(session: Session, kind: Group, scope: str) -> None:
        if not scope:
            return
        if not kind.scoped:
            raise BadValue(f"{kind.name} are the whole bridge's: there is no other identity than global")
        if session.get(Policy, (kind.name, scope)) is None:
            known = session.scalars(select(Policy.scope).where(Policy.kind == kind.name)).all()
            name = scope.removeprefix("user:")
            raise NotFound(f"there is no {kind.name} policy {name!r}"
                           f"{nearest(name, [k.removeprefix('user:') for k in known])}: 'ivr policy new' makes one",
                           value=name)

    @staticmethod
    def _shown(session: Session, kind: Group, scope: str) -> Shown:
        here = set_values(session, kind.name, scope)
        values = kind.defaults() | set_values(session, kind.name, "") | here
        return [(p.name, p.show(values[p.name]), p.name in here) for p in kind.parameters]


def _read(kind: Group, changes: Mapping[str, str]) -> dict[str, Value]:
    """Return what is to be set, by our names; a parameter that is named twice, in whatever words, is refused."""
    read: dict[str, Value] = {}
    for name, text in changes.items():
        parameter = kind.parameter(name)
        if parameter.name in read:
            raise BadValue(f"{parameter.name} is named twice, once as {name!r}: give it one value", value=name)
        read[parameter.name] = parameter.read(text)
    return read


def _go_together(session: Session, kind: Group, changed: str) -> None:
    """Make sure that no rule of a group is broken for anybody, now that one scope has changed.

    An organizer has what is set for all, then what his site sets, then what his own policy sets (B2). Every site is
    taken with every policy, because a policy can be granted, and somebody can move, at any time.

    Raises
    ------
    BadValue
        If the values of some scopes do not go together; the message names those scopes.
    """
    if not kind.rules:
        return
    scopes = session.scalars(select(ParameterRow.scope).where(ParameterRow.kind == kind.name,
                                                               ParameterRow.scope != "")
                             .distinct().order_by(ParameterRow.scope)).all()
    set_in = {scope: set_values(session, kind.name, scope) for scope in ("", changed, *scopes)}

    def one_of(level: str) -> list[str]:
        # with any other of its level nothing is new
        return [changed] if changed.startswith(level) else [
            "", *(scope for scope in scopes if scope.startswith(level))]

    for site, user in itertools.product(one_of("site:"), one_of("user:")):
        try:
            kind.checked(kind.defaults() | set_in[""] | set_in[site] | set_in[user])
        except BadValue as wrong:
            others = [repr(_name(scope)) for scope in (site, user) if scope not in ("", changed)]
            if not others:
                raise
            raise BadValue(f"{wrong}; the policy {' and '.join(others)} would hold beside it") from None


def _name(scope: str) -> str:
    return scope.removeprefix("user:")


def _scope(identity: str) -> str:
    """Return how a policy's identity is kept: "" for the global one.

    Raises
    ------
    BadValue
        If it cannot be a name.
    """
    name = one_line(identity, "the name of a policy")
    low = name.lower()
    if low in ("", "global"):
        return ""
    kind, given = ("site", name[5:]) if low.startswith("site:") else (
        "user", name[4:] if low.startswith("tag:") else name)
    if not given.strip():
        raise BadValue(f"{identity!r} names no policy: add its name after the colon", value=identity)
    return f"{kind}:{given.strip()}"
