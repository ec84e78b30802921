"""An agent at a URL: our line rings him by a media stream, as a carrier does, by the clock on the wall."""

import contextlib
import secrets
import ssl
import threading
from collections import deque
from queue import SimpleQueue

import numpy as np
from websockets.exceptions import InvalidHandshake, InvalidURI, WebSocketException
from websockets.sync.client import ClientConnection, connect

from ivr.clock import FRAME
from ivr.lines.streams.carrier import Carrier
from ivr.lines.streams.messages import MOST_CHARACTERS, BadMessage, Samples

_OPEN_S, _CLOSE_S = 5.0, 1.0
_SILENCE = np.zeros(FRAME, np.int16)


class Unreachable(Exception):
    """Nobody takes a stream there; what it says is a sentence."""

    exit_code = 3


class StreamAgent:
    """Who leads a line from afar.

    Parameters
    ----------
    url : str
        Of a WebSocket.

    Raises
    ------
    Unreachable
        If nobody is there.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._link: _Link | None = _Link(url)
        self._coming: threading.Thread | None = None
        self._carrier: Carrier | None = None
        self._said = False
        self.over = False
        self.fault = ""

    @property
    def ready(self) -> bool:
        """Whether he is there."""
        return self._link is not None

    def begin(self, caller: str, number: str, phone: str) -> None:
        """Tell him of a call; of one after the first he is rung anew."""
        told = {"caller": caller, "to": number, "from": phone}
        self._carrier = Carrier(f"MZ{secrets.token_hex(16)}", f"CA{secrets.token_hex(16)}",
                                {name: value for name, value in told.items() if value})
        self.over = self._said = False
        self._greet()
        if self._link is None:
            self._coming = threading.Thread(target=self._connect, name="ivr agent", daemon=True)
            self._coming.start()

    def _connect(self) -> None:
        try:
            self._link = _Link(self._url)
        except Unreachable as error:
            self.fault = str(error)

    def step(self, now: int) -> None:  # noqa: ARG002
        """Take what he has said since."""
        self._greet()
        link, carrier = self._link, self._carrier
        if link is None or carrier is None:
            return
        gone = link.gone
        for text in link.came():
            try:
                for message in carrier.received(text):
                    link.send(message)
            except BadMessage as error:
                self.fault = f"the agent sent what is no message of a media stream: {error}"
        if gone and not carrier.waiting:
            self.over = True

    def _greet(self) -> None:
        """Begin the stream, once he is there."""
        if self._said or self._link is None or self._carrier is None:
            return
        self._said = True
        for message in self._carrier.begin():
            self._link.send(message)

    def speak(self) -> Samples:
        """Return his next frame, or silence."""
        if self._carrier is None or self._link is None:
            return _SILENCE
        frame, told = self._carrier.frame()
        for message in told:
            self._link.send(message)
        return frame

    def hear(self, frame: Samples) -> None:
        """Let him hear a frame."""
        if self._carrier is not None and self._link is not None:
            self._link.send(self._carrier.media(frame))

    def end(self) -> None:
        """Tell him that the call is over."""
        link, self._link = self._link, None
        if link is not None and self._carrier is not None:
            link.send(self._carrier.stop())
            link.close()
        self._carrier = None

    def close(self) -> None:
        """Let go of him."""
        self.end()
        if self._coming is not None:
            self._coming.join(_OPEN_S)


class _Link:
    """A WebSocket whose messages wait in queues: who asks never waits."""

    def __init__(self, url: str) -> None:
        self._opened = contextlib.ExitStack()
        try:
            self._socket: ClientConnection = self._opened.enter_context(connect(
                url, open_timeout=_OPEN_S, close_timeout=_CLOSE_S, max_size=MOST_CHARACTERS, proxy=None,
                compression=None))
        except (OSError, TimeoutError, ssl.SSLError, InvalidHandshake, InvalidURI) as error:
            why = getattr(error, "strerror", None) or str(error) or "it is silent"
            raise Unreachable(f"the agent {url} cannot be reached: {why}") from None
        self._going: SimpleQueue[str | None] = SimpleQueue()
        self._coming: deque[str | bytes] = deque()
        self.gone = False
        self._threads = [threading.Thread(target=one, name="ivr agent", daemon=True)
                         for one in (self._read, self._write)]
        for thread in self._threads:
            thread.start()

    def send(self, message: str) -> None:
        """Send a message, once its turn comes."""
        self._going.put(message)

    def came(self) -> list[str | bytes]:
        """Return the messages that have come since."""
        return [self._coming.popleft() for _ in range(len(self._coming))]

    def close(self) -> None:
        """Send what waits, and close."""
        self._going.put(None)
        for thread in self._threads:
            thread.join(2 * _CLOSE_S)

    def _read(self) -> None:
        try:
            for message in self._socket:
                self._coming.append(message)
        except (WebSocketException, OSError):
            pass
        self.gone = True

    def _write(self) -> None:
        try:
            while (message := self._going.get()) is not None:
                self._socket.send(message)
        except (WebSocketException, OSError):
            pass
        self._opened.close()
