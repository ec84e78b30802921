"""Keys of SRTP in SDP (RFC 4568): `a=crypto` lines."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

SUITES = ("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32")
KEY_BYTES = 30
"""Of a master key and its salt, in both suites."""

_LINE = re.compile(r"([0-9]{1,9}) +(\w+) +inline:([A-Za-z0-9+/=]+)(?:\|(?:2\^)?[0-9]+)?((?: +\S+)*) *", re.ASCII)
_IGNORED = "WSH="
"""A wish about replays, which may be passed over; any other parameter changes what is sent."""


@dataclass(frozen=True, slots=True)
class Crypto:
    """One way to encrypt.

    Attributes
    ----------
    tag : int
        By which an answer names it.
    suite : one of SUITES
    key : bytes
        Master key and salt, of who says this.
    """

    tag: int
    suite: str
    key: bytes = field(repr=False)

    def written(self) -> str:
        """Return the value of its line."""
        return f"{self.tag} {self.suite} inline:{base64.b64encode(self.key).decode()}"


@dataclass(frozen=True, slots=True)
class Secrets:
    """How a call's sound is encrypted: the keys of both sides."""

    suite: str
    ours: bytes = field(repr=False)
    theirs: bytes = field(repr=False)


def read(values: Iterable[str]) -> list[Crypto]:
    """Return the ways that we can do, in their order."""
    return [one for value in values if (one := _read(value)) is not None]


def _read(value: str) -> Crypto | None:
    found = _LINE.fullmatch(value)
    if not found or found[2] not in SUITES or any(not one.startswith(_IGNORED) for one in found[4].split()):
        return None
    try:
        key = base64.b64decode(found[3], validate=True)
    except binascii.Error:
        return None
    return Crypto(int(found[1]), found[2], key) if len(key) == KEY_BYTES else None
