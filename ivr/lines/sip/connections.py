"""Signalling over TCP and TLS: who has connected, or whom we have; answers go on the same connection."""

import selectors
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

from ivr.lines.sip.reading import Peer
from ivr.lines.sip.streams import Broken, SipStream

_MOST, _MOST_OF_HOST = 512, 128
"""Connections at once, in all and of a host; beyond them the one that has been silent longest is closed."""


class Connections:
    """Those who have connected to an address, and those to whom we have.

    Parameters
    ----------
    family : int
    selector : BaseSelector
        Told of everything that may have something; its keys' data is the connection, or the listener's transport.
    calling : callable
        Gives what holds of TLS where we connect.
    """

    def __init__(self, family: int, selector: selectors.BaseSelector,
                 calling: Callable[[], ssl.SSLContext]) -> None:
        self._names: dict[Peer, str] = {}
        self._family, self._selector, self._calling = family, selector, calling
        self._there: dict[Peer, SipStream] = {}
        self._listeners: list[socket.socket] = []
        self._contexts: dict[str, ssl.SSLContext | None] = {}

    def listen(self, host: str, port: int, transport: str = "TCP", context: ssl.SSLContext | None = None) -> int:
        """Listen at an address; return the port.

        Raises
        ------
        OSError
            If it cannot be listened at.
        """
        listener = socket.socket(self._family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen(64)
        except OSError:
            listener.close()
            raise
        listener.setblocking(False)
        self._listeners.append(listener)
        self._contexts[transport] = context
        self._selector.register(listener, selectors.EVENT_READ, transport)
        return int(listener.getsockname()[1])

    def ready(self, key: selectors.SelectorKey, mask: int) -> Iterator[tuple[bytes, Peer]]:
        """Give the messages of what is ready, as the selector told."""
        one = key.data
        if not isinstance(one, SipStream):
            self._accept(key.fileobj, one)  # type: ignore[arg-type]  # a listener of ours
        elif self._there.get(one.peer) is one:
            try:
                messages = one.ready(mask)
            except Broken:
                self._drop(one)
                return
            self._there[one.peer] = self._there.pop(one.peer)  # the silent ones stand first
            self._watch(one)
            for message in messages:
                yield message, one.peer

    def connect(self, to: Peer, name: str = "") -> None:
        """Have a connection to somebody from now on, whenever something is to be sent to him.

        Parameters
        ----------
        name : str
            Whom his certificate has to name; empty for the same as before, which is his address at first.
        """
        self._names[to] = name or self._names.get(to, to.host)

    def send(self, data: bytes, to: Peer) -> None:
        """Send a message on the connection that is there; where it is not ours to make one it is lost."""
        one = self._there.get(to) or (self._connect(to) if to in self._names else None)
        if one is None:
            return
        try:
            one.send(data)
        except Broken:
            self._drop(one)
        else:
            self._watch(one)

    def close(self) -> None:
        """Close everything."""
        for one in list(self._there.values()):
            self._drop(one)
        for listener in self._listeners:
            self._selector.unregister(listener)
            listener.close()

    def _connect(self, to: Peer) -> SipStream | None:
        sock = socket.socket(self._family, socket.SOCK_STREAM)
        sock.setblocking(False)
        try:
            with suppress(BlockingIOError):
                sock.connect((to.host, to.port))
            return self._enter(sock, to, self._calling() if to.transport == "TLS" else None,
                               name=self._names[to], connects=True)
        except (OSError, OverflowError, ValueError):
            sock.close()
            return None

    def _accept(self, listener: socket.socket, transport: str) -> None:
        with suppress(OSError, ValueError):  # he has gone again
            accepted, address = listener.accept()
            accepted.setblocking(False)
            self._enter(accepted, Peer(address[0], address[1], transport), self._contexts[transport])

    def _enter(self, sock: socket.socket, peer: Peer, context: ssl.SSLContext | None, *, name: str = "",
               connects: bool = False) -> SipStream:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a 200 right after a 100 waited 40 ms
        of_host = Counter(one.host for one in self._there)[peer.host]
        if of_host >= _MOST_OF_HOST or len(self._there) >= _MOST:
            self._drop(next(one for known, one in self._there.items()
                            if of_host < _MOST_OF_HOST or known.host == peer.host))
        one = SipStream(sock, peer, context, name=name, connects=connects)
        self._there[peer] = one
        self._selector.register(one.socket, one.waits_for, one)
        return one

    def _watch(self, one: SipStream) -> None:
        if self._there.get(one.peer) is one:
            self._selector.modify(one.socket, one.waits_for, one)

    def _drop(self, one: SipStream) -> None:
        if self._there.get(one.peer) is one:
            del self._there[one.peer]
            self._selector.unregister(one.socket)
            one.socket.close()
