"""What tests of the commands share."""

import re

import pytest

from ivr.cli import main


@pytest.fixture
def ivr(capsys):
    """Run the command; return its exit code, what it printed, and what it complained about."""
    def run(*words):
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err
    return run


@pytest.fixture
def refused(ivr):
    """Run a command that must be refused; return the one plain sentence about it."""
    def run(*words, code=2):
        got, out, err = ivr(*words)
        assert (got, out) == (code, "")
        assert re.fullmatch(r"ivr: [^\n]+[.!?]\n", err), err
        assert "Traceback" not in err
        return err.removeprefix("ivr: ").removesuffix("\n")
    return run
