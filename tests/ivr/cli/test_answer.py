"""A recording is the caller: what is printed, what is written, and what is refused."""

import json
import re

import numpy as np
import pytest
import soundfile

import dtmf
from ivr.cli.kit import prompts, stage
from ivr.scenario.hearing import CallerEar
from ivr.scenario.references import References
from ivr.scenario.sounds import HoldMusic, PromptSound

PIN = "48215"
MEETING = f"1234567:{PIN}:Amos"


def caller(path, *parts, rate=8000, channels=1):
    """Write a caller: pieces of keys, and seconds of silence."""
    pieces = [dtmf.encode(part, rate) if isinstance(part, str) else np.zeros(round(part * rate), np.int16)
              for part in parts]
    said = np.concatenate(pieces)
    soundfile.write(path, np.repeat(said[:, None], channels, axis=1), rate)
    return path


@pytest.fixture
def call(tmp_path):
    """A caller who types the ID, says he is the organizer, and gives his PIN."""
    return caller(tmp_path / "call.wav", 3.0, "1234567#", 1.0, "*", 1.0, PIN + "#", 3.0)


def heard(path):
    samples, rate = soundfile.read(path, dtype="int16")
    assert (rate, samples.ndim) == (8000, 1)
    return samples


def listening(samples):
    ear = CallerEar(References(stage().fixed, stage().music, stage().tones), caller="", began_at=0)
    for k in range(0, len(samples) - 159, 160):
        ear.hear(samples[k:k + 160])
    return ear


@pytest.mark.parametrize(("stay", "outcome"), [(("--stay", "1"), "left at recording"), ((), "ended after goodbye")])
def test_answer_when_voice_mail_has_taken_the_call_then_not_called_refused(ivr, office_of, tmp_path, stay, outcome):
    office, speaks = office_of("um"), np.random.default_rng(1).normal(0, 3000, 24_000).astype(np.int16)
    for words in (("number", "add", "+14255550136", "--application", "mailbox"),
                  ("organizer", "set", "tonysmith@contoso.com", "--extension", "36697", "--phone", "+14255550136")):
        assert ivr(*words, office.database)[0] == 0
    call = caller(tmp_path / "call.wav", 5.0, *(() if stay else ("#1#",)))
    said = soundfile.read(call, dtype="int16")[0]
    soundfile.write(call, np.concatenate([said[:40_000], speaks, said[40_000:]]), 8000)
    code, out, err = ivr("answer", call, "--called", "+14255550136", *stay, "-o", tmp_path / "heard.wav",
                         office.database)
    assert (code, err) == (0, "")
    assert f"call.wav: {outcome}; keys " in out


def test_answer_when_json_is_asked_for_then_it_is_one_object_with_times_in_seconds(ivr, call, tmp_path):
    out = tmp_path / "heard.wav"
    code, printed, err = ivr("answer", call, "--meeting", MEETING, "-o", out, "--json")
    assert (code, err) == (0, "")
    facts = json.loads(printed)
    assert set(facts) == {"file", "outcome", "digits", "seconds", "states", "prompts", "music", "journal"}
    assert (facts["file"], facts["outcome"], facts["digits"]) == (str(call), "in meeting", "1234567#*****#")
    assert [s["state"] for s in facts["states"]] == [
        "greeting", "conference-id", "finding", "organizer-question", "pin", "checking-pin", "meeting", "ended"]
    said = {p["prompt"]: p for p in facts["prompts"]}
    assert list(said) == ["welcome", "enter-conference-id", "organizer-question", "enter-pin",
                          "meeting-started-by-you"]
    assert [p["interrupted"] for p in said.values()] == [False, True, True, True, False]
    assert said["welcome"]["at"] == 0
    for before, after in zip(facts["prompts"], facts["prompts"][1:], strict=False):
        # a key is heard within a frame, and what it brings begins with that frame
        assert before["at"] < before["until"] < after["at"] + 0.02
    assert facts["music"] == []
    assert facts["journal"][0] == {"at": 0.0, "sample": 0, "call": 1, "caller": "caller", "event": "dialled"}
    assert len(heard(out)) == facts["seconds"] * 8000


def test_answer_when_a_pin_is_typed_then_nothing_shows_it(ivr, call, tmp_path):
    for options in ([], ["--json"]):
        code, printed, err = ivr("answer", call, "--meeting", MEETING, "-o", tmp_path / "h.wav", *options)
        assert code == 0
        assert PIN not in printed + err
        assert "****" in printed


def test_answer_when_a_wrong_pin_is_typed_then_nothing_shows_it_either(ivr, tmp_path):
    path = caller(tmp_path / "call.wav", "1234567#", 1.0, "*", 1.0, "90371#", 12.0)
    code, printed, _ = ivr("answer", path, "--meeting", MEETING, "-o", tmp_path / "h.wav", "--stay", "1", "--json")
    assert code == 0
    assert "90371" not in printed
    assert json.loads(printed)["digits"] == "1234567#*****#"


