"""How long commands take to start: `ivr --help`, `dtmf --help`; a second `ivr demo`; and what a first file costs.

Run: python benchmarks/start.py. Targets: 0.3 s for help (median of ten), 5 s for the demo; of processor time .3 s
and 90 MB for `dtmf decode` of ten seconds. What stories cost is a matter of `benchmarks/stories.py`.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent


def seconds(*words: str, times: int = 10) -> float:
    """Return the median time of a command."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def costs(*words: str, times: int = 5) -> tuple[float, float]:
    """Return the least processor time of a command, in seconds, and the most memory of any command yet, in MB."""
    took = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(took), after.ru_maxrss / 1024


def first_file() -> int:
    """Print what a first file costs; 1 if a target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        recording = str(Path(folder) / "ten.wav")
        subprocess.run([str(BIN / "dtmf"), "encode", "1234567#" * 9, "-o", recording], check=True)
        subprocess.run([str(BIN / "dtmf"), "decode", recording], check=True, stdout=subprocess.DEVNULL)
        took, memory = costs(str(BIN / "dtmf"), "decode", recording)
    print(f"dtmf decode, ten seconds: {took:.2f} s of processor time, target .3; {memory:.0f} MB, target 90")
    return int(took > 0.3 or memory > 90)


def main() -> int:
    """Print the times; exit code 1 if a target is missed."""
    code = first_file()
    with tempfile.TemporaryDirectory() as folder:
        for target, times, words in ((0.3, 10, ("ivr", "--help")), (0.3, 10, ("dtmf", "--help")),
                                     (5.0, 3, ("ivr", "demo", "--report", folder))):
            took = seconds(str(BIN / words[0]), *words[1:], times=times)
            print(f"{' '.join(words[:2]):<12} {took:.2f} s, target {target:g} s")
            code |= took > target
    return code


if __name__ == "__main__":
    sys.exit(main())
