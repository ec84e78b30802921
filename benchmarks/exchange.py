"""What a tick costs with many lines: the bridge alone, the exchange, and a session that nobody watches.

Run: python benchmarks/exchange.py [--calls 1000] [--after 10000]. CPU time of one core, of the three in turn in one
run. Targets: the exchange at most 1.2 times the bridge. Of `--after` calls, one after the other, the last thousand
take at most 1.2 times what the first did, and a megabyte more memory; a tick with 1,000 that have ended behind it
costs what it did before. Everybody sends noise of -25 dBm0, and waits with music.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

import dtmf
from ivr.assembly import assembled
from ivr.cli.kit import stage
from ivr.clock import FRAME, RATE, samples
from ivr.conference.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.exchange import Exchange
from ivr.journal import Journal
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.session import Session

MOST, GROWN_MB = 1.2, 1.0
_FIRST = 1234000
_ROUNDS = 12
_PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_ms(act: Callable[[], object], times: int) -> float:
    """Return what doing something takes, in milliseconds of a core."""
    began = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - began) / times * 1000


def resident_mb() -> float:
    """Return what this process takes of the machine's memory now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 1e6


def _exchange(trunk: MemoryTrunk) -> Exchange:
    meetings = [Meeting(f"{_FIRST + n}", "48215", "amos") for n in range(1000)]
    return assembled(stage(), Meetings(meetings), profile("teams2021"), [trunk], journal=Journal(keeps=1000))[1]


def _waiting(calls: int, trunk: MemoryTrunk) -> None:
    """Let so many come into the lobby and stay there."""
    noise = np.rint(np.random.default_rng(5).normal(0, 900, (500, FRAME))).astype(np.int16)
    for n in range(calls):
        keys = dtmf.encode(f"{_FIRST + n // 10}#1", RATE, tone_ms=60, gap_ms=60)
        keys = np.append(keys, np.zeros(samples(8), np.int16))
        trunk.add(MemoryLine(f"c{n}", keys, keeps=False, then=np.roll(noise, -100 * (n % 5), axis=0).reshape(-1),
                             dials_at=n % 50 * FRAME))


def at_once(calls: int) -> bool:
    """Print what a tick takes with so many on the line, before and after 1,000 others have called."""
    trunk = MemoryTrunk(stays=True)
    exchange = _exchange(trunk)
    session = Session(exchange)
    _waiting(calls, trunk)
    while exchange.bridge.now < samples(14):
        session.step()
    if any(call.state != "lobby" for call in exchange.bridge.calls.values()):
        sys.exit("not all callers have come to the lobby")
    frames = []
    for _ in range(25):
        exchange.step()
        frames.append(exchange.heard.copy())
    heard = cycle(frames)
    parts = (lambda: exchange.bridge.tick(next(heard)), exchange.step, session.step)
    took = np.array([[cpu_ms(act, 25) for act in parts]
                     for _ in range(_ROUNDS)])
    bridge, whole, watched = np.median(took, axis=0)
    print(f"{calls} calls, CPU of a tick: bridge {bridge:.2f} ms; exchange {whole:.2f} ms, {whole / bridge:.2f} "
          f"times that; session {watched:.2f} ms, {watched / bridge:.2f} times", flush=True)
    gone = np.zeros(0, np.int16)
    for n in range(1000):
        trunk.add(MemoryLine(f"g{n}", gone, keeps=False, dials_at=exchange.bridge.now, hangs_up_after=FRAME))
    for _ in range(1100):
        exchange.step()  # rows that nobody needs go after a while
    after = [cpu_ms(lambda: exchange.bridge.tick(exchange.heard), 25) for _ in range(_ROUNDS)]
    later = [cpu_ms(exchange.step, 25) for _ in range(_ROUNDS)]
    print(f"with 1,000 calls behind it that have ended: bridge {np.median(after):.2f} ms of "
          f"{exchange.bridge.rows} rows, exchange {np.median(later):.2f} ms", flush=True)
    waiting = [_waited(frames) for frames in (1, 50)]
    print(f"ten who wait for ten minutes: {waiting[0]:.2f} s by single frames, {waiting[1]:.2f} s by steps of "
          "fifty", flush=True)
    return bool(whole <= MOST * bridge and np.median(later) <= MOST * np.median(after))


def _waited(frames: int) -> float:
    """Return what it takes, in CPU seconds, that ten callers wait for ten minutes, by steps of so many frames."""
    trunk = MemoryTrunk(stays=True)
    exchange = _exchange(trunk)
    for n in range(10):
        trunk.add(MemoryLine(f"c{n}", dtmf.encode(f"{_FIRST}#1", RATE), keeps=False))
    began = time.process_time()
    while exchange.bridge.now < samples(600):
        exchange.step(frames)
    return time.process_time() - began


def in_turn(calls: int) -> bool:
    """Print what calls one after the other take, the first thousand and the last."""
    trunk = MemoryTrunk(stays=True)
    exchange = _exchange(trunk)
    says = np.zeros(0, np.int16)

    def call() -> None:
        trunk.add(MemoryLine("one", says, keeps=False, hangs_up_after=FRAME))
        exchange.step()
        exchange.step()

    for _ in range(1000):
        call()  # until all that is kept has come to its size
    first, had = cpu_ms(call, 1000), resident_mb()
    for _ in range(calls - 3000):
        call()
    last, has = cpu_ms(call, 1000), resident_mb()
    print(f"{calls} calls one after the other: the second thousand {first:.3f} ms each, the last thousand "
          f"{last:.3f} ms; {has - had:+.1f} MB", flush=True)
    return last <= MOST * first and has - had <= GROWN_MB


def main() -> int:
    """Print the figures; exit code 1 if a target is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=1000)
    options.add_argument("--after", type=int, default=10_000)
    chosen = options.parse_args()
    return 0 if at_once(chosen.calls) & in_turn(chosen.after) else 1


if __name__ == "__main__":
    sys.exit(main())