@pytest.mark.parametrize(("rate", "channels"), [(8000, 2), (8000, 8), (44100, 2), (48000, 1)])
def test_answer_when_rate_and_channels_are_others_then_the_keys_are_the_same(ivr, tmp_path, rate, channels):
    path = caller(tmp_path / "call.wav", 1.0, "1234567#", 1.0, "*", 1.0, PIN + "#", 1.0, rate=rate,
                  channels=channels)
    code, printed, _ = ivr("answer", path, "--meeting", MEETING, "-o", tmp_path / "h.wav", "--json")
    facts = json.loads(printed)
    assert (code, facts["outcome"], facts["digits"]) == (0, "in meeting", "1234567#*****#")


def test_answer_when_nobody_has_the_pin_then_the_caller_waits_and_hears_music(ivr, tmp_path):
    path, out = caller(tmp_path / "call.wav", 3.0, "1234567#", 1.0), tmp_path / "h.wav"
    code, printed, _ = ivr("answer", path, "--meeting", "1234567", "-o", out, "--json")
    facts = json.loads(printed)
    assert (code, facts["outcome"], facts["digits"]) == (0, "in lobby", "1234567#")
    music, = facts["music"]
    assert music["until"] - music["at"] >= 5
    assert music["until"] == facts["seconds"]
    match = listening(heard(out)).find(HoldMusic(), 0)
    assert abs(match.start / 8000 - music["at"]) < 0.3


def test_answer_when_nobody_types_then_the_call_is_refused_and_heard_to_its_end(ivr, tmp_path):
    path, out = caller(tmp_path / "call.wav", 0.5), tmp_path / "h.wav"
    code, printed, _ = ivr("answer", path, "-o", out, "--json")
    facts = json.loads(printed)
    assert (code, facts["outcome"], facts["digits"]) == (0, "refused", "")
    assert facts["prompts"][-1]["prompt"] == "goodbye-no-conference-id"
    assert listening(heard(out)).find(PromptSound("goodbye-no-conference-id", whole=True), 0)
    assert len(heard(out)) == facts["seconds"] * 8000


def test_answer_when_told_how_long_to_stay_then_the_call_ends_then(ivr, tmp_path):
    path, out = caller(tmp_path / "call.wav", 2.0), tmp_path / "h.wav"
    code, printed, _ = ivr("answer", path, "-o", out, "--stay", "1.5", "--json")
    facts = json.loads(printed)
    assert (code, facts["outcome"]) == (0, "left at conference-id")
    assert facts["seconds"] == pytest.approx(3.5, abs=0.05)


def test_answer_when_played_again_then_all_is_the_same_to_the_byte(ivr, call, tmp_path):
    first, second = tmp_path / "1.wav", tmp_path / "2.wav"
    printed = [ivr("answer", call, "--meeting", MEETING, "-o", path, "--json")[1] for path in (first, second)]
    assert printed[0] == printed[1]
    assert first.read_bytes() == second.read_bytes()


