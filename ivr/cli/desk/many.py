"""Enabling all organizers in a CSV file: checked as a whole first, then enabled in small steps.

A file with a wrong line is refused before anything is done. What an interrupted run has enabled stays enabled, and
since enabling twice changes nothing, the same file given again does the rest.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ivr.cli.desk.kit import Sending, Where, counted, delivered, told_all, told_folder, told_lying
from ivr.cli.desk.telling import enabled_facts, shows_pin
from ivr.cli.faults import UsageError
from ivr.directory.desk import Desk
from ivr.directory.errors import nearest
from ivr.directory.organizers import Enabled, NewOrganizer
from ivr.directory.outbox import Lying

_STEP = 40
"""Organizers of one transaction: an interrupted run has at most so many PINs made in vain."""

_MOST_TOLD = 20
_COLUMNS = tuple(field.name for field in fields(NewOrganizer))
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_ANSWERS = {"": None, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def enable_file(desk: Desk, path: Path, sending: Sending, where: Where) -> int:
    """Enable everybody in a file; print PINs only of those whom no letter brings one.

    Returns
    -------
    int
        The exit code: 1 if a letter to somebody in the file has not come yet, be it of a run before this one.

    Raises
    ------
    UsageError
        If a line is wrong: then nothing has been done.
    Untold
        If what there is to tell could not be printed.
    """
    people = _read(path)
    wrong = [(people[n][0], reason) for n, reason in desk.organizers.examine([person for _, person in people])]
    _refuse(path, wrong)
    before = letters = shown = 0
    lying = Lying()
    with ThreadPoolExecutor() as pool, _progress(len(people), where) as step:
        for some in (people[n:n + _STEP] for n in range(0, len(people), _STEP)):
            done = desk.organizers.enable_all([person for _, person in some], mailing=sending.mailing(),
                                              mapping=pool.map)
            _tell(done, where)
            before += sum(not one.changed for one in done)
            shown += sum(map(shows_pin, done))
            letters += delivered(desk, where).delivered
            lying += desk.outbox.lying([one.address for one in done])
            step(len(some))
    if not where.json:
        print(f"{counted(len(people) - before, 'organizer')} enabled; {before} enabled before.")
    told_folder(desk, where, letters)
    told_lying(lying, "letter to somebody in this file")
    told_all(shows_pin=bool(shown))
    return 1 if lying else 0


def _read(path: Path) -> list[tuple[int, NewOrganizer]]:
    """Return the organizers in a file, each with the number of the line that it stands in."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            columns = _columns(path, next(rows, []))
            begins, lines = rows.line_num + 1, []
            for row in rows:
                lines.append((begins, row))
                begins = rows.line_num + 1
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no text in UTF-8: save it as such") from None
    except csv.Error as error:
        raise UsageError(f"{path}, line {rows.line_num}: it is not CSV ({error})") from None
    wrong: list[tuple[int, str]] = []
    people = list(_people(lines, columns, wrong))
    _refuse(path, wrong)
    if not people:
        raise UsageError(f"{path} names nobody: give each organizer a line below the first")
    return people


def _columns(path: Path, head: Sequence[str]) -> list[str]:
    for sign, what in _SEPARATORS.items():
        if any(sign in name for name in head):
            raise UsageError(f"{path}, line 1: the columns are separated by {what}: save it with commas")
    columns = [name.strip().lower().replace(" ", "_").replace("-", "_") for name in head]
    for name in columns:
        if name not in _COLUMNS:
            raise UsageError(f"{path}, line 1: there is no column {name!r}{nearest(name, _COLUMNS)}; "
                             f"the columns are {', '.join(_COLUMNS)}")
        if columns.count(name) > 1:
            raise UsageError(f"{path}, line 1: the column {name!r} stands there twice")
    if "address" not in columns:
        raise UsageError(f"{path}, line 1: the column 'address' is missing; the first line names the columns")
    return columns


def _people(lines: Sequence[tuple[int, list[str]]], columns: list[str],
            wrong: list[tuple[int, str]]) -> Iterator[tuple[int, NewOrganizer]]:
    for begins, row in lines:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(columns):
            wrong.append((begins, f"it has {len(row)} values for {len(columns)} columns"))
            continue
        facts: dict[str, str] = dict(zip(columns, (cell.strip() for cell in row), strict=True))
        answer = facts.pop("pstn_only", "").lower()
        if answer not in _ANSWERS:
            wrong.append((begins, f"{answer!r} is no pstn_only: it takes yes or no"))
            continue
        yield begins, NewOrganizer(**facts, pstn_only=_ANSWERS[answer])


def _refuse(path: Path, wrong: Sequence[tuple[int, str]]) -> None:
    if not wrong:
        return
    told = [f"{path}, line {line}: {reason}" for line, reason in wrong[:_MOST_TOLD]]
    if len(wrong) > _MOST_TOLD:
        told.append(f"{path} has {len(wrong) - _MOST_TOLD} more wrong lines")
    raise UsageError("\n     ".join(told) + "; nothing of the file was applied")


def _tell(done: Sequence[Enabled], where: Where) -> None:
    for one in done:
        if where.json:
            print(json.dumps(enabled_facts(one), ensure_ascii=False))
        elif one.pin and shows_pin(one):
            print(f"{one.address}: the PIN is {one.pin.pin}; no letter goes out, so hand it over yourself.")
    sys.stdout.flush()


@contextmanager
def _progress(total: int, where: Where) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal, and nothing in a pipe; gives what moves it on."""
    with Progress(TextColumn("enabling"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                  console=Console(stderr=True), disable=where.json or not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.advance(task, count)
