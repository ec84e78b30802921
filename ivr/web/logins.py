"""Who has logged in, and how often somebody may try."""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ivr.web.users import Hash, user_line, users_of

LASTS_S = 12 * 3600.0
"""How long somebody stays logged in; after `IDLE_S` without a request no longer."""
IDLE_S = 3600.0
_TRIES, _PER_S = 5, 60.0
_MOST_SESSIONS = 1000
_MOST_KNOWN = 10_000


class TooOften(Exception):
    """Somebody tries too often."""

    exit_code = 3

    def __init__(self, wait_s: float) -> None:
        super().__init__("too many tries: wait a minute")
        self.wait_s = wait_s


class Buckets:
    """How often each may do something: so many at once, and then so many a second.

    Parameters
    ----------
    most : float
        At once.
    a_second : float
    now : callable
        A clock, in seconds.
    """

    def __init__(self, most: float, a_second: float, now: Callable[[], float]) -> None:
        self._most, self._a_second, self._now = most, a_second, now
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, who: str) -> bool:
        """Take one; tell whether there was one."""
        left = self._level(who)
        self._left[who] = (left - (left >= 1), self._now())
        return left >= 1

    def wait_s(self, who: str) -> float:
        """Return how long until there is one again; 0 if there is."""
        return max(0.0, (1 - self._level(who)) / self._a_second)

    def _level(self, who: str) -> float:
        if len(self._left) > _MOST_KNOWN:
            self._left = {one: (left, at) for one, (left, at) in self._left.items()
                          if left + (self._now() - at) * self._a_second < self._most}
            if len(self._left) > _MOST_KNOWN:
                self._left.clear()
        left, at = self._left.get(who, (self._most, self._now()))
        return min(self._most, left + (self._now() - at) * self._a_second)


@dataclass(slots=True)
class _Login:
    user: str
    since: float
    seen: float


class Logins:
    """Those who are logged in.

    Parameters
    ----------
    users : mapping of name to Hash
    now : callable
        A clock, in seconds.
    """

    def __init__(self, users: Mapping[str, Hash], now: Callable[[], float]) -> None:
        self._users, self._now = users, now
        self._nobody = next(iter(users_of(user_line("nobody", secrets.token_hex(16)), "").values()))
        self._tries = Buckets(_TRIES, _TRIES / _PER_S, now)
        self._logins: dict[bytes, _Login] = {}
        self._secret = secrets.token_bytes(32)
        self._fitting: dict[bytes, str] = {}
        self._hashing = threading.Lock()

    def login(self, user: str, password: str, source: str) -> str:
        """Return the token of a new session; empty if it is not the password.

        It takes as long as a hash, one at a time, whether there is such a user or not.

        Raises
        ------
        TooOften
            If from there, or as this user, it was tried too often.
        """
        if not self.proven(user, password, source):
            return ""
        token = secrets.token_urlsafe(32)
        now = self._now()
        self._logins = {key: one for key, one in self._logins.items() if self._lasts(one, now)}
        while len(self._logins) >= _MOST_SESSIONS:
            del self._logins[next(iter(self._logins))]
        self._logins[self._key(token)] = _Login(user, now, now)
        return token

    def proven(self, user: str, password: str, source: str) -> bool:
        """Tell whether it is the user's password.

        While an address rests it is told nothing, not even of the right one. A program that was let in from its
        own address goes on while others, from elsewhere, try too often as the same user.

        Raises
        ------
        TooOften
            If from there, or as this user, it was tried too often.
        """
        here, as_user = f"from {source}", f"as {user[:64]}"
        known = self._key(f"{source} {user}:{password}")
        with self._hashing:
            if wait_s := self._tries.wait_s(here):
                raise TooOften(wait_s)
            if self._fitting.get(known) == user:  # from here: strangers elsewhere do not lock him out
                return True
            if wait_s := self._tries.wait_s(as_user):
                self._tries.take(here)  # else who shares the address of somebody known could guess on
                raise TooOften(wait_s)
            one = self._users.get(user)
            fits = (one or self._nobody).fits(password) and one is not None
            if fits:
                if len(self._fitting) >= _MOST_SESSIONS:
                    self._fitting.clear()
                self._fitting[known] = user
            else:
                self._tries.take(here)
                self._tries.take(as_user)
            return fits

    def user(self, token: str) -> str:
        """Return whose session it is; empty if it is none, or none any more."""
        one, now = self._logins.get(self._key(token)), self._now()
        if one is None or not self._lasts(one, now):
            return ""
        one.seen = now
        return one.user

    def logout(self, token: str) -> None:
        """End a session."""
        self._logins.pop(self._key(token), None)

    def csrf(self, token: str) -> str:
        """Return what a page of this session has to send with what it does."""
        return hmac.new(self._secret, f"csrf {token}".encode(), hashlib.sha256).hexdigest()

    def _key(self, token: str) -> bytes:
        """Return what is kept of a token: what is read out of memory opens nothing."""
        return hmac.new(self._secret, token.encode(), hashlib.sha256).digest()

    @staticmethod
    def _lasts(one: _Login, now: float) -> bool:
        return now - one.since < LASTS_S and now - one.seen < IDLE_S
