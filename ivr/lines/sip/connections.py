"""Signalling over TCP: who has connected, what of it is a message, and answers on the same connection."""

import errno
import selectors
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from ivr.lines.sip.framing import PONG, Framer, Unframed
from ivr.lines.sip.reading import Peer

_MOST = 512
"""Connections at once; beyond them the one that has been silent longest is closed."""

_BEGUN = (0, errno.EINPROGRESS, errno.EWOULDBLOCK)
_READ = 65_536
_MOST_WAITING = 1 << 18
"""Bytes that somebody may leave unread."""


@dataclass(slots=True)
class _Connection:
    """One who has connected."""

    socket: socket.socket
    peer: Peer
    framer: Framer = field(default_factory=Framer)
    waiting: bytes = b""


class Connections:
    """Those who have connected to an address.

    Parameters
    ----------
    family : int
    host, port : str, int
        Where to listen.
    selector : BaseSelector
        Told of everything that may have something; its keys' data is the connection, None for the listener.

    Raises
    ------
    OSError
        If the address cannot be listened at.
    """

    def __init__(self, family: int, host: str, port: int, selector: selectors.BaseSelector) -> None:
        self._family, self._selector = family, selector
        self._there: dict[Peer, _Connection] = {}
        self._listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listener.bind((host, port))
            self._listener.listen(64)
        except OSError:
            self._listener.close()
            raise
        self._listener.setblocking(False)
        selector.register(self._listener, selectors.EVENT_READ, self)

    def ready(self, key: selectors.SelectorKey, mask: int) -> Iterator[tuple[bytes, Peer]]:
        """Give the messages of what is ready, as the selector told."""
        if isinstance(key.data, _Connection):
            if mask & selectors.EVENT_WRITE:
                self._push(key.data)
            if mask & selectors.EVENT_READ:
                yield from self._read(key.data)
        elif key.data is self:
            self._accept()

    def send(self, data: bytes, to: Peer) -> None:
        """Send a message on the connection that is there; without one it is lost."""
        if (one := self._there.get(to)) is not None:
            one.waiting += data
            self._push(one)

    def connect(self, to: Peer) -> None:
        """Begin a connection to somebody, if there is none; what is sent meanwhile waits."""
        if to in self._there:
            return
        one = socket.socket(self._family, socket.SOCK_STREAM)
        one.setblocking(False)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            begun = one.connect_ex((to.host, to.port)) in _BEGUN
        except OSError:
            begun = False
        if not begun:
            one.close()
            return
        self._there[to] = made = _Connection(one, to)
        self._selector.register(one, selectors.EVENT_READ | selectors.EVENT_WRITE, made)

    def close(self) -> None:
        """Close everything."""
        for one in list(self._there.values()):
            self._drop(one)
        self._selector.unregister(self._listener)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # he has gone again
            accepted, address = self._listener.accept()
            accepted.setblocking(False)
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a 200 right after a 100 waited 40 ms
            if len(self._there) >= _MOST:
                self._drop(next(iter(self._there.values())))
            one = _Connection(accepted, Peer(address[0], address[1], "TCP"))
            self._there[one.peer] = one
            self._selector.register(accepted, selectors.EVENT_READ, one)

    def _read(self, one: _Connection) -> Iterator[tuple[bytes, Peer]]:
        try:
            data = one.socket.recv(_READ)
            messages = one.framer.take(data)
        except BlockingIOError:
            return
        except (OSError, Unframed):
            data, messages = b"", []
        if not data:
            self._drop(one)
            return
        self._there[one.peer] = self._there.pop(one.peer)  # the silent ones stand first
        if one.framer.pings:
            one.waiting, one.framer.pings = one.waiting + PONG, 0
            self._push(one)
        for message in messages:
            yield message, one.peer

    def _push(self, one: _Connection) -> None:
        if one.peer not in self._there:
            return
        try:
            one.waiting = one.waiting[one.socket.send(one.waiting):]
        except BlockingIOError:
            pass
        except OSError:
            self._drop(one)
            return
        if len(one.waiting) > _MOST_WAITING:
            self._drop(one)
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if one.waiting else 0)
        self._selector.modify(one.socket, events, one)

    def _drop(self, one: _Connection) -> None:
        if self._there.pop(one.peer, None) is not None:
            self._selector.unregister(one.socket)
            one.socket.close()
