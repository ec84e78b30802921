"""Plays the shipped stories on bridges with faults: `python -m benchmarks.product [--all] [--only FAULT] [-j N]`.

Without `--all` a fault's stories are tried until one notices it, which is written into caught.yaml beside this
file; a test plays each fault on that story. With it the whole matrix is printed: every fault on every story.
"""

import argparse
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from benchmarks.product.faults import FAULTS
from benchmarks.product.trying import STORIES, noticed, row
from dtmf.archive.processes import Processes

CAUGHT = Path(__file__).with_name("caught.yaml")
HEADER = """# Which shipped story notices which fault of faults.py by its assertions alone: written by
# `python -m benchmarks.product`. A fault without a story is noticed by none.
"""


def main() -> None:
    """Try what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.product", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every fault on every story")
    parser.add_argument("--only", default="*", help="faults of this name, or pattern")
    parser.add_argument("--most", type=int, default=len(STORIES), help="stories that are tried for a fault")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    asked = parser.parse_args()
    names = [name for name in FAULTS if fnmatchcase(name, asked.only)]
    known = yaml.safe_load(CAUGHT.read_text(encoding="utf-8")) if CAUGHT.is_file() else {}
    work = Processes(lambda pool, place: pool.submit(row, names[place]) if asked.all else pool.submit(
        noticed, names[place], asked.most), asked.jobs, ["benchmarks.product.trying"])
    for place, came in work.done(len(names)):
        if came is None:
            raise SystemExit(f"{names[place]}: its process has died, twice")
        print(f"{names[place]:45} {came or 'nobody notices'}", flush=True)
        if not asked.all:
            known[names[place]] = came or None
    if not asked.all:
        ordered = {name: known.get(name) for name in FAULTS}
        CAUGHT.write_text(HEADER + yaml.safe_dump(ordered, sort_keys=False, width=110), encoding="utf-8")
        print(f"{sum(map(bool, ordered.values()))} of {len(ordered)} faults are noticed")


if __name__ == "__main__":
    main()
