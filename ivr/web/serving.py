"""uvicorn in a thread of its own, beside the session's.

WebError    the address cannot be listened at
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from ivr.live.asking import SHORT, give_way
from ivr.web.tls import SecuredWeb

_ENDING_S = 3.0
_FRAME_BYTES = 16_384
_WAITING = 128
_ASKS_WITHIN_S = 10.0
_MOST_AT_ONCE = 1000


class PromptProtocol(H11Protocol):
    """Lets go of who connects and then asks nothing."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection."""
        super().connection_made(transport)
        self.loop.call_later(_ASKS_WITHIN_S, self._look, transport)

    def _look(self, transport: asyncio.Transport) -> None:
        if self.cycle is None and not transport.is_closing() and transport.get_protocol() is self:
            transport.abort()


class WebError(Exception):
    """An address cannot be listened at."""

    exit_code = 3


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises
    ------
    WebError
        If it cannot.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((host, port))
        one.listen(_WAITING)
    except OSError as error:
        one.close()
        raise WebError(f"--web {host}:{port} cannot be listened at: {error.strerror}") from None
    return one


@contextmanager
def served(app: FastAPI, at: socket.socket, secured: SecuredWeb | None = None) -> Iterator[None]:
    """Answer at a socket, until the context ends."""
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", ws="websockets-sansio",
                            ws_max_size=_FRAME_BYTES, ws_per_message_deflate=False, server_header=False,
                            http=PromptProtocol, timeout_graceful_shutdown=1, limit_concurrency=_MOST_AT_ONCE,
                            ssl_context_factory=None if secured is None else lambda *_: secured.context)
    server = uvicorn.Server(config)

    def run() -> None:
        give_way(SHORT)
        server.run(sockets=[at])

    thread = threading.Thread(target=run, name="ivr web", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_ENDING_S)
        at.close()
