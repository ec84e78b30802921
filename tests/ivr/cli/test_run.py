"""`ivr run`: a line a scenario, exit codes, journals beside stories; one bad scenario never stops the rest."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

import dtmf
from ivr.cli.kit import prompts, stage
from ivr.scenario.hearing import CallerEar
from ivr.scenario.references import References
from ivr.scenario.sounds import HoldMusic, PromptSound

ROOT = Path(__file__).parents[3]
STORIES = ROOT / "scenarios"
THAT_FAIL = ROOT / "tests" / "scenarios_that_fail"
SHORT = "title: Short\ncallers:\n  anna:\n    - hear: welcome\n"


@pytest.fixture
def copies(ivr, tmp_path):
    """A folder with a copy of two stories, and the journals that they have here."""
    folder = tmp_path / "stories"
    folder.mkdir()
    for name in ("a7-type-ahead", "a1-12-wrong-id-three-times"):
        shutil.copy(STORIES / f"{name}.yaml", folder)
    assert ivr("run", folder, "--update-journals")[0] == 0
    return folder


def test_run_when_shipped_stories_are_played_then_all_pass(ivr):
    # every tenth: that each comes true, with its journal, is shown in tests/ivr/scenario/test_player.py
    stories = sorted(STORIES.glob("*.yaml"))[::10]
    code, out, err = ivr("run", *stories)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert all(re.match(r"pass  \S+\.yaml  [0-9.]+ s in [0-9.]+ s  \S", line) for line in lines[:-1])
    assert lines[-1] == f"{len(stories)} passed, 0 failed"
    assert len(lines) == 1 + len(stories)


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_run_when_stories_hold_pins_then_nothing_printed_or_left_behind_shows_one(ivr, tmp_path, form):
    stories = [STORIES / "a2-9-another-organizers-pin.yaml", STORIES / "s0-15-lobby.yaml",
               STORIES / "a7-type-ahead.yaml", THAT_FAIL / "started-after-all.yaml"]
    _, out, err = ivr("run", *stories, "--report", tmp_path, *form)
    texts = [out, err]
    for path in sorted(tmp_path.rglob("*")):
        if path.suffix in (".html", ".txt", ".jsonl"):
            # sounds and pictures in the page are letters by chance
            texts.append(re.sub(r"data:[^\"')\s]+", "", path.read_text(encoding="utf-8")))
    assert len(texts) == 2 + 3 * len(stories)
    for text in texts:
        assert "48215" not in text
        assert "90371" not in text


def test_run_when_json_is_asked_for_then_it_is_an_object_a_scenario(ivr):
    code, out, err = ivr("run", THAT_FAIL / "wrong-prompt.yaml", STORIES / "a7-type-ahead.yaml", "--json")
    assert (code, err) == (1, "")
    bad, good = (json.loads(line) for line in out.splitlines())
    assert set(bad) == {"file", "title", "source", "tags", "verdict", "passed", "row", "run", "runs",
                        "seconds", "wall_seconds", "failures", "differences", "reason"}
    assert (good["passed"], good["failures"], good["differences"], good["source"]) == (
        True, [], [], "A7, A1.11, A2.8")
    assert not bad["passed"]
    failure, = bad["failures"]
    assert (failure["line"], failure["caller"], failure["step"]) == (11, "anna", "hear: wrong-pin")
    assert "the prompt unknown-conference-id" in failure["instead"]
    assert 12 < failure["at"] < 14


def test_run_when_one_is_bad_and_one_fails_then_the_rest_is_played_and_the_worst_is_the_code(ivr, tmp_path):
    good, fails, bad = tmp_path / "c.yaml", tmp_path / "b.yaml", tmp_path / "a.yaml"
    good.write_text(SHORT, encoding="utf-8")
    fails.write_text(SHORT.replace("welcome", "goodbye-no-conference-id\n      within: 1 s"), encoding="utf-8")
    bad.write_text(SHORT.replace("hear", "haer"), encoding="utf-8")
    missing = tmp_path / "missing.yaml"
    for order in ([tmp_path, missing], [missing, good, bad, fails]):
        code, out, err = ivr("run", *order)
        assert code == 2
        assert f"pass  {good}" in out
        assert f"FAIL  {fails}" in out
        assert out.splitlines()[-1] == "1 passed, 1 failed, 2 not run"
        assert sorted(err.splitlines()) == [f"ivr: {bad}:4: there is no step 'haer'; did you mean 'hear'?",
                                            f"ivr: {missing}: there is no such file."]
    assert ivr("run", good, fails)[0] == 1
    assert ivr("run", good)[0] == 0


def test_run_when_a_recording_is_no_audio_then_the_scenario_is_named_and_the_rest_is_played(ivr, tmp_path):
    (tmp_path / "call.wav").write_text("this is no audio", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("callers:\n  anna:\n    - play: call.wav\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(SHORT, encoding="utf-8")
    code, out, err = ivr("run", tmp_path)
    assert code == 2
    assert out.splitlines()[-1] == "1 passed, 0 failed, 1 not run"
    assert err == f"ivr: {tmp_path / 'a.yaml'}: {tmp_path / 'call.wav'} is text, not audio; give a recording.\n"


@pytest.mark.parametrize(("name", "codec", "remark"), [
    ("call.flac", "flac", ""), ("call.m4a", "aac", ""),
    ("call.raw", None, "does not say what it is, and is read as s16le at 8000 Hz"),
])  # fmt: skip
def test_run_when_a_recording_stands_beside_it_then_its_keys_are_heard(ivr, tmp_path, name, codec, remark):
    rate = 44100 if codec else 8000
    keys = np.concatenate([np.zeros(rate, np.int16), dtmf.encode("1234567#", rate)])
    path = tmp_path / name
    if codec is None:
        path.write_bytes(keys.astype("<i2").tobytes())
    else:
        with av.open(str(path), "w") as out:
            stream = out.add_stream(codec, rate=rate, layout="stereo")
            frame = av.AudioFrame.from_ndarray(np.repeat(keys, 2)[None], "s16", "stereo")
            frame.sample_rate = rate
            for one in (frame, None):
                for packet in stream.encode(one):
                    out.mux(packet)
    (tmp_path / "a.yaml").write_text("meetings:\n  - conference id: 1234567\ncallers:\n  anna:\n"
                                     f"    - play: {name}\n    - hear: organizer-question\n", encoding="utf-8")
    code, _, err = ivr("run", tmp_path)
    assert code == 0
    assert err.startswith(f"ivr: {path} {remark}" if remark else "")
    assert err.count("\n") == bool(remark)
    assert ivr("answer", path, "--meeting", "1234567", "-o", tmp_path / "h.wav")[::2] == (0, err)


@pytest.mark.parametrize("other", ["the same", "silence", "inverted", "another caller"])
def test_run_when_a_recording_of_two_channels_stands_beside_it_then_the_keys_of_one_are_heard(ivr, tmp_path, other):
    keys = np.concatenate([np.zeros(44100, np.int16), dtmf.encode("1234567#", 44100)])
    right = {"the same": keys, "silence": 0 * keys, "inverted": -keys, "another caller": keys[::-1]}[other]
    soundfile.write(tmp_path / "call.flac", np.stack([right, keys], 1), 44100)
    story = ("meetings:\n  - conference id: 1234567\ncallers:\n  anna:\n"
             "    - play: {}\n    - hear: organizer-question\n")
    (tmp_path / "a.yaml").write_text(story.format("{file: call.flac, channel: 1}"), encoding="utf-8")
    assert ivr("run", tmp_path)[::2] == (0, "")
    (tmp_path / "a.yaml").write_text(story.format("call.flac"), encoding="utf-8")
    asks = (f"ivr: {tmp_path / 'a.yaml'}: {tmp_path / 'call.flac'}: channels 0 and 1 hold different keys; "
            "choose with 'channel: 0', or 'channel: mix'.\n")
    assert ivr("run", tmp_path)[::2] == ((2, asks) if other == "another caller" else (0, ""))


@pytest.mark.parametrize(("text", "why"), [
    (SHORT.replace("hear", "haer"), ":4: there is no step 'haer'; did you mean 'hear'?"),
    ("meetings:\n  - conference id: 1234567\n  - conference id: 1234567\n" + SHORT,
     ":3: the conference ID 1234567 is already taken by the meeting in line 2: give each meeting its own."),
    ("meetings:\n  - conference id: 123456\n" + SHORT,
     ":2: '123456' is not a conference ID: one has exactly 7 digits."),
    ("meetings:\n  - conference id: 1234567\n    pin: 482\n" + SHORT,
     ":3: this PIN has 3 characters: a PIN has 4 to 12 digits and nothing else."),
    ("callers:\n  anna:\n    - wait: 1 s\n", ":2: anna never dials: add the step 'dial'."),
    ("", ": the file is empty: a scenario has at least 'callers'."),
])
def test_run_when_a_scenario_is_bad_then_one_sentence_says_so(ivr, tmp_path, text, why):
    path = tmp_path / "story.yaml"
    path.write_text(text, encoding="utf-8")
    assert ivr("run", path) == (2, "0 passed, 0 failed, 1 not run\n", f"ivr: {path}{why}\n")
    assert [p.name for p in tmp_path.iterdir()] == ["story.yaml"]


def test_run_when_nothing_is_named_or_found_then_it_says_what_to_name(refused, tmp_path):
    assert refused("run") == "no scenario is named: name files or folders, as in 'ivr run scenarios/'."
    assert refused("run", tmp_path) == (
        f"the folder {tmp_path} holds no scenario: scenarios are files that end in .yaml.")


def test_run_when_the_report_cannot_be_written_then_nothing_is_played(refused, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    for path in (in_the_way, in_the_way / "inside"):
        assert refused("run", STORIES, "--report", path).startswith(f"the folder {path} cannot be made (")


# journals beside stories


def test_run_when_a_journal_was_changed_then_it_differs_and_an_update_accepts_it(ivr, copies):
    journal = copies / "a7-type-ahead.journal"
    right = journal.read_text(encoding="utf-8")
    journal.write_text(right.replace("role organizer", "role participant"), encoding="utf-8")
    code, out, err = ivr("run", copies)
    assert (code, err) == (1, "")
    assert f"FAIL  {copies / 'a7-type-ahead.yaml'}" in out
    assert f"the journal differs from {journal} (--update-journals accepts it): 2 lines, the first: -" in out
    assert out.splitlines()[-1] == "1 passed, 1 failed"
    difference, = json.loads(ivr("run", copies / "a7-type-ahead.yaml", "--json")[1])["differences"]
    assert "role participant" in difference
    assert ivr("run", copies, "--update-journals")[0] == 0
    assert journal.read_text(encoding="utf-8") == right
    assert ivr("run", copies)[0] == 0


def test_run_when_a_journal_was_spoken_by_another_voice_then_it_is_not_compared(ivr, copies):
    journal = copies / "a7-type-ahead.journal"
    journal.write_text("# spoken by somebody else\nnothing\n", encoding="utf-8")
    code, out, err = ivr("run", copies)
    assert (code, err) == (0, "")
    assert f"the journal {journal} was spoken by somebody else, and here speaks {prompts().engine}: " in out


def test_run_when_a_journal_is_damaged_then_it_differs(ivr, copies):
    journal = copies / "a7-type-ahead.journal"
    for damaged in (journal.read_bytes() + b"\xff\xfe\n", journal.read_bytes().partition(b"\n")[2], b""):
        journal.write_bytes(damaged)
        assert ivr("run", copies)[0] == 1


def test_run_when_a_story_fails_then_no_update_accepts_its_journal(ivr, tmp_path):
    shutil.copy(THAT_FAIL / "wrong-prompt.yaml", tmp_path)
    assert ivr("run", tmp_path, "--update-journals")[0] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["wrong-prompt.yaml"]


def test_run_when_a_report_is_asked_for_then_each_story_has_a_folder(ivr, copies, tmp_path):
    out = tmp_path / "out"
    assert ivr("run", copies, "--report", out)[0] == 0
    assert {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()} == {
        f"{story}/{name}"
        for story, caller in (("a7-type-ahead", "amos"), ("a1-12-wrong-id-three-times", "carla"))
        for name in ("report.html", f"{caller}-heard.wav", "journal.txt", "journal.jsonl")}
    beside = (copies / "a7-type-ahead.journal").read_text(encoding="utf-8").partition("\n")[2]
    assert (out / "a7-type-ahead" / "journal.txt").read_text(encoding="utf-8") == beside


def test_run_when_two_scenarios_have_one_name_then_neither_report_is_lost(ivr, tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "story.yaml").write_text(SHORT, encoding="utf-8")
    assert ivr("run", tmp_path / "one", tmp_path / "two", "--report", tmp_path / "out")[0] == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["story", "story-2"]


def test_run_when_its_recordings_are_listened_to_then_they_hold_what_the_story_says(ivr, tmp_path):
    assert ivr("run", STORIES / "s0-15-lobby.yaml", "--report", tmp_path)[0] == 0
    samples, rate = soundfile.read(tmp_path / "s0-15-lobby" / "anna-heard.wav", dtype="int16")
    assert (rate, samples.ndim) == (8000, 1)
    ear = CallerEar(References(stage().fixed, stage().music, stage().tones), caller="anna", began_at=0)
    for k in range(0, len(samples) - 159, 160):
        ear.hear(samples[k:k + 160])
    # the end of music is known to a third of a second, and a prompt is known by its beginning
    assert ear.find(PromptSound("joining"), ear.find(HoldMusic(), 0).end - 4000)


def test_run_when_a_journal_differs_then_its_page_says_so_and_shows_no_single_digit(ivr, copies, tmp_path):
    journal = copies / "a7-type-ahead.journal"
    right = journal.read_text(encoding="utf-8")
    journal.write_text(right + "   99.000  amos        key         7\n", encoding="utf-8")
    assert ivr("run", copies, "--report", tmp_path / "out")[0] == 1
    page = (tmp_path / "out" / "a7-type-ahead" / "report.html").read_text(encoding="utf-8")
    assert "1 line differs" in page
    assert '<span class="gone">\u2212    99.000  amos        key         •</span>' in page
    assert "<title>FAILED: " in page


def test_run_when_a_page_is_to_be_without_audio_then_the_recordings_are_there_all_the_same(ivr, refused, tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(SHORT, encoding="utf-8")
    assert ivr("run", path, "--report", tmp_path / "out", "--no-audio")[0] == 0
    assert "<audio" not in (tmp_path / "out" / "story" / "report.html").read_text(encoding="utf-8")
    assert soundfile.info(tmp_path / "out" / "story" / "anna-heard.wav").frames
    assert refused("run", path, "--no-audio") == (
        "--no-audio is for a page: name one with --html, or a folder with --report.")


def test_run_when_whoever_reads_goes_away_then_the_rest_is_played_and_the_code_is_the_runs(served, tmp_path):
    (tmp_path / "a.yaml").write_text(SHORT, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(SHORT.replace("welcome", "joining\n      within: 1 s"), encoding="utf-8")
    for form in ([], ["--json"]):
        reads, writes = os.pipe()
        os.close(reads)
        with os.fdopen(writes, "w") as gone:
            words = ["run", str(tmp_path), "--report", str(tmp_path / "out"), *form]
            run = subprocess.run([served / "ivr", *words], stdout=gone, stderr=subprocess.PIPE,
                                 text=True, cwd=ROOT, check=False)
        assert (run.returncode, run.stderr) == (1, "")
        assert (tmp_path / "out" / "b" / "report.html").is_file()
        shutil.rmtree(tmp_path / "out")


def test_run_when_a_title_holds_commands_for_a_terminal_then_they_are_shown_and_not_sent(ivr, tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text(SHORT.replace("Short", '"\\e[2J\\u009b31m\\rRed\\u202e"'), encoding="utf-8")
    assert ivr("run", path)[1].splitlines()[0].endswith(r"  \x1b[2J\x9b31m\rRed\u202e")
    assert json.loads(ivr("run", path, "--json")[1])["title"] == "\x1b[2J\x9b31m\rRed\u202e"


@pytest.mark.parametrize(("text", "why"), [
    (SHORT.replace("Short", '"\\ud800"'), r":1: \ud800 is half a character: write the character itself."),
    (SHORT.replace("anna", '"\\udfff"'), r":3: \udfff is half a character: write the character itself."),
    (SHORT + f"    - say: {'word ' * 801}",
     ":5: what is said has 4004 characters: 4000 at most, so say it in several steps."),
])
def test_run_when_a_text_cannot_be_written_or_spoken_then_one_sentence_says_so(ivr, tmp_path, text, why):
    path = tmp_path / "story.yaml"
    path.write_text(text, encoding="utf-8")
    said = ivr("run", path, "--report", tmp_path / "out")
    assert said == (2, "0 passed, 0 failed, 1 not run\n", f"ivr: {path}{why}\n")
