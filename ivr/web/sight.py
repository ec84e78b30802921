"""What pages see of what is shown: all of it, or one room and nothing of any other.

A sight is made once for all pages that want the same. What is not of its room goes no further than here.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ivr.clock import seconds
from ivr.journal import Entry
from ivr.live.views import View
from ivr.web.messages import CallsStanding, Message, rooms_of

KEPT_ENTRIES = 100
"""Entries of the journal that a page begins with."""

_COMES = ("lobby", "joined")
_GOES = ("left", "hung-up")


class Happened(NamedTuple):
    """An entry of the journal, and what pages are told of it."""

    entry: Entry
    message: Message


class Sight:
    """How it stands, as pages see it.

    Parameters
    ----------
    room : str
        The conference ID of the one room that is seen; empty for everything.
    view : View
        How it stands now.
    past : iterable of Happened
        What has happened until now, as far as it is kept.
    """

    def __init__(self, room: str, view: View, past: Iterable[Happened] = ()) -> None:
        self.room = room
        self._standing = CallsStanding()
        self._entries: deque[Message] = deque(maxlen=KEPT_ENTRIES)
        self._here: dict[int, int] = {}
        self._view = self._seen(view)
        self._recall()
        self._entries.extend(one.message for one in past if self._concerns(one.entry))

    def changes(self, view: View, happened: Iterable[Happened], lost: int = 0) -> list[Message]:
        """Return what has changed since the last time.

        Parameters
        ----------
        happened : iterable of Happened
            The entries since then.
        lost : int
            How many events besides were too fast to be told.
        """
        self._view = self._seen(view)
        if lost:
            self._recall()
        entries = [one.message for one in happened if self._concerns(one.entry)]
        self._entries.extend(entries)
        return [*([{"type": "missed", "events": lost}] if lost else []),
                *([{"type": "entries", "entries": entries}] if entries else []),
                *self._standing.changes(self._view, rooms_of(self._view))]

    def state(self) -> Message:
        """Return how everything stands, for who knows nothing yet."""
        return {**self._standing.state(self._view, rooms_of(self._view)), "entries": [*self._entries]}

    def of_all(self, message: Message) -> Message:
        """Return what all pages are told as those here are: of a story's callers nothing where one room is seen."""
        story = message.get("story")
        return {**message, "story": {**story, "failures": []}} if self.room and story else message

    def shows(self, call: int | None) -> bool:
        """Whether a call is one of those that are seen."""
        return call is not None and (not self.room or call in self._here)

    def of_scope(self, call: int, messages: Sequence[Message]) -> list[Message]:
        """Return what of a call's sound is seen: in a room what came after he came."""
        if not self.room:
            return [*messages]
        if call not in self._here:
            return []
        since = seconds(self._here[call])
        return [one if "heard" not in one else {**one, "heard": [key for key in one["heard"] if key["at"] >= since]}
                for one in messages if "over" in one or one["from"] >= since]

    def _seen(self, view: View) -> View:
        return view.of_room(self.room) if self.room else view

    def _recall(self) -> None:
        """Take who is here from how it stands: what was told of it before is not known, or lost."""
        if self.room:
            self._here = {one.call: one.came_at or 0 for one in self._view.calls}

    def _concerns(self, entry: Entry) -> bool:
        """Whether an entry is of what is seen: of this meeting, or of somebody while he is here."""
        if not self.room:
            return True
        facts = entry.facts
        is_ours = str(facts.get("started_as") or facts.get("meeting", "")) == self.room
        call = entry.call or (int(facts.get("serial", 0)) if entry.event == "presenter" else 0)
        was_here = call in self._here and entry.at >= self._here[call]
        if entry.call and is_ours and entry.event in _COMES:
            self._here.setdefault(entry.call, entry.at)
        elif was_here and entry.event in (*_GOES, *_COMES):
            del self._here[call]
            return is_ours or entry.event in _GOES
        return is_ours or was_here
