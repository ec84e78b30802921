"""The callers' lines, and the line that says which keys do what."""

from collections.abc import Sequence

from rich.text import Text

from ivr.live.views import CallView, View, Who
from ivr.screen import drawing
from ivr.screen.drawing import Form
from ivr.screen.fitting import MORE, fitted
from ivr.screen.panel import Panel

Row = tuple[str, CallView | None]
_LEAST, _MOST = 2, 5
"""Columns between two keys in the line at the foot."""

_COLOURS = {"lobby": "#ffb454", "meeting": "#98d15c", "off": "dim"}


def rows(view: View, names: Sequence[str]) -> list[Row]:
    """Return a row for each call, and for each of these names that has none; two calls of one name are two rows."""
    known: list[Row] = []
    for name in names:
        known += [(name, call) for call in view.named(name)] or [(name, None)]
    return known + [(call.caller, call) for call in view.calls if call.caller not in names]


def row_of(chosen: Who | None, rows: list[Row]) -> int:
    """Return the place of the one that is meant; the first if nobody is."""
    return next((n for n, (name, call) in enumerate(rows)
                 if chosen == name or (call is not None and chosen == call.call)), 0)


def callers(rows: list[Row], chosen: int, view: View, room: int, form: Form) -> Text:
    """Return the callers' lines, as many as there is room for; colour repeats what the words say."""
    lines = []
    for at in around(len(rows), chosen, room):
        if at is None:
            lines.append(Text(f"  {MORE}", "dim"))
            continue
        name, call = rows[at]
        colour = _COLOURS.get(call.where if call else "off", "")
        line = drawing.caller(name, call, view, form, chosen=at == chosen)
        lines.append(Text(line, f"bold {colour}" if at == chosen else colour, no_wrap=True))
    return Text("\n").join(lines) if lines else Text("  nobody yet")


def around(count: int, chosen: int, rows: int) -> list[int | None]:
    """Return as many of `count` places as have room, among them the chosen one; None where some are left out."""
    if count <= max(rows, 3):
        return list(range(count))
    room = max(rows, 3) - 2
    begin = min(max(0, chosen - room // 2), count - room)
    return [*([None] if begin else []), *range(begin, begin + room), *([None] if begin + room < count else [])]


def foot(panel: Panel, width: int) -> str:
    """Return the line that says which keys do what: at length where there is room, and as wide as the screen.

    How to leave is said at the right, and before everything else.
    """
    leave, room = " q leave ", width - 10
    for meant in (True, False):
        told = [f"{command.shown or command.keys[0]} {(meant and command.meaning) or command.label}"
                for command in panel.commands if command.label]
        spare = room - sum(map(len, told))
        if spare >= _LEAST * len(told):
            break
    gap = " " * max(_LEAST, min(_MOST, spare // max(1, len(told))))
    return f"{fitted(f' {gap.join(told)}', width - len(leave))}{leave}"
