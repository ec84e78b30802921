"""What stands on the screen, as plain text: made from a view alone, so it can be read without colour."""

import math
import textwrap
from collections.abc import Sequence
from itertools import groupby

from ivr.clock import seconds
from ivr.live.views import CallView, Key, View
from ivr.secrecy import HIDDEN, MASK

_QUIET_DBM0, _LOUD_DBM0 = -50.0, 0.0
_SPEAKS_DBM0 = -45.0
METER = 10
NAME = 10


def clock(view: View, title: str, speed: float, width: int) -> str:
    """Return the line at the top: what runs, how far it is, and how well it keeps up."""
    paced = "" if speed == 1 else f"  x{speed:g}"
    late = f"  {view.late} late ticks" if view.late else ""
    minutes, rest = divmod(int(seconds(view.at)), 60)
    right = f"{late}{paced}  {minutes:02}:{rest:02}"
    return f"{title[:max(0, width - len(right) - 1)]:<{max(0, width - len(right))}}{right}"


def meter(level_dbm0: float) -> str:
    """Return a level as a bar of ten and a number, in dBm0."""
    part = (level_dbm0 - _QUIET_DBM0) / (_LOUD_DBM0 - _QUIET_DBM0)
    full = 0 if math.isinf(part) else max(0, min(METER, round(part * METER)))
    return f"[{'#' * full:<{METER}}] {level(level_dbm0)}"


def level(level_dbm0: float) -> str:
    """Return a level as four characters."""
    return "   -" if level_dbm0 < -99 or math.isnan(level_dbm0) else f"{level_dbm0:4.0f}"


def caller(name: str, call: CallView | None, view: View, *, chosen: bool, width: int) -> str:
    """Return one caller's line: where he is, how loud he is, what he hears; `call` is None if not on the line."""
    mark = ">" if chosen else " "
    if call is None:
        return f"{mark} {name[:NAME]:<{NAME}} not on the line"[:width]
    line = f"{mark} {name[:NAME]:<{NAME}} {call.state:<18} {meter(call.level_dbm0)} dBm0  {hears(call, view)}"
    return line[:width]


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
    wrapped = textwrap.wrap(words, max(20, width)) or [""]
    return [*wrapped, *[""] * lines][:lines]


def heading(name: str, call: CallView | None, now: int, width: int) -> str:
    """Return the line about the chosen caller."""
    if call is None:
        return rule(f"{name}: not on the line" if name else "nobody is on the line", width)
    role = f", {call.role}" if call.role else ""
    return rule(f"{name}: {call.state}{role} for {max(0.0, seconds(now - call.since)):.0f} s", width)


def rule(title: str, width: int) -> str:
    """Return a line across with a title in it."""
    return f"── {title} {'─' * width}"[:width]


def keys(call: CallView | None) -> str:
    """Return the keys heard, the oldest first; what may be a PIN is of one length, whatever the PIN's.

    While an entry may still turn out to be what was asked for, each of its keys is a dot: it has been heard.
    """
    runs = groupby((key.key, key.open) for key in call.keys) if call else ()
    return " ".join(MASK if key == HIDDEN and not may_come else " ".join(one for one, _ in run)
                    for (key, may_come), run in runs)


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


def key_measured(key: Key) -> str:
    """Return one key with its level and twist; dots while its tone still sounds."""
    if key.level_dbm0 is None or key.twist_db is None:
        return f"{key.key} ..."
    if math.isnan(key.level_dbm0):
        return f"{key.key} too short to be measured"
    return f"{key.key} {key.level_dbm0:.1f} dBm0 twist {round(key.twist_db, 1) + 0.0:+.1f} dB"


def room(title: str, calls: Sequence[CallView], now: int, lines: int, width: int) -> list[str]:
    """Return a room as lines: its title with the number of those there, and who they are."""
    numbers = sorted({call.meeting for call in calls})
    who = [" ".join([call.caller, *(["(organizer)"] if call.role == "organizer" else []),
                     *([f"in {call.meeting}"] if len(numbers) > 1 else []), f"{seconds(now - call.since):.0f}s"])
           for call in calls]
    body = textwrap.wrap(", ".join(who) or "nobody", max(10, width))
    if len(body) > lines:
        body = [*body[:lines - 1], f"{body[lines - 1][:max(0, width - 4)]} ..."]
    named = f" {numbers[0]}" if len(numbers) == 1 else ""
    return [rule(f"{title}{named}: {len(calls)}", width), *body, *[""] * (lines - len(body))]
