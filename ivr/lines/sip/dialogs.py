"""Dialogs (RFC 3261 12): who talks to whom, by which way, and whose request is next."""

import ipaddress
from dataclasses import dataclass

from sipmessage import URI, Address, Request

from ivr.lines.sip.reading import Peer, Read, listed, parsed, tag_of
from ivr.lines.sip.station import Station
from ivr.lines.sip.writing import Headers, request

USUAL_PORTS = {"UDP": 5060, "TCP": 5060, "TLS": 5061}



def uri_of(text: str) -> str:
    """Return the URI of a Contact or Route, as it came; empty if there is none."""
    inner = text.partition("<")[2].partition(">")[0] if "<" in text else text.partition(";")[0]
    return inner.strip()


def host_of(text: str) -> str:
    """Return the host of an address, as it stands in a URI."""
    uri = parsed(URI.parse, uri_of(text))
    return f"{uri.host}{f':{uri.port}' if uri.port else ''}" if uri else ""


def contact_of(read: Read) -> str:
    """Return the URI by which a message's sender is to be reached; empty if it does not say."""
    parts = listed(read.header("Contact"))
    address = parsed(Address.parse, parts[0]) if len(parts) == 1 else None
    return uri_of(parts[0]) if address and address.uri.scheme in ("sip", "sips") else ""


def address_of(text: str, otherwise: Peer) -> Peer:
    """Return where a URI leads that has an IP address; the other peer where it has a name."""
    uri = parsed(URI.parse, text)
    if uri is None:
        return otherwise
    try:
        host = str(ipaddress.ip_address(uri.host.strip("[]")))
    except ValueError:
        return otherwise
    given = {name.lower(): (value or "").upper() for name, value in uri.parameters.items()}.get("transport", "")
    way = "TLS" if uri.scheme == "sips" else given if given in USUAL_PORTS else otherwise.transport
    port = uri.port or USUAL_PORTS[way]
    return Peer(host, port, way) if 0 < port < 65_536 else otherwise


@dataclass(slots=True)
class Dialog:
    """A dialog.

    Attributes
    ----------
    here, there : str
        The From of our requests and their To, with tags.
    route : tuple of str
        The way, nearest first, as it came.
    target : str
        The URI of the other side.
    peer : Peer
        Where our requests go next.
    sent, seen : int
        CSeq of our last request and of the last one of the other side; -1 for none.
    secure : bool
        Whether it was begun by a sips URI, so that Contact is one too (RFC 5630).
    """

    call_id: str
    here: str
    there: str
    route: tuple[str, ...]
    target: str
    peer: Peer
    sent: int = 0
    seen: int = -1
    secure: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """By what it is found: Call-ID, our tag, theirs."""
        return self.call_id, tag_of(self.here), tag_of(self.there)

    def request(self, station: Station, method: str, *, cseq: int | None = None, headers: Headers = (),
                body: bytes = b"") -> Request:
        """Return a request within this dialog (RFC 3261 12.2.1.1)."""
        if cseq is None:
            self.sent = cseq = self.sent + 1
        uri, route = self.target, self.route
        if route and ";lr" not in uri_of(route[0]).lower():  # a router of before RFC 3261
            uri, route = uri_of(route[0]), (*route[1:], f"<{uri}>")
        return request(method, uri, via=station.via(self.peer), from_=self.here, to=self.there,
                       call_id=self.call_id, cseq=cseq, route=route, headers=headers, body=body)


def answered(read: Read, source: Peer, to_tag: str) -> Dialog:
    """Return the dialog that our answer to an INVITE makes.

    Its requests go to where the INVITE came from: a NAT lets nothing else in, and nobody else is sent anything.
    """
    headers = read.message.headers
    there = headers["From"]
    route = tuple(part for value in headers.getlist("Record-Route") for part in listed(value))
    secure = isinstance(read.message, Request) and read.message.uri.scheme == "sips"
    return Dialog(read.call_id, f"{headers['To']};tag={to_tag}", there, route, contact_of(read), source,
                  seen=read.cseq, secure=secure)


def made(read: Read, asked: Request, to: Peer) -> Dialog:
    """Return the dialog that the other side's answer to our INVITE makes."""
    headers = read.message.headers
    route = tuple(part for value in headers.getlist("Record-Route") for part in listed(value))[::-1]
    target = contact_of(read) or str(asked.uri)
    peer = address_of(uri_of(route[0]) if route else target, to)
    return Dialog(read.call_id, asked.headers["From"], headers["To"], route, target, peer,
                  sent=asked.cseq.sequence, secure=str(asked.uri).lower().startswith("sips:"))
