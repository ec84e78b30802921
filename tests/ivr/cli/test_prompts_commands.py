"""`ivr prompts`: what is listed, exported and checked; and a voice pack in a call."""

import json

import numpy as np
import pytest
import soundfile

from prompts import Pack, Prompts, languages, load


@pytest.mark.parametrize("language", languages())
def test_list_when_json_is_asked_for_then_every_form_of_every_prompt(ivr, language):
    code, out, err = ivr("prompts", "list", "--language", language, "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert {(row["name"], row["form"]): row["text"] for row in rows} == {
        (name, form): text for name, forms in load(language).texts.items() for form, text in forms.items()}
    assert all(set(row) == {"language", "name", "form", "text", "slots", "files"} for row in rows)
    by_name = {row["name"]: row for row in rows}
    assert by_name["help"]["files"] == ["help"]
    assert by_name["unknown-conference-id"]["files"] == ["unknown-conference-id-1", "unknown-conference-id-2"]


@pytest.mark.parametrize("word", ["fr", "fr-FR", "FR-fr", "français"])
def test_list_when_a_language_is_named_in_any_way_then_found(ivr, word):
    code, out, _ = ivr("prompts", "list", "--language", word)
    assert code == 0
    assert out.startswith("fr-FR  français\n")
    assert "Bonjour" in out


def test_list_when_all_are_asked_for_then_all_are_there(ivr):
    code, out, _ = ivr("prompts", "list", "--language", "all")
    assert code == 0
    assert all(load(language).texts["welcome"]["other"] in out for language in languages())


def test_list_when_the_language_is_unknown_then_the_nearest_is_named(refused):
    assert "there is no language 'fr-CH'; did you mean 'fr-FR'" in refused("prompts", "list", "--language", "fr-CH")


def test_export_then_check_and_everything_is_there(ivr, tmp_path):
    code, out, _ = ivr("prompts", "export", tmp_path / "mine")
    assert code == 0
    count = len(list(tmp_path.rglob("*.wav")))
    assert f"{count} texts in texts.tsv, {count} recordings written" in out
    lines = (tmp_path / "mine" / "en-US" / "texts.tsv").read_text(encoding="utf-8").splitlines()
    assert "welcome\tHello, and welcome to the conference bridge." in lines
    assert len(lines) == count + 1
    code, out, _ = ivr("prompts", "check", tmp_path / "mine")
    assert (code, out) == (0, f"en-US: {count} recordings are used, 0 are missing and spoken instead\n")


def test_export_when_a_recording_is_there_then_kept(ivr, tmp_path):
    mine = tmp_path / "de-DE" / "welcome.wav"
    mine.parent.mkdir()
    mine.write_bytes(b"mine")
    code, out, _ = ivr("prompts", "export", tmp_path, "--language", "de", "--words-only")
    assert (code, mine.read_bytes()) == (0, b"mine")
    assert "0 recordings written" in out
    assert not list(tmp_path.rglob("digits"))


def test_export_when_the_folder_cannot_be_made_then_said_so(refused, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert "cannot be made" in refused("prompts", "export", tmp_path / "file", "--words-only")


def test_check_when_something_is_wrong_then_code_1_and_named(ivr, tmp_path):
    (tmp_path / "en-US").mkdir()
    soundfile.write(tmp_path / "en-US" / "wellcome.wav", np.full(8000, 9000, np.int16), 8000)
    code, out, _ = ivr("prompts", "check", tmp_path)
    assert code == 1
    assert "WRONG" in out
    assert "did you mean 'welcome'" in out
    code, out, _ = ivr("prompts", "check", tmp_path, "--json")
    found = json.loads(out)
    assert code == 1
    assert found["findings"][0]["wrong"] is True
    assert "welcome" in found["missing"]


def test_check_when_there_is_no_such_folder_or_language_then_refused(refused, tmp_path):
    assert "there is no folder" in refused("prompts", "check", tmp_path / "none")
    assert "holds no recording" in refused("prompts", "check", tmp_path)
    soundfile.write(tmp_path / "welcome.wav", np.full(8000, 9000, np.int16), 8000)
    (tmp_path / "fr-FR").mkdir()
    soundfile.write(tmp_path / "fr-FR" / "welcome.wav", np.full(8000, 9000, np.int16), 8000)
    assert "has no recording of de-DE" in refused("prompts", "check", tmp_path, "--language", "de")


@pytest.fixture
def mine(tmp_path):
    """A voice pack with a welcome of its own."""
    spoken = Prompts()
    soundfile.write(tmp_path / "welcome.wav", spoken.say("A very good evening.", voice=spoken.voices[2]), 8000)
    return tmp_path


def test_answer_when_a_voice_pack_is_named_then_the_caller_hears_it(ivr, mine, tmp_path):
    soundfile.write(tmp_path / "call.wav", np.zeros(8000, np.int16), 8000)
    heard = {}
    for name, options in (("plain", ()), ("mine", ("--voice-pack", mine))):
        code, _, err = ivr("answer", tmp_path / "call.wav", "--meeting", "1234567", "--stay", 8, *options,
                           "-o", tmp_path / f"{name}.flac")
        assert code == 0
        assert ("call" in err) == (name == "mine")  # a file of another name is told
        heard[name], _ = soundfile.read(tmp_path / f"{name}.flac", dtype="int16")
    (recorded,) = Prompts(pack=Pack(mine)).clips("welcome")
    assert recorded.tobytes() in heard["mine"].tobytes()
    assert recorded.tobytes() not in heard["plain"].tobytes()


def test_demo_when_the_voice_pack_is_none_then_refused(refused, tmp_path):
    assert "there is no folder" in refused("demo", "--report", tmp_path / "r", "--voice-pack", tmp_path / "none")
    assert "there is no folder" in refused("run", "scenarios", "--voice-pack", tmp_path / "none")
