"""Phones in pages: the WebSocket at /api/phone, which carries to the trunk in the session's thread and back."""

import asyncio
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from ivr.lines.web.allowing import Allowance, of_frames, of_messages
from ivr.lines.web.messages import (
    LONGEST_TEXT,
    Codec,
    Gone,
    MessageError,
    read_call,
    read_frame,
    read_message,
    written,
)
from ivr.lines.web.trunk import WebTrunk

_FIRST_S = 10.0
"""How long a socket may be open before it calls."""

_WAITING = 50
"""Frames that wait for a phone that does not take them, a second; then it is the oldest that is dropped."""

_STUCK_S = 30.0
"""A phone that takes nothing for so long is lost."""


_CLOSED = (1000, 1001, 1005)
"""The codes of a page that is left, or hangs up."""


class PhoneWire:
    """The way to one phone: filled in the session's thread, emptied in the loop's.

    Parameters
    ----------
    source : str
        As of `ivr.lines.web.trunk.Wire`.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.ready = asyncio.Event()
        self._waiting: deque[bytes | str] = deque()
        self._over = False

    def send(self, message: bytes | str, *, last: bool = False) -> None:
        """Keep a frame or a message until it can be sent; after the last one hang up."""
        waiting = self._waiting
        if len(waiting) > _WAITING and isinstance(waiting[0], bytes):
            with suppress(IndexError):  # the other thread was quicker
                waiting.popleft()
        waiting.append(message)
        self._over = self._over or last

    def __bool__(self) -> bool:
        """Tell whether anything waits, or all has been said."""
        return bool(self._waiting) or self._over

    async def write(self, socket: WebSocket) -> None:
        """Send what comes, until the last of it is sent."""
        while True:
            await self.ready.wait()
            self.ready.clear()
            over = self._over  # asked before: what is last waits already
            while self._waiting:
                message = self._waiting.popleft()
                async with asyncio.timeout(_STUCK_S):
                    await (socket.send_bytes(message) if isinstance(message, bytes) else socket.send_text(message))
            if over:
                return


class Phones:
    """The sockets of all phones, in the loop's thread.

    Parameters
    ----------
    trunk : WebTrunk
    """

    def __init__(self, trunk: WebTrunk) -> None:
        self._trunk = trunk
        self._wires: set[PhoneWire] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        trunk.wake = self._wake

    async def serve(self, socket: WebSocket, source: str) -> None:
        """Carry a call, from its first message to its end.

        Parameters
        ----------
        socket : WebSocket
            One that is accepted.
        source : str
            Who it is, by which it is told who guesses PINs.
        """
        self._loop = asyncio.get_running_loop()
        wire = PhoneWire(source)
        try:
            async with asyncio.timeout(_FIRST_S):
                call = read_call(_text(await socket.receive()))
        except (MessageError, TimeoutError) as error:
            await _refuse(socket, str(error) or "no call has come")
            return
        self._wires.add(wire)
        self._trunk.take(wire, call)
        reading = asyncio.create_task(self._read(socket, wire, call.codec))
        writing = asyncio.create_task(wire.write(socket))
        end = _LOST
        try:
            await asyncio.wait({reading, writing}, return_when=asyncio.FIRST_COMPLETED)
            end = reading.result() if reading.done() else _LOST if writing.exception() else _End()
        finally:
            self._trunk.take(wire, Gone(end.why))
            self._wires.discard(wire)
            for task in (reading, writing):
                task.cancel()
            await asyncio.gather(reading, writing, return_exceptions=True)
        with suppress(WebSocketDisconnect, RuntimeError):
            if end.tells:
                await socket.send_text(written("ended", reason="unclear", why=end.why))
            await socket.close()

    async def _read(self, socket: WebSocket, wire: PhoneWire, codec: Codec) -> "_End":
        """Give the trunk what a phone sends; return why it sends no more."""
        frames, messages, loop = of_frames(), of_messages(), asyncio.get_running_loop()
        try:
            while True:
                came = await socket.receive()
                if came["type"] == "websocket.disconnect":
                    return _End() if came.get("code") in _CLOSED else _LOST
                data = came.get("bytes")
                if data is not None:
                    _allow(frames, loop.time())
                    self._trunk.take(wire, read_frame(data, codec))
                    continue
                _allow(messages, loop.time())
                message = read_message(_text(came))
                if isinstance(message, Gone):
                    return _End()
                self._trunk.take(wire, message)
        except MessageError as error:
            return _End(str(error), tells=True)

    def _wake(self) -> None:
        """Have sent what waits: in the session's thread, once a tick."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._woken)

    def _woken(self) -> None:
        for wire in self._wires:
            if wire:
                wire.ready.set()


class _End:
    """Why a phone sends no more.

    Attributes
    ----------
    why : str
        Empty for one that hangs up.
    tells : bool
        Whether it is told so: it has sent what it should not.
    """

    def __init__(self, why: str = "", *, tells: bool = False) -> None:
        self.why, self.tells = why, tells


_LOST = _End("the connection is lost")


def phone_router(phones: Phones) -> APIRouter:
    """Return the route by which phones call."""
    router = APIRouter(prefix="/api", tags=["phone"])

    @router.websocket("/phone")
    async def phone(socket: WebSocket) -> None:
        await socket.accept()
        user = str(getattr(socket.state, "user", ""))
        await phones.serve(socket, user or (socket.client.host if socket.client else ""))

    return router


def _text(came: Mapping[str, Any]) -> str:
    """Return the text that came.

    Raises
    ------
    MessageError
        If it was none, or too long.
    """
    text = came.get("text")
    if not isinstance(text, str):
        raise MessageError("a call begins with a message, and not with sound" if came.get("bytes") else "hung up")
    if len(text) > LONGEST_TEXT:
        raise MessageError(f"a message has up to {LONGEST_TEXT} characters, and not {len(text)}")
    return text


def _allow(allowed: Allowance, now: float) -> None:
    if not allowed.take(now):
        raise MessageError("more came than a phone sends")


async def _refuse(socket: WebSocket, why: str) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_text(written("refused", code=400, why=why))
        await socket.close()
