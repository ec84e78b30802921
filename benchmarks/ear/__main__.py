"""The command: `python -m benchmarks.ear`."""

import argparse
import json
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from benchmarks.ear import accepting, beside, disturbed, mitel, recorded, speed, table, talkoff, timing
from benchmarks.ear.judging import Figures
from benchmarks.ear.ours import SETTINGS, Ours, has_settings
from benchmarks.ear.peers import PEERS, installed
from benchmarks.ear.plot import curves_of, draw
from benchmarks.ear.rows import FULL, QUICK, Effort, Measure, Receiver, Row, Unavailable
from benchmarks.ear.table import Result

ROWS: tuple[Row, ...] = (
    *accepting.ROWS, *disturbed.ROWS, *beside.ROWS, *timing.ROWS, *mitel.ROWS,
    *recorded.ROWS, *talkoff.ROWS, *speed.ROWS,
)  # fmt: skip


def measured(row: Row, receivers: Sequence[Receiver], effort: Effort) -> Result:
    """Measure one row: all receivers at once, or one after the other where time is what counts."""
    try:
        measure = row.prepare(effort)
    except Unavailable as error:
        return Result(row, {}, str(error))
    with ThreadPoolExecutor(1 if row.alone else len(receivers)) as pool:
        figures = pool.map(lambda receiver: _one(measure, _for(row, receiver)), receivers)
        return Result(row, dict(zip((receiver.name for receiver in receivers), figures, strict=True)))


def _one(measure: Measure, receiver: Receiver | None) -> Figures | None:
    return None if receiver is None else measure(receiver)


def _for(row: Row, receiver: Receiver) -> Receiver | None:
    """Return who is asked: a row about a setting asks ours with that one, if it has settings."""
    if row.setting is None or not isinstance(receiver, Ours):
        return receiver
    return Ours(row.setting) if has_settings() else None


def chosen(names: Sequence[str], *, long: bool = True) -> list[Row]:
    """Return the rows whose names begin with one of `names`; all without any, but for long ones if not `long`."""
    if not names:
        return [row for row in ROWS if long or not row.long]
    return [row for row in ROWS if any(row.name.startswith(name) for name in names)]


def _teller() -> Callable[[str], None]:
    """Return what shows progress: a line on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        return lambda _word: None
    begun = time.monotonic()

    def tell(word: str) -> None:
        clock = f"{time.monotonic() - begun:4.0f} s  " if word else ""
        sys.stderr.write(f"\r\x1b[K{clock}{word}")
        sys.stderr.flush()

    return tell


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ear", description="Measure the decoder and, beside it, other receivers.",
        epilog="Example: python -m benchmarks.ear --only noise --only twist --quick",
    )
    parser.add_argument("--only", action="append", default=[], metavar="NAME",
                        help="only rows whose name begins so; may be given again")
    parser.add_argument("--list", action="store_true", help="print the names of the rows and stop")
    parser.add_argument("--quick", action="store_true", help="fewer trials: under a minute, coarser figures")
    parser.add_argument("--long", action="store_true",
                        help="the long rows too: 110 hours of speech and music at many pitches, minutes more")
    parser.add_argument("--setting", action="append", choices=SETTINGS, default=[],
                        help="a setting of ours; given again, a column each")
    parser.add_argument("--seed", type=int, metavar="N",
                        help="what the rows of keys beside other sound draw from; if left out, chosen and printed")
    parser.add_argument("--half", choices=("set", "told"), default="told",
                        help="which half of others' sounds those rows take: on which limits were set, or the other")
    parser.add_argument("--no-peers", action="store_true", help="ours alone")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parser.add_argument("--json-to", type=Path, metavar="FILE", help="write that object to a file as well")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw misses over SNR, and keep them as JSON")
    parser.add_argument("--wrong", action="store_true", help="name the recordings not read right")
    parser.add_argument("--check", action="store_true", help="exit with 1 if ours falls short anywhere")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the bench and return the exit code: 0 done, 1 short with --check, 2 wrong usage."""
    options = _arguments(argv)
    rows = chosen(options.only, long=options.long or options.list)
    if options.list or not rows:
        print("\n".join(row.name for row in (rows or ROWS)), file=sys.stdout if rows else sys.stderr)
        return 0 if rows else 2
    settings = options.setting or ["default"]
    if settings != ["default"] and not has_settings():
        print("this decoder has no settings; leave --setting out.", file=sys.stderr)
        return 2
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    effort, tell = replace(QUICK if options.quick else FULL, seed=seed, half=options.half), _teller()
    tell("looking for peers")
    peers, missing = ([], []) if options.no_peers else installed()
    receivers = [*(Ours(setting) for setting in settings), *peers]
    results = []
    for count, row in enumerate(rows, 1):
        tell(f"{count} of {len(rows)}  {row.title}")
        results.append(measured(row, receivers, effort))
    if options.plot:
        curves = curves_of(receivers, effort, tell)
        options.plot.with_suffix(".json").write_text(json.dumps(curves) + "\n", encoding="utf-8")
        draw(options.plot, curves)
    tell("")
    # A peer that is not here keeps its column, empty: the table of another machine has the same shape.
    names = [receiver.name for receiver in receivers]
    names += [peer.name for peer in PEERS if peer.name not in names and not options.no_peers]
    _print(options, results, names, missing, seed)
    return int(options.check and any(result.verdict(receivers[0].name) == "short" for result in results))


def _print(options: argparse.Namespace, results: list[Result], names: list[str], missing: list[str],
           seed: int) -> None:  # fmt: skip
    told = {"seed": seed, "half": options.half, **table.as_object(results, names, missing)}
    if options.json_to:
        options.json_to.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    if options.json:
        print(json.dumps(told, indent=1, ensure_ascii=False))
        return
    print(table.text(results, names))
    short = [result.row.name for result in results if result.verdict(names[0]) == "short"]
    print(f"\nkeys beside other sound: seed {seed}, the half of others' sounds on which limits were "
          f"{'set' if options.half == 'set' else 'not set'}")
    print(f"short: {', '.join(short) or 'none'}")
    for line in sorted({*missing, *(result.why_not for result in results if result.why_not)}):
        print(line)
    if options.wrong:
        print(*recorded.wrong(Ours()), sep="\n")


if __name__ == "__main__":
    sys.exit(main())
