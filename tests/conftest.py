"""What all tests share: in CI nothing is skipped that CI could run, and no output of the suite shows a PIN."""

import os
import re
import signal
from pathlib import Path

import pytest

SAMPLE_PINS = ("48215", "90371", "94075", "58139206", "40286173")
"""PINs that the tests use again and again."""

_SHOWN_ONCE = re.compile(r'(?:has a new PIN: |[Tt]he PIN is |"pin": "|Your PIN: )([0-9]{4,24})')
"""How the two places that may show a PIN do so: the command that made it, and its owner's letter."""

_LEAKS = pytest.StashKey[list]()


def leaked(text):
    """Return the PINs that an output shows outside the two places; a PIN shown there counts everywhere else."""
    pins = {*SAMPLE_PINS, *(pin for pin in _SHOWN_ONCE.findall(text) if len(pin) > 4)}
    rest = _SHOWN_ONCE.sub("", text)
    return {pin for pin in pins if re.search(rf"(?<![0-9]){pin}(?![0-9])", rest)}


def pytest_make_parametrize_id(val):
    """Keep sample PINs out of the tests' names too."""
    if isinstance(val, str) and any(pin in val for pin in SAMPLE_PINS):
        for pin in SAMPLE_PINS:
            val = val.replace(pin, "****")
        return val
    return None


def pytest_configure(config):
    # a suite that runs in the background would hand its deafness to Ctrl-C on to the programs that it starts
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[_LEAKS] = []
    config.pluginmanager.register(_Outputs(config))


class _Outputs:
    """Searches all that the tests print, whether they pass or not, where the reports come together."""

    def __init__(self, config):
        self._config = config

    def pytest_runtest_logreport(self, report):
        if report.when == "teardown" or report.failed:  # the last of a test has all that was captured
            printed = "\n".join([report.nodeid, report.longreprtext, *(content for _, content in report.sections)])
            self._config.stash[_LEAKS] += [report.nodeid for _ in leaked(printed)]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if self._config.stash[_LEAKS] and not hasattr(self._config, "workerinput"):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        for nodeid in self._config.stash[_LEAKS]:
            terminalreporter.write_line(f"LEAK {nodeid}: its output shows a PIN", red=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):  # noqa: ARG001
    report = yield
    if report.skipped and os.environ.get("CI") and "recordings" not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture
def pins_leaked():
    """What searches an output for PINs."""
    return leaked


@pytest.fixture(scope="session")
def recordings():
    """The folder of recordings made by others; tests that need it are skipped without it."""
    folder = Path(os.environ.get("IVR_RECORDINGS", Path(__file__).parents[2] / "shared" / "recordings"))
    if not (folder / "MANIFEST.csv").is_file():
        pytest.skip("no recordings here: set IVR_RECORDINGS to a folder with a MANIFEST.csv")
    return folder
