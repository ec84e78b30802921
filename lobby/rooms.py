"""Rooms: who waits for a meeting and who is in it. The states are a table, as a call's are.

Members are numbers of the caller's choosing. Nothing here knows of audio, nor of who may do what: whoever lets
somebody come, admits or locks has made sure that it may be.

Errors: `NotHere` (a `LookupError`), when somebody is to leave or to be admitted who is not there.
"""

import enum
from dataclasses import dataclass, field


class NotHere(LookupError):
    """Somebody was to leave a room he is not in, or to be let in from a lobby he is not in."""


class RoomState(enum.Enum):
    """What a room is doing."""

    EMPTY = "empty"
    WAITING = "waiting"
    STARTED = "started"
    LOCKED = "locked"


class RoomEvent(enum.Enum):
    """What can happen to a room."""

    CAME = "came"
    """Somebody came who neither starts the meeting nor passes its lobby."""
    PASSED = "passed"
    """Somebody came who passes the lobby of a meeting that runs (A3.8)."""
    OPENED = "opened"
    """Somebody came who can start it: the organizer (A3.2), the first where anyone may (A2.2), the app (A2.5)."""
    OPENED_FOR_ALL = "opened for all"
    """The same, and all who wait come in with him (A3.3)."""
    ADMITTED = "admitted"
    ALL_ADMITTED = "all admitted"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    ENDED = "ended"
    """The meeting is over for everybody (A6)."""
    WAITER_LEFT = "waiter left"
    LAST_WAITER_LEFT = "last waiter left"
    MEMBER_LEFT = "member left"
    LAST_MEMBER_LEFT = "last member left"
    LAST_MEMBER_LEFT_WAITERS = "last member left waiters"


class Action(enum.Enum):
    """What a step does."""

    WAIT = "the one who came waits"
    JOIN = "the one who came joins"
    ADMIT = "the one who is meant joins"
    ADMIT_ALL = "everyone waiting joins, in order of arrival"
    OVER = "the meeting is over"
    ALL_GO = "everyone goes"


_S, _E, _A = RoomState, RoomEvent, Action

TABLE: dict[tuple[RoomState, RoomEvent], tuple[RoomState, tuple[Action, ...]]] = {
    (_S.EMPTY, _E.CAME): (_S.WAITING, (_A.WAIT,)),                          # A3.1
    (_S.EMPTY, _E.PASSED): (_S.WAITING, (_A.WAIT,)),                        # A3.8: still waits for the start
    (_S.EMPTY, _E.OPENED): (_S.STARTED, (_A.JOIN,)),                        # A3.2, A2.2, A2.5
    (_S.EMPTY, _E.OPENED_FOR_ALL): (_S.STARTED, (_A.JOIN,)),
    (_S.WAITING, _E.CAME): (_S.WAITING, (_A.WAIT,)),
    (_S.WAITING, _E.PASSED): (_S.WAITING, (_A.WAIT,)),
    (_S.WAITING, _E.OPENED): (_S.STARTED, (_A.JOIN,)),                      # A3.5
    (_S.WAITING, _E.OPENED_FOR_ALL): (_S.STARTED, (_A.JOIN, _A.ADMIT_ALL)),  # A3.3
    (_S.WAITING, _E.WAITER_LEFT): (_S.WAITING, ()),
    (_S.WAITING, _E.LAST_WAITER_LEFT): (_S.EMPTY, ()),
    (_S.STARTED, _E.CAME): (_S.STARTED, (_A.WAIT,)),                        # A3.5, A3.8
    (_S.STARTED, _E.PASSED): (_S.STARTED, (_A.JOIN,)),                      # A2.3, A2.4
    (_S.STARTED, _E.OPENED): (_S.STARTED, (_A.JOIN,)),
    (_S.STARTED, _E.OPENED_FOR_ALL): (_S.STARTED, (_A.JOIN, _A.ADMIT_ALL)),  # A3.20
    (_S.STARTED, _E.ADMITTED): (_S.STARTED, (_A.ADMIT,)),                   # A3.18
    (_S.STARTED, _E.ALL_ADMITTED): (_S.STARTED, (_A.ADMIT_ALL,)),
    (_S.STARTED, _E.LOCKED): (_S.LOCKED, ()),                               # A3.13
    (_S.STARTED, _E.UNLOCKED): (_S.STARTED, ()),
    (_S.STARTED, _E.WAITER_LEFT): (_S.STARTED, ()),
    (_S.STARTED, _E.LAST_WAITER_LEFT): (_S.STARTED, ()),
    (_S.STARTED, _E.MEMBER_LEFT): (_S.STARTED, ()),                         # A6.8
    (_S.STARTED, _E.LAST_MEMBER_LEFT): (_S.EMPTY, (_A.OVER,)),
    (_S.STARTED, _E.LAST_MEMBER_LEFT_WAITERS): (_S.WAITING, (_A.OVER,)),
    (_S.STARTED, _E.ENDED): (_S.EMPTY, (_A.OVER, _A.ALL_GO)),               # A6.1-A6.6
    (_S.LOCKED, _E.CAME): (_S.LOCKED, (_A.WAIT,)),                          # A3.14
    (_S.LOCKED, _E.PASSED): (_S.LOCKED, (_A.WAIT,)),                        # A3.13: even those who pass
    (_S.LOCKED, _E.OPENED): (_S.LOCKED, (_A.JOIN,)),
    (_S.LOCKED, _E.OPENED_FOR_ALL): (_S.LOCKED, (_A.JOIN,)),
    (_S.LOCKED, _E.ADMITTED): (_S.LOCKED, (_A.ADMIT,)),
    (_S.LOCKED, _E.ALL_ADMITTED): (_S.LOCKED, (_A.ADMIT_ALL,)),
    (_S.LOCKED, _E.LOCKED): (_S.LOCKED, ()),
    (_S.LOCKED, _E.UNLOCKED): (_S.STARTED, ()),
    (_S.LOCKED, _E.WAITER_LEFT): (_S.LOCKED, ()),
    (_S.LOCKED, _E.LAST_WAITER_LEFT): (_S.LOCKED, ()),
    (_S.LOCKED, _E.MEMBER_LEFT): (_S.LOCKED, ()),
    (_S.LOCKED, _E.LAST_MEMBER_LEFT): (_S.EMPTY, (_A.OVER,)),
    (_S.LOCKED, _E.LAST_MEMBER_LEFT_WAITERS): (_S.WAITING, (_A.OVER,)),
    (_S.LOCKED, _E.ENDED): (_S.EMPTY, (_A.OVER, _A.ALL_GO)),
}

