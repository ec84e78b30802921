"""What all tests share: what was skipped is told a line a reason, and no output of the suite shows a PIN.

Tests marked slow run where `IVR_TEST_SLOW` is set, or where they are asked for by `-m slow` or by name; where it is
not set, properties are tried with a quarter of their examples.
With `IVR_TEST_ALL` set they run too, and nothing may be skipped that can be installed; our own CI sets it, and
nobody else's. Recordings made by others can not be: they are asked for where `IVR_RECORDINGS` says that they are
there.

A test that hangs upon another program in real time (`real_time`) is asked once more when it fails, and no other
test is; what came of it the first time is told at the end, by name.
"""

import gc
import hashlib
import os
import re
import signal
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The one profile: the same examples everywhere, and no clock decides. `too_slow` is a clock too.
_ALSO_SLOW = {"IVR_TEST_SLOW", "IVR_TEST_ALL"} & {*os.environ}
settings.register_profile("suite", deadline=None, derandomize=True, database=None,
                          max_examples=100 if _ALSO_SLOW else 25,
                          suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

ROOT = Path(__file__).parents[1]


def spoken_by(sources):
    """Return where prompts are kept that these files have spoken: once a checkout, not once a worker or a run."""
    contents = hashlib.sha256(b"\0".join(path.read_bytes() for path in sorted(sources)))
    return ROOT / ".pytest_cache" / f"prompts-{contents.hexdigest()[:16]}"


os.environ.setdefault("IVR_CACHE", str(spoken_by((ROOT / "prompts").glob("*.py"))))

SAMPLE_PINS = ("48215", "90371", "94075", "58139206", "40286173")
"""PINs that the tests use again and again."""

_SHOWN_ONCE = re.compile(r'(?:has a new PIN: |[Tt]he PIN is |"pin": "|Your PIN: )([0-9]{4,24})')
"""How the two places that may show a PIN do so: the command that made it, and its owner's letter."""

_PORT = re.compile(r"(127\.0\.0\.[0-9]+|\[::1\]|localhost):[0-9]+")
"""Which the system gives away, and may be one of these by chance."""

_LEAKS = pytest.StashKey[list]()


def leaked(text):
    """Return the PINs that an output shows outside the two places; a PIN shown there counts everywhere else."""
    pins = {*SAMPLE_PINS, *(pin for pin in _SHOWN_ONCE.findall(text) if len(pin) > 4)}
    rest = _PORT.sub("", _SHOWN_ONCE.sub("", text))
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
    config.option.rerun_show_tracebacks = True  # who has to be asked twice is told, and why
    config.stash[_LEAKS] = []
    config.pluginmanager.register(_Outputs(config))
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Skips())


_KEEP_TIME = {"browser", "pulse", "sound_cards"}
"""Fixtures that are programs with a clock of their own, or sound cards that have one."""


def pytest_collection_modifyitems(config, items):
    for item in items if not config.option.usepdb else ():  # a debugger stops at the first failure
        real_time = item.get_closest_marker("real_time")
        if real_time or _KEEP_TIME & {*getattr(item, "fixturenames", ())}:
            item.add_marker(pytest.mark.flaky(reruns=real_time.kwargs.get("reruns", 1) if real_time else 1))
    if _ALSO_SLOW or "slow" in config.option.markexpr:
        return
    named = [arg.partition("::") for arg in config.args if "::" in arg]
    asked = {((config.invocation_params.dir / path).resolve(), name) for path, _, name in named}
    for item in items:
        if item.get_closest_marker("slow") and not asked & {(item.path, name) for name in _names(item)}:
            item.add_marker(pytest.mark.skip(reason=SLOW))


SLOW = "slow: IVR_TEST_SLOW=1 make test runs these too"


def _names(item):
    """Return what a test may be called behind the name of its file: with its parameters, without, by its class."""
    name = item.nodeid.partition("::")[2]
    plain = name.partition("[")[0]
    return {name, plain, plain.partition("::")[0]}


def pytest_collection_finish():
    # what was imported stays to the end: nobody has to look again and again whether it may go
    gc.collect()
    gc.freeze()


class _Outputs:
    """Searches all that the tests print, whether they pass or not, where the reports come together."""

    def __init__(self, config):
        self._config = config

    def pytest_runtest_logreport(self, report):
        # the last of a test has all that was captured, and so has that of each time that it was asked
        if report.when == "teardown" or report.outcome in ("failed", "rerun"):
            printed = "\n".join([report.nodeid, report.longreprtext, *(content for _, content in report.sections)])
            self._config.stash[_LEAKS] += [report.nodeid for _ in leaked(printed)]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if self._config.stash[_LEAKS] and not hasattr(self._config, "workerinput"):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        for nodeid in self._config.stash[_LEAKS]:
            terminalreporter.write_line(f"LEAK {nodeid}: its output shows a PIN", red=True)


class _Skips:
    """Counts what was skipped, by its reason; none may be left where all tests are asked for."""

    def __init__(self):
        self._reasons = Counter()

    def _too_many(self, reason):
        return "IVR_TEST_ALL" in os.environ and ("recordings" not in reason or "IVR_RECORDINGS" in os.environ)

    def pytest_runtest_logreport(self, report):
        if report.skipped and not hasattr(report, "wasxfail"):
            self._reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1

    pytest_collectreport = pytest_runtest_logreport  # a whole file

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        ended = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        if any(map(self._too_many, self._reasons)) and session.exitstatus in ended:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        for reason, count in self._reasons.most_common():
            wrong = self._too_many(reason)
            terminalreporter.write_line(f"SKIPPED {count}: {reason}{', and IVR_TEST_ALL asks for all' * wrong}",
                                        red=wrong)


@pytest.fixture
def pins_leaked():
    """What searches an output for PINs."""
    return leaked


@pytest.fixture(scope="session")
def served():
    """The folder of the commands `ivr`, `dtmf` and `python` as forks of one process, for tests of many processes.

    What is about a process itself, how it starts, how it ends or what its terminal is, is started as anybody's.
    """
    from served import commands

    with tempfile.TemporaryDirectory() as folder, commands(Path(folder)) as made:
        yield made


@pytest.fixture(scope="session")
def recordings():
    """The folder of recordings made by others; tests that need it are skipped without it."""
    folder = Path(os.environ.get("IVR_RECORDINGS", Path(__file__).parents[2] / "shared" / "recordings"))
    if not (folder / "MANIFEST.csv").is_file():
        pytest.skip("no recordings here: set IVR_RECORDINGS to a folder with a MANIFEST.csv")
    return folder
