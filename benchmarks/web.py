"""What browsers cost: CPU of a tick at 1,000 calls with no, one and ten pages; a page's weight and first paint.

Run: python benchmarks/web.py [--calls 1000] [--paint]. Everybody talks in one meeting. Pages are read by another
process, and the CPU is that of the session's thread alone, in rounds that take turns. Targets: ten pages cost the
tick no more than one, within 2 %; one costs what one who watches does (benchmarks/watching.py). With --paint a page
is opened in Chromium, on loopback: no more than 300 kB, first paint within 300 ms, the median of 9.
"""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

os.environ["OPENBLAS_NUM_THREADS"] = "1"

from benchmarks.watching import exchange_of
from ivr.cli.kit import prompts, stage
from ivr.cli.web import requests_of
from ivr.clock import FRAME
from ivr.live.guests import Guests
from ivr.live.pace import WallClock
from ivr.live.session import Session
from ivr.web.app import Web, web_app
from ivr.web.live import Live, Shown
from ivr.web.logins import Logins
from ivr.web.programme import Programme
from ivr.web.serving import listening, served

PAGES = (0, 1, 10)
ROUNDS, TICKS = 9, 100
MOST_MORE = 0.02
HEAVIEST, LATEST_MS, PAINTS = 300_000, 300.0, 9


def read(port: int, pages: int) -> None:
    """Read what so many pages are told, until the end."""
    import websockets

    async def one() -> None:
        async with websockets.connect(f"ws://127.0.0.1:{port}/api/events", max_size=None) as page:
            async for _ in page:
                pass

    async def all_() -> None:
        await asyncio.gather(*(one() for _ in range(pages)))

    asyncio.run(all_())


@contextmanager
def open_pages(port: int, pages: int, live: Live) -> Iterator[None]:
    """Have so many pages open."""
    reader = multiprocessing.get_context("spawn").Process(target=read, args=(port, pages), daemon=True)
    if pages:
        reader.start()
    while live.pages != pages:
        time.sleep(0.1)
    try:
        yield
    finally:
        if pages:
            reader.kill()
            reader.join()
        while live.pages:
            time.sleep(0.1)


def tick_ms(session: Session) -> float:
    """Return the CPU of a tick in the session's thread, in ms."""
    thread = next(one for one in threading.enumerate() if one.name == "ivr session")
    clock = time.pthread_getcpuclockid(thread.ident or 0)
    began, at = time.clock_gettime(clock), session.bridge.now
    while session.bridge.now < at + TICKS * FRAME:
        time.sleep(0.02)
    return (time.clock_gettime(clock) - began) * 1000 * FRAME / (session.bridge.now - at)


def paint(port: int) -> tuple[int, float]:
    """Return the bytes of the live page with all that it fetches, and the median of its first paints, in ms."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                                       args=["--no-sandbox"])
        painted, weight = [], 0
        for _ in range(PAINTS):
            context = browser.new_context()
            page, sizes = context.new_page(), []
            page.on("response", lambda answer, sizes=sizes: sizes.append(len(answer.body())))
            page.goto(f"http://127.0.0.1:{port}/", wait_until="load")
            painted.append(page.evaluate("new Promise(done => new PerformanceObserver(list => "
                                         "done(list.getEntries()[0].startTime)).observe("
                                         "{type: 'paint', buffered: true}))"))
            page.wait_for_timeout(500)
            weight = max(weight, sum(sizes))
            context.close()
        browser.close()
    return weight, statistics.median(painted)


def main() -> int:
    """Print the table; exit code 1 if a target is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=1000)
    options.add_argument("--paint", action="store_true")
    asked = options.parse_args()
    exchange = exchange_of(asked.calls)
    guests = Guests(exchange, lambda text, _: stage().studio.say(text, stage().voice_of("anna")))
    session = Session(exchange, pace=WallClock(), step=guests.step, words=prompts())
    live = Live(Shown(session))
    web = Web(live=live, programme=Programme(live, {}, lambda path: sys.exit(path), stage()), guests=guests,
              database=None, logins=Logins({}, time.monotonic), requests=requests_of(time.monotonic))
    at, code = listening("127.0.0.1", 0), 0
    cost: dict[int, list[float]] = {pages: [] for pages in PAGES}
    with served(web_app(web), at):
        port = at.getsockname()[1]
        session.start()
        live.start()
        for _ in range(ROUNDS if not asked.paint else 0):
            for pages in PAGES:
                with open_pages(port, pages, live):
                    cost[pages].append(tick_ms(session))
        if asked.paint:
            weight, first_ms = paint(port)
            print(f"the live page: {weight / 1000:.0f} kB, first paint after {first_ms:.0f} ms")
            code = int(weight > HEAVIEST or first_ms > LATEST_MS)
        live.end()
        session.stop()
        session.join()
    if not asked.paint:
        medians = {pages: statistics.median(costs) for pages, costs in cost.items()}
        for pages, ms in medians.items():
            print(f"{pages:>3} pages: {ms:.2f} ms of CPU a tick")
        code = int(medians[10] > medians[1] * (1 + MOST_MORE))
    return code


if __name__ == "__main__":
    sys.exit(main())
