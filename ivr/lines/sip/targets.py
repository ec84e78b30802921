"""To whom calls may be handed over: those whom the administrator lists, and nobody else (toll fraud)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sipmessage import URI

from ivr.lines.sip.dialogs import USUAL_PORTS
from ivr.lines.sip.reading import Peer, parsed

ANYBODY = "*"
NUMBER = re.compile(r"\+?[0-9*#]{1,32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """One to whom calls may be handed over.

    Attributes
    ----------
    user : str
        His number or name; "*" for anybody at this host.
    host : str
        Empty for a number at whoever calls; then nobody is called there by us.
    port : int
        0 for the usual one.
    to : Peer or None
        Where he is.
    """

    user: str
    host: str = ""
    port: int = 0
    to: Peer | None = None

    def _takes(self, user: str) -> bool:
        return user == self.user or (self.user == ANYBODY and user != "")

    def has(self, uri: URI) -> bool:
        """Tell whether a URI is of this one."""
        usual = USUAL_PORTS[self.to.transport] if self.to else 0
        same = uri.host.strip("[]").lower() == self.host.lower() and (uri.port or usual) == (self.port or usual)
        return bool(self.host) and same and self._takes(uri.user or "")

    def way_to(self, number: str) -> str:
        """Return what a caller is told who is to go to a number; empty if this one does not have it."""
        if not self._takes(number):
            return ""
        by = f":{self.port}" if self.port else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"sip:{number}@{host}{by}" if self.host else number


class Targets:
    """All of them."""

    def __init__(self, listed: Iterable[Listed] = ()) -> None:
        self._listed = list(listed)

    def __bool__(self) -> bool:
        return bool(self._listed)

    def peer(self, text: str) -> Peer | None:
        """Return where somebody is whom a caller wants us to go on with; None if he is not listed."""
        uri = parsed(URI.parse, text)
        if uri is None or uri.scheme not in ("sip", "sips"):
            return None
        return next((one.to for one in self._listed if one.has(uri)), None)

    def way_to(self, to: str) -> str:
        """Return what a caller is told whom an application hands over; empty if that is not listed.

        Another number of the very address that he has dialled, a URI that ends with @, is never elsewhere.
        """
        if to.startswith("sip:") and to.endswith("@"):
            return to
        uri = parsed(URI.parse, to) if ":" in to else None
        if uri is not None:
            return to if any(one.has(uri) for one in self._listed) else ""
        return next((way for one in self._listed if (way := one.way_to(to))), "") if NUMBER.fullmatch(to) else ""