_RUNNING_ONLY = frozenset({_E.ADMITTED, _E.ALL_ADMITTED, _E.LOCKED, _E.UNLOCKED, _E.ENDED, _E.MEMBER_LEFT,
                           _E.LAST_MEMBER_LEFT, _E.LAST_MEMBER_LEFT_WAITERS})
IMPOSSIBLE: frozenset[tuple[RoomState, RoomEvent]] = frozenset(
    # before the start there is nobody who could let in, lock, end or leave a meeting
    {(state, event) for state in (_S.EMPTY, _S.WAITING) for event in _RUNNING_ONLY}
    | {(_S.EMPTY, _E.WAITER_LEFT), (_S.EMPTY, _E.LAST_WAITER_LEFT)})


@dataclass(frozen=True, slots=True)
class Waits:
    """`who` is in the lobby now."""

    who: int


@dataclass(frozen=True, slots=True)
class Joins:
    """`who` is in the meeting now."""

    who: int


@dataclass(frozen=True, slots=True)
class Goes:
    """`who` is neither in the meeting nor in its lobby any more."""

    who: int


@dataclass(frozen=True, slots=True)
class Over:
    """The meeting is over: the next to come finds it not started."""


Outcome = Waits | Joins | Goes | Over


@dataclass(slots=True)
class Room:
    """One meeting's lobby and meeting.

    Attributes
    ----------
    meeting : str
        What the meeting is called in errors.
    """

    meeting: str
    state: RoomState = RoomState.EMPTY
    _waiting: dict[int, None] = field(default_factory=dict)
    _members: dict[int, None] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Whether the meeting has started and is not over."""
        return self.state in (RoomState.STARTED, RoomState.LOCKED)

    @property
    def locked(self) -> bool:
        """Whether it runs, and nobody new gets in (A3.13)."""
        return self.state is RoomState.LOCKED

    @property
    def waiting(self) -> tuple[int, ...]:
        """Who is in the lobby, in order of arrival."""
        return tuple(self._waiting)

    @property
    def members(self) -> tuple[int, ...]:
        """Who is in the meeting, in order of joining."""
        return tuple(self._members)

    def __contains__(self, who: int) -> bool:
        """Tell whether somebody is in the meeting."""
        return who in self._members

    def waits(self, who: int) -> bool:
        """Tell whether somebody is in the lobby."""
        return who in self._waiting

    def come(self, who: int, *, passes: bool) -> list[Outcome]:
        """Take in one who cannot start the meeting; `passes` if the lobby is not for him once it runs."""
        return self._step(RoomEvent.PASSED if passes else RoomEvent.CAME, who)

    def open(self, who: int, *, for_all: bool) -> list[Outcome]:
        """Take in one who can start it: he joins first, and `for_all` the waiting follow."""
        return self._step(RoomEvent.OPENED_FOR_ALL if for_all else RoomEvent.OPENED, who)

    def admit(self, who: int) -> list[Outcome]:
        """Let one in from the lobby.

        Raises
        ------
        NotHere
            If he does not wait.
        """
        if who not in self._waiting:
            raise NotHere(f"{who} does not wait in the lobby of {self.meeting}")
        return self._step(RoomEvent.ADMITTED, who)

    def admit_all(self) -> list[Outcome]:
        """Let in everyone who waits."""
        return self._step(RoomEvent.ALL_ADMITTED, 0)

    def lock(self, *, locked: bool) -> None:
        """Lock the meeting, or unlock it."""
        self._step(RoomEvent.LOCKED if locked else RoomEvent.UNLOCKED, 0)

    def end(self) -> list[Outcome]:
        """End the meeting for everybody, those who wait too."""
        return self._step(RoomEvent.ENDED, 0)

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
            left = (RoomEvent.MEMBER_LEFT if self._members else
                    RoomEvent.LAST_MEMBER_LEFT_WAITERS if self._waiting else RoomEvent.LAST_MEMBER_LEFT)
            return self._step(left, who)
        raise NotHere(f"{who} is not in the room of {self.meeting}")

    def _step(self, event: RoomEvent, who: int) -> list[Outcome]:
        self.state, actions = TABLE[self.state, event]
        outcomes: list[Outcome] = []
        for action in actions:
            match action:
                case Action.WAIT:
                    self._waiting[who] = None
                    outcomes.append(Waits(who))
                case Action.JOIN | Action.ADMIT:
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
                case Action.ALL_GO:
                    outcomes += [Goes(one) for one in (*self._members, *self._waiting)]
                    self._members.clear()
                    self._waiting.clear()
        return outcomes
