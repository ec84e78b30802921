"""Who is let in: digest authentication (RFC 3261 22, RFC 7616) against users whose passwords are not kept.

A file of users is what `htdigest` makes: NAME:REALM:HA1 a line, HA1 the MD5 of NAME:REALM:PASSWORD.

BadUsers    a file of users that cannot be taken
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sipmessage import URI, Request

from ivr.clock import samples
from ivr.lines.sip.reading import Read, listed, parsed

_LASTS = samples(120)
"""How long a nonce can be used."""

_TRIES, _TRIES_WITHIN = 20, samples(60)
"""How many wrong passwords a host may send, and within what time; after that nothing of it is looked at."""

_MOST = 4096
_LINE = re.compile(r"([^:\s][^:]*):([^:]+):([0-9a-f]{32})")
_GIVEN = re.compile(r'\s*([\w-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s",]+))\s*', re.ASCII)
_NOBODY = "0" * 32
Answer = tuple[int, tuple[tuple[str, str], ...]]
"""A code, and headers."""


class BadUsers(Exception):
    """A file of users that cannot be taken."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Users:
    """Those who may call.

    Attributes
    ----------
    realm : str
    secrets : mapping of name to HA1
    """

    realm: str
    secrets: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Users({self.realm!r}, {len(self.secrets)} of them)"


def users_of(text: str, name: str) -> Users:
    """Return the users of a file.

    Raises
    ------
    BadUsers
        If it has none, or a line is none; the message does not hold the line.
    """
    found, realms = {}, set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        user = _LINE.fullmatch(line.strip())
        if not user:
            raise BadUsers(f"{name}, line {number}: a user is NAME:REALM:HA1, with 32 digits of 0-9a-f: "
                           f"'htdigest {name} REALM NAME' makes it")
        found[user[1]] = user[3]
        realms.add(user[2])
    if not found:
        raise BadUsers(f"{name} has no users: 'htdigest {name} REALM NAME' adds one")
    if len(realms) > 1:
        raise BadUsers(f"{name} has more than one realm: {', '.join(sorted(realms))}; take one for all")
    return Users(realms.pop(), found)


class Doorman:
    """Asks who begins a call or registers; a wrong password and a name that is not known are told apart by nobody.

    Parameters
    ----------
    users : Users
    token : callable
        Gives words that nobody can guess.
    """

    def __init__(self, users: Users, token: Callable[[], str]) -> None:
        self._users, self._token = users, token
        self._key = token().encode()
        self._used: dict[str, tuple[int, int]] = {}
        self._wrong: dict[str, tuple[int, int]] = {}

    def __call__(self, read: Read, request: Request, source: str, now: int) -> Answer | None:
        """Return what is to be answered; None for one who is let in."""
        given = _given(read, self._users.realm)
        if given is None:
            return self._challenge(now)
        if self._tried(source, now):
            return 403, ()
        nonce = given.get("nonce", "")
        made_at = self._made_at(nonce)
        if made_at is None or not _same_uri(given.get("uri", ""), request):
            return self._challenge(now)
        if not _alike(self._expected(given, request.method), given.get("response", "")):
            first, count = self._wrong.get(source, (now, 0))
            self._wrong[source] = first, count + 1
            return self._challenge(now)
        count = int(given["nc"], 16)
        if not 0 <= now - made_at <= _LASTS or count <= self._used.get(nonce, (now, 0))[1]:
            return self._challenge(now, stale=True)
        self._used[nonce] = now, count
        self._forget(now)
        return None

    def _challenge(self, now: int, *, stale: bool = False) -> Answer:
        made = f"{now:x}.{self._token()}"
        nonce = f"{made}.{self._sign(made)}"
        return 401, (("WWW-Authenticate", f'Digest realm="{self._users.realm}", nonce="{nonce}", algorithm=MD5, '
                      f'qop="auth"{", stale=true" if stale else ""}'),)

    def _sign(self, made: str) -> str:
        return hmac.new(self._key, made.encode(), "sha256").hexdigest()[:24]

    def _made_at(self, nonce: str) -> int | None:
        """Return when we made a nonce; None if we did not."""
        made, _, signed = nonce.rpartition(".")
        if not _alike(self._sign(made), signed):
            return None
        return int(made.partition(".")[0], 16)

    def _expected(self, given: Mapping[str, str], method: str) -> str:
        secret = self._users.secrets.get(given.get("username", ""), _NOBODY)
        if secret == _NOBODY:
            secret = self._token()
        asked = _md5(f"{method}:{given.get('uri', '')}")
        return _md5(f"{secret}:{given.get('nonce', '')}:{given['nc']}:{given.get('cnonce', '')}:auth:{asked}")

    def _tried(self, source: str, now: int) -> bool:
        """Tell whether a host has sent too many wrong passwords."""
        first, count = self._wrong.get(source, (now, 0))
        if now - first > _TRIES_WITHIN:
            self._wrong.pop(source, None)
            return False
        return count >= _TRIES

    def _forget(self, now: int) -> None:
        """Forget what is over, where much is kept."""
        if len(self._used) > _MOST:
            self._used = {one: used for one, used in self._used.items() if now - used[0] <= _LASTS}
        if len(self._wrong) > _MOST:
            self._wrong = {one: tried for one, tried in self._wrong.items() if now - tried[0] <= _TRIES_WITHIN}


def _given(read: Read, realm: str) -> dict[str, str] | None:
    """Return the credentials for a realm; None if there are none that can be looked at."""
    for value in read.message.headers.getlist("Authorization"):
        scheme, _, rest = value.strip().partition(" ")
        if scheme.lower() != "digest":
            continue
        found = [_GIVEN.fullmatch(part) for part in listed(rest)]
        given = {one[1].lower(): one[2] if one[2] is not None else one[3] for one in found if one}
        kind = given.get("realm"), given.get("qop"), given.get("algorithm", "MD5").upper()
        counted = re.fullmatch("[0-9a-fA-F]{8}", given.get("nc", ""))
        if kind == (realm, "auth", "MD5") and given.get("cnonce") and counted:
            return given
    return None


def _same_uri(text: str, request: Request) -> bool:
    """Tell whether credentials are for this request; a proxy may have changed its parameters."""
    uri = parsed(URI.parse, text)
    return uri is not None and (uri.user, uri.host.lower()) == (request.uri.user, request.uri.host.lower())


def _alike(one: str, other: str) -> bool:
    """Tell whether texts are the same, in a time that says nothing of where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
