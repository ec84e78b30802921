"""The rooms of a conference: the table of `lobby.rooms` for who is where, the mix for what they hear."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ivr.conference.profile import Profile
from ivr.engine.mixing import Mixing
from ivr.engine.sound import Samples
from lobby.rooms import Room, RoomState


@dataclass(slots=True)
class Place:
    """A meeting on this bridge, from the first who asks for it to the last who leaves.

    Attributes
    ----------
    conference_id : str
        The ID by which it was started; what the journal tells of the meeting itself carries it. Its ID may be
        another by now, and who came by another is told of with his own.
    number : int
        Its number in the mixer; the owner of its timers is the negative of it.
    profile : Profile
        The bridge's, with what this meeting has otherwise.
    approaching : dict of serials
        Callers who are still asked questions, in order of coming.
    leaders : set of serials
        Callers whose PIN was right.
    app : dict of number to name
        Who is in with the app; numbers are negative, so never a call's.
    announcing : bool
        Whether comings and goings are told.
    opened : bool
        Whether everyone passes the lobby from now on (A3.19).
    hushed : bool
        Whether everyone has been muted by an organizer.
    came, went : lists
        Who is yet to be announced: serials, and what those who have gone are called.
    """

    room: Room
    number: int
    profile: Profile
    conference_id: str = ""
    anyone_may_start: bool = False
    approaching: dict[int, None] = field(default_factory=dict)
    leaders: set[int] = field(default_factory=set)
    app: dict[int, str] = field(default_factory=dict)
    announcing: bool = True
    opened: bool = False
    hushed: bool = False
    pin_used: bool = False
    muted: set[int] = field(default_factory=set)
    hands: set[int] = field(default_factory=set)
    came: dict[int, None] = field(default_factory=dict)
    went: list["Named"] = field(default_factory=list)
    waits_told: bool = True
    started_at: int = 0
    changed_at: int = 0
    alone_since: int = 0

    @property
    def known(self) -> bool:
        """Whether somebody is in who is known: with the app, or by PIN (A2.10)."""
        return bool(self.leaders or self.app)

    @property
    def callers(self) -> Iterator[int]:
        """Give the serials of those who are in by phone, in order of joining."""
        return (who for who in self.room.members if who > 0)


@dataclass(frozen=True, slots=True)
class Stock:
    """A name that stands in the catalogue, for somebody who has no name."""

    prompt: str


Named = Samples | str | Stock
"""What somebody is called: a recording, a telephone number or a display name, or a stock name."""


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
        (place.muted.add if muted else place.muted.discard)(serial)
        self._mixing.mute(row, muted=muted)

    def sound(self, place: Place, name: str) -> None:
        """Play a tone to everyone in a meeting; several who come at once are told with one."""
        self._mixing.sound(place.number, name)
