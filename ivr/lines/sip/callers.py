"""Who calls, and by what he counts: what a stranger says of himself is only shown (RFC 3325).

Proxies and trunks that are trusted speak for their callers: each of those counts by himself.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sipmessage import Address, Request

from ivr.lines.sip.reading import Peer, Read, listed, parsed

_NAME = 64
_NO_NAME = "anonymous"
_VIA = re.compile(r"SIP\s*/\s*2\.0\s*/\s*\S+\s+(\[[^\]]+\]|[^\s:;,]+)", re.IGNORECASE)
_RECEIVED = re.compile(r";\s*received\s*=\s*(\[[^\]]+\]|[^\s;,]+)", re.IGNORECASE)
_ID = re.compile(r"[0-9]{7}", re.ASCII)
Trusts = Callable[[str], bool]


class BadNetwork(Exception):
    """A text that names no addresses."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class NetworkCaller:
    """Who calls.

    Attributes
    ----------
    name, phone : str
        What is shown of him; no number where it is none.
    source : str
        By what he counts who guesses or floods; empty where that is his number, for which somebody answers.
    host : str
        Where he is, as far as that is known.
    conference_id, gone : str
        As of `ivr.lines.sip.telling.Invited`.
    """

    name: str
    phone: str
    source: str
    host: str
    conference_id: str = ""
    gone: str = ""

    @property
    def counts_by(self) -> str:
        """By what he counts."""
        return self.source or self.phone


def trusted(networks: Iterable[str]) -> Trusts:
    """Return what tells whether a host is in one of the networks, each an address or a CIDR.

    Raises
    ------
    BadNetwork
        If one is none.
    """
    known = []
    for network in networks:
        try:
            known.append(ipaddress.ip_network(network, strict=False))
        except ValueError:
            raise BadNetwork(f"--trust {network} names no addresses: take one, or a network as in "
                             "192.0.2.0/24") from None
    return lambda host: any(ipaddress.ip_address(host.partition("%")[0]) in network for network in known)


def caller_of(read: Read, source: Peer, trusts: Trusts) -> NetworkCaller:
    """Return who sends a request."""
    name, user, where = _said(read.header("From"))
    if not trusts(source.host):
        return NetworkCaller(name or _NO_NAME, _number(user), source.host, source.host)
    origin, asserted = _origin(read), read.header("P-Asserted-Identity")
    if asserted:
        first = listed(asserted)[0]
        name, user, where = _said(first) if "<" in first else _said(f"<{first}>")
    phone = _number(user)
    counts_by = ("" if asserted else origin) or ("" if phone else f"{user}@{where}")
    return NetworkCaller(name or _NO_NAME, phone, counts_by, origin or source.host, _conference_id(read),
                  read.header("X-Home-Gone").strip())


def _said(text: str) -> tuple[str, str, str]:
    """Return the name, the user part and the host of an address; empty where it is none."""
    address = parsed(Address.parse, text)
    if address is None:
        return "", "", ""
    user = address.uri.user or ("" if address.uri.scheme != "tel" else address.uri.host) or ""
    name = "".join(sign for sign in address.name or user if sign.isprintable()).strip()[:_NAME]
    return name, user[:_NAME], address.uri.host[:_NAME]


def _number(user: str) -> str:
    digits = user.removeprefix("+")
    return user if digits.isascii() and digits.isdigit() else ""


def _conference_id(read: Read) -> str:
    """Return to which meeting a proxy says that somebody wants; empty if it does not."""
    dialled = read.message.uri.user if isinstance(read.message, Request) else ""
    said = read.header("X-Conference-ID").strip() or dialled or ""
    return said if _ID.fullmatch(said) else ""


def _origin(read: Read) -> str:
    """Return the address from which a proxy had a request; empty where it has made it itself."""
    via = read.others[0] if read.others else ""
    found = _RECEIVED.search(via) or _VIA.match(via)
    try:
        return str(ipaddress.ip_address(found[1].strip("[]"))) if found else ""
    except ValueError:
        return ""
