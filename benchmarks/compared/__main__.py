"""Plays one lobby story in our language, and in SIPp's at a bridge in real time: what each costs and notices.

Run: python -m benchmarks.compared; SIPp sends keys as root only. What docs/comparison.md quotes comes from here;
the exit code is 1 if that is not so: our story, as it is, passes, to the byte twice, and fails where the meeting
has another PIN; SIPp's passes in both cases, for nobody hangs up.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.compared.playing import ANOTHER, ASTERISK, CALLERS, OURS, SIPP, lines, ours, sipps


def identical() -> bool:
    """Tell whether ours leaves the same journal and the same sound, to the byte, when it is played again."""
    left = []
    with tempfile.TemporaryDirectory() as folder:
        for run in ("one", "two"):
            where = Path(folder) / run
            ours("--report", str(where))
            left.append({path.name: path.read_bytes() for path in where.rglob("*")
                         if path.suffix in (".wav", ".jsonl")})
    return len(left[0]) == 3 and left[0] == left[1]


def main() -> int:
    """Print the figures; exit code 1 if they are other than the page says."""
    ours()  # what is worked out once on a machine
    mine, fails = ours(), ours(pin=ANOTHER)
    same = identical()
    print(f"ours: {lines([OURS])} lines, {mine.wall_s:.1f} s, {mine.cpu_s:.1f} s of processor time; exit code "
          f"{mine.code}; again to the byte: {'yes' if same else 'no'}; where the PIN is another {fails.code}:\n"
          f"{fails.said}", flush=True)
    right, bridge = sipps()
    print(f"SIPp: {lines([SIPP, CALLERS])} lines, {right.wall_s:.1f} s, {right.cpu_s:.1f} s of processor time, and "
          f"{bridge.cpu_s:.1f} s of the bridge; exit code {right.code}", flush=True)
    wrong, bridge = sipps(ANOTHER)
    print(f"SIPp where the PIN is another: exit code {wrong.code}; the bridge tells\n" + "\n".join(
        line for line in bridge.said.splitlines() if "refused" in line or "STARTS" in line))
    print(f"Asterisk's test suite: {lines([ASTERISK])} lines, not run")
    return int((mine.code, fails.code, right.code, wrong.code, same) != (0, 1, 0, 0, True))


if __name__ == "__main__":
    sys.exit(main())
