"""What stands on the screen, as plain text: made from a view alone, so it can be read without colour."""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len

from ivr.clock import seconds
from ivr.live.views import CallView, KeyView, View
from ivr.screen.fitting import MORE, clipped, fitted, wrapped
from ivr.secrecy import HIDDEN, MASK

_QUIET_DBM0, _LOUD_DBM0 = -50.0, 0.0
_SPEAKS_DBM0 = -45.0
_EIGHTHS = "▏▎▍▌▋▊▉"
_STATE = 18
_WORDS_FROM = 40
"""Columns from which the words of a prompt are told beside its name."""


class Form(NamedTuple):
    """How wide the parts of a caller's line are, in columns, and what meters are made of.

    Attributes
    ----------
    blocks : bool
        Whether meters are of blocks; else of signs that every terminal has.
    """

    width: int
    name: int
    meter: int
    blocks: bool

    @classmethod
    def of(cls, width: int, *, blocks: bool = True) -> "Form":
        """Return the form for so many columns."""
        return cls(width, 16, 20, blocks) if width >= 110 else cls(width, 10, 10, blocks)

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Where the parts begin, and what they are called."""
        state = self.name + 3
        level = state + _STATE + 1
        return [(2, "Caller"), (state, "State"), (level, "Input"), (level + self.meter + 12, "Hears")]


def clock(view: View, title: str, speed: float, width: int) -> str:
    """Return the line at the top: what runs, how far it is, and how well it keeps up."""
    paced = "" if speed == 1 else f"  x{speed:g}"
    late = f"  {view.late} late ticks" if view.late else ""
    minutes, rest = divmod(int(seconds(view.at)), 60)
    right = f"{late}{paced}  {minutes:02}:{rest:02} "
    return f"{fitted(f' {title}', width - len(right))}{right}"


def heading(titles: Sequence[tuple[int, str]], width: int) -> str:
    """Return a line across with titles in it, each at its column: all headings of the screen are of this form."""
    line = ""
    for column, title in titles:
        line += "─" * (column - 1 - cell_len(line))
        line += f" {fitted(title, min(cell_len(title), width - column - 2))} "
    return fitted(line + "─" * (width - cell_len(line)), width)


def meter(level_dbm0: float, cells: int, *, blocks: bool = True) -> str:
    """Return a level as a bar of so many columns and a number, in dBm0."""
    part = (level_dbm0 - _QUIET_DBM0) / (_LOUD_DBM0 - _QUIET_DBM0)
    part = 0.0 if not math.isfinite(part) else max(0.0, min(1.0, part))
    if blocks:
        full, eighths = divmod(round(part * cells * 8), 8)
        bar = f"{'█' * full}{_EIGHTHS[eighths - 1] if eighths else ''}"
    else:
        bar = "#" * round(part * cells)
    return f"{bar.ljust(cells, '·' if blocks else '.')} {level(level_dbm0)}"


def level(level_dbm0: float) -> str:
    """Return a level as four characters."""
    return "   -" if level_dbm0 < -99 or math.isnan(level_dbm0) else f"{level_dbm0:4.0f}"


def caller(name: str, call: CallView | None, view: View, form: Form, *, chosen: bool) -> str:
    """Return one caller's line: where he is, how loud he is, what he hears; `call` is None if not on the line."""
    line = f"{'>' if chosen else ' '} {fitted(name, form.name)}"
    if call is None:
        return f"{line} not on the line"
    line += f" {fitted(call.state, _STATE)} {meter(call.level_dbm0, form.meter, blocks=form.blocks)} dBm0  "
    room = form.width - form.headings[-1][0]
    heard = hears(call, view)
    if call.saying and room >= _WORDS_FROM:
        heard += f'  "{call.text}"'
    return f"{line}{fitted(heard, room)}".rstrip()


