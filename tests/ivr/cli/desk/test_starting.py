"""Help comes at once: what a command needs is loaded when it is used."""

import subprocess
import sys

import pytest

HEAVY = {"sqlalchemy", "numpy", "scipy", "alembic", "psycopg", "jinja2", "cryptography", "soundfile"}


def _loaded(words, environment):
    """Return the top names of all modules that a command has loaded, of the decoder whole ones."""
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "ivr.cli", *words], capture_output=True,
                          text=True, env=environment, check=True)
    names = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines()]
    return {name if name.startswith("dtmf.") else name.partition(".")[0] for name in names}


@pytest.mark.parametrize("words", [("--help",), ("answer", "--help"), ("demo", "--help"), ("run", "--help")],
                         ids=" ".join)
def test_help_when_asked_for_then_nothing_heavy_is_loaded(office, words):
    loaded = _loaded(words, office.environment())
    assert "ivr" in loaded
    assert not HEAVY & loaded


@pytest.mark.parametrize("words", [("organizer", "--help"), ("organizer", "list")], ids=" ".join)
def test_command_of_the_desk_when_it_runs_then_nothing_of_audio_is_loaded(office, words):
    loaded = _loaded(words, office.environment())
    assert not {"scipy", "soundfile", "numba", "llvmlite", "prompts", "lobby"} & loaded
    # how commands end, and what they may print, is the same for both
    assert {name for name in loaded if name.startswith("dtmf.")} <= {
        "dtmf.errors", "dtmf.keys", "dtmf.stopping", "dtmf.terminal", "dtmf.whole"}
