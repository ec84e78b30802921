"""The command: `python -m benchmarks.mutation`."""

import argparse
import hashlib
import json
import os
import queue
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from benchmarks.mutation.areas import AREAS, Area
from benchmarks.mutation.mutants import Mutant, mutants_of
from benchmarks.mutation.trials import Came, Copy

ROOT = Path(__file__).parents[2]
REASONS = Path(__file__).with_name("survivors.yaml")
MOST = 0.05
"""The part of all mutants that may survive without a reason."""

_SPARE, _SPARE_S = 5, 60
"""A run may take so many times what it takes without a change, and so many seconds more."""


def drawn(root: Path, count: int, seed: int, only: str = "") -> list[tuple[Area, Mutant]]:
    """Return mutants by chance: the hashes of their names and the seed decide, so an edit changes few of them."""
    every = [(area, mutant) for area in AREAS for path in area.files(root)
             for mutant in mutants_of(path.read_bytes(), path.relative_to(root).as_posix()) if only in str(mutant)]
    return sorted(every, key=lambda one: hashlib.sha256(f"{seed} {one[1].name}".encode()).digest())[:count]


class Run:
    """Tries mutants, each in a copy of the tree that nobody else uses meanwhile."""

    def __init__(self, copies: Sequence[Copy], known: dict[str, Came], told: Path | None) -> None:
        self._copies: queue.SimpleQueue[Copy] = queue.SimpleQueue()
        for copy in copies:
            self._copies.put(copy)
        self._known, self._told = known, told
        self._usual: dict[str, float] = {}

    def measure(self, area: Area) -> None:
        """Run an area's tests with nothing changed: they have to pass, and what they take is the measure."""
        copy = self._copies.get()
        came = copy.run(area.tests_of(copy.folder, ""))
        self._copies.put(copy)
        if came.noticed:
            raise SystemExit(f"the tests of {area.name} fail with nothing changed: {came.by}")
        self._usual[area.name] = came.cpu_s
        print(f"{area.name}: its tests take {came.cpu_s:.0f} s of a processor", flush=True)

    def one(self, area: Area, mutant: Mutant) -> tuple[Mutant, Came]:
        """Try a mutant, unless it was tried before."""
        if mutant.name not in self._known:
            copy = self._copies.get()
            came = copy.trial(mutant, area.tests_of(copy.folder, mutant.file),
                              self._usual[area.name] * _SPARE + _SPARE_S)
            self._copies.put(copy)
            self._known[mutant.name] = came
            print(f"{'noticed ' if came.noticed else 'SURVIVES'} {came.cpu_s:5.1f} s  {mutant}\n"
                  f"{'':18}{came.by}", flush=True)
            if self._told:
                with self._told.open("a") as file:
                    file.write(json.dumps([mutant.name, came.noticed, came.by, came.cpu_s]) + "\n")
        return mutant, self._known[mutant.name]


def tell(results: Sequence[tuple[Mutant, Came]], reasons: dict[str, str]) -> int:
    """Print the survivors and the sum; return the exit code."""
    survivors = [mutant for mutant, came in results if not came.noticed]
    without = [mutant for mutant in survivors if mutant.name not in reasons]
    for mutant in survivors:
        print(f"\n{mutant}\n    {reasons.get(mutant.name, 'NO REASON')}")
    print(f"\n{len(results)} mutants, {len(survivors)} survive, {len(without)} of them without a reason "
          f"({100 * len(without) / max(len(results), 1):.1f} %, at most {100 * MOST:.0f} %); "
          f"{sum(came.cpu_s for _, came in results):.0f} s of a processor")
    by_file = Counter(mutant.file for mutant in without)
    for file, count in by_file.most_common():
        print(f"    {count} in {file}")
    return int(len(without) >= MOST * len(results) and bool(without))


def main(words: Sequence[str] | None = None) -> int:
    """Draw, try, tell; exit code 1 if too many survive."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutation", description=__doc__,
                                     epilog="Example: python -m benchmarks.mutation --count 20 --only ivr/engine/")
    parser.add_argument("--count", type=int, default=200, help="how many (200)")
    parser.add_argument("--seed", type=int, default=12, help="which ones (12)")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)),
                        help="runs at once (as many as processors)")
    parser.add_argument("--only", default="", help="those with this in their line, such as a file or a function")
    parser.add_argument("--list", action="store_true", help="only say which they are")
    parser.add_argument("--results", type=Path, help="a file to keep results in, and to go on from")
    given = parser.parse_args(words)
    chosen = drawn(ROOT, given.count, given.seed, given.only)
    if given.list:
        print(*(mutant for _, mutant in chosen), sep="\n")
        return 0
    known = {}
    if given.results and given.results.exists():
        for name, noticed, by, cpu_s in map(json.loads, given.results.read_text().splitlines()):
            known[name] = Came(noticed, by, cpu_s)
    with tempfile.TemporaryDirectory(prefix="mutants.") as folder, ThreadPoolExecutor(given.jobs) as pool:
        run = Run([Copy(ROOT, Path(folder) / str(job)) for job in range(given.jobs)], known, given.results)
        wanted = {area.name: area for area, mutant in chosen if mutant.name not in known}
        list(pool.map(run.measure, wanted.values()))
        results = list(pool.map(lambda one: run.one(*one), chosen))
    return tell(results, yaml.safe_load(REASONS.read_text(encoding="utf-8")) or {})


if __name__ == "__main__":
    sys.exit(main())
