"""Several recordings call one bridge, and recordings of several channels: who is heard, and what is refused."""

import json
import os
import re
import shutil

import numpy as np
import pytest
import soundfile

import dtmf

PIN = "48215"
MEETING = f"1234567:{PIN}:Amos"


def said(*parts):
    """Return a caller: pieces of keys, and seconds of silence."""
    return np.concatenate([dtmf.encode(part) if isinstance(part, str) else np.zeros(round(part * 8000), np.int16)
                           for part in parts])


ANNA = said(0.5, "1234567#", 4.0)
AMOS = said(0.5, "1234567#", 1.0, "*", 1.0, PIN + "#", 2.0)


@pytest.fixture
def both(tmp_path):
    """A caller who waits, and the organizer."""
    paths = tmp_path / "anna.wav", tmp_path / "amos.wav"
    for path, samples in zip(paths, (ANNA, AMOS), strict=True):
        soundfile.write(path, samples, 8000)
    return paths


def test_answer_two_recordings_when_the_second_is_the_organizer_then_both_are_in_one_meeting(ivr, both, tmp_path):
    folder, report = tmp_path / "heard", tmp_path / "report"
    code, printed, err = ivr("answer", *both, "--at", "0,25", "--meeting", MEETING, "-o", folder,
                             "--report", report, "--json")
    assert (code, err) == (0, "")
    facts = json.loads(printed)
    anna, amos = facts["callers"]
    assert [(one["caller"], one["file"], one["dialled_at"], one["outcome"], one["digits"])
            for one in (anna, amos)] == [("anna", str(both[0]), 0, "in meeting", "1234567#"),
                                         ("amos", str(both[1]), 25, "in meeting", "1234567#*****#")]
    assert [bool(one["music"]) for one in (anna, amos)] == [True, False]
    joined = [(entry["caller"], entry["at"]) for entry in facts["journal"] if entry["event"] == "joined"]
    assert sorted(who for who, _ in joined) == ["amos", "anna"]
    assert all(at > 25 for _, at in joined)
    for one in (anna, amos):
        samples, rate = soundfile.read(folder / f"{one['caller']}-heard.wav")
        assert (rate, len(samples)) == (8000, one["seconds"] * 8000)
    assert sorted(path.name for path in report.iterdir()) == [
        "amos-heard.wav", "anna-heard.wav", "journal.jsonl", "journal.txt", "report.html"]
    page = (report / "report.html").read_text(encoding="utf-8")
    assert "anna.wav, amos.wav dial in" in page
    assert not any(PIN in text for text in (printed, page, (report / "journal.txt").read_text(encoding="utf-8")))


def test_answer_two_recordings_when_read_by_a_person_then_every_line_names_who(ivr, both, tmp_path):
    code, printed, _ = ivr("answer", *both, "--meeting", MEETING, "-o", tmp_path)
    assert code == 0
    lines = printed.splitlines()
    timeline = [line for line in lines if re.match(r" *[0-9.]+ s ", line)]
    assert {line.split()[2] for line in timeline if "has entered" in line} == {"anna", "amos"}
    assert [line.split(";")[0] for line in lines[-2:]] == [f"{path} ({path.stem}): in meeting" for path in both]
    assert PIN not in printed


def test_answer_one_recording_of_two_callers_then_each_channel_is_a_caller(ivr, tmp_path):
    path = tmp_path / "two.wav"
    length = max(len(ANNA), len(AMOS))
    channels = [np.pad(one, (0, length - len(one))) for one in (AMOS, ANNA)]
    soundfile.write(path, np.stack(channels, axis=1), 8000)
    code, printed, _ = ivr("answer", path, path, "--channel", "1,0", "--meeting", MEETING, "-o", tmp_path, "--json")
    assert code == 0
    assert [(one["caller"], one["digits"]) for one in json.loads(printed)["callers"]] == [
        ("two", "1234567#"), ("two-2", "1234567#*****#")]
    assert sorted(one.name for one in tmp_path.glob("*-heard.wav")) == ["two-2-heard.wav", "two-heard.wav"]


