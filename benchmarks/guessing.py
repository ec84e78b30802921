"""What guessing is worth, and what it costs others.

Run: python benchmarks/guessing.py [--quick]. Targets: an ID is looked up within 50 ms (99th percentile) behind
1,000 wrong PINs that are being hashed; all PINs of five digits take more than 30 days, however many lines try them
without a pause. Exit code 1 if a target is missed. The days are virtual: they are counted, not waited for.
"""

import argparse
import heapq
import secrets
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from ivr.clock import samples
from ivr.conference.profile import DEFAULT, PROFILES
from ivr.desk.vault import KeyFile
from ivr.directory.desk import Desk
from ivr.directory.meetings import Meeting, Meetings, key_of
from ivr.directory.office import World
from ivr.directory.organizers import NewOrganizer
from ivr.live.asking import Aside
from ivr.questions import NOBODY, Asker, PinChecked

ALL_PINS = 100_000
DAY = 86_400
PAUSE_S = 8
"""How long somebody takes to dial again, and to key ID and PIN: he is a machine."""


def days_of_trying(lines: int, pins: int) -> float:
    """Return how many days it takes so many lines to try so many PINs of one meeting, each one after another."""
    meetings = Meetings([Meeting("1234567", "99999", "amos")])
    slowing = PROFILES[DEFAULT].slowing_of_pins
    ready = [(0, line) for line in range(lines)]
    tried = now = 0
    while tried < pins:
        now, line = heapq.heappop(ready)
        meetings.check_pin(line, key_of("1234567"), "00000", Asker(samples(now), slowing=slowing))
        answer, = meetings.answers()
        free = now
        if isinstance(answer, PinChecked):
            tried += 1
            free += answer.turn.after if answer.turn else 0
        heapq.heappush(ready, (free + PAUSE_S, line))
    return now / DAY


def finds_behind(hashes: int, finds: int) -> list[float]:
    """Return how long each of these look-ups took, in ms, while so many PINs were being checked."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(clock=lambda: int(time.time()), randbelow=secrets.randbelow,
                      vault=KeyFile(Path(folder) / "key"))
        with closing(Desk(f"sqlite:///{folder}/directory.db", world)) as desk:
            desk.organizers.enable(NewOrganizer("amos.marble@contoso.com"))
            conference_id = desk.meetings.meet_now("amos.marble@contoso.com").conference_id
            meeting = desk.checks.find(conference_id)
            assert meeting
            aside = Aside(desk.checks)
            for call in range(hashes):
                aside.check_pin(call, meeting.meeting, "00000", NOBODY)
            took: list[float] = []
            answered: set[int] = set()
            for call in range(hashes, hashes + finds):
                began = time.perf_counter()
                aside.find(call, conference_id)
                while call not in answered:
                    time.sleep(0.0005)
                    answered |= {answer.call for answer in aside.answers()}
                took.append(1000 * (time.perf_counter() - began))
            assert len(answered) < hashes, "the hashes were over before the look-ups"
            aside.close()
            return took


def main() -> int:
    """Print the figures; exit code 1 if a target is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="small numbers: whether it runs, not how it does")
    quick = options.parse_args().quick
    hashes, finds, pins = (100, 50, 2_000) if quick else (1_000, 500, ALL_PINS)
    took = sorted(finds_behind(hashes, finds))
    p99 = took[round(0.99 * len(took)) - 1]
    print(f"look-up of an ID behind {hashes} wrong PINs: median {took[len(took) // 2]:.1f} ms, p99 {p99:.1f} ms, "
          f"longest {took[-1]:.1f} ms; < 50 ms: {'ok' if p99 < 50 else 'short'}")
    ok = p99 < 50
    for lines, tried in ((1, pins), (6, pins), (100, pins // 100)):  # most of a hundred only hear "try later"
        days = days_of_trying(lines, tried) * ALL_PINS / tried
        ok = ok and days > 30
        print(f"{tried} PINs tried from {lines} lines: at that pace all {ALL_PINS} take {days:.0f} days; "
              f"> 30 days: {'ok' if days > 30 else 'short'}", flush=True)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
