"""Events for pages and programs: over WebSocket, over SSE, and how it all stands in one answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from fastapi import APIRouter, HTTPException, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse

from ivr.web.live import Live
from ivr.web.page import Page

MOST_PAGES = 200
"""Pages that may be open at once."""

_ANSWERS_S = 5.0
_BUSY = 1013
"""The code of a WebSocket that is closed because there are too many."""


def events_router(live: Live) -> APIRouter:
    """Return the routes by which one learns what happens."""
    router = APIRouter(prefix="/api", tags=["events"])

    @router.websocket("/events")
    async def socket(socket: WebSocket) -> None:
        await socket.accept()
        if live.pages >= MOST_PAGES:
            await socket.close(_BUSY, "too many pages are open")
            return
        with _opened(live) as page:
            reading = asyncio.create_task(_read(socket))
            try:
                with suppress(WebSocketDisconnect, RuntimeError):  # whoever has gone is told nothing
                    await _write(socket, page, reading)
            finally:
                reading.cancel()

    @router.get("/events", response_class=StreamingResponse, responses={503: {"description": "Too many pages"}})
    @router.get("/events/stream", response_class=StreamingResponse, include_in_schema=False)
    async def stream() -> Response:
        """Tell what happens, from now on, as server-sent events: the messages of the WebSocket here."""
        if live.pages >= MOST_PAGES:
            raise HTTPException(503, "too many pages are open")
        return StreamingResponse(_lines(live), media_type="text/event-stream",
                                 headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    @router.get("/state", responses={503: {"description": "The session has not answered"}})
    async def state() -> dict[str, Any]:
        """Return how all calls stand, as the message "state" has it."""
        with _opened(live) as page:
            try:
                async with asyncio.timeout(_ANSWERS_S):
                    while messages := await page.messages():
                        for message in map(json.loads, messages):
                            if message["type"] == "state":
                                return dict(message)
            except TimeoutError:
                pass
        raise HTTPException(503, "the session does not answer")

    return router


@contextmanager
def _opened(live: Live) -> Iterator[Page]:
    page = live.open()
    try:
        yield page
    finally:
        live.close(page)


async def _read(socket: WebSocket) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.receive_text()


async def _write(socket: WebSocket, page: Page, reading: "asyncio.Task[None]") -> None:
    while not reading.done():
        waiting = asyncio.ensure_future(page.messages())
        await asyncio.wait({waiting, reading}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            return
        messages = waiting.result()
        if not messages:
            await socket.close()
            return
        for message in messages:
            await socket.send_text(message)


async def _lines(live: Live) -> AsyncIterator[str]:
    with _opened(live) as page:
        while messages := await page.messages():
            yield "".join(f"data: {message}\n\n" for message in messages)
