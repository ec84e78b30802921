"""Words are completed in the shell; what is printed for other shells names the same commands."""

import subprocess

import pytest

import dtmf.cli
import ivr.cli
from ivr.cli.app import NOUNS

MAIN = {"ivr": ivr.cli.main, "dtmf": dtmf.cli.main}


@pytest.fixture
def completion(capsys):
    """What a command prints for a shell: ``completion("ivr", "bash")``."""
    def completion(name, shell):
        code = MAIN[name](["completion", shell])
        printed = capsys.readouterr()
        assert (code, printed.err) == (0, "")
        return printed.out
    return completion


@pytest.mark.parametrize(("name", "completed"), [
    ("ivr", {"organizer en": "enable", "answer --voi": "--voice-pack", "ans": "answer", "answer call": "call.wav",
             "run mi": "mine.yaml", "mail sh": "show", "pin re": "reset", "nonsense": ""}),
    ("dtmf", {"dec": "decode", "decode --expl": "--explain", "decode c": "call.wav", "encode 12 -o c": "call.wav"}),
])
def test_words_when_they_are_begun_in_bash_then_completed(completion, tmp_path, name, completed):
    for file in ("call.wav", "mine.yaml"):
        (tmp_path / file).touch()
    lines = [completion(name, "bash")]
    for typed in completed:
        words = [name, *typed.split(" ")]
        lines.append(f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; COMPREPLY=(); _{name}\n"
                     'echo "${COMPREPLY[*]}"')
    done = subprocess.run(["bash", "-u", "-c", "\n".join(lines)], cwd=tmp_path, capture_output=True, text=True,
                          check=False)
    assert done.stderr == ""
    assert dict(zip(completed, done.stdout.splitlines(), strict=True)) == completed


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_when_it_is_of_another_shell_then_it_has_every_command(completion, shell):
    printed = completion("ivr", shell)
    assert [word for word in (*NOUNS, "answer", "run", "completion") if word not in printed] == []
