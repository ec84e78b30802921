"""What stories cost: of one and of all that ship, side by side, with long waits, and with many callers.

Run: python -m benchmarks.stories. Processor time; of two side by side the wall clock, when nothing else may run.
Each figure stands beside what is asked of it. That reports cost little is a figure of `benchmarks/pages.py`.
"""

import os
import sys
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

from benchmarks.start import BIN, costs, seconds
from ivr.assembly import assembled
from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.directory.meetings import Meeting, Meetings
from ivr.journal import Journal
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.scenario.grammar import parse
from ivr.scenario.player import Result, play
from ivr.scenario.steps import Scenario
from ivr.scenario.words import Words
from prompts import languages

MEETING = """
meetings:
  - {conference id: 1234567, pin: 48215, options: {name-recording: no, lobby-timeout: 2 h}}
"""

LOBBY = f"""{MEETING}
callers:
  10 waiters: {{like: waiter, every: 200 ms}}
templates:
  waiter:
    - press: 1234567#1
    - hear: hold-music
    - not hear: joining
      for: 10 min
"""

LONG = f"""{MEETING}
callers:
  anna:
    - press: 1234567#1
    - hear: hold-music
    - hear: joining
      within: 100 min
  amos:
    - wait: 90 min
    - press: 1234567#*48215#
    - in: meeting
    - wait: 3 s
"""

CROWD = """
meetings:
  - {conference id: 1234567, pin: 48215, options: {name-recording: no}}
  - {conference id: 7654321, pin: 48215, options: {name-recording: no}}
callers:
  250 waiters: {like: waiter, every: 20 ms}
  250 others: {like: other, every: 20 ms}
templates:
  waiter:
    - press: 1234567#1
    - hear: hold-music
    - wait: 60 s
  other:
    - press: 7654321#1
    - hear: hold-music
    - wait: 60 s
"""


def story(text: str) -> Scenario:
    """Return a story, read."""
    return parse(text, Path("story.yaml"), Words(prompts().names(), PROFILES, languages()))


def played(scenario: Scenario) -> tuple[Result, float]:
    """Play a story that has to come true; return how it went, and the processor time in seconds."""
    began = time.process_time()
    result = play(scenario, stage())
    took = time.process_time() - began
    if not result.passed:
        sys.exit(f"it did not come true: {result.failures[0]}")
    return result, took


def alone(scenario: Scenario, result: Result) -> float:
    """Return what the bridge takes for the same calls, if everybody is a recording to whom nobody listens."""
    directory = Meetings([Meeting(one.conference_id, one.pin, one.organizer, one.anyone_may_start, one.options)
                          for one in scenario.meetings])
    lines = [MemoryLine(take.caller, take.spoke, dials_at=take.dialled_at, keeps=False) for take in result.takes]
    bridge, exchange = assembled(stage(), directory, scenario.product, [MemoryTrunk(lines)], journal=Journal())
    began = time.process_time()
    while bridge.now < result.ended_at:
        exchange.step()
    return time.process_time() - began


def told(what: str, figure: float, unit: str, asked: float, *, most: bool = True) -> bool:
    """Print a figure beside what is asked; return whether it is met."""
    met = figure <= asked if most else figure >= asked
    print(f"{what:<58} {figure:6.2f}{unit}, asked: {'at most' if most else 'at least'} {asked:g}{unit}"
          f"{'' if met else '   MISSED'}", flush=True)
    return met


def from_the_shell() -> bool:
    """Print what runs from the shell take."""
    shipped = sorted(str(path) for path in Path("scenarios").glob("*.yaml") if not path.name.startswith("f"))
    lobby = next(path for path in shipped if "s0-15-lobby" in path)
    run = (str(BIN / "ivr"), "run")
    met = told("one story from the shell, CPU", costs(*run, lobby)[0], " s", 1.0)
    met &= told(f"{len(shipped)} stories, CPU", costs(*run, *shipped, times=2)[0], " s", 8.0)
    one, two = (seconds(*run, *shipped, "-j", jobs, times=3) for jobs in ("1", "2"))
    return met & told("the same with -j 2, times as fast on two idle processors", one / two, "", 1.8, most=False)


def main() -> int:
    """Print all figures; exit code 1 if one misses what is asked."""
    met = from_the_shell()
    for what, text, asked in (("ten who wait ten minutes in a lobby, CPU", LOBBY, 0.6),
                              ("a story that waits 90 minutes, CPU", LONG, 2.0)):
        played(story(text))  # what is worked out once a process
        met &= told(what, played(story(text))[1], " s", asked)
    crowd = story(CROWD)
    result, took = played(crowd)
    met &= told("500 callers, times what the bridge takes alone", took / alone(crowd, result), "", 1.5)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
