"""What is asked of an application over HTTP, and what comes of it; who carries it there is at the edge."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from ivr.engine.sound import Samples

VERSION = "2010-04-01"
"""Of the interface whose parameters are sent."""

SIGNATURE = "X-Twilio-Signature"
ANONYMOUS = "+266696687"
"""Twilio's number of a caller who has none."""


@dataclass(frozen=True, slots=True)
class AppRequest:
    """One request.

    Attributes
    ----------
    number : int
        By which its answer is known.
    what : str
        The document, the recording, the callback: for whoever reads of a failure.
    fields : mapping of str to str
        The parameters; none for a recording. There may be secrets among them.
    """

    number: int
    what: str
    url: str
    method: str = "GET"
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def address(self) -> str:
        """The URL as it is asked: with the parameters, where a GET carries them."""
        if self.method == "POST" or not self.fields:
            return self.url
        return f"{self.url}{'&' if urlsplit(self.url).query else '?'}{self.form}"

    @property
    def form(self) -> str:
        """The parameters as a form has them."""
        return urlencode(self.fields)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a request.

    Attributes
    ----------
    url : str
        Where it came from in the end.
    kind : str
        Its media type, without parameters.
    samples : int16 array [shape=(n,)], optional
        What it sounds like, where it is a recording.
    cookies : mapping of str to str
        Those that are to be sent from now on.
    failure : str
        Why nothing came, as the end of a sentence; empty if something did.
    code : int
        What Twilio's debugger would call that.
    """

    number: int
    url: str = ""
    kind: str = ""
    body: bytes = field(default=b"", repr=False)
    samples: Samples | None = field(default=None, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    failure: str = ""
    code: int = 0


class Fetches(Protocol):
    """Who carries requests to applications."""

    def fetch(self, fetch: AppRequest) -> Fetched | None:
        """Ask; return what came, or None if it will come later."""

    def fetched(self) -> Iterable[Fetched]:
        """Hand over, once, what has come since the last time."""


class NoFetches:
    """Carries nothing anywhere."""

    def fetch(self, fetch: AppRequest) -> Fetched:
        """Return that nothing came."""
        return Fetched(fetch.number, fetch.url, failure="no application is asked here", code=11200)

    def fetched(self) -> Iterable[Fetched]:
        """Have nothing."""
        return ()


def signature(token: str, address: str, fields: Mapping[str, str]) -> str:
    """Return what proves that a request comes from who knows the token.

    Parameters
    ----------
    address : str
        As it is asked, with its query.
    fields : mapping of str to str
        Those of a POST; none for a GET.
    """
    signed = address + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def sid(kind: str, *what: object) -> str:
    """Return an identifier, the same in every run: CA for a call, RE for a recording, CF for a conference."""
    text = "/".join(str(one) for one in what)
    return kind + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def path_of(url: str) -> str:
    """Return what may be shown of a URL: not its query, which may hold what was keyed."""
    try:
        return (urlsplit(url).path or "/")[:80]
    except ValueError:
        return "(no URL)"
