"""What the suite says of itself: a PIN in an output is found, and what was skipped is told, a line a reason."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("output", "found"), [
    ("amos has a new PIN: 730194\nIt is shown this once.", set()),
    ("amos has a new PIN: 730194\nusing 730194 from now on", {"730194"}),
    ('{"address": "amos@contoso.com", "pin": "730194"} {"digits": "1234567#*730194#"}', {"730194"}),
    ("Your PIN: 730194", set()),
    ("a call for 7301940 at 12.730194", set()),
    ("keys " + "58139206"[:4] + "9206#", {"58139206"}),
], ids=["shown once", "used after", "in JSON and after", "in the letter", "part of other numbers", "a known one"])
def test_output_when_a_pin_stands_outside_the_two_places_then_found(pins_leaked, output, found):
    assert pins_leaked(output) == found


@pytest.fixture
def suite(tmp_path):
    """Runs tests by what all tests share: ``suite("def test_it(): ...", CI="1")`` is exit code and output."""
    def suite(tests, **environment):
        (tmp_path / "test_it.py").write_text(tests)
        (tmp_path / "pytest.ini").write_text("[pytest]")
        (tmp_path / "conftest.py").write_text(Path(__file__).with_name("conftest.py").read_text(encoding="utf-8"))
        kept = {name: value for name, value in os.environ.items() if name not in ("IVR_TEST_ALL", "IVR_RECORDINGS")}
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", "--numprocesses", "1"], cwd=tmp_path,
                              capture_output=True, text=True, check=False, env=kept | environment)
        return done.returncode, done.stdout
    return suite


@pytest.mark.parametrize(("prints", "code"), [("keys 48215#", 1), ("keys ****#", 0)])
def test_suite_when_a_test_that_passes_prints_a_pin_then_it_fails_as_a_whole(suite, prints, code):
    got, told = suite(f"def test_it(): print({prints!r})")
    assert (got, "LEAK test_it.py::test_it" in told) == (code, bool(code)), told


SKIPPING = """
import pytest

@pytest.fixture(params=range(3))
def server(request):
    pytest.skip("no server here: apt-get install server")

def test_it(server): pass

@pytest.mark.skipif(True, reason="no recordings here")
def test_recordings(): pass

def test_that_runs(): pass
"""


@pytest.mark.parametrize(("environment", "code", "more"), [
    ({"CI": "1"}, 0, ["", ""]), ({"IVR_TEST_ALL": "1"}, 1, [", and IVR_TEST_ALL asks for all", ""]),
    ({"IVR_TEST_ALL": "1", "IVR_RECORDINGS": "/nowhere"}, 1, [", and IVR_TEST_ALL asks for all"] * 2),
], ids=["anybody's CI", "ours", "ours with recordings"])
def test_suite_when_tests_are_skipped_then_a_line_a_reason_and_red_only_where_all_are_asked_for(
        suite, environment, code, more):
    got, told = suite(SKIPPING, **environment)
    assert [line for line in told.splitlines() if "SKIPPED" in line] == [
        f"SKIPPED 3: no server here: apt-get install server{more[0]}", f"SKIPPED 1: no recordings here{more[1]}"]
    assert got == code


def test_suite_when_a_whole_file_is_skipped_then_that_is_a_line_too(suite):
    got, told = suite("import pytest\npytest.importorskip('nosuch', reason='nosuch is not installed')",
                      IVR_TEST_ALL="1")
    assert "SKIPPED 1: nosuch is not installed" in told
    assert got == 1
