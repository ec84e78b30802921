"""What came of a campaign, as a page, a picture and a table: how often a story came true under which conditions."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

from dtmf.audiofile import replacing
from ivr.report.page import filled, put


@dataclass(frozen=True, slots=True)
class Square:
    """One point of a campaign.

    Attributes
    ----------
    values : tuple of str
        In the order of what is varied.
    came, runs : int
        How often the story came true, of how often it was played.
    low, high : float
        Where the part that comes true lies with 95 % confidence.
    why : str
        Why it did not, the first time.
    """

    values: tuple[str, ...]
    came: int
    runs: int
    low: float
    high: float
    why: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """A campaign's points: rows are what is varied but for the last, whose values are the columns."""

    title: str
    vary: Mapping[str, Sequence[str]]
    squares: Sequence[Square]

    @property
    def columns(self) -> Sequence[str]:
        """The values of what is varied last."""
        return [*self.vary.values()][-1]

    @property
    def rows(self) -> list[tuple[str, list[Square]]]:
        """Each row's values, and its squares."""
        wide, names = len(self.columns), [*self.vary][:-1]
        found = []
        for at in range(0, len(self.squares), wide):
            row = [*self.squares[at:at + wide]]
            told = ", ".join(f"{name} {value}" for name, value in zip(names, row[0].values, strict=False))
            found.append((told, row))
        return found

    def turning(self, row: Sequence[Square]) -> str:
        """Return the first value of a row from which on the story comes true less than every other time."""
        for at, square in enumerate(row):
            if all(one.runs and 2 * one.came < one.runs for one in row[at:]):
                return square.values[-1]
        return ""


def table(matrix: Matrix) -> str:
    """Return the points as CSV."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow([*matrix.vary, "came true", "runs", "share", "low", "high", "why not"])
    for one in matrix.squares:
        share = f"{one.came / one.runs:.4f}" if one.runs else ""
        write.writerow([*one.values, one.came, one.runs, share, f"{one.low:.4f}", f"{one.high:.4f}", one.why])
    return out.getvalue()


def write_matrix(matrix: Matrix, path: Path) -> None:
    """Write the page, whole or not at all."""
    last = [*matrix.vary][-1]
    put(filled("matrix.html.j2", "", matrix=matrix, last=last, runs=sum(one.runs for one in matrix.squares),
               points=len(matrix.squares), share=_share, tint=_tint), path)


def draw(matrix: Matrix, path: Path) -> None:
    """Draw the matrix as a picture."""
    from matplotlib.figure import Figure

    rows = matrix.rows
    figure = Figure(figsize=(2.5 + 0.8 * len(matrix.columns), 1.4 + 0.36 * len(rows)), layout="constrained")
    axes: Any = figure.subplots()
    shares = [[one.came / one.runs if one.runs else float("nan") for one in row] for _, row in rows]
    # the ends of the colours are too dark to be written on
    axes.imshow(shares, vmin=-0.25, vmax=1.25, cmap="RdYlBu", aspect="auto")
    for y, (_, row) in enumerate(rows):
        for x, one in enumerate(row):
            axes.text(x, y, _share(one), ha="center", va="center", fontsize=8)
    slanted = len(matrix.columns) > 6 or max(map(len, matrix.columns)) > 8  # side by side they would be one
    axes.set_xticks(range(len(matrix.columns)), matrix.columns, rotation=45 if slanted else 0,
                    ha="right" if slanted else "center", rotation_mode="anchor")
    axes.set_yticks(range(len(rows)), [told or " " for told, _ in rows])
    axes.set_xlabel([*matrix.vary][-1])
    figure.suptitle(fill(matrix.title, 20 + 10 * len(matrix.columns)), fontsize=10)
    with replacing(path) as unfinished:
        figure.savefig(unfinished, format="png", dpi=120, metadata={"Software": None})


def _share(one: Square) -> str:
    return f"{100 * one.came / one.runs:.0f} %" if one.runs else "–"  # noqa: RUF001 - as the pages write it


def _tint(one: Square) -> str:
    """Return how green a square is, in per cent: of those that were played."""
    return f"{100 * one.came / one.runs:.0f}%" if one.runs else "50%"
