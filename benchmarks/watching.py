"""What watching costs: CPU of a tick at 1,000 calls, of the bridge alone, with its lines, and in a session.

Run: python benchmarks/watching.py [--calls 1000]. Everybody talks in one meeting. The bridge's tick, the exchange's
and the session's are measured in turn, so that what else goes on in the machine falls on all of them; each figure
is the median of its rounds. Targets, in ticks of the bridge alone: what a session adds to the exchange is 0.05 at
most where nobody watches, and 0.4 with one who is told all events and looks at everything ten times a second.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

import dtmf
from ivr.clock import FRAME, RATE
from ivr.conference.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.bridge import Bridge
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryLine
from ivr.live.session import Session

UNWATCHED, WATCHED = 0.05, 0.4
LOOK_EVERY = 5
"""Ticks: ten times a second."""
ROUNDS, TICKS = 15, 20


class Voice:
    """A tenth of a second of sound a prompt."""

    def slots(self, _name: str, /) -> tuple[str, ...]:
        """Return none."""
        return ()

    def clips(self, _name: str, _language: str = "", /, **_slots: object) -> list[np.ndarray]:
        """Return the sound."""
        return [np.full(800, 300, np.int16)]

    def text(self, name: str, _language: str = "", /, **_slots: object) -> str:
        """Return the name."""
        return name


class Talker(MemoryLine):
    """A caller who keys in the conference ID and then talks for ever, a loop of noise; what he hears is dropped."""

    def __init__(self, caller: str, keys: np.ndarray, noise: np.ndarray, begin: int) -> None:
        super().__init__(caller, keys)
        self._loop, self._next = noise, begin

    def speak(self) -> np.ndarray | None:
        """Return the next frame."""
        if not self.has_said_all:
            return super().speak()
        self._next = (self._next + 1) % len(self._loop)
        return self._loop[self._next]

    def hear(self, frame: np.ndarray) -> None:
        """Drop it."""


def exchange_of(calls: int) -> Exchange:
    """Return an exchange whose callers all talk in one meeting."""
    bridge = Bridge(directory=Meetings([Meeting("1234567", "48215", "amos", anyone_may_start=True)]), voice=Voice(),
                    music=np.ones(80000, np.int16),
                    tones={name: np.zeros(800, np.int16) for name in ("arrival", "departure", "record")},
                    profile=replace(profile("teams2021"), pin_asked=frozenset(), participants=2 * calls,
                                    name_recording=False, announcements=False))
    noise = np.rint(np.random.default_rng(5).normal(0, 900, (500, FRAME))).astype(np.int16)
    keys = np.append(np.zeros(RATE, np.int16), dtmf.encode("1234567#", RATE))
    exchange = Exchange(bridge, [Talker(str(n), keys, noise, n % 500) for n in range(calls)])
    while bridge.now < 8 * RATE:
        exchange.step()
    if any(call.state != "meeting" for call in bridge.calls.values()):
        sys.exit("not all callers have come to the meeting")
    return exchange


def cpu_ms(act: Callable[[], object]) -> float:
    """Return the CPU of one tick, the mean of a round."""
    began = time.process_time()
    for _ in range(TICKS):
        act()
    return (time.process_time() - began) * 1000 / TICKS


def measure(exchange: Exchange, step: Callable[[], object]) -> tuple[float, float, float]:
    """Return the CPU of a tick of the bridge, of the exchange, and of `step`, in ms."""
    heard = exchange.heard.copy()
    rounds = [(cpu_ms(lambda: exchange.bridge.tick(heard)), cpu_ms(exchange.step), cpu_ms(step))
              for _ in range(ROUNDS)]
    bridge, lines, session = (statistics.median(one) for one in zip(*rounds, strict=True))
    return bridge, lines, session


def main() -> int:
    """Print the table; exit code 1 if a target is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=1000)
    exchange = exchange_of(options.parse_args().calls)
    session = Session(exchange)
    feeds, ticks = [], 0

    def watched() -> None:
        nonlocal ticks
        session.step()
        ticks += 1
        if ticks % LOOK_EVERY == 0:
            feeds[0].take()
            session.view()

    code = 0
    print(f"{'':<12}{'bridge':>10}{'exchange':>10}{'session':>10}   what the session adds, in ticks of the bridge")
    for name, step, most in (("unwatched", session.step, UNWATCHED), ("watched", watched, WATCHED)):
        if name == "watched":
            feeds.append(session.feed())
        bridge, lines, whole = measure(exchange, step)
        share = (whole - lines) / bridge
        print(f"{name:<12}{bridge:>7.2f} ms{lines:>7.2f} ms{whole:>7.2f} ms   {share:+.2f}, target {most}")
        code |= share > most
    return code


if __name__ == "__main__":
    sys.exit(main())
