"""A registrar (RFC 3261 10): softphones that want to register may; nobody is rung by it."""

from ivr.clock import RATE
from ivr.lines.sip.reading import Read, listed, tag_of
from ivr.lines.sip.servers import ServerTransaction
from ivr.lines.sip.transactions import reply

SHORTEST_S, USUAL_S, LONGEST_S = 60, 600, 3600
_MOST, _MOST_CONTACTS = 4096, 8


class Registrar:
    """Who has registered, and until when."""

    def __init__(self) -> None:
        self._there: dict[str, dict[str, int]] = {}

    def __call__(self, server: ServerTransaction, now: int, tag: str) -> None:
        """Answer a REGISTER."""
        read = server.read
        who = _who(read)
        there = {uri: until for uri, until in self._there.get(who, {}).items() if until > now}
        contacts = [part for value in read.message.headers.getlist("Contact") for part in listed(value)]
        asked = _number(read.header("Expires"), USUAL_S)
        if any("?" in contact and "<" not in contact for contact in contacts):
            reply(server, 400, now, to_tag=tag)  # nobody can tell whose the rest of it is (RFC 3261 20.10)
            return
        for contact in contacts:
            if contact == "*":
                if asked == 0:
                    there.clear()
                continue
            uri, own = parted(contact)
            wanted = asked if own is None else own
            if wanted == 0:
                there.pop(uri, None)
            elif wanted < SHORTEST_S:
                reply(server, 423, now, to_tag=tag, headers=(("Min-Expires", str(SHORTEST_S)),))
                return
            else:
                there[uri] = now + min(wanted, LONGEST_S) * RATE
        if len(there) > _MOST_CONTACTS or (who not in self._there and not self._room(now)):
            reply(server, 503, now, to_tag=tag)
            return
        self._there[who] = there
        if not there:
            del self._there[who]
        reply(server, 200, now, to_tag=tag, headers=[
            ("Contact", f"<{uri}>;expires={(until - now) // RATE}") for uri, until in there.items()])

    def _room(self, now: int) -> bool:
        """Tell whether one more can be kept."""
        if len(self._there) >= _MOST:
            self._there = {who: there for who, there in self._there.items() if max(there.values()) > now}
        return len(self._there) < _MOST


def _who(read: Read) -> str:
    """Return whose registration it is, as text."""
    to = read.header("To")
    return to.replace(f";tag={tag_of(to)}", "")[:256]


def parted(contact: str) -> tuple[str, int | None]:
    """Return the URI of a Contact, and for how long it asks itself in seconds."""
    inside, _, after = contact.partition("<")[2].partition(">") if "<" in contact else contact.partition(";")
    own = next((value for name, _, value in (one.partition("=") for one in after.split(";"))
                if name.strip().lower() == "expires"), None)
    return inside.strip(), None if own is None else _number(own, USUAL_S)


def _number(text: str, otherwise: int) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
