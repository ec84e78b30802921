"""Carries the questions of an IVR of one's own to somebody's app, over HTTP.

Only apps of this machine are asked, and those on hosts that were allowed by name: a host counts as this machine if
all its addresses do, and the connection goes to an address that was looked at. No proxy is taken from the
environment, and a redirect is looked at like the first address.
"""

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from queue import Empty, SimpleQueue
from urllib.parse import SplitResult, urljoin, urlsplit

from ivr.custom.asking import AppReply, Outgoing, is_allowed

PATIENCE_S = 15.0
"""How long an app may take, on the clock on the wall."""

_MOST_BYTES, _MOST_REDIRECTS = 65_536, 5
_MOVED = {301: "GET", 302: "GET", 303: "GET", 307: "POST", 308: "POST"}
"""What is asked with where one is sent on to, by the status that says so."""

_HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
_PORTS = {"http": 80, "https": 443}


class AppTooSlow(Exception):
    """An app has not answered in time, while the clock of the simulation stood still."""

    exit_code = 3


class WaitingForApps:
    """Asks, and waits for the answer: the clock of the simulation stands still meanwhile.

    Parameters
    ----------
    hosts : collection of str
        Those besides this machine that may be asked.
    patience_s : float
        How long an answer may take.
    """

    def __init__(self, hosts: Collection[str] = (), *, patience_s: float = PATIENCE_S) -> None:
        self._hosts, self._patience_s = frozenset(host.lower() for host in hosts), patience_s

    def ask(self, outgoing: Outgoing) -> AppReply:
        """Return the answer.

        Raises
        ------
        AppTooSlow
            If none has come in time.
        """
        box: SimpleQueue[AppReply] = SimpleQueue()
        _aside(outgoing, self._hosts, self._patience_s, box)
        try:
            return box.get(timeout=self._patience_s)
        except Empty:
            raise AppTooSlow(f"{_shown(outgoing.url)} has not answered the node {outgoing.node!r} within "
                             f"{self._patience_s:g} s: is the app at work?") from None

    def come(self) -> Iterator[AppReply]:
        """Have nothing: who asks has waited."""
        return iter(())


class AskingApps:
    """Asks in threads of its own, and hands the answers over as they come: for calls that go on meanwhile.

    Parameters
    ----------
    prepare : callable
        Given each answer in its thread, before it is handed over.
    """

    def __init__(self, hosts: Collection[str] = (), *, patience_s: float = PATIENCE_S,
                 prepare: Callable[[AppReply], None] = lambda _: None) -> None:
        self._prepare = prepare
        self._hosts, self._patience_s = frozenset(host.lower() for host in hosts), patience_s
        self._box: SimpleQueue[AppReply] = SimpleQueue()

    def ask(self, outgoing: Outgoing) -> None:
        """Ask; the answer comes later."""
        box: SimpleQueue[AppReply] = SimpleQueue()
        _aside(outgoing, self._hosts, self._patience_s, box)
        threading.Thread(target=self._wait, args=(outgoing, box), name="ivr app's answer", daemon=True).start()

    def come(self) -> Iterator[AppReply]:
        """Hand over what has come since the last time."""
        while not self._box.empty():
            yield self._box.get()

    def _wait(self, outgoing: Outgoing, box: SimpleQueue[AppReply]) -> None:
        try:
            reply = box.get(timeout=self._patience_s)
        except Empty:
            reply = AppReply(outgoing.call, outgoing.node,
                             failure=f"it has not answered within {self._patience_s:g} s")
        try:
            self._prepare(reply)
        finally:
            self._box.put(reply)


def _aside(outgoing: Outgoing, hosts: Collection[str], patience_s: float, box: SimpleQueue[AppReply]) -> None:
    """Ask in a thread of its own: an answer that comes drop by drop would outlast any time limit of a socket's."""
    # that the time is over is for whoever waits to say, so the socket's limit comes later
    threading.Thread(target=lambda: box.put(_asked(outgoing, hosts, patience_s + 1)), name="ivr asks an app",
                     daemon=True).start()


def _asked(outgoing: Outgoing, hosts: Collection[str], patience_s: float) -> AppReply:
    failure, facts = "", {}
    try:
        facts = json.loads(_fetched(outgoing.url, json.dumps(dict(outgoing.facts)), hosts, patience_s))
        if not isinstance(facts, dict):
            failure, facts = "its answer is no JSON object", {}
    except _Refused as error:
        failure = str(error)
    except (ValueError, RecursionError):
        failure = "its answer is no JSON"
    except (OSError, http.client.HTTPException) as error:
        failure = f"it cannot be asked: {getattr(error, 'strerror', None) or type(error).__name__}"
    return AppReply(outgoing.call, outgoing.node, facts, failure)


class _Refused(Exception):
    """It is not asked, or says something else than an answer."""


def _fetched(url: str, body: str, hosts: Collection[str], patience_s: float) -> bytes:
    method = "POST"
    for _ in range(_MOST_REDIRECTS + 1):
        connection = _connected(url, hosts, patience_s)
        try:
            parts = urlsplit(url)
            path = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
            connection.request(method, path, body.encode() if method == "POST" else None, _HEADERS)
            response = connection.getresponse()
            if response.status == 200:
                data = response.read(_MOST_BYTES + 1)
                if len(data) > _MOST_BYTES:
                    raise _Refused(f"its answer is longer than {_MOST_BYTES} bytes")
                return data
            if response.status not in _MOVED:
                raise _Refused(f"it answers with the status {response.status}")
            url, method = urljoin(url, response.headers.get("Location", "")), _MOVED[response.status]
        finally:
            connection.close()
    raise _Refused(f"it sends one on more than {_MOST_REDIRECTS} times")


def _connected(url: str, hosts: Collection[str], patience_s: float) -> http.client.HTTPConnection:
    """Connect to an address that may be asked.

    Raises
    ------
    _Refused
        If none may.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise _Refused("it sends one on to what is no address") from None
    if not port or not is_allowed(url, hosts):
        raise _Refused(f"{_shown(url)} is not on this machine")
    found = [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if host not in hosts and not all(map(_is_here, found)):
        raise _Refused(f"{_shown(url)} is not on this machine")
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


def _shown(url: str) -> str:
    """Return an address without what may be a secret in it."""
    return url.partition("?")[0][:100]
