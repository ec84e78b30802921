"""The live lobby at a moment worth seeing: what a page was told until then, and its picture in Chromium."""

import asyncio
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from ivr.cli.kit import prompts, stage
from ivr.cli.lobby import demonstration
from ivr.clock import samples
from ivr.live.parts import cast_of
from ivr.live.session import Session
from ivr.report.parts import components
from ivr.web.live import Live, Shown
from ivr.web.pages import HERE
from ivr.web.wording import page

_EVERY = 5
"""Ticks between two messages, as of the server."""

_HOST = "http://lobby.test"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def live(callers: int, at_s: float, chosen: str) -> str:
    """Return the page of a demonstration, what it was told until a moment, and its looks as a hash, as JSON.

    Parameters
    ----------
    callers : int
    at_s : float
        Seconds from the beginning.
    chosen : str
        Whose sound its scope shows.
    """
    looks = [path.read_bytes() for folder in (Path(str(components())), HERE / "static" / "live", HERE / "static")
             for path in sorted(folder.iterdir()) if path.suffix in _KINDS]
    return json.dumps({"html": page("lobby", "en-US"), "looks": hashlib.sha256(b"".join(looks)).hexdigest(),
                       "chosen": chosen, "messages": asyncio.run(_told(callers, at_s, chosen))}, indent=0)


async def _told(callers: int, at_s: float, chosen: str) -> list[dict[str, Any]]:
    cast = demonstration(cast_of(callers), stage())
    session = Session(cast.exchange, step=cast.step, over=lambda: cast.over, words=prompts())
    live = Live(Shown(session, title="The lobby", product="teams2021", languages=("en-US",)))
    opened, told = live.open(), []
    while session.bridge.now < samples(at_s):
        for _ in range(_EVERY):
            session.step()
        opened.scope = next((call.serial for call in session.bridge.calls.values() if call.caller == chosen), None)
        live.round()
        await asyncio.sleep(0)  # what is told comes by the loop
        if len(opened):
            told += [json.loads(message) for message in await opened.messages()]
    return told


def photographed(told: str, size: tuple[int, int], target: Path, executable: str) -> None:
    """Write what Chromium shows of it as PNG."""
    from playwright.sync_api import Route, WebSocketRoute, sync_playwright

    known = json.loads(told)

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(_HOST).partition("?")[0]
        where = Path(str(components())) if path.startswith("/components/") else HERE / "static"
        file = where / path.partition("/")[2].partition("/")[2]
        if path == "/":
            route.fulfill(body=known["html"], content_type="text/html; charset=utf-8")
        else:
            route.fulfill(body=file.read_bytes(), content_type=_KINDS[file.suffix])

    def tell(socket: WebSocketRoute) -> None:
        def asked(message: str | bytes) -> None:
            for one in known["messages"]:
                if one["type"] == "scope" and one["call"] == json.loads(message)["call"]:
                    socket.send(json.dumps(one))

        socket.on_message(asked)
        for message in known["messages"]:
            if message["type"] != "scope":
                socket.send(json.dumps(message))

    with sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page_ = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        page_.route("**/*", answer)
        page_.route_web_socket(re.compile("/api/events"), tell)
        page_.goto(f"{_HOST}/")
        page_.wait_for_selector(".lane")
        page_.click(f'.pick:text-is("{known["chosen"]}")')
        page_.wait_for_timeout(1500)
        page_.screenshot(path=target)
        browser.close()
