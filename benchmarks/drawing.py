"""What drawing costs a browser: the CPU of Chromium's page at 10 and 1,000 calls, everybody's level changing.

Run: python benchmarks/drawing.py. Debian's Chromium, headless, 1600 x 1000, is told ten times a second, without a
server, what a bridge tells; the CPU is that of the page's main thread, by Chromium's own account, in ten seconds.
Target: a thousand calls cost no more than a third of a core.
"""

import json
import random
import shutil
import sys
from typing import Any

from benchmarks.pictures.live import EVENTS, HOME, answered
from ivr.web.wording import page

SECONDS, EVERY_MS, MOST = 10, 100, 1 / 3


def crowd(count: int) -> dict[str, Any]:
    """Return the state of so many callers in rooms of ten, half of them in meetings."""
    calls, rooms = {}, {}
    for n in range(1, count + 1):
        room, where = f"{1000000 + n // 10}", ("lobby", "meeting")[n % 2]
        rooms.setdefault(room, {"lobby": [], "meeting": []})[where].append(n)
        calls[str(n)] = {"caller": f"caller{n}", "state": where, "since": n / 100, "where": where, "meeting": room,
                         "role": "participant" if n % 2 else "", "saying": "", "text": "", "music": not n % 2,
                         "keys": [], "level_dbm0": None}
    return {"type": "state", "at": 60.0, "late": 0, "calls": calls, "rooms": rooms, "entries": []}


def changes(count: int, at: float, chance: random.Random) -> list[dict[str, Any]]:
    """Return what is told of a tenth of a second: all levels, twenty prompts that begin, twenty entries."""
    some = chance.sample(range(1, count + 1), min(count, 20))
    entries = [{"at": at, "sample": round(8000 * at), "call": n, "caller": f"caller{n}", "event": "prompt",
                "prompt": "wait-in-lobby", "began": at - 1, "interrupted": False} for n in some]
    said = {str(n): {"saying": chance.choice(["", "wait-in-lobby"])} for n in some}
    return [{"type": "entries", "entries": entries}, {"type": "change", "at": at, "calls": said},
            {"type": "levels", "at": at, "levels": {str(n): chance.randint(-60, 0) for n in range(1, count + 1)}}]


def drawn(browser: Any, count: int) -> tuple[float, int]:  # noqa: ANN401  (playwright's browser)
    """Return seconds of CPU a second of the page's main thread, and how many elements there are."""
    chance, sockets = random.Random(1), []  # noqa: S311  (the same changes each time)
    shown = browser.new_page(viewport={"width": 1600, "height": 1000})
    answered(shown, page("lobby", "en-US"))
    shown.route_web_socket(EVENTS, lambda socket: sockets.append(socket))
    shown.goto(HOME)
    while not sockets:
        shown.wait_for_timeout(20)
    for message in ({"type": "hello", "protocol": 1, "title": "", "languages": []}, crowd(count)):
        sockets[0].send(json.dumps(message))
    shown.wait_for_selector(".lane")
    account = shown.context.new_cdp_session(shown)
    account.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = account.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")

    before = spent()
    for n in range(SECONDS * 1000 // EVERY_MS):
        for message in changes(count, 60 + n * EVERY_MS / 1000, chance):
            sockets[0].send(json.dumps(message))
        shown.wait_for_timeout(EVERY_MS)
    cost, elements = (spent() - before) / SECONDS, shown.locator("*").count()
    shown.close()
    return cost, elements


def main() -> int:
    """Print what it costs; return 1 if that is too much."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        costs = {count: drawn(browser, count) for count in (10, 1000)}
        browser.close()
    for count, (cost, elements) in costs.items():
        print(f"{count:5} calls: {100 * cost:5.1f} % of a core, {elements} elements")
    return int(costs[1000][0] > MOST)


if __name__ == "__main__":
    sys.exit(main())
