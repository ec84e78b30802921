"""Callers who are together: in a conference of a file, or with somebody who was dialled for one of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.custom.kinds import OVER, TOGETHER
from ivr.custom.own import Seat
from ivr.engine.application import Host
from ivr.engine.call import Call


@dataclass(slots=True)
class Gathering:
    """One conference, or one conversation.

    Attributes
    ----------
    room : int
        Its room in the mix.
    seats : dict of serial to Seat
        Who is there, in the order in which they came.
    begun : bool
        Whether they hear each other.
    """

    name: str
    room: int
    seats: dict[int, Seat] = field(default_factory=dict)
    begun: bool = False


class Together:
    """All gatherings on a bridge.

    Parameters
    ----------
    host : Host
    number, give_back : callable
        Give a number for a room, and take it back.
    """

    def __init__(self, host: Host, number: Callable[[], int], give_back: Callable[[int], None]) -> None:
        self._host, self._number, self._give_back = host, number, give_back
        self._by_name: dict[str, Gathering] = {}
        self._of: dict[int, Gathering] = {}

    def join(self, call: Call, seat: Seat, at: int) -> None:
        """Let a call in; it waits until somebody comes with whom it begins."""
        self.leave(call, at)
        gathering = self._by_name.get(seat.room)
        if gathering is None:
            gathering = self._by_name[seat.room] = Gathering(seat.room, self._number())
        gathering.seats[call.serial] = seat
        self._of[call.serial] = gathering
        if gathering.begun:
            self._enter(gathering, call, at)
        elif seat.starts:
            gathering.begun = True
            for serial in gathering.seats:
                if serial == call.serial:
                    self._enter(gathering, call, at)
                else:
                    self._host.queue.tell(serial, TOGETHER)
        elif seat.music:
            self._host.players.music(call, at)

    def begin(self, call: Call, at: int) -> None:
        """Let a call that has waited hear the others."""
        if (gathering := self._of.get(call.serial)) is not None:
            self._enter(gathering, call, at)

    def leave(self, call: Call, at: int) -> None:
        """Let a call go from wherever it is; it may be over for the others too."""
        gathering = self._of.pop(call.serial, None)
        if gathering is None:
            return
        seat = gathering.seats.pop(call.serial)
        self._host.mixing.exit(call.row)
        if gathering.begun:
            self._host.note(call, at, "left-room", room=gathering.name)
        if seat.ends or not gathering.seats:
            for serial in gathering.seats:
                self._of.pop(serial, None)
                self._host.mixing.exit(self._host.calls[serial].row)
                self._host.queue.tell(serial, OVER)
            del self._by_name[gathering.name]
            self._give_back(gathering.room)
        elif gathering.begun and seat.beep:
            self._host.mixing.sound(gathering.room, "departure")

    def _enter(self, gathering: Gathering, call: Call, at: int) -> None:
        seat = gathering.seats[call.serial]
        if seat.beep:
            self._host.mixing.sound(gathering.room, "arrival")
        self._host.mixing.enter(call.row, gathering.room)
        self._host.mixing.mute(call.row, muted=seat.muted)
        self._host.note(call, at, "came-to-room", room=gathering.name)
