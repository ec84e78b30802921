"""Events for pages and programs: over WebSocket, over SSE, and how it all stands in one answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from ivr.web.asked import UNMEANT, RoomOnly, Serial
from ivr.web.live import Live
from ivr.web.logins import Buckets
from ivr.web.page import Page

MOST_PAGES = 200
"""Pages that may be open at once."""

_ANSWERS_S = 5.0
_FRAMES_AT_ONCE, _FRAMES_A_SECOND = 20, 5
_BUSY, _NOT_MEANT = 1013, 1008
"""The codes of a WebSocket that is closed because there are too many, or for what it sends."""


def events_router(live: Live) -> APIRouter:
    """Return the routes by which one learns what happens."""
    router = APIRouter(prefix="/api", tags=["events"])

    @router.websocket("/events")
    async def socket(socket: WebSocket, room: RoomOnly = "") -> None:
        await socket.accept()
        if live.pages >= MOST_PAGES:
            await socket.close(_BUSY, "too many pages are open")
            return
        with _opened(live, room) as page:
            reading = asyncio.create_task(_read(socket, page))
            try:
                with suppress(WebSocketDisconnect, RuntimeError):  # whoever has gone is told nothing
                    await _write(socket, page, reading)
            finally:
                reading.cancel()

    @router.get("/events", response_class=StreamingResponse, responses={
        **UNMEANT, 503: {"description": "Too many pages"}})
    @router.get("/events/stream", response_class=StreamingResponse, include_in_schema=False)
    async def stream(room: RoomOnly = "") -> Response:
        """Tell what happens, from now on, as server-sent events: the messages of the WebSocket here."""
        if live.pages >= MOST_PAGES:
            raise HTTPException(503, "too many pages are open")
        return StreamingResponse(_lines(live, room), media_type="text/event-stream",
                                 headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    @router.get("/state", responses={**UNMEANT, 503: {"description": "The session has not answered"}})
    async def state(room: RoomOnly = "") -> dict[str, Any]:
        """Return how all calls stand, or those of one room, as the message "state" has it."""
        with _opened(live, room) as page:
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
def _opened(live: Live, room: str) -> Iterator[Page]:
    page = live.open(room)
    try:
        yield page
    finally:
        live.close(page)


async def _read(socket: WebSocket, page: Page) -> None:
    """Take what a page wants, until it goes, says something that is none, or too much."""
    often = Buckets(_FRAMES_AT_ONCE, _FRAMES_A_SECOND, asyncio.get_running_loop().time)
    with suppress(WebSocketDisconnect, RuntimeError, KeyError, ValueError, RecursionError):
        while often.take(""):
            wanted = SoundWanted.model_validate_json(await socket.receive_text())
            page.scope = wanted.call


class SoundWanted(BaseModel):
    """What a page asks for: to be shown the sound of a call, or of none."""

    model_config = ConfigDict(extra="forbid", strict=True)

    type: Literal["scope"]
    call: Serial | None


async def _write(socket: WebSocket, page: Page, reading: "asyncio.Task[None]") -> None:
    while not reading.done():
        waiting = asyncio.ensure_future(page.messages())
        await asyncio.wait({waiting, reading}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            await socket.close(_NOT_MEANT)  # if it is still there
            return
        messages = waiting.result()
        if not messages:
            await socket.close()
            return
        for message in messages:
            await socket.send_text(message)


async def _lines(live: Live, room: str) -> AsyncIterator[str]:
    with _opened(live, room) as page:
        while messages := await page.messages():
            yield "".join(f"data: {message}\n\n" for message in messages)
