"""The report page: whole, escaped, without secrets, and at home in a browser."""

import html
import re
import shutil
import subprocess
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from dtmf import decode, digits
from dtmf.errors import AudioError
from ivr.clock import RATE
from ivr.journal import Entry
from ivr.report import BadTrack, Missed, Story, Track, write_page
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


def test_page_when_a_name_was_or_was_not_said_then_the_journal_says_so_in_words(tmp_path: Path) -> None:
    told = [Entry(RATE, 1, "amos", event, facts) for event, facts in (
        ("name", {"recorded": False}), ("name", {"recorded": True}), ("odd", {"in_time": False, "shown": True}))]
    text = page(story(extra=told), tmp_path)
    for said in ("no name was said", "a name was said", "not in time, shown"):
        assert f'<td class="p">{said}</td>' in text
    assert not re.search(r"\b(True|False)\b", text[text.index("<body>"):text.index("<script")])


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
    with pytest.raises(AudioError, match="nowhere"):
        write_page(story(), tmp_path / "nowhere" / "report.html")


def test_track_when_its_audio_is_not_int16_then_it_is_refused() -> None:
    with pytest.raises(BadTrack, match="float64"):
        Track("anna", np.zeros(3), np.zeros(3, np.int16), 0)  # type: ignore[arg-type]


MISSED = Missed(10, "amos", "hear: wrong-pin", 9 * RATE, "heard the prompt welcome at 1.0 s, then silence instead")


def failed() -> Story:
    plain = story()
    return Story(plain.title, plain.source, plain.entries, plain.tracks, plain.ended_at, 0.1, [MISSED],
                 ["-    1.000  amos  state  <pin>", "+    1.000  amos  state  lobby"])


def test_page_when_the_story_failed_then_that_stands_first_in_words_with_step_and_sound_and_its_moment(
        tmp_path: Path) -> None:
    text = page(failed(), tmp_path)
    words = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text[text.index("<body>"):text.index("<h1>")]))
    assert text.index("</svg>Failed</h2>") < text.index("<h1>")
    assert "<title>FAILED: A story</title>" in text
    for said in ("Expected hear: wrong-pin , by amos line 10, at 9.0 s",
                 "Heard the prompt welcome at 1.0 s, then silence", "2 lines differ",
                 "\u2212 1.000 amos state &lt;pin&gt;", "+ 1.000 amos state lobby"):
        assert said in words
    assert re.search(r'<span class="miss" style="left:45%"[^>]*><b>✗ hear: wrong-pin</b>', text)


def test_page_when_the_story_passed_then_nothing_in_it_is_called_failed(tmp_path: Path) -> None:
    text = page(story(), tmp_path)
    assert "failed</span>" not in text
    assert "FAILED" not in text
    assert 'class="verdict"' not in text


def test_page_when_it_is_to_be_without_audio_then_none_is_there_and_nothing_to_play_it(tmp_path: Path) -> None:
    write_page(story(), tmp_path / "mute.html", audio=False)
    mute = (tmp_path / "mute.html").read_text(encoding="utf-8")
    assert 'id="pool"' not in mute
    assert "<audio" not in mute
    assert 4 * len(mute) < len(page(story(), tmp_path))


def crowd(count: int) -> Story:
    """Callers who send nothing; the more is told of one, the later he stands."""
    quiet = np.zeros(RATE, np.int16)
    names = [f"caller{n}" for n in range(count)]
    entries = [Entry(0, n, name, "state", {"state": "lobby"}) for n, name in enumerate(names) for _ in range(1 + n)]
    return Story("Many", "", entries, [Track(name, quiet, quiet, 0) for name in names], RATE, 0.1,
                 [Missed(1, "caller0", "in: meeting", 10, "the call was in the state lobby")])


def test_page_when_up_to_fifty_call_then_all_have_lanes_folded_where_they_are_many(tmp_path: Path) -> None:
    few, many = page(crowd(3), tmp_path), page(crowd(50), tmp_path)
    shut = 'class="fold" aria-expanded="false"'
    assert few.count(shut) == 0
    # the one that failed is open
    assert (many.count('<article class="lane'), many.count(shut)) == (50, 49)
    assert "more callers" not in many


def test_page_when_more_than_fifty_call_then_who_failed_and_the_busiest_are_drawn_and_the_others_listed(
        tmp_path: Path) -> None:
    text = page(crowd(60), tmp_path)
    drawn = re.findall(r'data-caller="([^"]+)" aria-label', text)
    assert drawn == ["caller0", *(f"caller{n}" for n in range(11, 60))]
    assert "10 more callers" in text
    assert "<td>caller5</td>" in text
    assert "<td>caller50</td>" not in text


def test_page_when_a_caller_sends_nothing_then_no_row_is_kept_for_it(tmp_path: Path) -> None:
    assert 'class="row sent"' not in page(crowd(2), tmp_path)
    assert 'class="row sent"' in page(story(), tmp_path)


@pytest.mark.real_time
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed: apt-get install chromium")
def test_page_when_opened_in_a_browser_then_the_console_is_silent_and_the_script_ran(tmp_path: Path) -> None:
    page(story(), tmp_path)
    run = subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom",
                          "--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}",
                          "--window-size=400,900", (tmp_path / "report.html").as_uri()],
                         capture_output=True, text=True, check=True)
    assert "CONSOLE" not in run.stderr
    assert "0.0 of 20.0 s" in run.stdout


