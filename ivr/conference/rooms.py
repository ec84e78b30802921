"""The rooms of a conference: the table of `lobby.rooms` for who is where, the mix for what they hear."""

from collections.abc import Callable

from ivr.conference.place import Place
from ivr.conference.profile import Profile
from ivr.engine.mixing import Mixing
from ivr.engine.sound import Samples
from lobby.rooms import Room, RoomState


class Rooms:
    """All rooms, by the keys of their meetings (`ivr.questions.Found`).

    Parameters
    ----------
    mixing : Mixing
        Where those who are in hear each other.
    number : callable
        Gives a new place its number; the owner of its timers is the negative of it.
    give_back : callable
        Takes such a number back.
    profile : Profile
    """

    def __init__(self, mixing: Mixing, number: Callable[[], int], give_back: Callable[[int], None],
                 profile: Profile) -> None:
        self._mixing, self._number, self._give_back, self._profile = mixing, number, give_back, profile
        self._places: dict[str, Place] = {}
        self._by_number: dict[int, Place] = {}
        self._app_users = 0

    def find(self, meeting: str) -> Place | None:
        """Return the place of this meeting, if anybody has come to it."""
        return self._places.get(meeting)

    def numbered(self, number: int) -> Place | None:
        """Return the place of this number."""
        return self._by_number.get(number)

    def place(self, meeting: str) -> Place:
        """Return the place of this meeting, a new one if nobody has come to it yet."""
        if meeting not in self._places:
            number = self._number()
            place = Place(Room(meeting), number, self._profile, announcing=self._profile.announcements)
            self._places[meeting] = self._by_number[number] = place
        return self._places[meeting]

    def drop_if_empty(self, place: Place) -> None:
        """Forget a place that nobody is in or comes to."""
        if place.room.state is RoomState.EMPTY and not place.approaching:
            self._places.pop(place.room.meeting, None)
            if self._by_number.pop(place.number, None) is not None:
                self._give_back(place.number)

    def app_user(self) -> int:
        """Return a number for somebody who joins with the app: negative, so never a call's."""
        self._app_users -= 1
        return self._app_users

    def enter(self, place: Place, row: int) -> None:
        """Let a row hear the meeting and be heard."""
        self._mixing.enter(row, place.number)

    def exit(self, row: int) -> None:
        """Let a row hear and be heard no more."""
        self._mixing.exit(row)

    def mute(self, place: Place, serial: int, row: int, *, muted: bool) -> None:
        """Let a member of a meeting be heard by nobody, or be heard again."""
        place.mute(serial, muted=muted)
        self._mixing.mute(row, muted=muted)

    def says(self, place: Place, who: int, samples: Samples) -> None:
        """Let somebody with the app be heard by all callers in a meeting. int16 array [shape=(n,)]."""
        self._mixing.outside.say(who, place.number, samples)

    def mute_outside(self, place: Place, who: int, *, muted: bool) -> None:
        """Let somebody with the app be heard by nobody, or be heard again."""
        self._mixing.outside.mute(who, place.number, muted=muted)

    def leaves(self, who: int) -> None:
        """Let somebody with the app be heard no more."""
        self._mixing.outside.leave(who)

    def sound(self, place: Place, name: str) -> None:
        """Play a tone to everyone in a meeting; several who come at once are told with one."""
        self._mixing.sound(place.number, name)
