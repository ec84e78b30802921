"""How things stand, as a screen or a page shows it: values that hold no digit of a PIN."""

from dataclasses import dataclass, replace
from typing import NamedTuple

Who = int | str
"""A call that is meant: its number; or a name, of who is led under it by a story, a timetable or a presenter."""


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key a caller has pressed.

    Attributes
    ----------
    key : str
        `ivr.secrecy.HIDDEN` where it may be a digit of a PIN.
    level_dbm0, twist_db : float, optional
        Come when its tone is over, and are NaN if there was too little; None for a hidden key.
    open : bool
        Whether it is hidden only until it turns out to be what was asked for.
    """

    key: str
    at: int
    level_dbm0: float | None = None
    twist_db: float | None = None
    open: bool = False


class CallView(NamedTuple):
    """How one call stands.

    Attributes
    ----------
    state : str
        Its name in journals.
    where : str
        "lobby", "meeting", or empty on the way there.
    meeting : str
        The conference ID of where the caller is, in a meeting the one by which it was started; empty elsewhere.
    came_at : int, optional
        When he came into that room, its lobby or its meeting; None elsewhere.
    role : str
        "organizer" or "participant" in a meeting.
    saying : str
        Name of the prompt that is being said; empty if none is.
    text : str
        Its words.
    music : bool
        Whether hold music plays.
    keys : tuple of KeyView
        The last ones, masked where they may be of a PIN.
    level_dbm0 : float
        What others may hear of the caller, over the last 100 ms: without keys, 39 ms late; -inf for silence.
    """

    call: int
    caller: str
    state: str
    since: int
    where: str
    meeting: str
    came_at: int | None
    role: str
    saying: str
    text: str
    music: bool
    keys: tuple[KeyView, ...]
    level_dbm0: float


@dataclass(frozen=True, slots=True)
class View:
    """How everything stands at one moment.

    Attributes
    ----------
    at : int
        Samples since the bridge began.
    calls : tuple of CallView
        Those on the line, in the order of dialling.
    late : int
        Ticks more than a frame late.
    over : bool
        Whether the session has ended.
    started, locked : frozenset of str
        Meetings that run, and those of them into which nobody new gets, by the conference IDs that started them.
    """

    at: int
    calls: tuple[CallView, ...]
    late: int
    over: bool
    started: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()

    def of_room(self, meeting: str) -> "View":
        """Return what of this is of one room: who is in it, without the keys that he pressed before."""
        calls = tuple(one._replace(keys=_since(one)) for one in self.calls if one.meeting == meeting)
        return replace(self, calls=calls, started=self.started & {meeting}, locked=self.locked & {meeting})

    def of(self, call: int) -> CallView | None:
        """Return the call of this number; None if it is not on the line."""
        return next((one for one in self.calls if one.call == call), None)

    def named(self, caller: str) -> tuple[CallView, ...]:
        """Return the calls of this name, of which there may be several: for who names callers, as stories do."""
        return tuple(one for one in self.calls if one.caller == caller)

    def waiting(self) -> tuple[CallView, ...]:
        """Return who is in a lobby."""
        return tuple(call for call in self.calls if call.where == "lobby")

    def meeting(self) -> tuple[CallView, ...]:
        """Return who is in a meeting."""
        return tuple(call for call in self.calls if call.where == "meeting")


def _since(one: CallView) -> tuple[KeyView, ...]:
    came_at = one.came_at or 0
    return one.keys if not one.keys or one.keys[0].at >= came_at else tuple(
        key for key in one.keys if key.at >= came_at)
