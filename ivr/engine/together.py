"""Callers who are together: in a room that has a name, or with somebody who was dialled for one of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.engine.application import Host
from ivr.engine.call import Call

TOGETHER, OVER = "together", "over"
"""What calls are told from outside: they hear each other, and it is over."""


@dataclass(frozen=True, slots=True)
class Seat:
    """How a caller comes to be with others.

    Attributes
    ----------
    room : str
        Its name: who comes to the same are together.
    starts, ends : bool
        Whether it begins when he comes, and is over for all when he goes.
    music : bool
        Whether he hears music until it begins; else silence.
    muted : bool
    beep, beep_leaving : bool
        Whether the others are told by a tone that he comes, and that he goes.
    least, most : int
        With how many it begins, and how many find room.
    shown : str
        What a journal calls it, where its name may hold what was keyed.
    """

    room: str
    starts: bool = True
    ends: bool = False
    music: bool = True
    muted: bool = False
    beep: bool = False
    beep_leaving: bool = False
    least: int = 1
    most: int = 10_000
    shown: str = ""


@dataclass(slots=True)
class Gathering:
    """A room, or one conversation.

    Attributes
    ----------
    room : int
        Its room in the mix.
    shown : str
        What a journal calls it.
    seats : dict of serial to Seat
        Who is there, in the order in which they came.
    begun : bool
        Whether they hear each other.
    """

    name: str
    room: int
    shown: str
    seats: dict[int, Seat] = field(default_factory=dict)
    begun: bool = False


class Together:
    """All gatherings on a bridge.

    Parameters
    ----------
    host : Host
    number, give_back : callable
        Give a number for a room, and take it back.
    changed : callable
        Told "join", "start", "leave" and "end": of the gathering, the call and the moment.
    """

    def __init__(self, host: Host, number: Callable[[], int], give_back: Callable[[int], None],
                 changed: Callable[[str, Gathering, Call, int], None] = lambda *_: None) -> None:
        self._host, self._number, self._give_back, self._changed = host, number, give_back, changed
        self._by_name: dict[str, Gathering] = {}
        self._of: dict[int, Gathering] = {}

    def join(self, call: Call, seat: Seat, at: int) -> None:
        """Let a call in; it waits until somebody comes with whom it begins."""
        self.leave(call, at)
        gathering = self._by_name.get(seat.room)
        if gathering is None:
            gathering = self._by_name[seat.room] = Gathering(seat.room, self._number(), seat.shown or seat.room)
        gathering.seats[call.serial] = seat
        self._of[call.serial] = gathering
        self._changed("join", gathering, call, at)
        if gathering.begun:
            self._enter(gathering, call, at)
        elif any(one.starts for one in gathering.seats.values()) and len(gathering.seats) >= seat.least:
            gathering.begun = True
            self._changed("start", gathering, call, at)
            for serial in gathering.seats:
                if serial == call.serial:
                    self._enter(gathering, call, at)
                else:
                    self._host.queue.tell(serial, TOGETHER)
        elif seat.music:
            self._host.players.music(call, at)

    def takes(self, seat: Seat) -> bool:
        """Tell whether there is room for one more."""
        gathering = self._by_name.get(seat.room)
        return gathering is None or len(gathering.seats) < seat.most

    def begun(self, seat: Seat) -> bool:
        """Tell whether those who are there hear each other."""
        gathering = self._by_name.get(seat.room)
        return gathering is not None and gathering.begun

    def seated(self, call: Call) -> bool:
        """Tell whether a call is anywhere."""
        return call.serial in self._of

    def begin(self, call: Call, at: int) -> None:
        """Let a call that has waited hear the others."""
        if (gathering := self._of.get(call.serial)) is not None:
            self._enter(gathering, call, at)

    def leave(self, call: Call, at: int) -> None:
        """Let a call go from wherever it is; it may be over for the others too."""
        gathering = self._of.pop(call.serial, None)
        if gathering is None:
            return
        self._changed("leave", gathering, call, at)
        seat = gathering.seats.pop(call.serial)
        self._host.mixing.exit(call.row)
        if gathering.begun:
            self._host.note(call, at, "left-room", room=gathering.shown)
        if seat.ends or not gathering.seats:
            for serial in gathering.seats:
                self._changed("leave", gathering, self._host.calls[serial], at)
                self._of.pop(serial, None)
                self._host.mixing.exit(self._host.calls[serial].row)
                self._host.queue.tell(serial, OVER)
            self._changed("end", gathering, call, at)
            del self._by_name[gathering.name]
            self._give_back(gathering.room)
        elif gathering.begun and seat.beep_leaving:
            self._host.mixing.sound(gathering.room, "departure")

    def _enter(self, gathering: Gathering, call: Call, at: int) -> None:
        seat = gathering.seats[call.serial]
        if seat.beep:
            self._host.mixing.sound(gathering.room, "arrival")
        self._host.mixing.enter(call.row, gathering.room)
        self._host.mixing.mute(call.row, muted=seat.muted)
        self._host.note(call, at, "came-to-room", room=gathering.shown)


def both(serial: int) -> Seat:
    """Return how a caller, and who was dialled for him, are together: it is over when one of them goes."""
    return Seat(f"call {serial}", ends=True)
