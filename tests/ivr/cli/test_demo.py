"""`ivr demo`: the lobby story, told as it happens."""

import hashlib
import re

import pytest
import soundfile

from ivr.cli.demo import STORY, stories


def test_demo_when_run_then_the_story_is_told_and_left_behind(ivr, tmp_path):
    where = tmp_path / "deep" / "report"
    code, out, err = ivr("demo", "--report", where)
    assert (code, err) == (0, "")
    assert sorted(p.name for p in where.iterdir()) == [
        "amos-heard.wav", "anna-heard.wav", "bela-heard.wav", "journal.jsonl", "journal.txt", "report.html"]
    told = [line for line in out.splitlines() if re.match(r" *[0-9.]+ s  ", line)]
    moments = ["anna     dials in", "bela     waits in the lobby", "anna     hold music starts",
               "amos     STARTS the meeting 1234567", "anna     JOINS the meeting 1234567 as participant"]
    places = [next(n for n, line in enumerate(told) if moment in line) for moment in moments]
    assert places == sorted(places)
    assert f"Look at {where / 'report.html'}" in out
    assert "FAILED" not in out
    assert float(re.search(r"([0-9]+) times faster than real time", out)[1]) > 1


def test_demo_when_run_twice_then_recordings_and_journals_are_the_same_and_hold_no_pin(ivr, tmp_path):
    def left(where):
        assert ivr("demo", "--report", where)[0] == 0
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in where.iterdir() if p.suffix != ".html"}

    assert left(tmp_path / "one") == left(tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        if path.suffix == ".wav":
            assert soundfile.info(path).frames > 8000 * 15
        else:
            text = re.sub(r"data:[^\"')\s]+", "", path.read_text(encoding="utf-8"))
            assert "48215" not in text


def test_demo_when_the_page_is_to_be_without_audio_then_it_is_and_the_recordings_are_there(ivr, tmp_path):
    assert ivr("demo", "--report", tmp_path, "--no-audio")[0] == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "This page holds no sound; the WAV files beside it do." in page
    assert len(page) < 400_000
    assert soundfile.info(tmp_path / "anna-heard.wav").frames > 8000 * 15


def test_demo_when_its_folder_cannot_be_made_then_it_is_refused_before_the_story(refused, tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "inside"):
        assert refused("demo", "--report", path).startswith(f"the folder {path} cannot be made (")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_demo_when_it_is_to_be_live_then_its_options_are_looked_at_as_those_of_the_lobby(refused, tmp_path):
    live = "demo", "--live", "--plain", "--report", tmp_path / "out"
    assert refused(*live, "--speed", "nan") == "--speed nan is no pace: take 0.1 to 1000, 1 is real time."
    assert refused(*live, "--record", tmp_path).startswith(f"--record {tmp_path} is a folder: name a file")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", [STORY])
def test_demo_when_it_looks_for_its_story_then_it_is_there(name):
    assert (stories() / name).is_file()
