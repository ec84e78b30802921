"""A bridge that runs for months: what is left behind by calls with names, by a day, by many who call at once.

Run: python benchmarks/months.py [--long] [--names 100000] [--hours 24] [--at-once 1000 20000]. Quick by default;
--long is the whole thing, a quarter of an hour of one core. Targets: memory is flat after the first thousand calls
with names; a day with 570 calls an hour leaves less than 20 MB; a caller who dials and hangs up takes less than
100 kB. Each part runs in a process of its own. Every name is another one, and those in the meeting hear it; the
journal is a live one, which keeps its last entries.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

import dtmf
from ivr.cli.kit import stage, warm_up
from ivr.clock import FRAME, RATE, samples
from ivr.conference.bridge import ConferenceBridge
from ivr.conference.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.exchange import Exchange
from ivr.engine.handsets import Handsets
from ivr.engine.ports import Signal
from ivr.live.ledger import live_journal

FLAT_MB, DAY_MB, CALL_KB = 5.0, 20.0, 100.0
WARM = 1000
_SILENCE = np.zeros(FRAME, np.int16)
_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_mb() -> float:
    """Return what this process takes of the machine's memory now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 1e6


class Visitor:
    """A caller who presses keys and says a name that nobody has said before; what he hears is not kept.

    Parameters
    ----------
    stays : float
        Seconds on the line.
    waits, again : float
        Seconds until he dials, and until he dials again; below 0: never.
    """

    def __init__(self, caller: str, keys: str, random: np.random.Generator, *, stays: float, waits: float = 0.0,
                 again: float = -1.0, named: bool = True) -> None:
        self.caller, self._keys, self._random, self._named = caller, keys, random, named
        self._stays, self._again, self._waits = round(stays * 50), round(again * 50), round(waits * 50)
        self._on_the_line = False

    def signal(self) -> Signal | None:
        """Return what he does in this tick."""
        if self._on_the_line:
            if self._said < self._stays:
                return None
            self.hung_up()
            return Signal.HANG_UP
        if self._waits < 0:
            return Signal.GONE
        self._waits -= 1
        if self._waits >= 0:
            return None
        self._on_the_line, self._said, self._frames = True, 0, self._sound()
        return Signal.DIAL

    def _sound(self) -> np.ndarray:
        parts = [dtmf.encode(self._keys, RATE, tone_ms=70, gap_ms=60)]
        if self._named:
            name = self._random.standard_normal(samples(1.2)) * np.abs(np.sin(np.arange(samples(1.2)) / 900)) * 3000
            parts += [np.zeros(samples(0.9), np.int16), name.astype(np.int16), np.zeros(samples(0.2), np.int16),
                      dtmf.encode("#", RATE)]
        says = np.concatenate(parts)
        return says[:len(says) // FRAME * FRAME].reshape(-1, FRAME)

    def speak(self) -> np.ndarray:
        """Return the next frame."""
        self._said += 1
        return self._frames[self._said - 1] if self._said <= len(self._frames) else _SILENCE

    def hear(self, frame: np.ndarray) -> None:
        """Drop it."""

    def hung_up(self) -> None:
        """Begin to wait again."""
        self._on_the_line, self._waits = False, self._again


def _exchange(lines: Handsets, meetings: int) -> Exchange:
    sounds = stage()
    warm_up()
    opened = (Meeting(f"{5000000 + n}", "48215", "Rita", anyone_may_start=True) for n in range(meetings))
    directory = Meetings([Meeting("1234567", "48215", "Amos"), *opened])
    with live_journal(None) as (journal, _):
        return Exchange(ConferenceBridge(directory=directory, voice=sounds.voice, music=sounds.music,
                                         tones=sounds.tones, profile=profile("teams2021"),
                                         journal=journal), [lines])


def _told(what: str, began: float, first: float) -> float:
    grown = resident_mb() - first
    spent = time.process_time() - began
    print(f"{what}: {first + grown:.1f} MB, {grown:+.1f}; {spent:.0f} s of a core", flush=True)
    return grown


def names(calls: int) -> bool:
    """Let so many call, a hundred at a time in meetings of ten; return whether memory stays as it was."""
    handsets = Handsets([Visitor("nobody", "", np.random.default_rng(0), stays=0, waits=1e9)])
    exchange, random = _exchange(handsets, 10), np.random.default_rng(1)
    began, first, done, named = time.process_time(), 0.0, 0, 0
    while done < calls:
        for n in range(100):
            handsets.add(Visitor(f"c{done + n}", f"{5000000 + n % 10}#11", random, stays=8, waits=n * 0.08))
        done += 100
        until = exchange.bridge.now + samples(16.5)
        seen = exchange.bridge.journal.written
        while exchange.bridge.now < until:
            exchange.step()
        named += sum(1 for entry in exchange.bridge.journal.since(seen) if entry.facts.get("recorded"))
        if done == WARM:
            first = resident_mb()
        if done % max(WARM, calls // 10) == 0:
            _told(f"{done} calls, {named} names", began, first or resident_mb())
    return named > 0.9 * done and resident_mb() - first < FLAT_MB


def day(hours: float) -> bool:
    """Let six lines call all day, 570 calls an hour; return whether little more is taken at its end."""
    random = np.random.default_rng(2)
    lines = [Visitor("amos", "1234567#*48215#", random, stays=80, again=4, named=False),
             *(Visitor(f"c{n}", "1234567#11", random, stays=30, waits=3 * n, again=4) for n in range(1, 6))]
    exchange, began, grown = _exchange(Handsets(lines), 0), time.process_time(), 0.0
    bridge, calls, seen, first = exchange.bridge, 0, 0, 0.0
    step, half_hours = samples(1800), round(2 * hours)
    for half_hour in range(1, half_hours + 1):
        while bridge.now < half_hour * step:
            exchange.step()
            if bridge.journal.written != seen:
                calls += sum(1 for entry in bridge.journal.since(seen) if entry.event == "dialled")
                seen = bridge.journal.written
            if not first and calls == WARM // 10:
                first = resident_mb()
        if half_hour % max(1, half_hours // 12) == 0 or half_hour == half_hours:
            grown = _told(f"{half_hour / 2:.1f} h, {calls} calls", began, first)
    return grown < DAY_MB and calls > 550 * hours


def at_once(calls: int) -> bool:
    """Let so many dial in one tick and hang up soon after; return whether each takes little."""
    random = np.random.default_rng(3)
    handsets = Handsets(Visitor(name, "", random, stays=0.1, waits=waits, named=False)
                        for name, waits in (("first", 0), ("nobody", 1e9)))
    exchange = _exchange(handsets, 0)
    for _ in range(20):
        exchange.step()
    first, began = resident_mb(), time.process_time()
    for n in range(calls):
        handsets.add(Visitor(f"c{n}", "", random, stays=0.5, named=False))
    most = there = 0.0
    for _ in range(40):
        exchange.step()
        most, there = max(most, resident_mb()), max(there, len(exchange.bridge.calls))
    each = (most - first) * 1000 / calls
    print(f"{calls} callers at once: {there:.0f} were on the line, {each:.1f} kB each at most, of them "
          f"{(resident_mb() - first) * 1000 / calls:.1f} kept for the next; "
          f"{time.process_time() - began:.1f} s of a core", flush=True)
    return there == calls and each < CALL_KB and not exchange.bridge.calls


_PARTS = {"names": lambda much: names(int(much)), "day": day, "at-once": lambda much: at_once(int(much))}


def main() -> int:
    """Print the figures; exit code 1 if a target is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--long", action="store_true")
    options.add_argument("--names", type=int)
    options.add_argument("--hours", type=float)
    options.add_argument("--at-once", type=int, nargs="+", default=[1000, 20_000])
    options.add_argument("--part", nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.part:
        return 0 if _PARTS[chosen.part[0]](float(chosen.part[1])) else 1
    parts = [*(("at-once", calls) for calls in chosen.at_once),
             ("names", chosen.names or (100_000 if chosen.long else 3000)),
             ("day", chosen.hours or (24 if chosen.long else 1))]
    codes = [subprocess.run([sys.executable, __file__, "--part", part, str(much)], check=False).returncode
             for part, much in parts]
    for (part, much), code in zip(parts, codes, strict=True):
        if code:
            print(f"missed: {part} {much}")
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
