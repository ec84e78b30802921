"""What the bench prints: one table for the eye, one object for machines."""

import math
from dataclasses import dataclass
from typing import Any

from benchmarks.ear.judging import Figures
from benchmarks.ear.rows import Row


@dataclass(frozen=True, slots=True)
class Result:
    """A row with what every receiver made of it; None where it was not or cannot be asked."""

    row: Row
    figures: dict[str, Figures | None]
    why_not: str = ""
    """What was missing, if the row could not be measured at all."""

    def verdict(self, name: str) -> str:
        """Return how a receiver stands: ok, short, or nothing where nothing is asked."""
        if self.why_not or not any(self.row.limits):
            return ""
        return "ok" if self.row.passes(self.figures.get(name)) else "short"


def figure(value: float, digits: int) -> str:
    """Return a figure as it is printed."""
    if not math.isfinite(value):
        return "none"
    return f"{round(value, digits) + 0.0:,.{digits}f}"


def shown(row: Row, figures: Figures | None) -> str:
    """Return the figures of one cell."""
    if figures is None:
        return ""
    digits = row.digits if isinstance(row.digits, tuple) else (row.digits,) * len(figures)
    return " / ".join(figure(value, after) for value, after in zip(figures, digits, strict=True))


def required(row: Row) -> str:
    """Return what is asked of ours."""
    return " / ".join("" if limit is None else str(limit) for limit in row.limits).strip(" /")


def text(results: list[Result], names: list[str]) -> str:
    """Return the table: a line a row, in columns, fit for a Markdown page too."""
    head = ["condition", "ours must be", *names, ""]
    body = []
    for result in results:
        if result.why_not:
            body.append([result.row.title, required(result.row), *[""] * len(names), "not measured"])
            continue
        cells = [shown(result.row, result.figures.get(name)) for name in names]
        body.append([result.row.title, required(result.row), *cells, result.verdict(names[0])])
    widths = [max(len(line[n]) for line in [head, *body]) for n in range(len(head))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in [head, rule, *body]
    )


def as_object(results: list[Result], names: list[str], missing: list[str]) -> dict[str, Any]:
    """Return the same for machines; what is not finite is null."""
    return {
        "receivers": names,
        "missing": missing,
        "rows": [
            {
                "name": result.row.name,
                "title": result.row.title,
                "limits": [None if limit is None else [limit.sign, limit.bound] for limit in result.row.limits],
                "figures": {name: _plain(result.figures.get(name)) for name in names},
                "verdict": {name: result.verdict(name) for name in names if not result.why_not},
                "not_measured": result.why_not or None,
            }
            for result in results
        ],
    }


def _plain(figures: Figures | None) -> list[float | None] | None:
    if figures is None:
        return None
    return [round(value, 6) if math.isfinite(value) else None for value in figures]
