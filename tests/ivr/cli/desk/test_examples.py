"""Every command as its own help shows it: it runs, and says the same in JSON."""

import json
import re
import shlex
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ivr.cli.app import NOUNS
from ivr.desk.opening import open_desk
from ivr.voicemail import Find, Leave

DESK = {noun: where.partition(":")[0] for noun, (where, _, _) in NOUNS.items() if where.startswith("ivr.cli.desk.")}
COMMANDS = [(noun, verb) for noun, module in DESK.items()
            for verb in import_module(module).app if not verb.startswith("-")]
OF_THE_ISSUE = {
    "organizer": {"enable", "disable", "show", "list", "set"}, "pin": {"reset"}, "conference-id": {"reset"},
    "meeting": {"schedule", "list", "show", "invite", "cancel", "reschedule"}, "mail": {"list", "show", "retry"},
    "number": {"list", "set"}, "bridge": {"show", "set"}, "settings": {"show", "set", "reset"},
    "policy": {"list", "show", "set", "reset"},
}
PROFILES = {("pin", "change"): "um", ("pin", "lock"): "sfbserver", ("pin", "unlock"): "sfbserver"}
BEFORE = {("policy", "grant"): ("policy", "new", "pin", "strict", "--shortest", "8")}
commands = pytest.mark.parametrize("command", COMMANDS, ids=" ".join)


@pytest.fixture
def example(ivr):
    """Return a command's example, as its help has it, without the name of the program."""
    def example(*command):
        code, out, err = ivr(*command, "--help")
        assert (code, err) == (0, "")
        found = re.search(r"^Example: ivr ((?:.+\n)+)", out, re.MULTILINE)
        assert found, out
        return shlex.split(found[1])
    return example


@pytest.fixture
def with_a_message(ivr, tmp_path, monkeypatch):
    """Give an office a mailbox with a message in it, and be where a recording of a greeting lies."""
    def with_a_message(office):
        monkeypatch.chdir(tmp_path)
        said = np.arange(16000, dtype=np.int16)
        soundfile.write("greeting.wav", said, 8000)
        assert ivr("organizer", "set", "tonysmith@contoso.com", "--extension", "36697", office.database)[0] == 0
        desk = open_desk(str(office.file))
        desk.voicemail.answer(Leave((desk.voicemail.answer(Find("36697")).key,), said, "+14255550188"))
        desk.close()
    return with_a_message


@pytest.fixture
def example_run(ivr, office_of, example, shell, with_a_message):
    """Run a command's example in a directory where it makes sense, with more options."""
    def run(command, *more):
        words = example(*command)
        profile = {"policy": "sfbserver", "mailbox": "um"}.get(command[0], PROFILES.get(command, "online"))
        office = office_of(profile)
        if command[0] == "mailbox":
            with_a_message(office)
        if command in BEFORE:
            assert ivr(*BEFORE[command], office.database)[0] == 0
        if command == ("mail", "new-key"):
            Path(f"{office.file}.key").unlink()
        if command == ("pin", "change"):
            done = shell(office, *words, *more, input=f"{office.pins['tonysmith@contoso.com']}\n58139206\n")
            return done.returncode, done.stdout, done.stderr
        return ivr(*words, *more, office.database)
    return run


def test_commands_when_listed_then_those_the_desk_must_have_are_there():
    for noun, verbs in OF_THE_ISSUE.items():
        assert verbs <= {verb for of, verb in COMMANDS if of == noun}


def test_help_of_the_program_when_asked_for_then_every_noun_of_the_desk_stands_there(ivr):
    out = ivr("--help")[1]
    assert all(f" {noun} " in out for noun in (*DESK, "cmdlets", "answer", "run", "demo"))


@pytest.mark.parametrize("command", [*((noun,) for noun in DESK), ("cmdlets",), *COMMANDS], ids=" ".join)
def test_help_when_asked_for_then_it_shows_an_example_of_that_very_command(example, command):
    assert tuple(example(*command)[:len(command)]) == command


@pytest.mark.parametrize("noun", DESK)
def test_example_of_a_noun_when_run_then_it_works(ivr, office_of, example, noun):
    words = example(noun)
    office = office_of({"policy": "sfbserver", "mailbox": "um"}.get(noun, "online"))
    code, out, err = ivr(*words, *(["--yes"] if "reset" in words else []), office.database)
    assert (code, err) == (0, "")
    assert out


@commands
def test_example_when_run_as_it_is_written_then_it_works(example_run, command):
    code, out, err = example_run(command)
    assert (code, err) == (0, "")
    assert out.strip()
    assert "Traceback" not in out


@commands
def test_example_when_json_is_asked_for_then_it_is_one_object_or_list(example_run, command):
    code, out, err = example_run(command, "--json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert isinstance(json.loads(out), dict | list)


SHOWING = [
    ("organizer", "show", "amos.marble"), ("organizer", "list"), ("pin", "info", "amos.marble"),
    ("conference-id", "list", "amos.marble"), ("meeting", "show", "1"), ("meeting", "list"), ("number", "list"),
    ("number", "show", "+14255550100"), ("bridge", "show"), ("settings", "show"), ("policy", "list"),
    ("policy", "show", "meeting"), ("mail", "list"), ("mail", "show", "1"), ("number", "languages"),
    ("meeting", "invite", "1"),
]
UNSHOWN = {"message_id", "html", "due_at", "expires_at", "invitees"}
"""What tables leave to JSON."""


def _leaves(value, name=""):
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one, name)
    else:
        yield name, value


@pytest.mark.parametrize("words", SHOWING, ids=" ".join)
def test_facts_when_shown_in_json_then_they_are_those_of_the_plain_output(desk, words):
    _, plain, _ = desk(*words)
    _, as_json, _ = desk(*words, "--json")
    shown = " ".join(plain.split())
    rows = len(plain.splitlines()) - 1
    facts = json.loads(as_json)
    if words[1] == "list" and words[0] in ("organizer", "meeting", "number", "mail"):
        assert len(facts) == rows
        heads = {name for fact in facts for name in fact}
        in_table = {"address", "name", "organizer", "conference_id", "number", "kind", "recipient", "state"}
        facts = [{name: fact[name] for name in heads & in_table} for fact in facts]
    for name, value in _leaves(facts):
        if isinstance(value, str) and name not in UNSHOWN and not name.endswith("_at"):
            assert " ".join(value.split()) in shown, name
        elif isinstance(value, bool):
            assert ("yes" if value else "no") in shown


@pytest.mark.parametrize("words", [
    ("organizer", "show", "amos.marble"), ("meeting", "show", "1"), ("mail", "show", "1"),
    ("pin", "info", "amos.marble"),
], ids=" ".join)
def test_moments_when_shown_in_json_then_they_are_text_in_utc(desk, words):
    _, as_json, _ = desk(*words, "--json")
    for name, value in _leaves(json.loads(as_json)):
        if name.endswith("_at") and value is not None:
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value), name
