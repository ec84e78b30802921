"""A copy of the tree, and a run of tests there: the tree itself is never changed, whatever is killed when."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutation.mutants import Mutant

_LONGEST_S = 3600.0
_PYTEST = ("-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "benchmarks.mutation.quickly",
           "-m", "not slow", "-k", "not postgresql", "--no-header")
_NOTICED, _USAGE = (1, 2), "pytest could not run the tests"


class Broken(Exception):
    """The tests do not run, or fail where nothing was changed."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a run of tests.

    Attributes
    ----------
    noticed : bool
        Whether something was wrong.
    by : str
        The test that noticed it, or what happened instead; empty if nothing did.
    cpu_s : float
    """

    noticed: bool
    by: str
    cpu_s: float
_CONFTEST = "while loading conftest"


class Copy:
    """A copy of the tree for one run at a time.

    The decoder is left out: what Numba has compiled of it is found by its path, and nothing of it is changed.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(["git", "ls-files", "-zco", "--exclude-standard"], cwd=root, capture_output=True,
                                text=True, check=True).stdout
        for name in filter(None, listed.split("\0")):
            if not name.startswith("dtmf/") and (root / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, folder / name)

    def trial(self, mutant: Mutant, tests: Sequence[str], longest_s: float) -> Came:
        """Run tests with a change."""
        path = self.folder / mutant.file
        source = path.read_bytes()
        path.write_bytes(mutant.made_in(source))
        try:
            return self.run(tests, longest_s)
        finally:
            path.write_bytes(source)

    def run(self, tests: Sequence[str], longest_s: float = _LONGEST_S) -> Came:
        """Run tests until one fails; none of the processes may take more of a processor than `longest_s`.

        Raises
        ------
        Broken
            If they cannot be run.
        """
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
        words = ["sh", "-c", f'ulimit -S -t {round(longest_s)}; exec "$@"', "sh", sys.executable, *_PYTEST, *tests]
        with subprocess.Popen(words, cwd=self.folder, text=True, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True) as process:
            assert process.stdout is not None
            try:
                said = process.stdout.read()
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            finally:
                _end(process.pid)
        cpu_s = used.ru_utime + used.ru_stime
        code = process.returncode
        if code < 0:
            return Came(True, f"ended by {signal.Signals(-code).name}", cpu_s)
        if code == 0 or code in _NOTICED:
            failed = [line for line in said.splitlines() if line.startswith(("FAILED ", "ERROR "))]
            return Came(code != 0, failed[0].split(" - ")[0] if failed else "", cpu_s)
        if _CONFTEST in said:  # what is broken is wanted before any test begins
            return Came(True, _CONFTEST, cpu_s)
        raise Broken(f"{_USAGE} {' '.join(tests)}:\n{said[-2000:]}")


def _end(group: int) -> None:
    """End what a run has left behind: it is a group of its own."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
