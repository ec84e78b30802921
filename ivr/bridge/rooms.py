"""The rooms of the bridge: the table of `lobby.rooms` for who is where, `lobby.mixing` for what they hear."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.bridge.sound import Samples
from ivr.clock import FRAME
from lobby.mixing import Mixer
from lobby.rooms import Joins, Over, Room, RoomState


@dataclass(slots=True)
class _Place:
    room: Room
    number: int
    approaching: dict[int, None] = field(default_factory=dict)
    """Callers who are still asked questions; once the meeting has started nobody is (A2.3)."""


class Rooms:
    """All rooms, by conference ID.

    Parameters
    ----------
    rows : int
        Rows of the bridge's arrays.
    tones : mapping of "arrival" and "departure" to int16 array [shape=(n,)]
        Played to everyone in a meeting when somebody comes or goes.
    """

    def __init__(self, rows: int, tones: Mapping[str, Samples]) -> None:
        self._mixer = Mixer(rows, FRAME)
        self._tones = tones
        self._places: dict[str, _Place] = {}
        self._playing: dict[int, tuple[Samples, int]] = {}
        self._numbers = 0
        self._app_users = 0

    @property
    def active(self) -> bool:
        """Whether anybody is in a meeting by phone."""
        return self._mixer.active

    def resize(self, rows: int) -> None:
        """Grow to `rows` rows."""
        self._mixer.resize(rows)

    def started(self, conference_id: str) -> bool:
        """Whether this meeting runs."""
        place = self._places.get(conference_id)
        return place is not None and place.room.state is RoomState.STARTED

    def app_user(self) -> int:
        """Return a number for somebody who joins with the app: negative, so never a call's."""
        self._app_users -= 1
        return self._app_users

    def approach(self, conference_id: str, serial: int) -> None:
        """Remember a caller who is being asked whether he is the organizer."""
        self._place(conference_id).approaching[serial] = None

    def wait(self, conference_id: str, serial: int) -> None:
        """Put a caller into the lobby (A3.1)."""
        place = self._place(conference_id)
        place.approaching.pop(serial, None)
        place.room.arrive(serial)

    def open(self, conference_id: str, who: int) -> list[int]:
        """Let in one who can start the meeting; return the callers who join with the start, in order."""
        place = self._place(conference_id)
        place.approaching.pop(who, None)
        joined = [o.who for o in place.room.open(who) if isinstance(o, Joins) and o.who != who]
        joined += place.approaching
        place.approaching.clear()
        return joined

    def join(self, conference_id: str, serial: int) -> None:
        """Let a caller into a meeting that runs; those the start has let in already are in it."""
        place = self._place(conference_id)
        if serial not in place.room.members:
            place.room.arrive(serial)

    def enter(self, conference_id: str, row: int) -> None:
        """Let a row hear the meeting and be heard; the others hear that somebody came."""
        place = self._place(conference_id)
        self._mixer.move(row, place.number)
        if len(place.room.members) > 1:
            self._play(place.number, "arrival")

    def leave(self, conference_id: str, serial: int, row: int) -> tuple[str, bool]:
        """Let a caller go; return where he was (empty: nowhere) and whether the meeting is over."""
        place = self._places.get(conference_id)
        if place is None:
            return "", False
        place.approaching.pop(serial, None)
        where = ("meeting" if serial in place.room.members else
                 "lobby" if serial in place.room.waiting else "")
        over = False
        if where:
            over = any(isinstance(outcome, Over) for outcome in place.room.leave(serial))
        if where == "meeting":
            self._mixer.move(row, -1)
            if not over:
                self._play(place.number, "departure")
        if place.room.state is RoomState.EMPTY and not place.approaching:
            del self._places[conference_id]
            self._playing.pop(place.number, None)
        return where, over

    def mix(self, heard: NDArray[np.int16]) -> Samples:
        """Return what every row hears of its meeting. int16 array [shape=(rows, 160)]."""
        return self._mixer.mix(heard, self._tone_frames() if self._playing else None)

    def _tone_frames(self) -> dict[int, Samples]:
        frames = {}
        for number, (tone, at) in list(self._playing.items()):
            if number in self._mixer.rooms:
                frames[number] = tone[at:at + FRAME]
            if at + FRAME < len(tone):
                self._playing[number] = (tone, at + FRAME)
            else:
                del self._playing[number]
        return frames

    def _play(self, number: int, name: str) -> None:
        # several who come at once are told with one tone
        if number not in self._playing:
            self._playing[number] = (self._tones[name], 0)

    def _place(self, conference_id: str) -> _Place:
        if conference_id not in self._places:
            self._numbers += 1
            self._places[conference_id] = _Place(Room(conference_id), self._numbers)
        return self._places[conference_id]
