"""What a caller heard, as the page holds it: without others' keys, and playable in a browser."""

import html
import shutil
import subprocess
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import unquote

import numpy as np
import pytest

from ivr.clock import RATE
from ivr.journal import Entry
from ivr.report import Story, Track, write_page
from ivr.report.redact import Redactor, keyed

ROW = {"1": (697, 1209), "5": (770, 1336), "9": (852, 1477)}


def tone(key: str) -> np.ndarray:
    t = np.arange(RATE // 10) / RATE
    low, high = ROW[key]
    return np.rint(4000 * (np.sin(2 * np.pi * low * t) + np.sin(2 * np.pi * high * t))).astype(np.int16)


def two_in_meetings(first: str, second: str, **facts: str) -> Story:
    """Anna hears Amos press 1, 5 and 9 in second 5; each has joined the meeting named, Amos with these facts."""
    entries = [Entry(0, 1, "anna", "dialled"), Entry(RATE, 1, "anna", "state", {"state": "meeting"}),
               Entry(RATE, 1, "anna", "joined", {"meeting": first, "role": "participant"}),
               Entry(0, 2, "amos", "dialled"), Entry(RATE, 2, "amos", "state", {"state": "meeting"}),
               Entry(RATE, 2, "amos", "joined", {"meeting": second, "role": "organizer", **facts})]
    pressed = np.zeros(10 * RATE, np.int16)
    for n, key in enumerate(ROW):
        pressed[5 * RATE + n * 1600:][:800] = tone(key)
    quiet = np.zeros(10 * RATE, np.int16)
    murmur = np.random.default_rng(3).integers(-40, 40, 10 * RATE).astype(np.int16)
    return Story("Keys in a meeting", "", entries,
                 [Track("anna", pressed + murmur, quiet, 0), Track("amos", quiet, pressed, 0)], 10 * RATE, 0.1)


@pytest.mark.parametrize("story", [
    pytest.param(two_in_meetings("1234567", "1234567"), id="by one ID"),
    pytest.param(two_in_meetings("1234567", "7654321", started_as="1234567"), id="by another ID"),
])
def test_heard_when_another_presses_keys_in_the_same_meeting_then_none_of_them_sounds(story: Story) -> None:
    audible, veils = Redactor(story).heard(story.tracks[0])
    assert not keyed(audible)
    assert veils


@pytest.mark.parametrize("whose", [0, 1])
def test_heard_when_a_bad_line_brings_keys_late_then_none_of_them_sounds(whose: int) -> None:
    story = two_in_meetings("1234567", "1234567")
    late = [replace(track, late=RATE // 2 if n == whose else 0) for n, track in enumerate(story.tracks)]
    late[0] = replace(late[0], heard=np.roll(late[0].heard, RATE // 2))
    audible, _ = Redactor(replace(story, tracks=late)).heard(late[0])
    assert not keyed(audible)


def test_heard_when_keys_are_silenced_then_all_else_stays_as_it_was() -> None:
    story = two_in_meetings("1234567", "1234567")
    audible, veils = Redactor(story).heard(story.tracks[0])
    hidden = np.zeros(len(audible), bool)
    for veil in veils:
        hidden[veil.began_at:veil.ended_at] = True
    assert np.array_equal(audible[~hidden], story.tracks[0].heard[~hidden])
    assert hidden.mean() < 0.1


def test_heard_when_the_other_is_in_another_meeting_then_nothing_is_silenced() -> None:
    story = two_in_meetings("1234567", "7654321")
    audible, veils = Redactor(story).heard(story.tracks[0])
    assert not veils
    assert np.array_equal(audible, story.tracks[0].heard)


class Asked(BaseHTTPRequestHandler):
    """Serves a page beside the report, is told by it what it saw, and holds its last picture back until then."""

    server: "Waiting"

    def do_GET(self) -> None:
        if self.path == "/held":
            self.server.told.wait(60)
        elif self.path.startswith("/saw?"):
            self.server.saw = unquote(self.path.removeprefix("/saw?"))
            self.server.told.set()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.page if self.path == "/" else b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Waiting(ThreadingHTTPServer):
    """A server of one page."""

    def __init__(self, page: str) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.page, self.told, self.saw = page.encode(), Event(), ""


@pytest.mark.real_time
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed: apt-get install chromium")
def test_player_when_a_caller_seeks_in_a_browser_then_the_audio_is_there_and_follows(tmp_path: Path) -> None:
    write_page(two_in_meetings("1234567", "1234567"), tmp_path / "report.html")
    inner = html.escape((tmp_path / "report.html").read_text(encoding="utf-8"), quote=True)
    page = f"""<!doctype html><iframe srcdoc="{inner}"></iframe><script>
        document.querySelector("iframe").onload = (e) => {{
          const page = e.target.contentDocument, audio = page.querySelector("audio");
          page.querySelector("#play").click();
          audio.onloadedmetadata = () => {{
            page.querySelector("#rows tr:nth-child(2) button").click();
            const now = page.getElementById("now").textContent;
            fetch("/saw?at " + audio.currentTime + " of " + audio.duration + ", " + now);
          }};
        }};</script><img src="/held">"""
    with Waiting(page) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom",
                        f"--user-data-dir={tmp_path / 'profile'}", f"http://127.0.0.1:{server.server_port}/"],
                       capture_output=True, check=True)
        server.shutdown()
        serving.join()
    assert server.saw == "at 1 of 10, 1.0 of 10.0 s"
