"""PINs at rest: salted scrypt, as text that names its own cost.

The text is `scrypt$n$r$p$salt$hash`, salt and hash in base 64. A PIN has few digits, so a thief of the database can
try them all; the cost makes each try dear, and the salt makes him start over for every organizer.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs: about 128 * n * r bytes of memory, and time as n * r * p."""

    n: int = 2**14
    r: int = 8
    p: int = 1


STRONG = Cost()
"""For databases that last: 16 MiB, some 50 ms."""

CHEAP = Cost(n=2, r=1, p=1)
"""For simulated runs only, whose PINs stand in the scenario anyway."""


_DIGEST = 32
_TEXT = re.compile(r"scrypt\$(?P<n>[0-9]{1,9})\$(?P<r>[0-9]{1,9})\$(?P<p>[0-9]{1,9})"
                   r"\$(?P<salt>[A-Za-z0-9+/=]+)\$(?P<hash>[A-Za-z0-9+/=]+)")
_WORST = Cost(n=2**18, r=16, p=16)
"""The dearest hash that is computed: what a damaged text asks for must not exhaust the machine."""


def hashed(pin: str, salt: bytes, cost: Cost = STRONG) -> str:
    """Return the text that is stored for a PIN.

    Parameters
    ----------
    salt : bytes
        At least 16, random, another one for every PIN.

    Raises
    ------
    ValueError
        If the salt is shorter.
    """
    if len(salt) < 16:
        raise ValueError(f"a salt of {len(salt)} bytes is too short: give 16 random ones")
    words = (_base64(salt), _base64(_scrypt(pin, salt, cost)))
    return "$".join(("scrypt", f"{cost.n}", f"{cost.r}", f"{cost.p}", *words))


def matches(pin: str, stored: str, cost: Cost = STRONG) -> bool:
    """Tell whether this is the PIN that was stored, after the same work whether it is or not.

    Nothing matches an empty text, which stands for "no PIN", nor a damaged one: a caller must neither get in by it
    nor bring the bridge down, and a reset mends it. Both take as long as a text of the given cost, so that time
    does not tell who has a PIN.
    """
    parts = _parts(stored)
    if parts is None:
        _scrypt(pin, bytes(16), cost)
        return False
    cost, salt, digest = parts
    # zero bytes at its end make no difference to scrypt
    return hmac.compare_digest(_scrypt(pin, salt, cost), digest) and "\0" not in pin


def any_matches(pin: str, history: Iterable[str], cost: Cost = STRONG) -> bool:
    """Tell whether this is any of the PINs that were stored."""
    return any(matches(pin, stored, cost) for stored in history)


def _scrypt(pin: str, salt: bytes, cost: Cost) -> bytes:
    return hashlib.scrypt(pin.encode("utf-8", "surrogatepass"), salt=salt, n=cost.n, r=cost.r, p=cost.p,
                          maxmem=128 * cost.r * (cost.n + cost.p + 2), dklen=_DIGEST)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _parts(stored: str) -> tuple[Cost, bytes, bytes] | None:
    """Return cost, salt and hash of a stored text, or None if it is none."""
    found = _TEXT.fullmatch(stored)
    if found is None:
        return None
    n, r, p = (int(number) for number in found.group("n", "r", "p"))
    try:
        salt, digest = (base64.b64decode(word, validate=True) for word in found.group("salt", "hash"))
    except binascii.Error:
        return None
    whole = len(salt) >= 16 and len(digest) == _DIGEST
    payable = 2 <= n <= _WORST.n and n & (n - 1) == 0 and 1 <= r <= _WORST.r and 1 <= p <= _WORST.p
    return (Cost(n, r, p), salt, digest) if whole and payable else None
