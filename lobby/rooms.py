"""Rooms: who waits for a meeting and who is in it. The states are a table, as a call's are.

Members are numbers of the caller's choosing. Nothing here knows of audio. Places kept for what comes later:
a lock (A3.13), admission by hand (A3.5) and the lobby's time-out (A3.14) are more rows.

Errors: `NotHere` (a `LookupError`), when somebody leaves a room he is not in; a fault of the caller.
"""

import enum
from dataclasses import dataclass, field


class NotHere(LookupError):
    """Somebody was to leave a room he is not in."""


class RoomState(enum.Enum):
    """What a room is doing."""

    EMPTY = "empty"
    WAITING = "waiting"
    STARTED = "started"


class RoomEvent(enum.Enum):
    """What can happen to a room."""

    ARRIVED = "arrived"
    """Somebody came who cannot start the meeting."""
    OPENED = "opened"
    """Somebody came who can: the organizer (A3.2), the first caller where anyone may (A2.2), or the app (A2.5)."""
    WAITER_LEFT = "waiter left"
    LAST_WAITER_LEFT = "last waiter left"
    MEMBER_LEFT = "member left"
    LAST_MEMBER_LEFT = "last member left"


class Action(enum.Enum):
    """What a step does."""

    WAIT = "the one who came waits"
    JOIN = "the one who came joins"
    ADMIT_ALL = "everyone waiting joins, in order of arrival"
    OVER = "the meeting is over"


_S, _E, _A = RoomState, RoomEvent, Action

TABLE: dict[tuple[RoomState, RoomEvent], tuple[RoomState, tuple[Action, ...]]] = {
    (_S.EMPTY, _E.ARRIVED): (_S.WAITING, (_A.WAIT,)),                       # A3.1
    (_S.EMPTY, _E.OPENED): (_S.STARTED, (_A.JOIN,)),                        # A3.2, A2.2, A2.5
    (_S.WAITING, _E.ARRIVED): (_S.WAITING, (_A.WAIT,)),
    (_S.WAITING, _E.OPENED): (_S.STARTED, (_A.JOIN, _A.ADMIT_ALL)),         # A3.3
    (_S.WAITING, _E.WAITER_LEFT): (_S.WAITING, ()),
    (_S.WAITING, _E.LAST_WAITER_LEFT): (_S.EMPTY, ()),
    (_S.STARTED, _E.ARRIVED): (_S.STARTED, (_A.JOIN,)),                     # A2.3, A2.4
    (_S.STARTED, _E.OPENED): (_S.STARTED, (_A.JOIN,)),
    (_S.STARTED, _E.MEMBER_LEFT): (_S.STARTED, ()),                         # A6.8
    (_S.STARTED, _E.LAST_MEMBER_LEFT): (_S.EMPTY, (_A.OVER,)),
}

IMPOSSIBLE: frozenset[tuple[RoomState, RoomEvent]] = frozenset({
    (_S.EMPTY, _E.WAITER_LEFT), (_S.EMPTY, _E.LAST_WAITER_LEFT),
    (_S.EMPTY, _E.MEMBER_LEFT), (_S.EMPTY, _E.LAST_MEMBER_LEFT),
    (_S.WAITING, _E.MEMBER_LEFT), (_S.WAITING, _E.LAST_MEMBER_LEFT),
    (_S.STARTED, _E.WAITER_LEFT), (_S.STARTED, _E.LAST_WAITER_LEFT),
})


@dataclass(frozen=True, slots=True)
class Waits:
    """`who` is in the lobby now."""

    who: int


@dataclass(frozen=True, slots=True)
class Joins:
    """`who` is in the meeting now."""

    who: int


@dataclass(frozen=True, slots=True)
class Over:
    """Nobody is left: the next to come finds the meeting not started."""


Outcome = Waits | Joins | Over


@dataclass(slots=True)
class Room:
    """One meeting's lobby and meeting."""

    conference_id: str
    state: RoomState = RoomState.EMPTY
    _waiting: dict[int, None] = field(default_factory=dict)
    _members: dict[int, None] = field(default_factory=dict)

    @property
    def waiting(self) -> tuple[int, ...]:
        """Who is in the lobby, in order of arrival."""
        return tuple(self._waiting)

    @property
    def members(self) -> tuple[int, ...]:
        """Who is in the meeting, in order of joining."""
        return tuple(self._members)

    def arrive(self, who: int) -> list[Outcome]:
        """Let in one who cannot start the meeting."""
        return self._step(RoomEvent.ARRIVED, who)

    def open(self, who: int) -> list[Outcome]:
        """Let in one who can; on a start he joins first and the waiting follow."""
        return self._step(RoomEvent.OPENED, who)

    def leave(self, who: int) -> list[Outcome]:
        """Let one go.

        Raises
        ------
        NotHere
            If he is neither waiting nor in the meeting.
        """
        if who in self._waiting:
            del self._waiting[who]
            return self._step(RoomEvent.WAITER_LEFT if self._waiting else RoomEvent.LAST_WAITER_LEFT, who)
        if who in self._members:
            del self._members[who]
            return self._step(RoomEvent.MEMBER_LEFT if self._members else RoomEvent.LAST_MEMBER_LEFT, who)
        raise NotHere(f"{who} is not in the room of {self.conference_id}")

    def _step(self, event: RoomEvent, who: int) -> list[Outcome]:
        self.state, actions = TABLE[self.state, event]
        outcomes: list[Outcome] = []
        for action in actions:
            match action:
                case Action.WAIT:
                    self._waiting[who] = None
                    outcomes.append(Waits(who))
                case Action.JOIN:
                    # one who waits may yet turn out to be able to start it; he joins once
                    self._waiting.pop(who, None)
                    self._members[who] = None
                    outcomes.append(Joins(who))
                case Action.ADMIT_ALL:
                    outcomes += [Joins(waiter) for waiter in self._waiting]
                    self._members |= self._waiting
                    self._waiting.clear()
                case Action.OVER:
                    outcomes.append(Over())
        return outcomes
