"""Words are completed in the shell; what is printed for other shells names the same commands."""

import subprocess

import pytest
from cyclopts.annotations import get_choices_from_hint

import dtmf.cli.app
import ivr.cli
from dtmf.limits import SETTINGS
from dtmf.pcm import ENCODINGS
from ivr.cli import options
from ivr.cli.app import NOUNS
from ivr.conference.profile import PROFILES
from ivr.directory.outbox import STATES
from ivr.directory.parameters import GROUPS, LANGUAGES
from prompts import languages

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
             "run mi": "mine.yaml", "mail sh": "show", "pin re": "reset", "nonsense": "",
             "answer --profile teams": "teams2021 teams", "phone --setting w": "wide",
             "prompts list --language d": "de-DE", "number add 1 --secondary-languages fi": "fil-PH fi-FI",
             "mail list --state g": "given-up", "policy list um-m": "um-mailbox",
             "organizer set amos --language f": "fr-FR",
             "number add 1 --primary-language fi": "fil-PH fi-FI"}),
    ("dtmf", {"dec": "decode", "decode --expl": "--explain", "decode c": "call.wav", "encode 12 -o c": "call.wav",
              "decode --encoding s1": "s16le s16be", "plot --setting s": "strict", "decode --channel a": "all"}),
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


@pytest.mark.parametrize(("option", "values"), [
    (options.Profile, PROFILES), (options.Setting, SETTINGS), (options.ToSpeak, [*languages(), "all"]),
    (options.Written, languages()), (options.OfNumber, LANGUAGES),
    (options.LetterState, [state.replace(" ", "-") for state in STATES]),
    (options.PolicyKind, [kind for kind in GROUPS if kind != "settings"]),
    (dtmf.cli.app.Encoding, ENCODINGS), (dtmf.cli.app.Setting, SETTINGS),
], ids=lambda value: "" if isinstance(value, list | tuple | dict) else None)
def test_values_that_a_shell_completes_then_those_that_there_are(option, values):
    assert sorted(get_choices_from_hint(option, str)) == sorted(values)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completion_when_it_is_of_another_shell_then_it_has_every_command(completion, shell):
    printed = completion("ivr", shell)
    assert [word for word in (*NOUNS, "answer", "run", "completion") if word not in printed] == []
