"""What was done at the administrator's desk, and the letters, as marks above the lanes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ivr.clock import seconds
from ivr.journal import Entry

_A_LETTER = 0.0066
"""How much of the time axis a letter of a label takes, about."""
_MARGIN = 0.03
_ROWS = 10


@dataclass(frozen=True, slots=True)
class DeskMark:
    """A mark at its moment.

    Attributes
    ----------
    kind : str
        "desk", "letter" or "refused": its colour.
    label, told : str
        In few words, and in full.
    row : int
        So far below the axis that labels do not cover each other.
    turned : bool
        Whether the label stands before its moment, because the page ends soon after.
    """

    at: int
    kind: str
    label: str
    told: str
    row: int = 0
    turned: bool = False


def desk_marks(entries: Iterable[Entry], total: int) -> list[DeskMark]:
    """Return the marks of a run, in order.

    Parameters
    ----------
    total : int
        Samples that the time axis covers.
    """
    found = [_mark(e) for e in entries if e.event in ("desk", "letter")]
    placed: list[DeskMark] = []
    taken: list[tuple[int, float, float]] = []  # row, from, to: as parts of the axis
    for one in found:
        width = len(one.label) * _A_LETTER + _MARGIN
        here = one.at / total
        turned = here + width > 1 and here >= width
        span = (here - width, here) if turned else (here, here + width)
        row = next((row for row in range(_ROWS) if not any(
            other == row and span[0] < end and begin < span[1] for other, begin, end in taken)), _ROWS - 1)
        taken.append((row, *span))
        placed.append(replace(one, row=row, turned=turned))
    return placed


def rows_of(placed: Sequence[DeskMark]) -> int:
    """Return how many rows the marks take."""
    return max((one.row + 1 for one in placed), default=0)


def _mark(entry: Entry) -> DeskMark:
    facts = entry.facts
    whose = str(facts.get("organizer", "")).partition("@")[0]
    if entry.event == "letter":
        return DeskMark(entry.at, "letter", f"letter {facts.get('kind', '')} to {whose}", told_letter(facts))
    kind = "refused" if facts.get("refused") else "desk"
    label = f"{facts.get('what', '')}{f': {whose}' if whose else ''}"
    label += f" {facts['time']}" if facts.get("time") else ""
    label += ", refused" if kind == "refused" else ", by the system" if facts.get("by") == "system" else ""
    return DeskMark(entry.at, kind, label, told_desk(facts))


def told_desk(facts: Mapping[str, Any]) -> str:
    """Return what was done at the desk in a few words."""
    told = str(facts.get("what", ""))
    if facts.get("organizer"):
        told += f": {facts['organizer']}"
    told += f", by the {facts.get('by', '')}"
    if facts.get("old") or facts.get("new"):
        told += f", {facts.get('old', '')} is now {facts.get('new', '')}"
    for name in ("set", "meeting", "time"):
        if facts.get(name):
            told += f", {'' if name != 'meeting' else 'meeting '}{facts[name]}"
    if "until_at" in facts:
        told += f", until {seconds(int(facts['until_at'])):.3f} s"
    if facts.get("changed") is False:
        told += ", nothing to do"
    return told + (", refused" if facts.get("refused") else "")


def told_letter(facts: Mapping[str, Any]) -> str:
    """Return which letter went where in a few words."""
    about, to = facts.get("organizer", ""), facts.get("to", "")
    return f"{facts.get('kind', '')} to {to}{f', about {about}' if about != to else ''}"
