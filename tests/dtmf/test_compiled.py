"""What is compiled is compiled once, whoever needs it at the same time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dtmf.compiled

pytest.importorskip("fcntl", reason="the system has no locks of this kind")

DOUBLED = """
import sys
from ours.compiled import kept

@kept
def doubled(number):
    return 2 * number

print("here", flush=True)
sys.stdin.readline()
print(doubled(0.25))
print(doubled(21))
"""


def test_several_processes_that_need_it_at_once_then_one_compiles_and_all_have_it(tmp_path):
    (tmp_path / "ours").mkdir()
    shutil.copy(dtmf.compiled.__file__, tmp_path / "ours")
    (tmp_path / "doubled.py").write_text(DOUBLED)
    path = os.pathsep.join([str(tmp_path), str(Path(dtmf.__file__).parents[1])])
    running = [subprocess.Popen([sys.executable, tmp_path / "doubled.py"], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True, cwd=tmp_path,
                                env={**os.environ, "PYTHONPATH": path, "NUMBA_DEBUG_CACHE": "1",
                                     "NUMBA_DISABLE_JIT": "0"})
               for _ in range(2)]
    for process in running:
        assert process.stdout.readline() == "here\n"
    for process in running:
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate()[0].splitlines() for process in running]
    assert [lines[-1] for lines in told] == ["42"] * 2
    assert sorted("data saved to" in "".join(lines) for lines in told) == [False, True]
    assert all("data saved to" in "".join(lines) or "data loaded from" in "".join(lines) for lines in told)
