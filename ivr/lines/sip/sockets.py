"""The sockets of SIP; `connections` has those of TCP and TLS, `datagrams` those of sound. Only `wait` blocks.

NetworkError    something of the network cannot be used here
"""

import ipaddress
import selectors
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ivr.lines.sip.connections import Connections
from ivr.lines.sip.datagrams.sockets import SoundSockets
from ivr.lines.sip.reading import MOST_BYTES, Peer

_AT_ONCE = 64
"""Messages that are taken at once: the rest waits, so that a flood costs no tick."""

_TRIES = 16
"""How many ports are tried where any will do."""

_FILES = 65_536

_ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses of nobody, by which the way out is found; nothing is sent there."""


class NetworkError(Exception):
    """Something of the network cannot be used here."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Secured:
    """An address for TLS, with what shows who we are.

    Attributes
    ----------
    certificate, key : Path
        PEM; the certificate with those that lead to one that others know.
    """

    host: str
    port: int
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """Return how we show who we are.

        Raises
        ------
        NetworkError
            If the files cannot be used.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key, lambda: b"")
        except (OSError, ValueError) as error:
            why = getattr(error, "reason", None) or getattr(error, "strerror", None) or "no key or certificate"
            raise NetworkError(f"--sip-cert {self.certificate} and --sip-key {self.key} cannot be used: "
                               f"{why}") from None
        return context


class Network:
    """A socket for signalling and one for each call's sound.

    Parameters
    ----------
    host : str
        The IP address to listen at.
    port : int
        0 for any.
    ports : range
        For sound; the even ones of it are taken, in turn.
    timed : bool
        As of `SoundSockets`.
    secured : Secured, optional
        Where to listen for TLS.
    authorities : Path, optional
        Certificates that are trusted besides the system's where we connect by TLS.
    option : str
        By what a command named the address.

    Attributes
    ----------
    here : Peer
        The address by which others reach it.
    secure : Peer or None
        The one for TLS.
    came : bool
        Whether any message has ever come.
    sound : SoundSockets

    Raises
    ------
    NetworkError
        If the address cannot be listened at.
    """

    def __init__(self, host: str, port: int, ports: range, *, timed: bool = False, secured: Secured | None = None,
                 authorities: Path | None = None, option: str = "--sip") -> None:
        self._family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
        self._bound = host
        self.came = False
        context = None if secured is None else secured.context()
        calling = _calling(authorities)
        self._signals = selectors.DefaultSelector()
        self._connections = Connections(self._family, self._signals, calling)
        try:
            option = f"{option} {host}:{port}"
            self._listen(host, port)
            self.here, self.secure = Peer(self._reached(host), self._signal.getsockname()[1]), None
            if secured is not None:
                option = f"--sip-tls {secured.host}:{secured.port}"
                bound = self._connections.listen(secured.host, secured.port, "TLS", context)
                self.secure = Peer(self._reached(secured.host), bound, "TLS")
        except OSError as error:
            self._connections.close()
            self._signals.close()
            raise NetworkError(f"{option} cannot be listened at: {error.strerror}; name another address "
                               "or port") from None
        _allow_files()
        self.sound = SoundSockets(self._family, host, ports, timed=timed)

    def _listen(self, host: str, port: int) -> None:
        """Listen for datagrams and connections at one port."""
        for tries_left in reversed(range(1 if port else _TRIES)):
            self._signal = socket.socket(self._family, socket.SOCK_DGRAM)
            try:
                self._signal.bind((host, port))
                self._connections.listen(host, self._signal.getsockname()[1])
            except OSError:
                self._signal.close()
                if not tries_left:
                    raise
            else:
                break
        self._signal.setblocking(False)
        self._signals.register(self._signal, selectors.EVENT_READ)

    def _reached(self, host: str) -> str:
        """Return the address that others know of one at which all are listened at."""
        if not ipaddress.ip_address(host).is_unspecified:
            return host
        with socket.socket(self._family, socket.SOCK_DGRAM) as way:
            try:
                way.connect((_ELSEWHERE[self._family], 9))
                return str(way.getsockname()[0])
            except OSError:
                return "127.0.0.1" if self._family == socket.AF_INET else "::1"

    # signalling

    def messages(self) -> Iterator[tuple[bytes, Peer]]:
        """Give what has come."""
        for key, mask in self._signals.select(0):
            for data, source in self._datagrams() if key.data is None else self._connections.ready(key, mask):
                self.came = True
                if self.sound.capture is not None:
                    self.sound.capture.message(source, self._seen_by(source), data)
                yield data, source

    def _datagrams(self) -> Iterator[tuple[bytes, Peer]]:
        for _ in range(_AT_ONCE):
            try:
                data, source = self._signal.recvfrom(MOST_BYTES)
            except OSError:  # nothing more, or somebody who had been sent something is not there
                return
            yield data, Peer(source[0], source[1])

    def send(self, data: bytes, to: Peer) -> None:
        """Send a message; one that cannot be sent is lost, as on the way."""
        if self.sound.capture is not None:
            self.sound.capture.message(self._seen_by(to), to, data)
        if to.transport == "UDP":
            _sent(self._signal, data, (to.host, to.port))
        else:
            self._connections.send(data, to)

    def _seen_by(self, peer: Peer) -> Peer:
        """Return our address as it stands in what is kept."""
        return self.here._replace(transport=peer.transport)

    def reach(self, to: Peer, name: str = "") -> None:
        """Connect to somebody whenever something is to be sent to him, if he is reached by connections.

        Parameters
        ----------
        name : str
            Whom his certificate has to name; empty for his address.
        """
        if to.transport != "UDP":
            self._connections.connect(to, name)

    def wait(self, seconds: float) -> bool:
        """Wait for a message; return whether something has come."""
        return bool(self._signals.select(max(0.0, seconds)))

    def open(self, slot: int) -> int | None:
        """Open a socket for a call's sound; return its port, None if none is free."""
        return self.sound.open(slot)

    def close(self) -> None:
        """Close everything."""
        self.sound.close()
        self._connections.close()
        self._signals.close()
        self._signal.close()


def _calling(authorities: Path | None) -> Callable[[], ssl.SSLContext]:
    """Return what tells whom we believe where we connect by TLS; it is made when it is needed first.

    Raises
    ------
    NetworkError
        If the file cannot be used.
    """
    context = cache(ssl.create_default_context)
    try:
        if authorities is not None:
            context().load_verify_locations(authorities)
    except OSError as error:
        raise NetworkError(f"--sip-ca {authorities} has no certificates: "
                           f"{getattr(error, 'reason', None) or error.strerror}") from None
    return context


def _allow_files() -> None:
    """Take as many open files as the system allows: two a call."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _sent(by: socket.socket, data: bytes, to: tuple[str, int]) -> None:
    try:
        by.sendto(data, to)
    except (OSError, OverflowError):
        return
