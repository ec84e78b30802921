"""How long the commands take to start: `ivr --help`, `dtmf --help`; and a second `ivr demo`.

Run: python benchmarks/start.py. Targets: 0.3 s for help (median of ten), 5 s for the demo.
"""

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


def main() -> int:
    """Print the times; exit code 1 if a target is missed."""
    code = 0
    with tempfile.TemporaryDirectory() as folder:
        for target, times, words in ((0.3, 10, ("ivr", "--help")), (0.3, 10, ("dtmf", "--help")),
                                     (5.0, 3, ("ivr", "demo", "--report", folder))):
            took = seconds(str(BIN / words[0]), *words[1:], times=times)
            print(f"{' '.join(words[:2]):<12} {took:.2f} s, target {target:g} s")
            code |= took > target
    return code


if __name__ == "__main__":
    sys.exit(main())
