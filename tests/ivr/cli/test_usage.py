"""The command itself: help, words that are no command, and exit codes as a shell sees them."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ivr.cli.ahead import behind
from ivr.cli.app import NOUNS

ROOT = Path(__file__).parents[3]
COMMANDS = ("answer", "demo", "run")


AS_ANYBODYS = (sys.executable, "-m", "ivr.cli")


def shell(*words, command=AS_ANYBODYS, **environment):
    """Run the command in a process of its own, as a shell would."""
    return subprocess.run([*command, *map(str, words)], capture_output=True, text=True,
                          cwd=ROOT, env={**os.environ, **environment}, check=False)


@pytest.mark.parametrize("words", [(), *((command,) for command in COMMANDS)], ids=str)
def test_help_when_asked_for_then_it_shows_an_example(ivr, words):
    code, out, err = ivr(*words, "--help")
    assert (code, err) == (0, "")
    assert f"Example: ivr {' '.join(words)}".rstrip() in out


def test_version_when_asked_for_then_it_is_the_projects(ivr):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert ivr("--version") == (0, f"{project['version']}\n", "")


def test_help_when_asked_for_then_every_command_stands_there(ivr):
    code, out, _ = ivr("--help")
    assert code == 0
    assert all(command in out for command in COMMANDS)
    assert re.search("organizer +Organizers", out)


@pytest.mark.parametrize("words", [
    ("anwser", "call.wav"), ("run", "scenarios", "--jsn"), ("demo", "--report"), ("demo", "now"),
    ("answer", "a.wav", "--stay", "long"), ("answer", "a.wav", "--meeting"),
], ids=" ".join)
def test_words_when_they_mean_nothing_then_one_sentence_says_so(refused, words):
    command = words[0] if words[0] in COMMANDS else ""
    assert f"See '{f'ivr {command}'.strip()} --help'." in refused(*words)


@pytest.mark.parametrize(("words", "helped"), [
    (("pin", "reset"), "ivr pin reset"), (("pin", "rset", "amos"), "ivr pin"),
    (("mail", "show", "x"), "ivr mail show"),
    (("organizer", "list", "--pge", "2"), "ivr organizer list"), (("nonsense",), "ivr"),
], ids=str)
def test_words_of_a_sub_command_when_they_mean_nothing_then_its_own_help_is_named(refused, words, helped):
    assert refused(*words).endswith(f"See '{helped} --help'.")


@pytest.mark.parametrize(("words", "meant"), [
    ("--database X pin info amos", "pin info --database X amos"),
    ("pin --database=X info amos", "pin info --database=X amos"),
    ("--json organizer --database X list --page 2", "organizer list --json --database X --page 2"),
    ("--database X answer call.wav", "answer --database X call.wav"),
    ("pin info amos --database X", "pin info amos --database X"),
    ("run --json scenarios", "run --json scenarios"), ("--database X", "--database X"),
    ("pin --help", "pin --help"),
    ("pin --database X --help", "pin --database X --help"), ("mail --database", "mail --database"),
])
def test_options_of_the_desk_when_they_stand_before_the_verb_then_taken_as_if_behind_it(words, meant):
    assert behind(words.split(), NOUNS) == meant.split()


def test_database_when_named_before_the_verb_then_it_is_the_one(ivr, office):
    for words in (["--database", office.file, "organizer", "list"], ["organizer", office.database, "list"]):
        code, out, err = ivr(*words)
        assert (code, err) == (0, "")
        assert "Amos Marble" in out


def test_number_when_longer_than_any_then_told_as_it_was_typed(refused, office):
    assert refused("mail", "show", "9" * 20, office.database) == (
        f"{'9' * 20} is more than any number here: it has 20 digits.")


def test_words_when_a_command_is_misspelt_then_the_nearest_is_named(refused):
    sentence = refused("anwser", "call.wav")
    assert "anwser" in sentence
    assert "answer" in sentence


def test_process_when_all_is_as_expected_then_it_ends_with_0(served):
    done = shell("run", "scenarios/a7-type-ahead.yaml", command=[served / "ivr"])
    assert (done.returncode, done.stderr) == (0, "")


def test_process_when_an_expectation_fails_then_it_ends_with_1(served):
    done = shell("run", "tests/scenarios_that_fail/not-in-meeting.yaml", command=[served / "ivr"])
    assert (done.returncode, done.stderr) == (1, "")
    assert "the call was in the state lobby" in done.stdout


def test_process_when_a_file_is_bad_then_it_ends_with_2_and_one_line():
    done = shell("answer", "pyproject.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("ivr: pyproject.toml is text, not audio")


def test_process_when_nothing_here_can_speak_then_it_ends_with_3_and_says_what_to_install(tmp_path):
    (tmp_path / "pyttsx3").mkdir()
    (tmp_path / "pyttsx3" / "__init__.py").write_text("raise OSError('no voice here')\n", encoding="utf-8")
    done = shell("run", "scenarios/a7-type-ahead.yaml", IVR_CACHE=str(tmp_path / "cache"),
                 PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1
    assert "install" in done.stderr


@pytest.mark.parametrize("words", ["{served}/ivr run scenarios/a7-type-ahead.yaml", "{python} -m ivr.cli --help",
                                   "{python} -m dtmf.cli --help"])
def test_process_when_its_reader_goes_away_then_it_does_not_complain_and_its_exit_code_is_its_own(served, words):
    typed = words.format(served=served, python=sys.executable)
    done = subprocess.run(["bash", "-c", f"{typed} | true; exit ${{PIPESTATUS[0]}}"],
                          capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, "")
