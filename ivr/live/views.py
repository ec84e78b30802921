"""How things stand, as a screen or a page shows it: values that hold no digit of a PIN."""

from dataclasses import dataclass
from typing import NamedTuple

Who = int | str
"""A call that is meant: its number; or a name, of who is led under it by a story, a timetable or a presenter."""


@dataclass(frozen=True, slots=True)
class Key:
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
    role : str
        "organizer" or "participant" in a meeting.
    saying : str
        Name of the prompt that is being said; empty if none is.
    text : str
        Its words.
    music : bool
        Whether hold music plays.
    keys : tuple of Key
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
    role: str
    saying: str
    text: str
    music: bool
    keys: tuple[Key, ...]
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
    """

    at: int
    calls: tuple[CallView, ...]
    late: int
    over: bool

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
