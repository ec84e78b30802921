"""What is asked of somebody's own app, and what its answers may be; who carries it there is at the edge."""

import ipaddress
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from ivr.custom.own import Inquiry
from ivr.custom.wording import MOST_SAID, VARIABLE
from ivr.reading import nearest

_MOST_GIVEN = 100


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One question on its way to an app.

    Attributes
    ----------
    call, node : int, str
        Who asks, and where.
    facts : mapping
        What is sent: plain values. There may be secrets among them.
    """

    call: int
    node: str
    url: str
    facts: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AppReply:
    """What came of it.

    Attributes
    ----------
    facts : mapping
        The answer; empty where none came.
    failure : str
        Why none came, as the end of a sentence; empty if one did.
    """

    call: int
    node: str
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    failure: str = ""


class Apps(Protocol):
    """Who carries questions to apps."""

    def ask(self, outgoing: Outgoing) -> AppReply | None:
        """Ask; return what came, or None if it will come later."""

    def come(self) -> Iterable[AppReply]:
        """Hand over, once, what has come since the last time."""


class NoApps:
    """Carries nothing anywhere."""

    def ask(self, outgoing: Outgoing) -> AppReply:
        """Return that nothing came."""
        return AppReply(outgoing.call, outgoing.node, failure="no app is asked here")

    def come(self) -> Iterable[AppReply]:
        """Have nothing."""
        return ()


class BadReply(ValueError):
    """An answer that cannot be taken, as the end of a sentence."""


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    """Tell whether an address may be asked: one of this machine, or of a host that was allowed by name."""
    try:
        host = (urlsplit(url).hostname or "").lower()
        return host in hosts or host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def taken(inquiry: Inquiry, facts: Mapping[str, Any], names: Collection[str], secrets: Collection[str]
          ) -> tuple[str, dict[str, str]]:
    """Return the exit that an answer names, and the variables that it sets.

    Parameters
    ----------
    names : collection of str
        The nodes of the file, which no variable may be called.
    secrets : collection of str
        Variables that only a caller sets.

    Raises
    ------
    BadReply
        If it is none.
    """
    exit_ = facts.get("exit")
    if inquiry.exits and not isinstance(exit_, str):
        raise BadReply(f"the answer has no 'exit': it takes {', '.join(inquiry.exits)}")
    if inquiry.exits and exit_ not in inquiry.exits:
        raise BadReply(f"the answer's exit is {str(exit_)[:40]!r}{nearest(str(exit_)[:40], inquiry.exits)}")
    variables: dict[str, str] = {}
    for name, value in facts.items():
        if name == "exit":
            continue
        if not isinstance(name, str) or not VARIABLE.fullmatch(name) or name in names or name in secrets:
            raise BadReply(f"the answer sets {str(name)[:40]!r}, which is no variable that it can set")
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise BadReply(f"the answer's {name!r} is neither a text nor a number")
        variables[name] = _text(value)
    if len(variables) > _MOST_GIVEN or any(len(value) > MOST_SAID for value in variables.values()):
        raise BadReply(f"the answer is too much: {_MOST_GIVEN} variables of {MOST_SAID} characters at most")
    return (exit_ if inquiry.exits and isinstance(exit_, str) else "answered"), variables


def _text(value: str | float) -> str:
    """Return a value on one line, without what is no character."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+", " ", str(value)).strip()
