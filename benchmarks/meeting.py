"""Big meetings on one core: 100 join in one tick, 250 talk at once, 1,000 wait with music or talk.

Run: python benchmarks/meeting.py [--seconds 10]. Targets: 100 waiting callers are in within one tick of the PIN;
250 in one meeting, all talking, at 10 times real time; 1,000 waiting with music cost less than 1,000 talking. Every
caller goes through the exchange and its line; names are announced.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable

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

TARGET = 10.0
_ID = "1234567"


def caller(name: str, keys: str, *, noise: np.ndarray | None, begin: int = 0, dials_at: int = 0) -> MemoryLine:
    """Return one who presses keys, then talks for ever, or is silent; what he hears is not kept."""
    says = np.append(dtmf.encode(keys, RATE, tone_ms=60, gap_ms=60), np.zeros(samples(9), np.int16))
    then = None if noise is None else np.roll(noise, -begin, axis=0).reshape(-1)
    return MemoryLine(name, says, then=then, keeps=False, dials_at=dials_at)


def _bridge(meetings: Iterable[Meeting]) -> ConferenceBridge:
    sounds = stage()
    return ConferenceBridge(directory=Meetings(meetings), voice=sounds.voice, music=sounds.music,
                            tones=sounds.tones, profile=profile("teams2021"))


def joining(callers: int) -> tuple[int, float]:
    """Return how many ticks it takes until everybody waiting is in, and the longest tick in milliseconds."""
    bridge = _bridge([Meeting(_ID, "48215", "amos")])
    lines = [caller(str(n), f"{_ID}#1", noise=None) for n in range(callers)]
    amos = caller("amos", f"{_ID}#*48215#", noise=None, dials_at=samples(20))
    exchange = Exchange(bridge, [MemoryTrunk([*lines, amos])])
    longest = 0.0
    while not bridge.journal.of("started"):
        exchange.step()
    for _ in range(100):
        began = time.perf_counter()
        exchange.step()
        longest = max(longest, time.perf_counter() - began)
    started = bridge.journal.of("started")[0].at
    ticks = {entry.at // FRAME - started // FRAME for entry in bridge.journal.of("joined")}
    if len(bridge.journal.of("joined")) != callers + 1:
        sys.exit("not all callers have come in")
    return max(ticks) + 1, longest * 1000


def rate(callers: int, seconds: float, *, size: int, talking: bool) -> float:
    """Return how many times real time `callers` take, in meetings of `size` or in their lobbies."""
    meetings = [Meeting(f"{1000000 + n}", "48215", "amos", anyone_may_start=talking)
                for n in range(-(-callers // size))]
    noise = np.rint(np.random.default_rng(5).normal(0, 900, (500, FRAME))).astype(np.int16)
    bridge = _bridge(meetings)
    keys = "#" if talking else "#1"
    lines = [caller(str(n), meetings[n // size].conference_id + keys, noise=noise, begin=n % 500)
             for n in range(callers)]
    exchange = Exchange(bridge, [MemoryTrunk(lines)])
    while bridge.now < samples(22):
        exchange.step()
    wanted = "meeting" if talking else "lobby"
    if any(call.state != wanted for call in bridge.calls.values()):
        sys.exit(f"not all callers have come to the {wanted}")
    ticks = round(seconds * 50)
    began = time.perf_counter()
    for _ in range(ticks):
        exchange.step()
    return ticks / 50 / (time.perf_counter() - began)


def main() -> int:
    """Print the figures; exit code 1 if a target is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10)
    seconds = options.parse_args().seconds
    ticks, longest = joining(100)
    print(f"100 waiting callers join within {ticks} tick of the PIN; the longest tick of the next two seconds took "
          f"{longest:.1f} ms")
    one = rate(250, seconds, size=250, talking=True)
    print(f"250 in one meeting, all talking: {one:.1f} times real time (target {TARGET:g})")
    waiting = rate(1000, seconds, size=100, talking=False)
    talking = rate(1000, seconds, size=100, talking=True)
    print(f"1,000 waiting with music: {waiting:.1f} times real time; 1,000 talking: {talking:.1f}")
    return int(ticks > 1 or one < TARGET or waiting <= talking)


if __name__ == "__main__":
    sys.exit(main())
