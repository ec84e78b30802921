"""SIP messages from bytes: what is needed of them is checked once, here.

`sipmessage` reads; what it does not do is done around it: folded lines, limits, mandatory headers (RFC 3261 8.1.1),
and telling a request that can be answered with its fault from bytes that nobody is owed an answer for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from sipmessage import URI, Message, Request, Response, Via

Parsed = TypeVar("Parsed")
MOST_BYTES = 65_535
_MOST_HEADERS, _LONGEST_LINE = 128, 4096
LONGEST_URI = 512
"""Characters of a URI, or of an address that is looked into: longer ones cost too much to read."""

_ONCE = ("From", "To", "Call-ID", "CSeq")
_FOLD = re.compile(r"\r\n[ \t]+")
_TAG = re.compile(r';\s*tag\s*=\s*([^\s;,<>"]+)', re.IGNORECASE)
RECEIVED = re.compile(r";\s*received\s*=[^;]*", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_START = re.compile(r"(?P<method>[\w.!%*+`'~-]+) (?P<uri>\S+) SIP/(?P<version>\d+\.\d+)", re.ASCII)
_SCHEME = re.compile(r"(?!sips?:|tel:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_STAND_IN = "UNREAD sip:unread.invalid SIP/2.0"


class Peer(NamedTuple):
    """An address on the network."""

    host: str
    port: int
    transport: str = "UDP"


@dataclass(frozen=True, slots=True)
class Read:
    """A message, and what tells whose it is.

    Attributes
    ----------
    message : Request or Response
        Its headers have their long names.
    method : str
        Of the request, or of the one that is answered.
    from_tag, to_tag : str
        Empty where there is none.
    via, others : str, tuple of str
        The topmost Via as it came, and those below.
    branch, sent_by : str
        Of the topmost Via.
    """

    message: Request | Response
    call_id: str
    cseq: int
    method: str
    from_tag: str
    to_tag: str
    via: str
    others: tuple[str, ...]
    branch: str
    sent_by: str

    def header(self, name: str) -> str:
        """Return the first value of a header; empty if it is not there."""
        return self.message.headers.get(name) or ""

    def tokens(self, name: str) -> set[str]:
        """Return the words of a list such as Supported, in small letters."""
        return {word.strip().lower() for value in self.message.headers.getlist(name)
                for word in value.split(",") if word.strip()}

    @property
    def key(self) -> tuple[str, ...]:
        """By what a request's transaction is found again (RFC 3261 17.2.3)."""
        method = "INVITE" if self.method == "ACK" else self.method
        if self.branch.startswith("z9hG4bK"):
            return self.branch, self.sent_by, method
        return self.via, self.call_id, str(self.cseq), self.from_tag, method  # a peer of before RFC 3261


class Malformed(Exception):
    """Bytes that are no message.

    Attributes
    ----------
    code : int
        With which the request is to be answered; 0 where nothing is.
    read : Read or None
        The request as far as an answer needs it.
    """

    def __init__(self, why: str, code: int = 0, read: Read | None = None) -> None:
        super().__init__(why)
        self.code, self.read = code, read


def read(data: bytes) -> Read | None:
    """Return a message; None for what only keeps a way through a NAT open.

    Raises
    ------
    Malformed
        If it is none.
    """
    data = data.lstrip(b"\r\n")
    if not data.strip(b"\0 "):
        return None
    head, found, body = data.partition(b"\r\n\r\n")
    if not found or len(data) > MOST_BYTES:
        raise Malformed("it has no end")
    try:
        start, *lines = _FOLD.sub(" ", head.decode()).split("\r\n")
    except UnicodeDecodeError:
        raise Malformed("it is no text") from None
    if len(lines) > _MOST_HEADERS or any(len(line) > _LONGEST_LINE for line in (start, *lines)):
        raise Malformed("it is too long")
    named = [f"{name.rstrip()}:{value}" for name, _, value in (line.partition(":") for line in lines)]
    try:
        return _whole(start, named, body)
    except Malformed:
        raise
    except Exception as error:  # whatever a library makes of what strangers send
        _freed(error)
        raise Malformed(f"it cannot be read: {type(error).__name__}") from None


