"""The live lobby at a moment worth seeing: what a page was told until then, and its picture in Chromium."""

import asyncio
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ivr.cli.kit import prompts, stage
from ivr.cli.lobby import demonstration
from ivr.clock import samples
from ivr.live.parts import cast_of
from ivr.live.session import Session
from ivr.report.parts import components
from ivr.web.files import sheets
from ivr.web.live import Live, Shown
from ivr.web.pages import HERE
from ivr.web.wording import page

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

_EVERY = 5
"""Ticks between two messages, as of the server."""

HOME, EVENTS = "http://lobby.test/", re.compile("/api/events")
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
    folders = (Path(str(components())), HERE / "static" / "live")
    files = [path for folder in folders for path in sorted(folder.iterdir())]
    files += [HERE / "static" / name for name in ("site.css", "live.css", "icon.svg")]
    looks = [path.read_bytes() for path in files if path.suffix in _KINDS]
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
    from playwright.sync_api import WebSocketRoute, sync_playwright

    known = json.loads(told)

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
        shown = browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        answered(shown, known["html"])
        shown.route_web_socket(EVENTS, tell)
        shown.goto(HOME)
        shown.wait_for_selector(".lane")
        shown.click(f'.pick:text-is("{known["chosen"]}")')
        shown.wait_for_timeout(1500)
        shown.screenshot(path=target)
        browser.close()


def answered(shown: "Page", html: str) -> None:
    """Have a page of Chromium's get this HTML at `HOME`, and what belongs to it, without a server."""
    kept = sheets()

    def answer(route: "Route") -> None:
        path = route.request.url.removeprefix(HOME).partition("?")[0]
        folder, _, name = path.partition("/")
        file = (Path(str(components())) if folder == "components" else HERE / "static") / name
        if name in kept:
            route.fulfill(body=kept[name], content_type=_KINDS[file.suffix])
        elif path:
            route.fulfill(body=file.read_bytes(), content_type=_KINDS[file.suffix])
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    shown.route("**/*", answer)
