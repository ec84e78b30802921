"""Where a command reads and prints may be closed, full, gone, or without the letters that are needed."""

import subprocess
import sys

import pytest

AMOS = "amos.marble@contoso.com"


@pytest.fixture
def bash(office):
    """Run a line of the shell; `ivr` is the command, on `office`; return code, output and complaint."""
    def bash(line, ivr=f'"{sys.executable}" -m ivr.cli', **environment):
        done = subprocess.run(["bash", "-c", f'ivr() {{ {ivr} "$@"; }}; {line}'], text=True,
                              capture_output=True, check=False,
                              env=office.environment(PYTHONUNBUFFERED="", **environment))
        return done.returncode, done.stdout, done.stderr
    return bash


def test_input_when_it_is_closed_then_nobody_is_there_to_answer(bash, office):
    before = office.dump()
    code, out, err = bash(f"ivr pin reset {AMOS} <&-")
    assert (code, out) == (2, "")
    assert err.endswith("Nobody is there to answer: add --yes.\n")
    code, out, err = bash(f"ivr pin reset {AMOS} --pin - --yes <&-")
    assert (code, out, err) == (2, "", "ivr: a PIN was to be typed, and nothing was.\n")
    assert office.dump() == before


def test_output_when_its_disk_is_full_then_one_sentence_says_so(bash):
    code, _, err = bash("ivr organizer list > /dev/full")
    assert (code, err) == (3, "ivr: what there is to tell cannot be printed: No space left on device.\n")


def test_output_when_its_reader_goes_away_then_nothing_is_complained_about(bash):
    _, out, err = bash("ivr number languages | head -1")
    assert (out.count("\n"), err) == (1, "")
    assert bash("ivr settings show | true")[2] == ""


def test_output_when_it_lacks_the_letters_then_the_rest_is_told_all_the_same(bash, office):
    code, out, err = bash("ivr organizer set amos.marble --name 'Amos \u4e2d' && "
                          "ivr meeting invite 1 --language zh-CN", PYTHONIOENCODING="ascii")
    assert (code, err) == (0, "")
    assert "\\u4e2d" in out
    assert office.ids[AMOS] in out.replace(" ", "")


@pytest.mark.parametrize("output", ["| true", "> /dev/full"])
@pytest.mark.parametrize("command", [f"pin reset {AMOS} --yes", "organizer enable bo@contoso.com"])
def test_output_of_a_change_when_nobody_gets_it_then_the_letter_goes_out_and_the_code_is_3(
        bash, served, command, output):
    """A PIN that was to be shown and was not is told of, and none that a letter brings; no work is half done."""
    code, _, err = bash(f"set -o pipefail; ivr {command} {output}", served / "ivr")
    assert code == 3
    assert err.startswith("ivr: what was asked for is done, and its letters are seen to, but ")
    assert err.count("\n") == 1
    assert ("reset a PIN once more" in err) == ("pin reset" in command)
    listed = bash("ivr mail list", served / "ivr")[1].splitlines()[1]
    assert " delivered " in listed
    assert ("pin-reset" if "pin" in command else "enabled") in listed
