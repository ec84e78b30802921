"""What was done at the administrator's desk, and the letters, as marks above the lanes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ivr.clock import seconds
from ivr.journal import Entry
from ivr.report.wording import PLAIN, Say, decimal

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


def desk_marks(entries: Iterable[Entry], total: int, say: Say = PLAIN) -> list[DeskMark]:
    """Return the marks of a run, in order.

    Parameters
    ----------
    total : int
        Samples that the time axis covers.
    """
    found = [_mark(e, say) for e in entries if e.event in ("desk", "letter")]
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


def _mark(entry: Entry, say: Say) -> DeskMark:
    facts = entry.facts
    whose = str(facts.get("organizer", "")).partition("@")[0]
    if entry.event == "letter":
        return DeskMark(entry.at, "letter", say(
            "letter {kind} to {who}", kind=say(str(facts.get("kind", ""))), who=whose), told_letter(facts, say))
    kind = "refused" if facts.get("refused") else "desk"
    label = f"{say(str(facts.get('what', '')))}{f': {whose}' if whose else ''}"
    label += f" {facts['time']}" if facts.get("time") else ""
    label += f", {say('refused')}" if kind == "refused" else (
        f", {say('by the {who}', who=say('system'))}" if facts.get("by") == "system" else "")
    return DeskMark(entry.at, kind, label, told_desk(facts, say))


def told_desk(facts: Mapping[str, Any], say: Say = PLAIN) -> str:
    """Return what was done at the desk in a few words."""
    told = say(str(facts.get("what", "")))
    if facts.get("organizer"):
        told += f": {facts['organizer']}"
    told += f", {say('by the {who}', who=say(str(facts.get('by', ''))))}"
    if facts.get("old") or facts.get("new"):
        told += f", {say('{old} is now {new}', old=facts.get('old', ''), new=facts.get('new', ''))}"
    for name in ("set", "meeting", "time"):
        if facts.get(name):
            told += f", {facts[name] if name != 'meeting' else say('meeting {meeting}', meeting=facts[name])}"
    if "until_at" in facts:
        told += f", {say('until {at} s', at=decimal(seconds(int(facts['until_at'])), 3, say))}"
    if facts.get("changed") is False:
        told += f", {say('nothing to do')}"
    return told + (f", {say('refused')}" if facts.get("refused") else "")


def told_letter(facts: Mapping[str, Any], say: Say = PLAIN) -> str:
    """Return which letter went where in a few words."""
    about, to = facts.get("organizer", ""), facts.get("to", "")
    told = say("{kind} to {who}", kind=say(str(facts.get("kind", ""))), who=to)
    return told + (f", {say('about {who}', who=about)}" if about != to else "")
