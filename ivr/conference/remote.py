"""What organizers with the app, and whoever runs the bridge, can do: done at the beginning of the next tick."""

from collections.abc import Callable, Mapping

from ivr.conference.caller import Caller
from ivr.conference.floor import Floor
from ivr.conference.moderating import Moderator
from ivr.conference.place import Place
from ivr.conference.rooms import Rooms
from ivr.engine.containing import Containing
from ivr.engine.sound import Samples


class Remote:
    """Done at the beginning of the next tick.

    A meeting is named by its key (`ivr.questions.Found`): the app knows it by itself, not by a conference ID.

    Parameters
    ----------
    calls : mapping of serial to Caller
    post : callable
        Has something done at the beginning of the next tick, for no single call.
    """

    def __init__(self, calls: Mapping[int, Caller], rooms: Rooms, floor: Floor, moderator: Moderator,
                 contained: Containing, post: Callable[[Callable[[int], object]], None]) -> None:
        self._callers, self._rooms, self._floor, self._moderator = calls, rooms, floor, moderator
        self._for_call, self._post = contained.work, post

    def join_by_app(self, meeting: str, name: str, *, conference_id: str) -> None:
        """Take it that an authenticated user joins with the app, and so starts the meeting (A2.5, A3.2, S0.5).

        Parameters
        ----------
        conference_id : str
            What the journal calls it, should it start so.
        """
        self._post(lambda at: self._floor.app_joins(meeting, conference_id, name, at))

    def leave_by_app(self, meeting: str, name: str) -> None:
        """Take it that somebody who joined with the app leaves; nothing if nobody of this name is in."""
        self._post(lambda at: self._floor.app_leaves(meeting, name, at))

    def speak_by_app(self, meeting: str, name: str, samples: Samples) -> None:
        """Let callers in the meeting hear somebody who joined with the app. int16 array [shape=(n,)]."""
        self._in_meeting(meeting, lambda place, _: self._floor.app_says(place, name, samples))

    def mute_by_app(self, meeting: str, name: str, *, muted: bool = True) -> None:
        """Let somebody who joined with the app be heard by nobody, or be heard again."""
        self._in_meeting(meeting, lambda place, _: self._floor.app_mutes(place, name, muted=muted))

    def admit(self, serial: int) -> None:
        """Let in the call of this number if it waits (A3.18)."""
        self._of_call(serial, self._floor.admit)

    def deny(self, serial: int) -> None:
        """Send away the call of this number if it waits (A3.18)."""
        self._of_call(serial, self._floor.deny)

    def admit_all(self, meeting: str) -> None:
        """Let in everyone who waits for a meeting that runs (A3.18)."""
        self._in_meeting(meeting, lambda place, at: self._floor.admit_all(place, at))

    def lock(self, meeting: str, *, locked: bool = True) -> None:
        """Lock a meeting that runs, or unlock it (A3.13)."""
        self._in_meeting(meeting, lambda place, at: self._moderator.lock(place, at, locked=locked))

    def mute_all(self, meeting: str, *, muted: bool = True) -> None:
        """Mute everyone in a meeting but organizers, or let them speak again."""
        self._in_meeting(meeting, lambda place, at: self._moderator.mute_all(place, at, muted=muted))

    def record(self, meeting: str, *, on: bool = True) -> None:
        """Tell those in a meeting by phone that it is being recorded, or no longer (A4.10)."""
        self._in_meeting(meeting, lambda place, at: self._moderator.recording(place, at, on=on))

    def end(self, meeting: str) -> None:
        """End a meeting for everybody; they are told so."""
        self._in_meeting(meeting, lambda place, at: self._floor.end(place, at, "ended by the organizer"))

    def _of_call(self, serial: int, act: Callable[[Caller, int], object]) -> None:
        def acts(at: int) -> None:
            if call := self._callers.get(serial):
                self._for_call(call, at, act, call, at)

        self._post(acts)

    def _in_meeting(self, meeting: str, act: Callable[[Place, int], object]) -> None:
        def acts(at: int) -> None:
            place = self._rooms.find(meeting)
            if place is not None and place.room.running:
                act(place, at)

        self._post(acts)
