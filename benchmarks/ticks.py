"""Ticks a second with 1, 100 and 1,000 calls on one core: waiting with music, and talking in meetings of ten.

Run: python benchmarks/ticks.py [--calls 1 100 1000] [--seconds 10]. A tick is 20 ms, so 50 a second is real time.
Target: 1,000 calls at 8 times real time. Everybody sends noise of -25 dBm0 all the time, through the exchange and
its lines.
"""

import argparse
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

import dtmf
from ivr.cli.kit import stage
from ivr.clock import FRAME, RATE, samples
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryLine, MemoryTrunk

TARGET = 8.0


def measure(calls: int, seconds: float, *, talking: bool) -> float:
    """Return ticks a second, once everybody is where he is to be."""
    sounds = stage()
    meetings = [Meeting(f"{1000000 + n}", "48215", "amos", anyone_may_start=talking)
                for n in range(-(-calls // 10))]
    bridge = ConferenceBridge(directory=Meetings(meetings), voice=sounds.voice, music=sounds.music,
                              tones=sounds.tones, profile=profile("teams2021"))
    noise = np.rint(np.random.default_rng(5).normal(0, 900, (500, FRAME))).astype(np.int16)
    keys = [dtmf.encode(m.conference_id + ("#" if talking else "#1"), RATE, tone_ms=60, gap_ms=60)
            for m in meetings]
    lines = [MemoryLine(str(n), np.append(keys[n // 10], np.zeros(samples(8), np.int16)), keeps=False,
                        then=np.roll(noise, -(n % 500), axis=0).reshape(-1)) for n in range(calls)]
    exchange = Exchange(bridge, [MemoryTrunk(lines)])
    while bridge.now < samples(12):
        exchange.step()
    wanted = "meeting" if talking else "lobby"
    if any(call.state != wanted for call in bridge.calls.values()):
        sys.exit(f"not all callers have come to the {wanted}")
    ticks = round(seconds * 50)
    began = time.perf_counter()
    for _ in range(ticks):
        exchange.step()
    return ticks / (time.perf_counter() - began)


def main() -> int:
    """Print the table; exit code 1 if the target is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, nargs="+", default=[1, 100, 1000])
    options.add_argument("--seconds", type=float, default=10)
    chosen = options.parse_args()
    code = 0
    print(f"{'calls':>6} {'':<9}{'ticks a second':>15}{'times real time':>17}")
    for calls in chosen.calls:
        for talking in (False, True):
            rate = measure(calls, chosen.seconds, talking=talking)
            print(f"{calls:>6} {'talking' if talking else 'waiting':<9}{rate:>15.0f}{rate / 50:>17.1f}")
            code |= calls <= 1000 and rate / 50 < TARGET
    return code


if __name__ == "__main__":
    sys.exit(main())