def test_answer_when_no_output_is_named_then_it_stands_in_this_folder(ivr, call, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    code, printed, _ = ivr("answer", call, "--meeting", MEETING)
    assert code == 0
    assert "written to call-heard.wav" in printed
    assert [p.name for p in (tmp_path / "here").iterdir()] == ["call-heard.wav"]


def test_answer_when_read_by_a_person_then_the_story_is_told_in_order(ivr, call, tmp_path):
    _, printed, _ = ivr("answer", call, "--meeting", MEETING, "-o", tmp_path / "h.wav")
    times = [float(t) for t in re.findall(r"^ *([0-9]+\.[0-9]{2}) s", printed, re.M)]
    assert times == sorted(times)
    assert "dials in" in printed
    assert "STARTS the meeting 1234567" in printed
    assert "in meeting; keys 1234567#*****#" in printed.splitlines()[-1]


# what is refused


def _files(tmp_path):
    (tmp_path / "text.wav").write_text("this is no audio", encoding="utf-8")
    (tmp_path / "empty.wav").touch()
    soundfile.write(tmp_path / "none.wav", np.zeros(0, np.int16), 8000)
    return {"missing": ("missing.wav", "does not exist; check the name."),
            "text": ("text.wav", "is text, not audio; give a recording."),
            "empty": ("empty.wav", "is an empty file; record it again."),
            "none": ("none.wav", "holds 0 samples; record it again."),
            "folder": ("", "is a folder; name an audio file.")}


@pytest.mark.parametrize("which", ["missing", "text", "empty", "none", "folder"])
def test_answer_when_the_file_is_no_call_then_it_is_refused_and_nothing_written(refused, tmp_path, which):
    name, why = _files(tmp_path)[which]
    path = tmp_path / name if name else tmp_path
    before = sorted(tmp_path.iterdir())
    assert refused("answer", path, "-o", tmp_path / "h.wav") == f"{path} {why}"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(("options", "why"), [
    (["--meeting", "1234567", "--meeting", "1234567"],
     "two meetings have the conference ID 1234567: give each its own."),
    (["--meeting", "123456:48215"], "'123456' is not a conference ID: one has exactly 7 digits."),
    (["--meeting", "1234567:482"],
     "the PIN of meeting 1234567 has 3 characters: a PIN has 4 to 12 digits and nothing else."),
    (["--meeting", "1234567:4821500000000"],
     "the PIN of meeting 1234567 has 13 characters: a PIN has 4 to 12 digits and nothing else."),
    (["--stay", "-1"], "--stay -1.0 is no time to stay: it takes 0 to 3600 seconds."),
    (["--stay", "nan"], "--stay nan is no time to stay: it takes 0 to 3600 seconds."),
])
def test_answer_when_an_option_is_off_then_it_is_refused_and_what_was_there_stays(refused, call, tmp_path, options,
                                                                                 why):
    out = tmp_path / "h.wav"
    out.write_bytes(b"what was there")
    assert refused("answer", call, "-o", out, *options) == why
    assert out.read_bytes() == b"what was there"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["call.wav", "h.wav"]


def test_answer_when_a_pipe_is_to_be_two_callers_then_it_is_refused(refused):
    assert refused("answer", "-", "-").startswith("'-' is named twice, and what comes from a pipe is one caller")


def test_answer_when_the_output_cannot_be_written_then_it_is_refused(refused, call, tmp_path):
    (tmp_path / "file").touch()
    inside = tmp_path / "file" / "h.wav"
    assert refused("answer", call, "-o", inside) == (
        f"{inside} cannot be written (there is no folder {inside.parent}).")
    assert refused("answer", call, "-o", tmp_path) .startswith(f"{tmp_path} ")
    assert refused("answer", call, "-o", tmp_path / "h.xyz") == (
        f"{tmp_path / 'h.xyz'} has no ending that names an audio format; use .wav, .flac, .ogg, .mp3 or .au.")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["call.wav", "file"]


def test_answer_when_the_disk_is_full_then_the_sentence_names_the_file_asked_for(refused, call, small_disk):
    path = small_disk(65536) / "h.wav"
    told = refused("answer", call, "--meeting", MEETING, "-o", path, code=3)
    assert told == f"{path} cannot be written (No space left on device)."
    assert list(path.parent.iterdir()) == []


def test_answer_when_what_is_heard_would_go_over_the_recording_then_refused(refused, call):
    before = call.read_bytes()
    assert "are one file: name two" in refused("answer", call, "-o", call)
    assert call.read_bytes() == before


# a call that somebody else recorded


@pytest.mark.slow
def test_answer_when_a_real_recording_calls_then_it_gets_into_the_lobby(ivr, recordings, tmp_path):
    path, out = recordings / "dtmf" / "RainEggplant+dtmf_detection" / "data2-data.wav", tmp_path / "h.wav"
    if not path.is_file():
        pytest.skip(f"no {path.name} among the recordings: set IVR_RECORDINGS to a folder that has it")
    code, printed, _ = ivr("answer", path, "--meeting", "2051320:9999:Rain", "-o", out, "--json")
    facts = json.loads(printed)
    assert (code, facts["outcome"], facts["digits"]) == (0, "in lobby", "2051320****")
    assert "conference-id-taken" in [said["prompt"] for said in facts["prompts"]]
    assert [e["digits"] for e in facts["journal"] if e["event"] == "entered"] == ["2051320", "****"]
    first = facts["prompts"][0]
    assert (first["prompt"], first["interrupted"]) == ("welcome", True)
    samples = heard(out)
    ear = listening(samples)
    music = ear.find(HoldMusic(), 0)
    assert abs(music.start / 8000 - facts["music"][0]["at"]) < 0.3
    assert ear.find(PromptSound("welcome", whole=True), 0) is None
    cut = round(first["until"] * 8000)
    assert 0 < cut < len(prompts().clips("welcome")[0])
    whole = cut // 160 * 160 - 160
    np.testing.assert_array_equal(samples[:whole], prompts().clips("welcome")[0][:whole])
    assert not samples[cut:cut + 800].any()




def test_answer_when_pin_and_id_are_swapped_then_the_pin_is_not_shown(refused, tmp_path):
    soundfile.write(tmp_path / "call.wav", dtmf.encode("1#"), 8000)
    told = refused("answer", tmp_path / "call.wav", "--meeting", "48215:1234567")
    assert "in this order" in told
    assert "48215" not in told
