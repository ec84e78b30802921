"""`ivr lobby` and `ivr demo --live`: the demonstration, stories at a pace, and what is refused."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).parents[3]
SCENARIOS = ROOT / "scenarios"
FAST = ("--speed", "1000", "--plain")
STORY = """
meetings:
  - conference id: 1234567
    pin: 48215
callers:
  anna:
    - press: 1234567#*48215#
    - in: meeting
    - say: Good morning.
expect:
  - anna: joined
"""


@pytest.fixture
def story(tmp_path):
    """Writes a story with other words than the usual ones: ``story("joined", "refused")``."""
    def write(*words):
        path = tmp_path / "story.yaml"
        path.write_text(STORY.replace(*words) if words else STORY, encoding="utf-8")
        return path
    return write


def test_lobby_when_fast_then_three_callers_meet_and_it_is_summed_up(ivr, pins_leaked):
    code, out, err = ivr("lobby", *FAST)
    assert (code, err) == (0, "")
    moments = ["anna     dials in", "bela     dials in", 'anna     is told "Your meeting has not started yet',
               "amos     has entered PIN ****", "amos     STARTS the meeting 1234567", "anna     hangs up"]
    places = [out.index(moment) for moment in moments]
    assert places == sorted(places)
    assert "You are anna, whom the timetable leads; you listen to anna" in out
    assert "Nothing is played at --speed 1000" in out
    assert re.search(r"^[0-9.]+ s; 3 calls; the meeting was started by amos; .* late ticks$", out, re.MULTILINE)
    assert not pins_leaked(out)


def test_lobby_with_six_callers_then_all_six_meet(ivr):
    code, out, _ = ivr("lobby", "--callers", "6", *FAST)
    assert code == 0
    assert out.count("JOINS the meeting") == 6


def test_lobby_when_recorded_then_the_file_holds_what_would_have_been_heard(ivr, tmp_path):
    heard = {}
    for where in ("anna", "lobby", "meeting"):
        assert ivr("lobby", *FAST, "--listen", where, "--record", tmp_path / f"{where}.wav")[0] == 0
        heard[where], rate = soundfile.read(tmp_path / f"{where}.wav", dtype="int16")
        assert rate == 8000
    assert len({len(samples) for samples in heard.values()}) == 1
    assert len(heard["anna"]) > 8000 * 50
    loud = {where: [bool(np.abs(part.astype(np.int32)).max() > 300) for part in np.array_split(samples, 50)]
            for where, samples in heard.items()}
    begins = {where: parts.index(True) for where, parts in loud.items()}
    assert begins["anna"] == 0 < begins["lobby"] < begins["meeting"]
    assert not any(loud["lobby"][begins["meeting"] + 1:])


def test_lobby_when_its_journal_is_wanted_then_it_is_the_same_at_any_speed(ivr, tmp_path):
    for name, speed in (("one", "1000"), ("two", "300")):
        assert ivr("lobby", "--callers", "2", "--plain", "--speed", speed, "--journal", tmp_path / name)[0] == 0
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes() != b""


def test_lobby_when_the_disk_of_its_journal_is_full_then_shown_to_its_end_and_told(ivr, small_disk):
    path = small_disk(4096) / "journal.jsonl"
    code, out, err = ivr("lobby", "--callers", "2", *FAST, "--journal", path)
    assert code == 3
    assert re.search(r"entries are not in the journal .*No space left on device\.\n$", err)
    assert "2 calls; the meeting was started by amos" in out
    assert path.read_bytes().startswith(b'{"at": 0.0')


def test_script_when_the_disk_of_its_journal_is_full_then_shown_to_its_end_and_3(ivr, small_disk):
    path, script = small_disk(4096) / "journal.jsonl", SCENARIOS / "s0-15-lobby.yaml"
    code, out, err = ivr("lobby", "--script", script, *FAST, "--journal", path)
    written = [json.loads(line) for line in path.read_text().splitlines()]
    assert (code, written[0]["event"]) == (3, "dialled")
    assert re.search(r"^ivr: [0-9]+ entries are not in the journal .*No space left on device\.\n$", err)
    assert "3 calls; the meeting was started by amos" in out


def test_script_when_it_goes_on_then_its_journal_is_on_the_disk_already(served, tmp_path, story):
    path = tmp_path / "journal.JSONL"
    words = ["lobby", "--script", story(), "--plain", "--no-speaker", "--journal", path]
    with subprocess.Popen([served / "ivr", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          text=True) as process:
        for line in process.stdout:
            if "hears" in line or "is told" in line:
                break
        written = [json.loads(one)["event"] for one in path.read_text().splitlines()]
        process.terminate()
        process.stdout.read()
    assert written[:2] == ["dialled", "state"]
    assert "hung-up" not in written


@pytest.mark.parametrize(("words", "said"), [
    (["--record", "x.wav", "--journal", "x.wav"], "--record x.wav and --journal x.wav are one file: name two"),
    (["--record", "x.wav", "--journal", "./y/../x.wav"], "are one file: name two"),
    (["--record", "x.wav", "--journal", "linked.wav"], "are one file: name two"),
    (["--script", "story.yaml", "--journal", "story.yaml"], "--script story.yaml and --journal story.yaml are one"),
])
def test_files_that_are_one_then_refused_before_anything_is_written(refused, story, tmp_path, words, said):
    (tmp_path / "y").mkdir()
    (tmp_path / "linked.wav").symlink_to("x.wav")
    before = story().read_bytes()
    with contextlib.chdir(tmp_path):
        for command in ["lobby"] if "--script" in words else ["lobby", "phone"]:
            assert said in refused(command, *words)
    assert (tmp_path / "story.yaml").read_bytes() == before
    assert not (tmp_path / "x.wav").exists()


def test_lobby_with_ones_own_meeting_then_it_is_that_one(ivr, pins_leaked):
    code, out, _ = ivr("lobby", "--meeting", "7654321:90371:Rita", *FAST)
    assert code == 0
    assert "STARTS the meeting 7654321" in out
    assert not pins_leaked(out)


def test_script_when_it_comes_true_then_0_and_its_journal_is_the_one_of_run(ivr, tmp_path):
    path = SCENARIOS / "s0-15-lobby.yaml"
    code, out, err = ivr("lobby", "--script", path, *FAST, "--journal", tmp_path / "journal.txt")
    assert (code, err) == (0, "")
    assert "You are anna, whom the story leads" in out
    assert ivr("run", path, "--report", tmp_path)[0] == 0
    assert (tmp_path / "journal.txt").read_bytes() == (tmp_path / path.stem / "journal.txt").read_bytes()


def test_script_when_it_does_not_come_true_then_1_and_why(ivr, story):
    code, out, _ = ivr("lobby", "--script", story("joined", "refused"), *FAST)
    assert code == 1
    assert "FAILED line 11: 'anna: refused'" in out


def test_demo_live_then_the_story_at_its_pace_and_its_report(ivr, tmp_path, pins_leaked):
    code, out, err = ivr("demo", "--live", "--report", tmp_path / "report", *FAST)
    assert (code, err) == (0, "")
    assert "amos     STARTS the meeting 1234567" in out
    assert f"Look at {tmp_path / 'report' / 'report.html'}" in out
    assert ivr("demo", "--report", tmp_path / "unpaced")[0] == 0
    for name in ("journal.txt", "journal.jsonl", "anna-heard.wav", "amos-heard.wav"):
        assert (tmp_path / "report" / name).read_bytes() == (tmp_path / "unpaced" / name).read_bytes()
    assert not pins_leaked(out)


@pytest.mark.parametrize(("words", "said"), [
    (["lobby", "--speed", "0"], "--speed 0 is no pace: take 0.1 to 1000, 1 is real time"),
    (["lobby", "--speed", "-1"], "--speed -1 is no pace"),
    (["lobby", "--speed", "nan"], "--speed nan is no pace"),
    (["lobby", "--speed", "quick"], "quick"),
    (["lobby", "--callers", "7"], "--callers 7: the demonstration has 1 to 6 callers."),
    (["lobby", "--callers", "0"], "--callers 0: the demonstration has 1 to 6 callers"),
    (["lobby", "--callers", "many"], "many"),
    (["lobby", "--script", "nowhere.yaml"], "nowhere.yaml"),
    (["lobby", "--listen", "zoe"], "--listen zoe is nobody here: take lobby, meeting, anna, bela, amos"),
    (["lobby", "--output", "1", "--no-speaker"], "leave out one of them"),
    (["lobby", "--microphone", "--speed", "2"], "--microphone needs real time, not --speed 2"),
    (["lobby", "--record", "nowhere/heard.wav"], "nowhere/heard.wav cannot be written"),
    (["lobby", "--record", "heard.text"], "heard.text has no ending that names an audio format"),
    (["lobby", "--journal", "nowhere/journal.txt"], "nowhere/journal.txt cannot be written"),
    (["lobby", "--meeting", "7654321"], "--meeting 7654321 has no PIN of 4 to 12 digits"),
    (["lobby", "--meeting", "90371:7654321"], "the first part has 5 characters"),
    (["demo", "--speed", "4"], "--speed is for a demo at real pace: say --live too"),
    (["demo", "--plain"], "say --live too"),
])
def test_words_that_cannot_be_meant_then_one_sentence_and_2(refused, words, said):
    assert said in refused(*words)


@pytest.mark.parametrize("word", [["--callers", "3"], ["--by-hand"], ["--meeting", "7654321:90371"],
                                  ["--microphone"]])
def test_a_script_and_a_demonstration_at_once_then_refused(refused, story, word, pins_leaked):
    sentence = refused("lobby", "--script", story(), *word)
    assert sentence.startswith(f"{word[0]} is for a demonstration without --script")
    assert not pins_leaked(sentence)


def test_a_script_that_is_none_then_the_line_is_named(refused, story):
    assert "story.yaml:7: " in refused("lobby", "--script", story("press", "prass"))


class Seat:
    """Where somebody sits: a terminal of a kind and a size."""

    def __init__(self, **differs):
        self._has = {"COLUMNS": "80", "LINES": "24", "TERM": "xterm-256color", **differs}

    def environment(self):
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM")}
        return {**kept, **self._has}


@pytest.fixture
def on_a_terminal(terminal, served):
    """Run the command on a terminal: ``on_a_terminal(words, [(seen, typed)], TERM="dumb")``."""
    return lambda words, answers=(), command=(served / "ivr",), **differs: terminal(
        Seat(**differs), [*command, *words], answers)


@pytest.mark.parametrize("key", ["q", "\x03"])
def test_lobby_on_a_terminal_then_a_screen_that_is_left_by_key_with_0(on_a_terminal, key):
    code, screen = on_a_terminal(["lobby", "--no-speaker"], [("conference-id", key)])
    assert code == 0
    assert "\x1b[?1049h" in screen
    assert screen.rstrip().splitlines()[-1].partition("Left after ")[2].endswith("late ticks")
    assert "Traceback" not in screen


def test_a_story_on_a_terminal_when_left_early_then_3_and_it_says_so(on_a_terminal):
    code, screen = on_a_terminal(["lobby", "--no-speaker", "--script", str(SCENARIOS / "s0-15-lobby.yaml")],
                                 [("greeting", "q")])
    assert code == 3
    assert "ivr: stopped at your wish, " in screen


@pytest.mark.parametrize("size", [{"COLUMNS": "60"}, {"LINES": "20"}])
def test_lobby_on_a_small_terminal_then_one_sentence_and_3(on_a_terminal, size):
    code, screen = on_a_terminal(["lobby", "--no-speaker"], **size)
    assert code == 3
    assert re.search(r"^ivr: this terminal has (60 columns and 24|80 columns and 20) rows, and the screen needs "
                        r"80 and 24: enlarge it, or take --plain\.$", screen, re.MULTILINE)


AS_ANYBODYS = (sys.executable, "-m", "ivr.cli")


@pytest.mark.parametrize("words", [
    ["lobby", "--no-speaker"], pytest.param(["phone"], marks=pytest.mark.slow),
    pytest.param(["demo", "--live", "--no-speaker"], marks=pytest.mark.slow)])
def test_a_live_command_on_a_terminal_then_says_at_once_that_it_is_getting_ready(on_a_terminal, words):
    code, screen = on_a_terminal(words, [("ready ...", "\x03")], AS_ANYBODYS)
    assert code == 3
    assert screen.startswith("ivr: getting the bridge ready ...")


def test_lobby_when_the_decoder_has_yet_to_be_compiled_then_says_so_before_it_does(on_a_terminal, tmp_path):
    for package in ("dtmf", "ivr", "lobby", "prompts"):  # what was compiled lies beside the sources
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    code, screen = on_a_terminal(["lobby", "--no-speaker"], [("half a minute.", "\x03")], AS_ANYBODYS,
                                 PYTHONPATH=str(tmp_path), PYTHONSAFEPATH="1", XDG_CACHE_HOME=str(tmp_path))
    assert code == 3
    assert "ivr: compiling the decoder, once on this machine; it takes half a minute." in screen


@pytest.mark.parametrize("key", ["\x03", pytest.param("q", marks=pytest.mark.slow)])
def test_lobby_on_a_dumb_terminal_then_plain_lines_and_keys_all_the_same(on_a_terminal, key):
    code, screen = on_a_terminal(["lobby", "--no-speaker", "--by-hand"],
                                 [("Nothing is played", "\n"), ("is told", "m"), ("listen to the meeting", key)],
                                 AS_ANYBODYS, TERM="dumb")
    assert code == 0
    assert "\x1b" not in screen
    assert "anna     dials in" in screen
    assert "Left after " in screen


def test_lobby_without_colour_then_a_screen_without_colours(on_a_terminal):
    code, screen = on_a_terminal(["lobby", "--no-speaker"], [("conference-id", "q")], NO_COLOR="1")
    assert code == 0
    colours = {tuple(map(int, rgb)) for rgb in re.findall(r"[34]8;2;(\d+);(\d+);(\d+)", screen)}
    assert all(max(rgb) - min(rgb) <= 2 for rgb in colours)  # greys
    assert not re.search(r"\x1b\[(?:[0-9]+;)*3[1-6]m", screen)
