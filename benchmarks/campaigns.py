"""What the runs of a campaign cost: calls of 20 s by bad lines, of those that ship in examples/bad-lines.

Run: python benchmarks/campaigns.py [--runs 300] [--campaign FILE]. So many runs, spread evenly over all points, are
played in one process and their CPU time is taken; what 10,000 and a million of them take is worked out.
Target: 10,000 runs of a call of 20 s in 15 minutes on two cores, 180 ms of CPU a run.
"""

import argparse
import resource
import sys
import time
from pathlib import Path

from ivr.cli.campaign.plan import load
from ivr.cli.campaign.running import check, why
from ivr.cli.suite.means import Means
from ivr.cli.suite.trial import get_ready

_SHIPPED = Path(__file__).parents[1] / "examples" / "bad-lines" / "bad-lines.yaml"
_CORES, _MOST_S = 2, 900
_LINE = 50
"""Bytes of a result on the disk."""


def main() -> int:
    """Play, and tell; return 1 if it takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--campaign", type=Path, default=_SHIPPED)
    asked = parser.parse_args()
    campaign = load(asked.campaign)
    get_ready(Means())
    began = time.process_time()
    check(campaign)
    checked = time.process_time() - began
    runs = [n * campaign.runs // asked.runs for n in range(asked.runs)]
    why(campaign, runs[0])  # what is loaded once
    times, came = [], 0
    for run in runs:
        began = time.process_time()
        came += not why(campaign, run)
        times.append(time.process_time() - began)
    mean, most = sum(times) / len(times), max(times)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    whole = 10_000 * mean / _CORES
    print(f"{len(runs)} of {campaign.runs} runs: {came} came true; {mean * 1000:.0f} ms of CPU a run, "
          f"{most * 1000:.0f} at the most; {checked * 1000 / campaign.points:.1f} ms a point to check; "
          f"{memory:.0f} MB a process")
    print(f"10,000 runs on {_CORES} cores: {whole / 60:.1f} minutes")
    print(f"1,000,000 runs: {1e6 * mean / 3600:.0f} hours of CPU, {1e6 * mean / 3600 / 64:.1f} hours on 64 cores, "
          f"results of {_LINE} MB; a worker that is killed costs 8 runs")
    return int(whole > _MOST_S)


if __name__ == "__main__":
    sys.exit(main())
