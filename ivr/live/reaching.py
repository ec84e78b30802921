"""Reaches an address of this machine over HTTP, and none elsewhere.

Only this machine is asked, and hosts that were allowed by name: a host counts as this machine if all its addresses
do, and the connection goes to an address that was looked at. No proxy is taken from the environment, and a redirect
is looked at like the first address.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from ivr.custom.asking import is_allowed

_MOST_REDIRECTS = 5
_MOVED = {301: "GET", 302: "GET", 303: "GET", 307: "", 308: ""}
"""What is asked with where one is sent on to, by the status that says so; empty: as before."""

_PORTS = {"http": 80, "https": 443}
_MOST_COOKIES = 50
_AS_IT_IS = "/?&=%:@!$'()*+,;~[]|"
"""What stands in a path and a query without being quoted, besides letters and digits."""


class NotReached(Exception):
    """It is not asked, or says something else than an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes
    ----------
    url : str
        Where from, in the end.
    kind : str
        Its media type, without parameters.
    """

    url: str
    kind: str
    body: bytes = field(repr=False)
    cookies: Mapping[str, str] = field(repr=False)


def reach(url: str, hosts: Collection[str], *, method: str, body: bytes, headers: Mapping[str, str],
          most: int, patience_s: float) -> Answer:
    """Ask, and follow where one is sent on to.

    Parameters
    ----------
    hosts : collection of str
        Those besides this machine that may be asked.
    body : bytes
        Of a POST.
    most : int
        Bytes of the answer.

    Raises
    ------
    NotReached
        With the reason, as the end of a sentence.
    OSError, http.client.HTTPException
        If it cannot be reached.
    """
    cookies: dict[str, str] = {}
    for _ in range(_MOST_REDIRECTS + 1):
        connection = _connected(url, hosts, patience_s)
        try:
            parts = urlsplit(url)
            path = quote(f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}", safe=_AS_IT_IS)
            try:
                connection.request(method, path, body if method == "POST" else None, dict(headers))
            except (UnicodeError, ValueError, http.client.InvalidURL):
                raise NotReached("its address has what no address may have") from None
            response = connection.getresponse()
            cookies |= _cookies(response.headers.get_all("Set-Cookie") or ())
            if response.status in (200, 201, 202, 203):
                data = response.read(most + 1)
                if len(data) > most:
                    raise NotReached(f"its answer is longer than {most} bytes")
                return Answer(url, response.headers.get_content_type(), data, cookies)
            if response.status not in _MOVED:
                raise NotReached(f"it answers with the status {response.status}")
            url = _joined(url, response.headers.get("Location", ""))
            method = _MOVED[response.status] or method
        finally:
            connection.close()
    raise NotReached(f"it sends one on more than {_MOST_REDIRECTS} times")


def why_not(error: Exception) -> str:
    """Return why something could not be reached, as the end of a sentence."""
    return f"it cannot be asked: {getattr(error, 'strerror', None) or type(error).__name__}"


def shown(url: str) -> str:
    """Return an address without what may be a secret in it."""
    return url.partition("?")[0][:100]


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise NotReached("it sends one on to what is no address") from None


def _cookies(headers: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for header in headers:
        try:
            found |= {name: morsel.coded_value for name, morsel in SimpleCookie(header).items()}
        except CookieError:
            continue
    return dict(list(found.items())[:_MOST_COOKIES])


def _connected(url: str, hosts: Collection[str], patience_s: float) -> http.client.HTTPConnection:
    """Connect to an address that may be asked.

    Raises
    ------
    NotReached
        If none may.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        port = parts.port or _PORTS[parts.scheme] if parts.scheme in _PORTS else 0
    except ValueError:
        raise NotReached("it sends one on to what is no address") from None
    if not port or not is_allowed(url, hosts):
        raise NotReached(f"{shown(url)} is not on this machine")
    found = [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if host not in hosts and not all(map(_is_here, found)):
        raise NotReached(f"{shown(url)} is not on this machine")
    connection = http.client.HTTPConnection(host, port, timeout=patience_s)
    connection.sock = _socket(parts, found, port, patience_s)
    return connection


def _socket(parts: SplitResult, addresses: Iterable[str], port: int, patience_s: float) -> socket.socket:
    """Return a connection to the first address that takes one."""
    trouble = OSError("nobody is there")
    for address in addresses:
        try:
            one = socket.create_connection((address, port), timeout=patience_s)
        except OSError as error:
            trouble = error
            continue
        if parts.scheme != "https":
            return one
        with one:
            return ssl.create_default_context().wrap_socket(one, server_hostname=parts.hostname)
    raise trouble


def _is_here(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback
