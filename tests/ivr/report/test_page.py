"""The report page: whole, escaped, without secrets, and at home in a browser."""

import html
import shutil
import subprocess
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from dtmf import decode, digits
from ivr.clock import RATE
from ivr.journal import Entry
from ivr.report import BadTrack, CannotWrite, Story, Track, write_page
from ivr.report.redact import KEYS, Redactor, keyed

ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
PIN = "48295"


def typed(line: np.ndarray, at: int, digits: str) -> list[int]:
    moments = []
    for n, digit in enumerate(digits):
        i = KEYS.index(digit)
        t = np.arange(800) / RATE
        wave = 5000 * (np.sin(2 * np.pi * ROWS[i // 4] * t) + np.sin(2 * np.pi * COLUMNS[i % 4] * t))
        began = at + n * 1600
        line[began:began + 800] = np.rint(wave)
        moments.append(began + 300)
    return moments


def story(caller: str = "amos", title: str = "A story", extra: Sequence[Entry] = (),
          seconds: int = 20) -> Story:
    heard = np.random.default_rng(1).integers(-300, 300, seconds * RATE).astype(np.int16)
    spoke = np.zeros(seconds * RATE, np.int16)
    keys = typed(spoke, RATE, "1234567#")
    star, = typed(spoke, 4 * RATE, "*")
    pin = typed(spoke, 6 * RATE, PIN + "#")
    typed(spoke, 12 * RATE, PIN)
    facts = [
        (0, "dialled", {}), (0, "state", {"state": "greeting"}),
        (keys[0], "prompt", {"prompt": "welcome", "began_at": 0, "interrupted": True}),
        (keys[0], "state", {"state": "conference-id"}), (keys[7], "state", {"state": "finding"}),
        (keys[7], "entered", {"entry": "conference ID", "digits": "1234567", "began_at": keys[0],
                              "keys_at": tuple(keys[:7])}),
        (keys[7], "state", {"state": "organizer-question"}), (star, "key", {"key": "*"}),
        (star, "state", {"state": "pin"}), (pin[-1], "state", {"state": "checking-pin"}),
        (pin[-1], "entered", {"entry": "PIN", "digits": "****", "began_at": pin[0]}),
        (pin[-1], "state", {"state": "meeting"}), (pin[-1], "started", {"meeting": "1234567", "by": caller}),
        (pin[-1], "joined", {"meeting": "1234567", "role": "organizer"}),
    ]
    entries = [Entry(at, 1, caller, event, what) for at, event, what in facts]
    return Story(title, "S0.15", [*entries, *extra], [Track(caller, heard, spoke, 0)], seconds * RATE, 0.1)


def page(of: Story, folder: Path) -> str:
    write_page(of, folder / "report.html")
    return (folder / "report.html").read_text(encoding="utf-8")


def test_sent_when_a_pin_is_typed_in_the_question_and_into_the_meeting_then_no_digit_of_it_sounds() -> None:
    told = story()
    visible, veils = Redactor(told).sent(told.tracks[0])
    assert "".join(key for key, _ in keyed(visible)) in ("1234567#", "1234567#*")
    assert veils[0].label == "****"


def test_sent_when_decoded_by_the_ear_then_no_digit_of_the_pin_is_found() -> None:
    told = story()
    assert digits(decode(Redactor(told).sent(told.tracks[0])[0], RATE)) in ("1234567#", "1234567#*")


def test_keyed_when_one_key_follows_itself_quickly_then_both_are_told_apart() -> None:
    line = np.zeros(RATE, np.int16)
    typed(line, 800, "77")
    assert [key for key, _ in keyed(line)] == ["7", "7"]


def test_page_when_written_then_the_pin_is_in_no_part_of_it(tmp_path: Path) -> None:
    leaked = Entry(9 * RATE, 1, "amos", "entered", {"entry": "PIN", "digits": PIN})
    text = page(story(extra=[leaked]), tmp_path)
    assert PIN not in text
    assert "****" in text


def test_page_when_names_hold_markup_then_it_is_escaped(tmp_path: Path) -> None:
    text = page(story(caller="<b>&\"amos", title="</title><script>alert(1)</script>"), tmp_path)
    assert "<script>alert" not in text
    assert "<b>&\"amos" not in text


def test_page_when_written_then_it_names_nothing_to_fetch(tmp_path: Path) -> None:
    fetched = []

    class Links(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            fetched.extend(v for k, v in attrs if k in ("src", "href") and not (v or "").startswith("data:"))

    Links().feed(page(story(), tmp_path))
    assert not fetched


def test_page_when_one_caller_is_heard_for_90_s_then_it_stays_below_a_third_of_4_mb(tmp_path: Path) -> None:
    assert len(page(story(seconds=90), tmp_path)) < 4e6 / 3


def test_page_when_nobody_called_then_it_is_written(tmp_path: Path) -> None:
    assert "</html>" in page(Story("Nobody", "", [], [], 0, 0.0), tmp_path)


def test_page_when_written_twice_then_it_is_the_same_and_nothing_else_lies_there(tmp_path: Path) -> None:
    assert page(story(), tmp_path) == page(story(), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_page_when_the_folder_is_missing_then_the_error_names_it(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="nowhere"):
        write_page(story(), tmp_path / "nowhere" / "report.html")


def test_track_when_its_audio_is_not_int16_then_it_is_refused() -> None:
    with pytest.raises(BadTrack, match="float64"):
        Track("anna", np.zeros(3), np.zeros(3, np.int16), 0)  # type: ignore[arg-type]


@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed: apt-get install chromium")
def test_page_when_opened_in_a_browser_then_the_console_is_silent_and_the_script_ran(tmp_path: Path) -> None:
    page(story(), tmp_path)
    run = subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom",
                          "--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}",
                          "--window-size=400,900", (tmp_path / "report.html").as_uri()],
                         capture_output=True, text=True, check=True)
    assert "CONSOLE" not in run.stderr
    assert "0.0 of 20.0 s" in run.stdout


@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed: apt-get install chromium")
def test_page_when_it_is_400_px_wide_then_it_does_not_scroll_sideways(tmp_path: Path) -> None:
    inner = html.escape(page(story(), tmp_path), quote=True)
    frame = tmp_path / "frame.html"
    frame.write_text('<!doctype html><p>waiting</p><iframe style="width:400px;height:900px;border:0" '
                     f'srcdoc="{inner}">'
                     "</iframe><script>document.querySelector('iframe').onload = (e) => { "
                     "document.querySelector('p').textContent = 'over ' + "
                     "(e.target.contentDocument.documentElement.scrollWidth - "
                     "e.target.contentDocument.documentElement.clientWidth); };</script>", encoding="utf-8")
    run = subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom",
                          "--virtual-time-budget=4000", f"--user-data-dir={tmp_path / 'profile'}",
                          frame.as_uri()],
                         capture_output=True, text=True, check=True)
    assert "<p>over 0</p>" in run.stdout
