"""SIP messages to bytes: answers that copy what they must as it came, and requests."""

import re
from collections.abc import Iterable, Sequence

from sipmessage import Request, Response

from ivr.lines.sip.reading import RECEIVED, Peer, Read

PHRASES = {
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted", 302: "Moved Temporarily",
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    406: "Not Acceptable", 408: "Request Timeout", 415: "Unsupported Media Type",
    416: "Unsupported URI Scheme", 420: "Bad Extension", 422: "Session Interval Too Small",
    423: "Interval Too Brief", 480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 486: "Busy Here", 487: "Request Terminated",
    488: "Not Acceptable Here", 491: "Request Pending", 500: "Server Internal Error",
    503: "Service Unavailable", 504: "Server Time-out", 505: "Version Not Supported", 603: "Decline",
}
Headers = Iterable[tuple[str, str]]

_RPORT = re.compile(r";\s*rport\s*(?=;|$)", re.IGNORECASE)
_SENT_BY = re.compile(r"SIP\s*/\s*2\.0\s*/\s*\S+\s+(\[[^\]]+\]|[^\s:;]+)(?:\s*:\s*(\d+))?", re.IGNORECASE)


def host_in(host: str) -> str:
    """Return a host as it stands in a URI: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def response(read: Read, code: int, *, to_tag: str = "", source: Peer | None = None, headers: Headers = (),
             body: bytes = b"") -> Response:
    """Return an answer to a request.

    Parameters
    ----------
    read : Read
    code : int
    to_tag : str
        Put to the To if it has none yet.
    source : Peer, optional
        Where the request came from, which the topmost Via is told (RFC 3261 18.2.1, RFC 3581).
    headers : iterable of (name, value)
        Besides those that are copied.
    body : bytes
        With its Content-Type among the headers.
    """
    answer = Response(code, PHRASES.get(code, "Failure" if code >= 400 else "OK"), body)
    asked = read.message.headers
    put = answer.headers.add
    for via in (stamped(read.via, source) if source else read.via, *read.others):
        put("Via", via)
    if code < 300 and read.method == "INVITE":
        for route in asked.getlist("Record-Route"):
            put("Record-Route", route)
    put("From", asked["From"])
    put("To", f"{asked['To']};tag={to_tag}" if to_tag and not read.to_tag else asked["To"])
    put("Call-ID", read.call_id)
    put("CSeq", asked["CSeq"])
    if code == 100 and (stamp := asked.get("Timestamp")):
        put("Timestamp", stamp)
    for name, value in headers:
        put(name, value)
    put("Content-Length", str(len(body)))
    return answer


def stamped(via: str, source: Peer) -> str:
    """Return a Via with the address it came from."""
    asked = bool(_RPORT.search(via))
    via = _RPORT.sub(f";rport={source.port}", via)
    found = _SENT_BY.match(via)
    if asked or not found or found[1].strip("[]").lower() != source.host.lower():
        via = f"{RECEIVED.sub('', via)};received={source.host}"
    return via


def way_back(via: str, source: Peer) -> Peer:
    """Return where answers go (RFC 3261 18.2.2, RFC 3581): never to another host than the one that asked."""
    found = _SENT_BY.match(via)
    if source.transport != "UDP" or _RPORT.search(via) or not found:
        return source
    port = int(found[2] or 5060)
    return Peer(source.host, port) if 0 < port < 65_536 else source


def request(method: str, uri: object, *, via: str, from_: str, to: str, call_id: str, cseq: int,
            route: Sequence[str] = (), headers: Headers = (), body: bytes = b"") -> Request:
    """Return a request; `uri` is text that was read before, or a URI."""
    made = Request(method, uri, body)  # type: ignore[arg-type]  # it is only written, as it came
    put = made.headers.add
    put("Via", via)
    for one in route:
        put("Route", one)
    put("Max-Forwards", "70")
    put("From", from_)
    put("To", to)
    put("Call-ID", call_id)
    put("CSeq", f"{cseq} {method}")
    for name, value in headers:
        put(name, value)
    put("Content-Length", str(len(body)))
    return made