@pytest.mark.parametrize(("options", "digits"), [(["--channel", "0"], "1234567#"), (["--channel", "1"], "****"),
                                                 (["--mix"], "1234567#****")])
def test_answer_when_channels_hold_different_keys_then_asked_which_and_the_keys_stay_unsaid(ivr, refused, tmp_path,
                                                                                           options, digits):
    path = tmp_path / "call.wav"
    left, right = said(0.5, "1234567#", 3.0), said(4.0, "99", 0.7)
    length = max(len(left), len(right))
    soundfile.write(path, np.stack([np.pad(one, (0, length - len(one))) for one in (left, right)], axis=1), 8000)
    out = tmp_path / "h.wav"
    assert refused("answer", path, "-o", out) == (
        f"{path}: channels 0 and 1 hold different keys; choose with --channel 0, or --mix.")
    assert not out.exists()
    code, printed, _ = ivr("answer", path, "-o", out, "--stay", "1", "--json", *options)
    assert (code, json.loads(printed)["digits"]) == (0, digits)


def test_answer_when_the_channels_are_inverted_or_one_is_silent_then_the_keys_are_heard(ivr, tmp_path):
    for right in (-ANNA, np.zeros_like(ANNA)):
        soundfile.write(tmp_path / "call.wav", np.stack([ANNA, right], axis=1), 8000)
        code, printed, _ = ivr("answer", tmp_path / "call.wav", "-o", tmp_path / "h.wav", "--stay", "0", "--json")
        assert (code, json.loads(printed)["digits"]) == (0, "1234567#")


@pytest.mark.parametrize(("options", "why"), [
    (["--at", "0"], "--at 0 gives 1 times for 2 recordings: give each one, with commas between."),
    (["--at", "0,soon"], "--at 'soon' is no time to dial: it takes 0 to 3600 seconds, one a recording, with commas "
                         "between."),
    (["--at=-1,0"], "--at '-1' is no time to dial: it takes 0 to 3600 seconds, one a recording, with commas "
                    "between."),
    (["--at", "0,3601"], "--at '3601' is no time to dial: it takes 0 to 3600 seconds, one a recording, with commas "
                         "between."),
    (["--channel", "0,0,1"], "--channel 0,0,1 gives 3 channels for 2 recordings: give one, or one each."),
    (["--channel", "9" * 5000], f"--channel '{'9' * 5000}' is no channel: give a number from 0, for all "
                                "recordings, or one each with commas between."),
    (["--channel", "left"], "--channel 'left' is no channel: give a number from 0, for all recordings, or one each "
                            "with commas between."),
    (["--channel", "0", "--mix"], "--channel 0 and --mix are two things to hear: give one of them."),
    (["-o", "heard.wav"], "--output heard.wav is to hold what 2 callers hear: name a folder."),
])
def test_answer_several_when_an_option_is_off_then_one_sentence_and_nothing_is_written(refused, both, tmp_path,
                                                                                      options, why):
    assert refused("answer", *both, *options) == why
    assert sorted(path.name for path in tmp_path.iterdir()) == ["amos.wav", "anna.wav"]


def test_answer_when_no_recording_is_named_then_refused(refused):
    assert refused("answer").startswith("no recording is named: name one audio file at least")


def test_answer_recordings_when_names_are_no_text_or_alike_then_each_has_one_of_its_own(ivr, both, tmp_path):
    paths = [tmp_path / os.fsdecode(b"caf\xe9.wav"), tmp_path / "more" / "anna.wav"]
    paths[1].parent.mkdir()
    for path in paths:
        shutil.copy(both[0], path)
    code, printed, err = ivr("answer", both[0], *paths, "--stay", "0", "-o", tmp_path / "heard", "--report",
                             tmp_path / "report", "--json")
    assert (code, err) == (0, "")
    names = ["anna", "caf\\udce9", "anna-2"]
    assert [one["caller"] for one in json.loads(printed)["callers"]] == names
    assert sorted(path.name for path in (tmp_path / "heard").iterdir()) == sorted(f"{n}-heard.wav" for n in names)
    assert "caf\\udce9.wav" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
