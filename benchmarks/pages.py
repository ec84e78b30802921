"""What a report costs: the size of the page, and the CPU time of a run with it over that of the run alone.

Run: python benchmarks/pages.py [--callers 503]
"""

import argparse
import contextlib
import io
import tempfile
import time
from pathlib import Path

from ivr.cli.run import RunWanted, run
from ivr.cli.suite.means import Means

NAMES = ("anna", "bela", "carl", "dora", "emil", "fred", "gina", "hugo", "ines")

IN_ONE = 200
"""Callers in one meeting, which takes 250."""

MEETING = """  - conference id: {meeting}
    pin: 48215
"""
WAITS = """  {name}:
    - wait: {dials} s
    - press: {meeting}#
    - in: lobby
    - hear: {{voice: {organizer}}}
      within: {within} s
    - wait: {says} s
    - {does}
    - wait: {rest} s
"""
STARTS = """  {organizer}:
    - wait: {dials} s
    - press: {meeting}#*48215#
    - in: meeting
    - say: Good morning everybody, this is the organizer.
    - wait: {rest} s
"""


def waiting(minutes: int) -> str:
    """Return a story of ten callers, nine of whom wait so long and then say something."""
    people = [WAITS.format(name=name, meeting=1234567, organizer="amos", dials=1 + 3 * n, within=60 * minutes + 60,
                           says=5 + n, does=f"say: 'Hello, this is {name}.'", rest=20)
              for n, name in enumerate(NAMES)]
    people.append(STARTS.format(organizer="amos", meeting=1234567, dials=60 * minutes, rest=30))
    return "\n".join(["meetings:", MEETING.format(meeting=1234567), "callers:", *people])


def crowd(count: int) -> str:
    """Return a story of so many callers in meetings of 200, who press a key there that means nothing."""
    ids = range(1234000, 1234000 + -(-count // IN_ONE))
    people = [STARTS.format(organizer=f"amos{n}", meeting=meeting, dials=40, rest=25)
              for n, meeting in enumerate(ids)]
    people += [WAITS.format(name=f"caller{n}", meeting=ids[n % len(ids)], organizer=f"amos{n % len(ids)}",
                            dials=n % 20, within=120, says=n % 10, does="press: 7", rest=12)
               for n in range(count - len(ids))]
    return "\n".join(["meetings:", *(MEETING.format(meeting=meeting) for meeting in ids), "callers:", *people])


def measured(story: str, folder: Path, *, report: bool, audio: bool = True) -> tuple[float, float]:
    """Return the CPU time in seconds that a run takes, and the size of its page in MB."""
    path, where = folder / "story.yaml", folder / "report"
    path.write_text(story, encoding="utf-8")
    began = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()) as told:
        code = run([path], RunWanted(means=Means(report=where if report else None, audio=audio or not report)))
    took = time.process_time() - began
    if code:
        raise SystemExit(told.getvalue())
    page = where / "story" / "report.html"
    return took, page.stat().st_size / 1e6 if report else 0.0


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callers", type=int, default=503)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured(waiting(1), folder, report=False)
        for what, story in (("ten callers, ten minutes", waiting(10)),
                            (f"{wanted.callers} callers", crowd(wanted.callers))):
            alone, _ = measured(story, folder, report=False)
            took, size = measured(story, folder, report=True)
            _, mute = measured(story, folder, report=True, audio=False)
            print(f"{what}: page {size:.2f} MB, without audio {mute:.2f} MB; {alone:.1f} s of CPU alone, "
                  f"{took:.1f} s with the report ({took / alone:.2f} times)", flush=True)


if __name__ == "__main__":
    main()
