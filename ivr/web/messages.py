"""What pages are told, as plain values: how all calls stand, and what has changed since. See docs/api.md."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ivr.clock import samples, seconds
from ivr.live.views import CallView, KeyView, View

PROTOCOL = 1
"""The version of the messages; one that only adds to them keeps it."""

Message = dict[str, Any]

_CLOCK = samples(1)
"""How often it is told at least how late it is."""

_FIELDS = CallView._fields[1:-1]


class CallsStanding:
    """How calls stood when pages were told the last time, by which it is known what has changed since."""

    def __init__(self) -> None:
        self._calls: dict[int, CallView] = {}
        self._levels: dict[int, int | None] = {}
        self._rooms: dict[str, Message] = {}
        self._late = 0
        self._at = self._told_at = 0

    def state(self, view: View, rooms: Mapping[str, Message]) -> Message:
        """Return how everything stands, for who knows nothing yet. What has changed is told beside that."""
        calls = {str(one.call): _call(one) | {"level_dbm0": _level(one.level_dbm0)} for one in view.calls}
        return {"type": "state", "at": seconds(view.at), "late": view.late, "calls": calls, "rooms": dict(rooms)}

    def changes(self, view: View, rooms: Mapping[str, Message]) -> list[Message]:
        """Return what has changed since the last time; once a second, and where it stands still, how late it is."""
        before, self._calls = self._calls, {one.call: one for one in view.calls}
        calls = {str(serial): changed for serial, one in self._calls.items()
                 if (changed := _changed(before.get(serial), one))}
        gone = [serial for serial in before if serial not in self._calls]
        told: Message = {}
        if calls:
            told["calls"] = calls
        if gone:
            told["gone"] = gone
        if rooms != self._rooms:
            told["rooms"] = {name: room for name, room in rooms.items() if self._rooms.get(name) != room}
            told["closed"] = [name for name in self._rooms if name not in rooms]
            self._rooms = dict(rooms)
        if view.late != self._late:
            told["late"] = self._late = view.late
        at, stands = seconds(view.at), self._at == view.at
        self._at = view.at
        messages = []
        if told or (view.at != self._told_at and (stands or view.at - self._told_at >= _CLOCK)):
            self._told_at = view.at
            messages.append({"type": "change", "at": at, **told})
        if levels := self._new_levels(view.calls):
            messages.append({"type": "levels", "at": at, "levels": levels})
        return messages

    def _new_levels(self, calls: Sequence[CallView]) -> dict[str, int | None]:
        before, self._levels = self._levels, {one.call: _level(one.level_dbm0) for one in calls}
        return {str(call): level for call, level in self._levels.items() if before.get(call) != level}


def rooms_of(view: View) -> dict[str, Message]:
    """Return the rooms that somebody is in, by conference ID: who waits, who meets, and how the meeting stands."""
    rooms: dict[str, Message] = {}
    for one in view.calls:
        if one.where:
            room = rooms.setdefault(one.meeting, {
                "lobby": [], "meeting": [], "started": one.meeting in view.started,
                "locked": one.meeting in view.locked})
            room[one.where].append(one.call)
    return rooms


def _changed(before: CallView | None, now: CallView) -> Message:
    if before is None:
        return _call(now)
    if before[:-1] == now[:-1]:
        return {}
    return {name: _plain(name, value) for name, was, value in zip(_FIELDS, before[1:-1], now[1:-1], strict=True)
            if was is not value and was != value}


def _call(one: CallView) -> Message:
    return {name: _plain(name, value) for name, value in zip(_FIELDS, one[1:-1], strict=True)}


def _plain(name: str, value: Any) -> Any:  # noqa: ANN401  (a field is any plain value)
    if name in ("since", "came_at"):
        return None if value is None else seconds(value)
    return [_key(key) for key in value] if name == "keys" else value


def _key(key: KeyView) -> Message:
    told: Message = {"key": key.key, "at": seconds(key.at)}
    if key.level_dbm0 is not None and key.twist_db is not None:
        told |= {"level_dbm0": rounded(key.level_dbm0), "twist_db": rounded(key.twist_db)}
    return told | {"open": True} if key.open else told


def rounded(value: float) -> float | None:
    """Return a level or a twist to a tenth of a decibel; None for one that is none."""
    return round(value, 1) if math.isfinite(value) else None


def _level(dbm0: float) -> int | None:
    """Return a level in whole dBm0; None for silence, which is what is below -60."""
    return round(dbm0) if dbm0 > _SILENCE_DBM0 else None


_SILENCE_DBM0 = -60.0
