"""SDP (RFC 8866): as much of it as telephones say."""

import ipaddress
import re
from dataclasses import dataclass, field

_MOST_LINES, _MOST_MEDIA = 500, 20
_MEDIA = re.compile(r"([\w-]+) ([0-9]{1,5})(?:/[0-9]+)? ([\w/-]+)((?: [\w.*-]+)+)", re.ASCII)
_MAP = re.compile(r"([0-9]{1,3}) +([\w.-]+)/([0-9]+)(?:/1)?", re.ASCII)
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


class BadDescription(Exception):
    """A text that is no SDP."""


@dataclass(slots=True)
class MediaLine:
    """One m= line with what stands below it.

    Attributes
    ----------
    formats : tuple of str
        As they came.
    host : str
        An IP address, or a name.
    attributes : list of (name, value)
    """

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    host: str = ""
    direction: str = "sendrecv"
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """Return the values of an attribute."""
        return [value for one, value in self.attributes if one == name]

    def encodings(self) -> dict[str, tuple[str, int]]:
        """Return payload type -> (encoding in capitals, clock rate); the static ones too."""
        found = {"0": ("PCMU", 8000), "8": ("PCMA", 8000), "9": ("G722", 8000)}
        for value in self.values("rtpmap"):
            if (mapped := _MAP.match(value)) and int(mapped[1]) < 128:
                found[mapped[1]] = mapped[2].upper(), int(mapped[3])
        return {one: found[one] for one in self.formats if one in found}

    @property
    def unspecified(self) -> bool:
        """Whether its address is none, as RFC 2543 put on hold."""
        try:
            return ipaddress.ip_address(self.host).is_unspecified
        except ValueError:
            return False


def parse(body: bytes) -> list[MediaLine]:
    """Return what a description offers.

    Raises
    ------
    BadDescription
        If it is none.
    """
    try:
        lines = body.decode().replace("\r\n", "\n").rstrip("\n").split("\n")
    except UnicodeDecodeError:
        raise BadDescription("it is no text") from None
    if not lines or lines[0] != "v=0" or len(lines) > _MOST_LINES:
        raise BadDescription("it does not begin with v=0")
    host, direction = "", "sendrecv"
    media: list[MediaLine] = []
    for line in lines[1:]:
        kind, sign, value = line[:1], line[1:2], line[2:]
        if sign != "=":
            raise BadDescription("a line is none of it")
        if kind == "m":
            media.append(_media(value, host, direction))
        elif kind == "c":
            where = _host(value)
            if media:
                media[-1].host = where
            else:
                host = where
        elif kind == "a":
            name, _, rest = value.partition(":")
            if name in DIRECTIONS:
                if media:
                    media[-1].direction = name
                else:
                    direction = name
            elif media:
                media[-1].attributes.append((name, rest.strip()))
    if not 0 < len(media) <= _MOST_MEDIA:
        raise BadDescription("it offers nothing")
    return media


def _media(value: str, host: str, direction: str) -> MediaLine:
    found = _MEDIA.fullmatch(value.strip())
    if not found or int(found[2]) > 65_535:
        raise BadDescription("an m= line is none")
    return MediaLine(found[1], int(found[2]), found[3], tuple(found[4].split()), host, direction)


def _host(value: str) -> str:
    parts = value.split()
    if len(parts) != 3 or parts[0] != "IN" or parts[1] not in ("IP4", "IP6"):
        raise BadDescription("a c= line is none")
    return parts[2].partition("/")[0]
