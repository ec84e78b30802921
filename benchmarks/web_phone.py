"""Phones in browsers: how long sound goes there and back, what a call costs, whether all keys are heard.

Run: python -m benchmarks.web_phone. The bridge has a process of its own, and so have callers of ours, each with a
meeting of his own that he keys in tones. Chromium plays two phones of one page, which meet: a burst of a tone into
the first's microphone is found in the second's speaker, on the one clock of the page's sound. The same goes by a
line that gives back what it is given, without a bridge. What the devices themselves take is not in it.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

import dtmf
from ivr.cli.kit import warm_up
from ivr.clock import FRAME, RATE
from ivr.engine.messages import Arrived, Command, HungUp, PickUp
from ivr.lines.web.trunk import WebTrunk
from ivr.live.pace import WallClock
from ivr.web.serving import listening, served

CALLERS, BURSTS = 48, 12
LARGEST_TRIP_MS, LARGEST_SHARE = 150.0, 0.01
MIX_MS = 59.0
"""Sound in a meeting is 39 ms late where keys are taken out of it, and a frame where it is mixed."""

MEETING, PIN = "1234567", "48215"
IDS = [f"{2_000_000 + 78_541 * n % 7_999_993}" for n in range(CALLERS)]

PROBE = """
registerProcessor("probe", class extends AudioWorkletProcessor {
  process(_, [[out]]) {
    const every = Math.round(1.1 * sampleRate);
    for (let n = 0; n < out.length; n++) {
      const at = (currentFrame + n) % every;
      if (at === 0) this.port.postMessage((currentFrame + n) / sampleRate);
      out[n] = at < .03 * sampleRate ? .5 * Math.sin(2 * Math.PI * 1000 * at / sampleRate) : 0;
    }
    return true;
  }
});
registerProcessor("found", class extends AudioWorkletProcessor {
  process([[input]]) {
    for (let n = 0; input && n < input.length; n++) {
      if (Math.abs(input[n]) > .12) {
        if (this.quiet > .2 * sampleRate) this.port.postMessage((currentFrame + n) / sampleRate);
        this.quiet = 0;
      } else this.quiet = (this.quiet ?? 0) + 1;
    }
    return true;
  }
});
"""
MEASURE = """async ([from, to, source]) => {
  const { phones, audio } = await import("/static/phone/page.js");
  await audio.context.audioWorklet.addModule(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const probe = new AudioWorkletNode(audio.context, "probe"), found = new AudioWorkletNode(audio.context, "found");
  window.sent = []; window.got = [];
  probe.port.onmessage = ({ data }) => window.sent.push(data);
  found.port.onmessage = ({ data }) => window.got.push(data);
  audio.source?.disconnect();
  probe.connect(phones[from].sound.microphone);
  phones[to].sound.speaker.connect(found);
  found.connect(audio.context.destination);
}"""


class Echo:
    """What gives every call back what it says, instead of a bridge."""

    def __init__(self, trunk: WebTrunk) -> None:
        self._trunk, self._slots, self._now = trunk, set[int](), 0

    def step(self) -> None:
        """Carry 20 ms."""
        commands: list[Command] = []
        for event in self._trunk.events(self._now):
            if isinstance(event, Arrived):
                self._slots.add(event.slot)
                commands.append(PickUp(event.slot, self._now))
            elif isinstance(event, HungUp):
                self._slots.discard(event.slot)
        rows = np.zeros((max(self._slots, default=-1) + 1, FRAME), np.int16)
        self._trunk.receive(self._now, rows)
        self._trunk.send(self._now, rows, commands)
        self._now += FRAME


def echo() -> None:
    """Be a line that gives back what it is given, until the input ends."""
    from webphone import page_of

    warm_up(network=True)
    trunk, pace = WebTrunk(), WallClock()
    line, over = Echo(trunk), threading.Event()

    def run() -> None:
        while not over.is_set():
            pace.wait()
            line.step()

    at = listening("127.0.0.1", 0)
    with served(page_of(trunk), at):
        threading.Thread(target=run, daemon=True).start()
        print(f"http://127.0.0.1:{at.getsockname()[1]}/", flush=True)
        sys.stdin.readline()
        over.set()


async def call(at: str, number: int, ready: asyncio.Barrier) -> None:
    """Be one caller: key an ID in tones once all are there, and wait in the lobby."""
    from webphone import WebPhone
    from websockets.asyncio.client import connect
    from websockets.exceptions import ConnectionClosed

    phone, loop = WebPhone(IDS[number]), asyncio.get_running_loop()
    async with connect(f"{at.replace('http', 'ws')}api/phone", compression=None) as socket:
        await socket.send(phone.first())

        async def hear() -> None:
            with suppress(ConnectionClosed):
                async for message in socket:
                    phone.take(message)

        hearing = asyncio.create_task(hear())
        await ready.wait()
        phone.says = np.concatenate([np.zeros(RATE + 400 * number, np.int16), dtmf.encode(f"{IDS[number]}#", RATE),
                                     np.zeros(4 * RATE, np.int16), dtmf.encode("#", RATE)])
        due = loop.time() + number * 0.02 / CALLERS
        while not hearing.done():
            await asyncio.sleep(max(0.0, due - loop.time()))
            await socket.send(phone.frame())
            due += 0.02


async def call_all(at: str) -> None:
    """Be all callers, until they are hung up."""
    ready = asyncio.Barrier(CALLERS)
    await asyncio.gather(*(call(at, number, ready) for number in range(CALLERS)), return_exceptions=True)


@contextmanager
def program(*words: str) -> "Iterator[subprocess.Popen[str]]":
    """Run another process, whose input ends it."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1",
                   "PYTHONPATH": str(Path(__file__).parents[1] / "tests" / "support")}
    with subprocess.Popen([sys.executable, "-m", *words], text=True, env=environment, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.terminate()


def address_of(process: "subprocess.Popen[str]") -> str:
    """Return where a program answers, once it tells."""
    assert process.stdout is not None
    while line := process.stdout.readline():
        if found := re.search(r"http://\S+/", line):
            return found[0]
    raise RuntimeError("it has not begun")


def used(pid: int) -> float:
    """Return the seconds of a processor that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class TwoPhones:
    """A page of two phones in Chromium, whose own microphone is left out of it.

    Parameters
    ----------
    browser : playwright's Browser
    at : str
        The address of the bridge.
    """

    def __init__(self, browser: Any, at: str) -> None:  # noqa: ANN401
        self.page = browser.new_page(bypass_csp=True)  # the probe is no part of the page
        self.page.goto(f"{at}phone?count=2&language=en-US")

    def call(self, which: int) -> None:
        """Have a phone call, unmuted."""
        phone = self.page.locator("article").nth(which)
        phone.get_by_role("button", name="Call").click()
        self.page.locator('article[data-state="answered"]').nth(which).wait_for(timeout=60_000)
        if which:
            phone.get_by_role("button", name="Mute").click()

    def key(self, which: int, keys: str) -> None:
        """Press keys of a phone."""
        for each in keys:
            self.page.locator("article").nth(which).locator(f'[data-key="{each}"]').click()

    def until(self, which: int, state: str) -> None:
        """Wait until the bridge has a phone's call in a state."""
        for _ in range(150):
            calls = self.page.evaluate("fetch('/api/state').then((answer) => answer.json())")["calls"]
            if any((one["caller"], one["state"]) == (f"Browser {which + 1}", state) for one in calls.values()):
                return
            self.page.wait_for_timeout(200)
        raise TimeoutError(f"phone {which + 1} is never in {state!r}")

    def trips(self, start: int, end: int) -> list[float]:
        """Return how long bursts took from one phone's microphone to another's speaker, in milliseconds."""
        self.page.evaluate(MEASURE, [start, end, PROBE])
        self.page.wait_for_function(f"window.got.length > {BURSTS}", timeout=120_000)
        sent, got = self.page.evaluate("[window.sent, window.got]")
        found = [[1000 * (at - begun) for at in got if 0 < at - begun < 1] for begun in sent]
        return [some[0] for some in found if some]

    def figures(self, which: int) -> Any:  # noqa: ANN401
        """Return how a phone's playing goes."""
        return self.page.evaluate(
            f"import('/static/phone/page.js').then(({{ phones }}) => phones[{which}].figures)")


def measured(browser: Any, folder: Path) -> dict[str, Any]:  # noqa: ANN401
    """Return all figures."""
    with program("benchmarks.web_phone", "echo") as line:
        page = TwoPhones(browser, address_of(line))
        page.call(0)
        echoed = page.trips(0, 0)
        page.page.close()
    journal = folder / "journal.jsonl"
    meetings = [word for one in (MEETING, *IDS) for word in ("--meeting", f"{one}:{PIN}")]
    options = ["--web", "127.0.0.1:0", "--plain", "--journal", str(journal), *meetings]
    with program("ivr.cli", "serve", *options) as line:
        at = address_of(line)
        page = TwoPhones(browser, at)
        for which in range(2):
            page.call(which)
        with program("benchmarks.web_phone", "call", at):
            for which, (key, state) in enumerate([("#", "lobby"), ("*", "pin")]):
                page.until(which, "conference-id")
                page.key(which, f"{MEETING}#")
                page.until(which, "organizer-question")
                page.key(which, key)
                page.until(which, state)
            page.key(1, f"{PIN}#")
            page.until(0, "meeting")
            before, began = used(line.pid), time.monotonic()
            met = page.trips(0, 1)
            share = (used(line.pid) - before) / (time.monotonic() - began) / (CALLERS + 2)
            figures = page.figures(1)
            told, _ = line.communicate("q", timeout=60)
    entries = [json.loads(entry) for entry in journal.read_text(encoding="utf-8").splitlines()]
    entered = {entry["caller"]: entry["digits"] for entry in entries if entry["event"] == "entered"}
    return {"echo": echoed, "meeting": met, "share": share, "page": figures, "entered": entered,
            "served": told.splitlines()[-1]}


def _told(name: str, trips: Sequence[float], most: float) -> bool:
    median, late = np.median(trips), np.quantile(trips, 0.9)
    print(f"{name}: median {median:.0f} ms, nine of ten within {late:.0f} ms, {len(trips)} bursts "
          f"(at most {most:.0f} ms)")
    return bool(median <= most)


def main() -> int:
    """Measure, print, and return 1 if a figure is missed."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("not measured: there is no chromium")
        return 0
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playing, tempfile.TemporaryDirectory() as folder:
        browser = playing.chromium.launch(executable_path=chromium, args=[
            "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--no-sandbox"])
        found = measured(browser, Path(folder))
        browser.close()
    good = _told("there and back by a line that gives it back", found["echo"], LARGEST_TRIP_MS)
    good &= _told(f"from one to the other in a meeting, beside {CALLERS} calls", found["meeting"],
                  LARGEST_TRIP_MS + MIX_MS)
    right = sum(found["entered"].get(one) == one for one in IDS)
    print(f"a call takes {100 * found['share']:.2f} % of a core (at most {100 * LARGEST_SHARE:.0f} %)")
    print(f"{right} of {CALLERS} callers' IDs were heard right; {found['served']}")
    print(f"the second phone's playing: {found['page']}")
    return int(not good or right < CALLERS or found["share"] > LARGEST_SHARE)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(main())
    if sys.argv[1] == "call":
        asyncio.run(call_all(sys.argv[2]))
    else:
        echo()