def hears(call: CallView, view: View) -> str:
    """Return what a caller hears, in a word or two: a prompt, music, who speaks in the meeting, or nothing."""
    if call.saying:
        return call.saying
    speaking = [other.caller for other in view.meeting()
                if call.where == "meeting" and other.meeting == call.meeting and other.call != call.call
                and other.level_dbm0 > _SPEAKS_DBM0]
    return "hold music" if call.music else ", ".join(speaking) or "silence"


def told(call: CallView | None, view: View, width: int, lines: int) -> list[str]:
    """Return what the bridge says to a caller: the words, wrapped, in so many lines."""
    if call is None:
        words = ""
    elif call.saying:
        words = f'"{call.text}"'
    else:
        words = f"({hears(call, view)})"
    return clipped(wrapped(words, max(20, width)), lines, max(20, width))


def title(name: str, call: CallView | None, now: int) -> str:
    """Return the heading over the chosen caller."""
    if call is None:
        return f"{name}: not on the line" if name else "nobody is on the line"
    role = f", {call.role}" if call.role else ""
    return f"{name}: {call.state}{role} for {max(0.0, seconds(now - call.since)):.0f} s"


def keys(call: CallView | None, width: int) -> str:
    """Return the keys heard, the oldest first; what may be a PIN is of one length, whatever the PIN's.

    While an entry may still turn out to be what was asked for, each of its keys is a dot: it has been heard. Of
    more than there is room for the first are left out.
    """
    runs = groupby((key.key, key.open) for key in call.keys) if call else ()
    said = [one for (key, may_come), run in runs
            for one in ([MASK] if key == HIDDEN and not may_come else [one for one, _ in run])]
    left = len(said)
    while left and len(" ".join([*([MORE] if left < len(said) else []), *said[-left:]])) > width:
        left -= 1
    return " ".join([*([MORE] if left < len(said) else []), *said[len(said) - left:]])


def measured(call: CallView | None, width: int) -> str:
    """Return level and twist of the last keys, the newest first, as many as there is room for."""
    line = ""
    for key in reversed(call.keys if call else ()):
        if key.key == HIDDEN:
            continue  # nothing of it is known here
        said = key_measured(key)
        if len(line) + len(said) + 3 > width:
            break
        line += f"{'   ' if line else ''}{said}"
    return line


def key_measured(key: KeyView) -> str:
    """Return one key with its level and twist; dots while its tone still sounds."""
    if key.level_dbm0 is None or key.twist_db is None:
        return f"{key.key} {MORE}"
    if math.isnan(key.level_dbm0):
        return f"{key.key} too short to be measured"
    return f"{key.key} {key.level_dbm0:.1f} dBm0 twist {round(key.twist_db, 1) + 0.0:+.1f} dB"


def room(title: str, calls: Sequence[CallView]) -> str:
    """Return the heading over a room: its title, its meeting's ID, and how many are there."""
    numbers = {call.meeting for call in calls}
    return f"{title}{f' {min(numbers)}' if len(numbers) == 1 else ''}: {len(calls)}"


def members(calls: Sequence[CallView], now: int, lines: int, width: int) -> list[str]:
    """Return who is in a room, and since when: a line each if there are enough, else one after another."""
    numbers = {call.meeting for call in calls}
    who = [" ".join([call.caller, *(["(organizer)"] if call.role == "organizer" else []),
                     *([f"in {call.meeting}"] if len(numbers) > 1 else []), f"{seconds(now - call.since):.0f}s"])
           for call in calls]
    if 2 < len(who) <= lines:
        return clipped([fitted(one, width).rstrip() for one in who], lines, width)
    packed = [""]
    for one in [f"{one}," for one in who[:-1]] + (who[-1:] or ["nobody"]):
        joined = f"{packed[-1]} {one}".lstrip()
        packed[-1:] = [joined] if cell_len(joined) <= width else [*filter(None, packed[-1:]), one]
    return clipped([line for one in packed for line in wrapped(one, max(10, width))], lines, max(10, width))