def _whole(start: str, lines: list[str], body: bytes) -> Read:
    answered = start.startswith("SIP/")
    fault, code = "" if answered else _wrong_with(start), 400
    if fault and _SCHEME.match(start.partition(" ")[2]):
        code = 416
    first = _STAND_IN if fault else start
    message = Message.parse("\r\n".join([first, *lines, "", ""]).encode() + body)
    if isinstance(message, Response) and not 100 <= message.code <= 699:
        raise Malformed("it has no status code")
    read = _identified(message)
    if isinstance(message, Request):
        version = _START.fullmatch(start)
        if version and version["version"] != "2.0":
            raise Malformed("another version", 505, read)
        fault = fault or _lacks(message, read)
    if isinstance(message, Response) and _lacks(message, read):
        raise Malformed("a header is missing")
    length = _number(message.headers.get("Content-Length"), len(body))
    if fault or not 0 <= length <= len(body):
        raise Malformed(fault or "its body is cut", code, read if isinstance(message, Request) else None)
    message.body = body[:length]
    return read


def _wrong_with(start: str) -> str:
    """Return what is wrong with the first line of a request; empty if nothing."""
    found = _START.fullmatch(start)
    if not found:
        return "no request line"
    if found["version"] != "2.0":
        return "another version"
    return "" if parsed(URI.parse, found["uri"]) else "no URI"


def _identified(message: Request | Response) -> Read:
    """Return what an answer needs; whoever sends less is not answered."""
    headers = message.headers
    if not all(headers.get(name) for name in (*_ONCE, "Via")):
        raise Malformed("a header is missing")
    top, *others = [part for value in headers.getlist("Via") for part in listed(value)]
    via = Via.parse(RECEIVED.sub("", top))  # the library cannot read an IPv6 address there (RFC 5118 4.5)
    parameters = {name.lower(): value or "" for name, value in via.parameters.items()}
    number, _, method = headers["CSeq"].strip().partition(" ")
    return Read(message, headers["Call-ID"], _number(number, -1), method.strip(), tag_of(headers["From"]),
                tag_of(headers["To"]), top, tuple(others), parameters.get("branch", ""),
                f"{via.host}:{via.port or ''}".lower())


def _lacks(message: Request | Response, read: Read) -> str:
    """Return what is wrong with the headers of a message that can be answered."""
    if any(len(message.headers.getlist(name)) > 1 for name in (*_ONCE, "Content-Length")):
        return "a header is there twice"
    if any('"' in _QUOTED.sub("", message.headers[name]) for name in ("From", "To")):
        return "a quote has no end"
    if not 0 <= read.cseq < 1 << 31:
        return "CSeq is no number"
    if isinstance(message, Request):
        if message.method != read.method:
            return "CSeq has another method"
        if not read.from_tag and read.branch.startswith("z9hG4bK"):
            return "From has no tag"
        if not 0 <= _number(message.headers.get("Max-Forwards"), 70) <= 255:
            return "Max-Forwards is no number"
    return ""


def parsed(parse: Callable[[str], Parsed], text: str) -> Parsed | None:
    """Return what the library reads in a text; None if it is too long or reads nothing."""
    if len(text) > LONGEST_URI:
        return None
    try:
        return parse(text)
    except (ValueError, TypeError) as error:
        _freed(error)
        return None


def _freed(error: Exception) -> None:
    """Let go of where an error was raised: the library raises the same ones again and again, which keep it all."""
    error.__traceback__ = error.__context__ = None


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text.strip()) else -1


def tag_of(text: str) -> str:
    """Return the tag of a From or To; empty if it has none."""
    found = _TAG.search(_QUOTED.sub("", text).rpartition(">")[2])
    return found[1] if found else ""


def listed(text: str) -> list[str]:
    """Return the parts of a value between whose commas stand neither quotes nor angle brackets."""
    parts, begin, quoted, bracket, escaped = [], 0, False, False, False
    for place, sign in enumerate(text):
        if escaped:
            escaped = False
        elif quoted:
            escaped, quoted = sign == "\\", sign != '"'
        elif sign == '"':
            quoted = True
        elif sign in "<>":
            bracket = sign == "<"
        elif sign == "," and not bracket:
            parts.append(text[begin:place])
            begin = place + 1
    return [part.strip() for part in (*parts, text[begin:]) if part.strip()]
