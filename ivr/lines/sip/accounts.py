"""As whom we call: From, and digest where the other side asks who we are (RFC 3261 22.2, RFC 7616, RFC 8760)."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from sipmessage import Request

from ivr.lines.sip.reading import Read, listed
from ivr.lines.sip.writing import Headers

_ASKED = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}
_HASHES = {"MD5": "md5", "SHA-256": "sha256"}
_PART = re.compile(r'\s*([\w-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s",]+))\s*', re.ASCII)


@dataclass(slots=True)
class Account:
    """As whom we call.

    Attributes
    ----------
    user, name : str
        The user part of From, and the name before it.
    domain : str
        The host of From; empty for our own address.
    login, password : str
        For who asks; empty if we have none.
    """

    user: str = "ivr"
    name: str = ""
    domain: str = ""
    login: str = ""
    password: str = field(default="", repr=False)
    _count: dict[str, int] = field(default_factory=dict, init=False, repr=False)

    def from_(self, host: str, user: str = "") -> str:
        """Return the From of a call, without its tag.

        Parameters
        ----------
        host : str
            Our own address as it stands in a URI.
        user : str
            Who calls, where a caller has a number of his own.
        """
        shown = f'"{_quoted(self.name)}" ' if self.name else ""
        return f"{shown}<sip:{user or self.user}@{self.domain or host}>"

    def proof(self, read: Read, code: int, asked: Request, token: Callable[[], str]) -> tuple[str, str] | None:
        """Return the header that answers a challenge; None if we cannot, or have and were not believed.

        Parameters
        ----------
        read : Read
            The challenge, a 401 or 407.
        asked : Request
            What was challenged.
        token : callable
            Gives words that nobody can guess.
        """
        if code not in _ASKED or not self.login:
            return None
        challenge_in, answer_in = _ASKED[code]
        for value in read.message.headers.getlist(challenge_in):
            given = _challenge(value)
            if given is None:
                continue
            before = [_challenge(one) or {} for one in asked.headers.getlist(answer_in)]
            again = any(one.get("realm") == given.get("realm") for one in before)
            if again and given.get("stale", "").lower() != "true":
                return None
            return answer_in, self._answer(given, asked, token)
        return None

    def _answer(self, given: dict[str, str], asked: Request, token: Callable[[], str]) -> str:
        realm, nonce, algorithm = given.get("realm", ""), given["nonce"], given.get("algorithm", "MD5")
        name, uri = _HASHES[algorithm.upper()], str(asked.uri)

        def hashed(text: str) -> str:
            return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

        secret, what = hashed(f"{self.login}:{realm}:{self.password}"), hashed(f"{asked.method}:{uri}")
        parts = [f'username="{_quoted(self.login)}"', f'realm="{_quoted(realm)}"', f'nonce="{_quoted(nonce)}"',
                 f'uri="{uri}"']
        if "qop" in given:
            count = self._count[nonce] = self._count.get(nonce, 0) + 1
            own = token()
            answer = hashed(f"{secret}:{nonce}:{count:08x}:{own}:auth:{what}")
            parts += [f'response="{answer}"', "qop=auth", f"nc={count:08x}", f'cnonce="{own}"']
        else:
            parts.append(f'response="{hashed(f"{secret}:{nonce}:{what}")}"')
        parts.append(f"algorithm={algorithm}")
        if "opaque" in given:
            parts.append(f'opaque="{_quoted(given["opaque"])}"')
        return "Digest " + ", ".join(parts)


def with_proof(headers: Headers, proof: tuple[str, str]) -> Headers:
    """Return headers with a proof, in place of an older one for the same realm."""
    realm = (_challenge(proof[1]) or {}).get("realm")
    others = (one for one in headers if one[0] != proof[0] or (_challenge(one[1]) or {}).get("realm") != realm)
    return (*others, proof)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _challenge(value: str) -> dict[str, str] | None:
    """Return what a challenge, or an answer to one, says; None if we cannot answer such a one."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    found = [_PART.fullmatch(part) for part in listed(rest)]
    given = {one[1].lower(): re.sub(r"\\(.)", r"\1", one[2]) if one[2] is not None else one[3]
             for one in found if one}
    qops = {word.strip().lower() for word in given.get("qop", "auth").split(",")}
    known = given.get("algorithm", "MD5").upper() in _HASHES and "auth" in qops
    return given if known and "nonce" in given else None
