"""A meeting on this bridge: what is kept of it besides who is where."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ivr.conference.profile import Profile
from ivr.engine.sound import Samples
from lobby.rooms import Room


@dataclass(frozen=True, slots=True)
class Stock:
    """A name that stands in the catalogue, for somebody who has no name."""

    prompt: str


Named = Samples | str | Stock
"""What somebody is called: a recording, a telephone number or a display name, or a stock name."""


@dataclass(slots=True)
class Place:
    """A meeting on this bridge, from the first who asks for it to the last who leaves.

    What is kept of a meeting besides its `room` is changed by the methods here and nowhere else.

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
    anyone_may_start: bool = field(default=False, init=False)
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
    went: list[Named] = field(default_factory=list)
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

    # at the door

    def found(self, profile: Profile, *, anyone_may_start: bool) -> None:
        """Take what the directory knows of the meeting; what runs goes on telling of comings, or not, as it did."""
        self.profile, self.anyone_may_start = profile, anyone_may_start
        if not self.room.running:
            self.announcing = profile.announcements

    def approach(self, serial: int) -> None:
        """Take it that a caller is still asked questions."""
        self.approaching[serial] = None

    def arrive(self, serial: int) -> None:
        """Take it that a caller is asked no more."""
        self.approaching.pop(serial, None)

    # in it

    def begin(self, conference_id: str, at: int) -> None:
        """Take it that the meeting begins."""
        self.conference_id = conference_id
        self.started_at = self.changed_at = self.alone_since = at
        self.announcing = self.profile.announcements

    def lead(self, serial: int) -> None:
        """Take it that a caller's PIN was right."""
        self.leaders.add(serial)
        self.pin_used = True

    def change(self, at: int) -> None:
        """Take it that somebody has come or gone."""
        self.changed_at = at

    def app_enters(self, who: int, name: str) -> None:
        """Take it that somebody is in with the app."""
        self.app[who] = name

    def in_the_app(self, name: str) -> int:
        """Return the number of somebody who is in with the app; 0 if nobody of this name is."""
        return next((who for who, known in self.app.items() if known == name), 0)

    def app_exits(self, who: int, at: int) -> None:
        """Take it that somebody with the app is out."""
        del self.app[who]
        self._alone(at)

    def open_lobby(self) -> None:
        """Let everyone pass from now on who comes, where the product does so (A3.19)."""
        self.opened = self.opened or self.profile.admit_all_opens

    def hush(self, *, hushed: bool) -> None:
        """Take it that an organizer has muted everyone, or lets them speak."""
        self.hushed = hushed

    def mute(self, serial: int, *, muted: bool) -> None:
        """Take it that a caller is muted, or is no more."""
        (self.muted.add if muted else self.muted.discard)(serial)

    def raise_hand(self, serial: int) -> bool:
        """Take a raised hand down, or raise it; return whether it is up now."""
        (self.hands.discard if serial in self.hands else self.hands.add)(serial)
        return serial in self.hands

    def announce(self) -> bool:
        """Tell of comings and goings from now on, or no more; return which."""
        self.announcing = not self.announcing
        return self.announcing

    # what is to be told

    def came_in(self, who: int) -> None:
        """Have it told that somebody has come."""
        self.came[who] = None

    def went_out(self, who: int, called: Named | None = None) -> bool:
        """Have it told that somebody has gone; return whether he was told of, who is then named if `called`."""
        known = who not in self.came
        self.came.pop(who, None)
        if known and called is not None:
            self.went.append(called)
        return known

    def wait_to_be_told(self) -> None:
        """Have it told that somebody waits."""
        self.waits_told = False

    def all_told(self) -> None:
        """Take it that all is told."""
        self.came.clear()
        self.went = []
        self.waits_told = True

    # out of it

    def leave(self, serial: int) -> None:
        """Forget what a caller has done here, but for his PIN."""
        self.arrive(serial)
        self.muted.discard(serial)
        self.hands.discard(serial)

    def lead_no_more(self, serial: int, at: int) -> None:
        """Take it that a caller whose PIN was right has left, if it was."""
        if serial in self.leaders:
            self.leaders.discard(serial)
            self._alone(at)

    def forget(self, serial: int) -> None:
        """Forget all that a caller has done here."""
        self.leave(serial)
        self.came.pop(serial, None)
        self.leaders.discard(serial)

    def end(self) -> None:
        """Take it that the meeting is over."""
        self.came.clear()
        self.went = []
        self.leaders.clear()
        self.app.clear()
        self.pin_used = self.opened = self.hushed = False

    def _alone(self, at: int) -> None:
        if not self.known:
            self.alone_since = at
