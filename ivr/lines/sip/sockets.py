"""The sockets of SIP; those of TCP are `ivr.lines.sip.connections`, of sound `datagrams`. Only `wait` blocks.

NetworkError    something of the network cannot be used here
"""

import ipaddress
import selectors
import socket
from collections.abc import Iterator

from ivr.lines.sip.connections import Connections
from ivr.lines.sip.datagrams.sockets import SoundSockets
from ivr.lines.sip.reading import MOST_BYTES, Peer

_AT_ONCE = 64
"""Messages that are taken at once: the rest waits, so that a flood costs no tick."""

_TRIES = 16
"""How many ports are tried where any will do."""

_ELSEWHERE = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses of nobody, by which the way out is found; nothing is sent there."""


class NetworkError(Exception):
    """Something of the network cannot be used here."""

    exit_code = 3


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

    Attributes
    ----------
    here : Peer
        The address by which others reach it.
    sound : SoundSockets

    Raises
    ------
    NetworkError
        If the address cannot be listened at.
    """

    def __init__(self, host: str, port: int, ports: range, *, timed: bool = False) -> None:
        self._family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
        self._bound = host
        self._signals = selectors.DefaultSelector()
        try:
            self._listen(host, port)
        except OSError as error:
            self._signals.close()
            raise NetworkError(f"--sip {host}:{port} cannot be listened at: {error.strerror}; name another address "
                               "or port") from None
        self.here = Peer(self._reached(host), self._signal.getsockname()[1])
        self.sound = SoundSockets(self._family, host, ports, timed=timed)

    def _listen(self, host: str, port: int) -> None:
        """Listen for datagrams and connections at one port."""
        for tries_left in reversed(range(1 if port else _TRIES)):
            self._signal = socket.socket(self._family, socket.SOCK_DGRAM)
            try:
                self._signal.bind((host, port))
                self._connections = Connections(self._family, host, self._signal.getsockname()[1], self._signals)
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
            yield from self._datagrams() if key.data is None else self._connections.ready(key, mask)

    def _datagrams(self) -> Iterator[tuple[bytes, Peer]]:
        for _ in range(_AT_ONCE):
            try:
                data, source = self._signal.recvfrom(MOST_BYTES)
            except OSError:  # nothing more, or somebody who had been sent something is not there
                return
            yield data, Peer(source[0], source[1])

    def send(self, data: bytes, to: Peer) -> None:
        """Send a message; one that cannot be sent is lost, as on the way."""
        if to.transport == "TCP":
            self._connections.send(data, to)
        else:
            _sent(self._signal, data, (to.host, to.port))

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


def _sent(by: socket.socket, data: bytes, to: tuple[str, int]) -> None:
    try:
        by.sendto(data, to)
    except (OSError, OverflowError):
        return
