"""Tables: a CSV file beside a story, of which each row is a run, and each column a variable."""

import csv
import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.reading import YamlNode, compose, nearest, read
from ivr.scenario.variables import NAME, NUMBER
from ivr.scenario.writing import SCENARIO

TABLE = "table"
NAMED = "name"
"""The column that names rows; without it they are called by their numbers."""
_MOST = 1000
_ROW = re.compile(r"\w[\w .+-]{0,99}")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One run of a story.

    Attributes
    ----------
    name : str
        No other row's.
    values : mapping of str to str
        By columns.
    """

    name: str
    values: Mapping[str, str]


def rows_of(path: Path) -> tuple[str, ...]:
    """Return the names of the rows of a story's table; one empty name for a story without one.

    Raises
    ------
    ScenarioError
        If the story, or its table, cannot be read.
    """
    text = read(path, SCENARIO, "a scenario file")
    if not re.search(rf"^(['\"]?){TABLE}\1\s*:", text, re.M):
        return ("",)
    root = compose(text, path, SCENARIO)
    if not isinstance(root.value, dict) or TABLE not in root.value:
        return ("",)
    return tuple(row.name for row in read_table(root.value[TABLE]))


def row_of(node: YamlNode, name: str) -> TableRow:
    """Return a row by its name; the first one for none."""
    rows = read_table(node)
    if not name:
        return rows[0]
    known = {row.name: row for row in rows}
    if name not in known:
        raise node.error(f"the table has no row {name!r}{nearest(name, known)}")
    return known[name]


def read_table(node: YamlNode) -> list[TableRow]:
    """Read the file that a story names."""
    name = node.text("a table")
    path = Path(os.path.normpath(node.path.parent / name))
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises for a name that is too long
        raise node.error(f"there is no table {name!r} beside the scenario: check the path")
    text = read(path, SCENARIO, "a table").removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)

    def here(line: int) -> YamlNode:
        return YamlNode(path, line, "", node.fault)

    try:
        columns = [one.strip() for one in next(reader, [])]
        _check(columns, here(1))
        rows: dict[str, TableRow] = {}
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue  # an empty line
            where = here(reader.line_num)
            if len(cells) != len(columns):
                raise where.error(f"this row has {len(cells)} values, and there are {len(columns)} columns")
            values = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
            row = values.get(NAMED, "") if NAMED in columns else str(len(rows) + 1)
            if not _ROW.fullmatch(row):
                raise where.error(f"{row!r} cannot name a row: use letters, digits, spaces, -, _, + and .")
            if row in rows:
                raise where.error(f"a row is called {row!r} already: give each its own name")
            if len(rows) == _MOST:
                raise where.error(f"these are too many rows: {_MOST} at most")
            rows[row] = TableRow(row, values)
    except csv.Error as error:
        raise here(reader.line_num).error(f"this is no CSV: {error}") from None
    if not rows:
        raise here(1).error("this table has no row: write one for each run below the names of the columns")
    return [*rows.values()]


def _check(columns: list[str], where: YamlNode) -> None:
    if not columns:
        raise where.error("this table is empty: begin with a line of the names of its columns")
    for n, column in enumerate(columns):
        if not re.fullmatch(NAME, column) or column == NUMBER:
            # it may be a row that stands there, with a PIN
            shown = re.sub("[0-9]{4,}", "...", column)
            raise where.error(f"{shown!r} cannot be a column: use letters, digits, - and _, a letter first, and "
                              f"not {NUMBER!r}")
        if column in columns[:n]:
            raise where.error(f"{column!r} stands here twice: give each column its own name")
