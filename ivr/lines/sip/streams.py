"""One connection of TCP or TLS: messages in and out; nothing blocks."""

import selectors
import socket
import ssl

from ivr.lines.sip.framing import PONG, Framer, Unframed
from ivr.lines.sip.reading import Peer

_READ = 65_536
_MOST_WAITING = 1 << 18
"""Bytes that somebody may leave unread."""


class Broken(Exception):
    """A connection that is over."""


class SipStream:
    """One connection.

    Parameters
    ----------
    sock : socket
        Not blocking.
    peer : Peer
    context : SSLContext, optional
        Of TLS.
    name : str
        Whom the other side's certificate has to name; empty where they have connected to us.
    connects : bool
        Whether we have begun it, and it may not be there yet.

    Attributes
    ----------
    waits_for : int
        Of what the selector is to tell.
    """

    def __init__(self, sock: socket.socket, peer: Peer, context: ssl.SSLContext | None = None, *, name: str = "",
                 connects: bool = False) -> None:
        self.peer, self.socket = peer, sock
        self._context, self._name = context, name
        self._framer, self._waiting = Framer(), b""
        self._connects, self._shakes = connects, context is not None
        self.waits_for = selectors.EVENT_WRITE if connects else selectors.EVENT_READ

    def send(self, data: bytes) -> None:
        """Send bytes, as soon as they can be.

        Raises
        ------
        Broken
        """
        self._waiting += data
        self.push()

    def ready(self, mask: int) -> list[bytes]:
        """Go on; return the messages that have come.

        Raises
        ------
        Broken
        """
        if mask & selectors.EVENT_WRITE or self._shakes:
            self.push()
        return self._read() if not self._connects and not self._shakes else []

    def push(self) -> None:
        """Send what waits.

        Raises
        ------
        Broken
            Also if the other side leaves too much unread.
        """
        if self._connected() and self._shaken():
            try:
                while self._waiting:
                    self._waiting = self._waiting[self.socket.send(self._waiting):]
                self.waits_for = selectors.EVENT_READ
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                self.waits_for = selectors.EVENT_READ | selectors.EVENT_WRITE
            except OSError:
                raise Broken from None
        if len(self._waiting) > _MOST_WAITING:
            raise Broken

    def _connected(self) -> bool:
        """Tell whether we are connected."""
        if self._connects:
            if self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise Broken
            try:
                self.socket.getpeername()
            except OSError:
                return False
            self._connects = False
        return True

    def _shaken(self) -> bool:
        """Tell whether both sides have agreed on keys, after they have gone on with it."""
        if not self._shakes or self._context is None:
            return True
        try:
            if not isinstance(self.socket, ssl.SSLSocket):
                self.socket = self._context.wrap_socket(
                    self.socket, server_side=not self._name, server_hostname=self._name or None,
                    do_handshake_on_connect=False)
            self.socket.do_handshake()
        except ssl.SSLWantReadError:
            self.waits_for = selectors.EVENT_READ
            return False
        except ssl.SSLWantWriteError:
            self.waits_for = selectors.EVENT_WRITE
            return False
        except (OSError, ValueError):
            raise Broken from None
        self._shakes = False
        return True

    def _read(self) -> list[bytes]:
        messages: list[bytes] = []
        try:
            while True:
                data = self.socket.recv(_READ)
                if not data:
                    raise Broken
                messages += self._framer.take(data)
                if not isinstance(self.socket, ssl.SSLSocket) or not self.socket.pending():
                    break
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except (OSError, Unframed):
            raise Broken from None
        if self._framer.pings:
            self._framer.pings = 0
            self.send(PONG)
        return messages
