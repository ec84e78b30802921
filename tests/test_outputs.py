"""The search that every output of this suite goes through does find a PIN."""

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


@pytest.mark.parametrize(("prints", "code"), [("keys 48215#", 1), ("keys ****#", 0)])
def test_suite_when_a_test_that_passes_prints_a_pin_then_it_fails_as_a_whole(tmp_path, prints, code):
    (tmp_path / "test_it.py").write_text(f"def test_it(): print({prints!r})")
    (tmp_path / "pytest.ini").write_text("[pytest]")
    (tmp_path / "conftest.py").write_text(Path(__file__).with_name("conftest.py").read_text(encoding="utf-8"))
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "--numprocesses", "2"], cwd=tmp_path,
                          capture_output=True, text=True, check=False)
    assert (done.returncode, "LEAK test_it.py::test_it" in done.stdout) == (code, bool(code)), done.stdout