@pytest.mark.real_time
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed: apt-get install chromium")
def test_page_when_narrow_or_wide_then_no_label_covers_another_leaves_its_place_or_is_a_bare_sign(
        tmp_path: Path) -> None:
    plain = story()
    # two at nearly one moment, one long, one beside the start of the meeting; given in no order
    missed = [Missed(line, who, step, round(at * RATE), "was not") for line, who, step, at in [
        (10, "amos", "hear: wrong-pin", 9),
        (12, "amos", "in: a step that is longer than there is room for " * 4, 9.2),
        (14, "", "meeting 1234567: started by bela", 9.3), (15, "amos", "hear: beep", 2),
        (16, "amos", "hear: x", 19.9)]]
    inner = html.escape(page(Story(plain.title, "", plain.entries, plain.tracks, plain.ended_at, 0.1, missed),
                             tmp_path), quote=True)
    frame = tmp_path / "frame.html"
    frames = "".join(f'<iframe style="width:{wide}px;height:900px;border:0" srcdoc="{inner}"></iframe>'
                     for wide in (390, 1000))
    frame.write_text(f'''<!doctype html><meta charset="utf-8"><p>waiting</p>{frames}<script>onload = () => {{
        const told = [...document.querySelectorAll("iframe")].map((frame) => {{
          const page = frame.contentDocument, root = page.documentElement;
          const shown = [...page.querySelectorAll(".flag, .miss b")].filter((one) => one.offsetWidth);
          const boxes = shown.map((one) => one.getBoundingClientRect());
          const covered = boxes.filter((a, i) => boxes.some((b, j) => i < j && a.left < b.right && b.left < a.right
            && a.top < b.bottom && b.top < a.bottom)).length;
          const outside = boxes.filter((box) => box.left < -1 || box.right > root.clientWidth + 1).length;
          const seen = (one) => one.offsetWidth && getComputedStyle(one).visibility !== "hidden";
          const labels = [...page.querySelectorAll(".band span")].filter(seen);
          const bare = labels.filter((one) => one.textContent.length === 1).length;
          const flags = shown.filter((one) => one.matches(".flag")).map((one) => one.textContent);
          return [root.scrollWidth - root.clientWidth, covered, outside, bare, flags.join("/")].join(" ");
        }});
        document.querySelector("p").textContent = told.join("; ");
      }};</script>''', encoding="utf-8")
    run = subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom",
                          "--virtual-time-budget=4000", f"--user-data-dir={tmp_path / 'profile'}", frame.as_uri()],
                         capture_output=True, text=True, check=True)
    flags = "✗ 3 failed/✗ failed/✗ failed/meeting starts"
    assert f"<p>0 0 0 0 {flags}; 0 0 0 0 {flags}</p>" in run.stdout


@pytest.mark.real_time
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed: apt-get install chromium")
@pytest.mark.parametrize(("seconds", "wide"), [(20, 390), (900, 1600)])
def test_page_when_it_is_opened_then_the_whole_story_is_seen_and_again_after_fit(
        tmp_path: Path, seconds: int, wide: int) -> None:
    quiet = np.zeros(seconds * RATE, np.int16)
    long = Story("Long", "", [], [Track("anna", quiet, quiet, 0)], len(quiet), 1.0)
    inner = html.escape(page(long, tmp_path), quote=True)
    frame = tmp_path / "frame.html"
    frame.write_text(f'''<!doctype html><meta charset="utf-8"><p>waiting</p>
        <iframe style="width:{wide}px;height:900px" srcdoc="{inner}"></iframe>
        <script>document.querySelector("iframe").onload = (e) => {{
          const page = e.target.contentDocument, stage = page.getElementById("stage");
          const over = () => stage.scrollWidth - stage.clientWidth;
          const press = (name) => page.getElementById(name).click();
          const found = [over(), page.getElementById("out").disabled];
          press("in"); press("in"); found.push(over() > 500);
          press("out"); press("out"); found.push(over());
          press("in"); press("fit"); found.push(over());
          document.querySelector("p").textContent = found.join(" ");
        }};</script>''', encoding="utf-8")
    run = subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom",
                          "--virtual-time-budget=4000", f"--user-data-dir={tmp_path / 'profile'}", frame.as_uri()],
                         capture_output=True, text=True, check=True)
    assert "<p>0 true true 0 0</p>" in run.stdout


def test_page_when_nothing_is_hidden_then_no_legend_of_it_and_the_head_says_what_was_called(tmp_path: Path) -> None:
    quiet = np.zeros(8000, np.int16)
    entries = [Entry(0, 1, "anna", "dialled", {}), Entry(4000, 2, "nina", "picked-up", {})]
    tracks = [Track("anna", quiet, quiet, 0), Track("nina", quiet, quiet, 4000)]
    plain = Story("A story", "", entries, tracks, 12_000, 0.1, called="IVR of your own")
    write_page(plain, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '<p class="eyebrow">IVR of your own <span>' in page
    assert "<p>answered at 0.5 s</p>" in page
    for told in ("its digits are nowhere here", "key that is not shown", "silenced: a PIN"):
        assert told not in page
        write_page(story(), tmp_path / "hiding.html")
        assert told in (tmp_path / "hiding.html").read_text(encoding="utf-8")
