"""`ivr profile`: shown and compared, for people and for programs."""

import json

import pytest

from ivr.cli import main
from ivr.conference.profile import PROFILES


@pytest.mark.parametrize("name", PROFILES)
def test_show_then_every_field_with_its_source(name, capsys):
    assert main(["profile", "show", name]) == 0
    out = capsys.readouterr().out
    for row in ("lobby-timeout", "[U]", "A4.1", "keys.mute", "self-service"):
        assert row in out
    assert main(["profile", "show", name, "--json"]) == 0
    fields = json.loads(capsys.readouterr().out)["fields"]
    assert all(field["source"] and field["value"] and field["about"] for field in fields)


def test_compare_then_only_what_is_different_and_all_if_asked(capsys):
    assert main(["profile", "compare", "teams2021", "teams", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["fields"]
    assert {row["name"] for row in rows} == {"start-admits", "dial-in-bypass", "everyone-admits"}
    assert main(["profile", "compare", "teams2021", "sfbserver"]) == 0
    assert "keys.lock" in capsys.readouterr().out
    assert main(["profile", "compare", "teams", "teams"]) == 0
    assert "the same in every field" in capsys.readouterr().out
    assert main(["profile", "compare", "teams", "teams", "--all", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["fields"]) > 30


def test_a_file_of_ones_own_then_shown_compared_and_obeyed(tmp_path, capsys):
    mine = tmp_path / "mine.yaml"
    mine.write_text("from: teams2021\npin-asked: none\nname-recording: no\n")
    assert main(["profile", "compare", "teams2021", str(mine), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["fields"]) == 2
    story = tmp_path / "story.yaml"
    story.write_text("meetings: [{conference id: 1234567, pin: 48215}]\n"
                     "callers: {anna: [press: 1234567#, hear: wait-in-lobby]}\n")
    assert main(["run", str(story), "--profile", str(mine)]) == 0
    story.write_text("profile: mine.yaml\n" + story.read_text())
    assert main(["run", str(story)]) == 0


@pytest.mark.parametrize(("words", "sentence"), [
    (["profile", "show", "temas"], "did you mean 'teams'"),
    (["run", "x.yaml", "--profile", "nowhere"], "there is no profile 'nowhere'"),
    (["profile", "show", "none.yaml"], "none.yaml: there is no such file"),
])
def test_a_wrong_name_then_one_sentence_and_exit_code_2(words, sentence, capsys):
    assert main(words) == 2
    err = capsys.readouterr().err
    assert sentence in err
    assert err.count("\n") == 1
