"""What the suite says of itself: PINs in outputs, what was skipped, a line a reason, who was asked once more."""

from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(("output", "found"), [
    ("amos has a new PIN: 730194\nIt is shown this once.", set()),
    ("amos has a new PIN: 730194\nusing 730194 from now on", {"730194"}),
    ('{"address": "amos@contoso.com", "pin": "730194"} {"digits": "1234567#*730194#"}', {"730194"}),
    ("Your PIN: 730194", set()),
    ("a call for 7301940 at 12.730194", set()),
    ("keys " + "58139206"[:4] + "9206#", {"58139206"}),
    ("http://127.0.0.1:48215/ [::1]:48215", set()),
], ids=["shown once", "used after", "in JSON and after", "in the letter", "part of other numbers", "a known one",
        "a port"])
def test_output_when_a_pin_stands_outside_the_two_places_then_found(pins_leaked, output, found):
    assert pins_leaked(output) == found


@pytest.fixture
def suite(pytester, monkeypatch):
    """Runs tests by what all tests share: ``suite({"test_it.py": "..."}, CI="1")`` is exit code and output."""
    def suite(files, *words, workers=0, **environment):
        shared = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
        marks = "[pytest]\nmarkers =\n  slow\n  real_time"
        for name, text in {**files, "pytest.ini": marks, "conftest.py": shared}.items():
            (pytester.path / name).write_text(text, encoding="utf-8")
        for name in ("IVR_TEST_ALL", "IVR_TEST_SLOW", "IVR_RECORDINGS"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        done = pytester.runpytest_inprocess("-q", "--numprocesses", str(workers), *words)
        return done.ret, str(done.stdout)

    ours = settings()
    yield suite
    settings.register_profile("suite", ours)
    settings.load_profile("suite")


def test_suite_when_a_test_that_passes_prints_a_pin_then_it_fails_as_a_whole(suite):
    code, told = suite({"test_it.py": "def test_it(): print('keys 48215#')\ndef test_other(): print('keys ****#')"},
                       workers=1)
    leaks = [line for line in told.splitlines() if "LEAK" in line]
    assert (code, leaks) == (1, ["LEAK test_it.py::test_it: its output shows a PIN"])


SKIPPING = {"test_it.py": """
import pytest

@pytest.fixture(params=range(3))
def server(request):
    pytest.skip("no server here: apt-get install server")

def test_it(server): pass

@pytest.mark.skipif(True, reason="no recordings here")
def test_recordings(): pass

def test_that_runs(): pass
""", "test_whole_file.py": "import pytest\npytest.importorskip('nosuch', reason='no nosuch: pip install nosuch')"}


@pytest.mark.parametrize(("workers", "environment", "code", "red"), [
    (1, {"CI": "1"}, 0, []), (0, {"IVR_TEST_ALL": "1"}, 1, [0, 2]),
    (1, {"IVR_TEST_ALL": "1", "IVR_RECORDINGS": "/nowhere"}, 1, [0, 1, 2]),
], ids=["anybody's CI", "ours", "ours with recordings"])
def test_suite_when_tests_are_skipped_then_a_line_a_reason_and_red_only_where_all_are_asked_for(
        suite, workers, environment, code, red):
    got, told = suite(SKIPPING, workers=workers, **environment)
    lines = ["SKIPPED 3: no server here: apt-get install server", "SKIPPED 1: no recordings here",
             "SKIPPED 1: no nosuch: pip install nosuch"]
    for line in red:
        lines[line] += ", and IVR_TEST_ALL asks for all"
    assert sorted(line for line in told.splitlines() if line.startswith("SKIPPED")) == sorted(lines)
    assert got == code


SLOW = {"test_it.py": """
import pytest

def test_that_runs(): pass

@pytest.mark.slow
@pytest.mark.parametrize("number", range(2))
def test_slow(number): pass
"""}


@pytest.mark.parametrize(("words", "environment", "passed", "skipped"), [
    ([], {}, 1, 2), ([], {"IVR_TEST_SLOW": "1"}, 3, 0), ([], {"IVR_TEST_ALL": "1"}, 3, 0),
    (["-m", "slow"], {}, 2, 0), (["test_it.py::test_slow"], {}, 2, 0),
    (["test_it.py::test_that_runs", "test_it.py::test_slow[1]"], {}, 2, 0),
], ids=["all", "slow ones too", "our CI", "by mark", "by name", "by name and parameter"])
def test_suite_when_a_test_is_slow_then_it_runs_only_where_it_is_asked_for(
        suite, words, environment, passed, skipped):
    code, told = suite(SLOW, *words, **environment)
    lines = [line for line in told.splitlines() if line.startswith("SKIPPED")]
    assert (code, told.count(f"{passed} passed")) == (0, 1)
    assert lines == [f"SKIPPED {skipped}: slow: IVR_TEST_SLOW=1 make test runs these too"] * bool(skipped)


REAL_TIME = {"test_it.py": """
import pytest

asked, opened = [], []

@pytest.fixture(scope="module")
def browser():
    opened.append(1)
    return len(opened)

@pytest.fixture
def page(browser):
    print("keys 48215#" * (len(asked) == 1))
    return browser

def test_page(page):
    asked.append(page)
    assert asked == [1, 1]

@pytest.mark.real_time(reruns=2)
def test_marked():
    asked.append(0)
    assert len(asked) == 5

def test_afterwards(browser): assert browser == 1
"""}


@pytest.mark.parametrize("workers", [0, 1])
def test_suite_when_a_test_in_real_time_fails_then_asked_once_more_and_told_by_name_and_all_of_it_is_searched(
        suite, workers):
    code, told = suite(REAL_TIME, workers=workers)
    assert (code, told.count("3 passed, 3 rerun")) == (1, 1)
    assert [line for line in told.splitlines() if line.startswith(("RERUN", "LEAK"))] == [
        "LEAK test_it.py::test_page: its output shows a PIN",
        "RERUN test_it.py::test_page", *["RERUN test_it.py::test_marked"] * 2]
    assert "assert [1] == [1, 1]" in told


def test_suite_when_any_other_test_fails_then_it_has_failed(suite):
    test = "asked = []\ndef test_it():\n    asked.append(1)\n    assert len(asked) == 2"
    code, told = suite({"test_it.py": test})
    assert (code, told.count("1 failed"), told.count("RERUN")) == (1, 1, 0)
