"""The sockets of calls that come as streams: in a thread of their own, beside the session's."""

import asyncio
import contextlib
import hmac
import http
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from ivr.lines.sip.sockets import NetworkError
from ivr.lines.streams.messages import BadMessage
from ivr.lines.streams.wires import AudioSocketWire, MediaStreamWire
from ivr.lines.web.allowing import Allowance
from ivr.lines.web.trunk import WebTrunk

_BEGINS_S = 10.0
"""How long a connection may take to say what it is."""
_LAST_WORDS_S, _CLOSES_S = 0.5, 5.0
_MOST_BYTES = 1 << 16
_MOST_REASON = 100
_MOST_WAITING = 200
"""Messages that wait for a slow socket, 4 s of sound: of more the oldest are lost."""

Address = tuple[str, int]


class StreamServer:
    """Takes media streams and AudioSockets for a trunk.

    Parameters
    ----------
    trunk : WebTrunk
    media, audiosocket : (host, port), optional
        Where each is listened for; port 0 is any.
    token : str
        The last part of the path of a media stream, without which none is taken; empty for any path.
    admits : callable
        Whether a host may bring an AudioSocket.

    Attributes
    ----------
    media, audiosocket : (host, port), optional
        Where they are.

    Raises
    ------
    NetworkError
        If an address cannot be listened at.
    """

    def __init__(self, trunk: WebTrunk, *, media: Address | None = None, audiosocket: Address | None = None,
                 token: str = "", admits: Callable[[str], bool] = lambda _: True) -> None:
        self._trunk, self._token, self._admits = trunk, token, admits
        self.media, self.audiosocket = media, audiosocket
        self._loop = asyncio.new_event_loop()
        self._outs: set[_Out] = set()
        self._stopped = asyncio.Event()
        begun: threading.Event = threading.Event()
        failed: list[OSError] = []

        async def work() -> None:
            try:
                async with contextlib.AsyncExitStack() as opened:
                    await self._open(opened)
                    begun.set()
                    await self._stopped.wait()
                    await self._last_words()
            except OSError as error:
                failed.append(error)
            finally:
                begun.set()

        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(work(),), daemon=True,
                                        name="ivr streams")
        self._thread.start()
        begun.wait()
        if failed:
            self._thread.join()
            self._loop.close()
            where = " or ".join(f"{host}:{port}" for host, port in filter(None, (media, audiosocket)))
            raise NetworkError(f"{where} cannot be listened at: {failed[0].strerror or failed[0]}")
        trunk.wake = self.wake

    async def _open(self, opened: contextlib.AsyncExitStack) -> None:
        if self.media is not None:
            server: Server = await opened.enter_async_context(serve(
                self._stream, *self.media, origins=[None], process_request=self._allowed, max_size=_MOST_BYTES,
                compression=None, server_header=None))
            self.media = server.sockets[0].getsockname()[:2]
        if self.audiosocket is not None:
            other = await asyncio.start_server(self._connection, *self.audiosocket)
            opened.callback(other.close)
            self.audiosocket = other.sockets[0].getsockname()[:2]

    async def _last_words(self) -> None:
        """Have sent what waits, and let go of whoever is left."""
        self._flush()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_S):
                while any(out.waits for out in self._outs):
                    await asyncio.sleep(0.01)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    def wake(self) -> None:
        """Have sent what waits, from any thread."""
        with contextlib.suppress(RuntimeError):  # it is closed
            self._loop.call_soon_threadsafe(self._flush)

    def _flush(self) -> None:
        for out in self._outs:
            out.ready.set()

    def close(self) -> None:
        """Take no more, and let go of all."""
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(_CLOSES_S)
        if not self._thread.is_alive():  # else it ends with the program
            self._loop.close()

    # media streams

    def _allowed(self, connection: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        if self._token and not hmac.compare_digest(path.rpartition("/")[2].encode(), self._token.encode()):
            return connection.respond(http.HTTPStatus.NOT_FOUND, "there is nothing here\n")
        return None

    async def _stream(self, connection: ServerConnection) -> None:
        out = _Out(connection.send, connection.close)
        wire = MediaStreamWire(self._trunk, str(connection.remote_address[0]), out.put)
        allowed = Allowance(100, 400)
        with self._sending(out):
            try:
                async with asyncio.timeout(_BEGINS_S) as patience:
                    async for message in connection:
                        if not allowed.take(self._loop.time()):
                            raise BadMessage("messages come faster than a call has them")
                        wire.received(message)
                        if wire.begun:
                            patience.reschedule(None)
            except BadMessage as error:
                await connection.close(1008, str(error)[:_MOST_REASON])
            except TimeoutError:
                await connection.close(1008, "nothing has begun")
            except ConnectionClosed:
                pass
            finally:
                wire.gone()

    # AudioSocket

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def send(message: str | bytes) -> None:
            writer.write(message if isinstance(message, bytes) else message.encode())
            await writer.drain()

        async def close() -> None:
            writer.close()

        host = str(writer.get_extra_info("peername")[0])
        if not self._admits(host):
            writer.close()
            return
        out = _Out(send, close)
        wire = AudioSocketWire(self._trunk, host, out.put)
        with self._sending(out):
            try:
                async with asyncio.timeout(_BEGINS_S) as patience:
                    while data := await reader.read(_MOST_BYTES):
                        wire.received(data)
                        if wire.over:
                            break
                        if wire.begun:
                            patience.reschedule(None)
            except (BadMessage, TimeoutError, OSError, asyncio.CancelledError):
                pass  # nobody asks how this ended
            finally:
                wire.gone()
                writer.close()

    @contextlib.contextmanager
    def _sending(self, out: "_Out") -> Any:  # noqa: ANN401  (a generator)
        self._outs.add(out)
        sending = self._loop.create_task(out.run())
        try:
            yield
        finally:
            self._outs.discard(out)
            sending.cancel()


class _Out:
    """What waits for one socket."""

    def __init__(self, send: Callable[[str | bytes], Coroutine[Any, Any, None]],
                 close: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._send, self._close = send, close
        self._waits: deque[str | bytes | None] = deque(maxlen=_MOST_WAITING)
        self.ready = asyncio.Event()

    @property
    def waits(self) -> bool:
        """Whether something has not been sent yet."""
        return bool(self._waits)

    def put(self, message: str | bytes | None) -> None:
        """Keep a message until it can be sent; in the session's thread."""
        self._waits.append(message)

    async def run(self) -> None:
        """Send what comes, until the end."""
        with contextlib.suppress(ConnectionClosed, OSError):
            while True:
                await self.ready.wait()
                self.ready.clear()
                while self._waits:
                    message = self._waits.popleft()
                    if message is None:
                        await self._close()
                        return
                    await self._send(message)
