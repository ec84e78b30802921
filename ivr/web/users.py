"""Who may log in: a file of names, each with a hash of a password (scrypt, RFC 7914).

BadWebUsers    a file of users that is none
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

_N, _R, _P = 1 << 15, 8, 1
_MOST_MEMORY = 128 * 1024 * 1024
_LINE = re.compile(r"([A-Za-z0-9._@-]{1,64}):scrypt:([0-9]{1,8}):([0-9]{1,3}):([0-9]{1,3}):([A-Za-z0-9+/=]{8,200}):"
                   r"([A-Za-z0-9+/=]{20,200})")
_NAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_SHORTEST = 10


class BadWebUsers(Exception):
    """A file of users is none, or a name is."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Hash:
    """A password, as a file keeps it.

    Attributes
    ----------
    n, r, p : int
        What scrypt costs.
    """

    n: int
    r: int
    p: int
    salt: bytes
    digest: bytes

    def fits(self, password: str) -> bool:
        """Tell whether it is this password."""
        made = hashlib.scrypt(password.encode(), salt=self.salt, n=self.n, r=self.r, p=self.p,
                              maxmem=_MOST_MEMORY, dklen=len(self.digest))
        return hmac.compare_digest(made, self.digest)


def user_line(name: str, password: str) -> str:
    """Return the line of a user, to be put into a file.

    Raises
    ------
    BadWebUsers
        If the name or the password will not do.
    """
    if not _NAME.fullmatch(name):
        raise BadWebUsers(f"{name!r} is no name: take letters, digits and ._@-, up to 64")
    if len(password) < _SHORTEST:
        raise BadWebUsers(f"the password is too short: take {_SHORTEST} characters or more")
    salt = secrets.token_bytes(16)
    made = hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=_MOST_MEMORY, dklen=32)
    return f"{name}:scrypt:{_N}:{_R}:{_P}:{base64.b64encode(salt).decode()}:{base64.b64encode(made).decode()}"




def users_of(text: str, name: str) -> Mapping[str, Hash]:
    """Return the users of a file.

    Parameters
    ----------
    name : str
        Of the file, for what is wrong with it; nothing of a line is told, as it is as good as the password.

    Raises
    ------
    BadWebUsers
        If a line is none, or there is none.
    """
    users = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise BadWebUsers(f"{name}, line {number}: a user is a line that 'ivr web-user NAME' prints")
        n, r, p = (int(found[part]) for part in (2, 3, 4))
        if not (2 <= n <= 1 << 20 and n & (n - 1) == 0 and 1 <= r <= 32 and 1 <= p <= 16
                and 128 * r * n < _MOST_MEMORY):
            raise BadWebUsers(f"{name}, line {number}: scrypt takes no {n}:{r}:{p}")
        try:
            users[found[1]] = Hash(n, r, p, base64.b64decode(found[5]), base64.b64decode(found[6]))
        except ValueError:
            raise BadWebUsers(f"{name}, line {number}: a user is a line that 'ivr web-user NAME' prints") from None
    if not users:
        raise BadWebUsers(f"{name} has no users: 'ivr web-user NAME' prints a line for one")
    return users
