"""What a session tells those who watch it: values that hold no digit of a PIN."""

from dataclasses import dataclass

from ivr.journal import Entry

Who = int | str
"""A call that is meant: its number; or a name, of who is led under it by a story, a timetable or a presenter."""

HIDDEN = "•"
"""Stands for a digit that may be a PIN's."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The journal has a new entry."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class KeyDown:
    """The decoder is sure of a key; `key` is `HIDDEN` where it may be a digit of a PIN."""

    at: int
    call: int
    caller: str
    key: str


@dataclass(frozen=True, slots=True)
class KeyUp:
    """A key's tone is over and measured.

    Attributes
    ----------
    level_dbm0 : float
        Mean of its two tones.
    twist_db : float
        The high tone over the low one.
    lasted_ms : float
    """

    at: int
    call: int
    caller: str
    key: str
    level_dbm0: float
    twist_db: float
    lasted_ms: float


@dataclass(frozen=True, slots=True)
class Saying:
    """The bridge begins to say a prompt to a caller, or, with both empty, has ended."""

    at: int
    call: int
    caller: str
    prompt: str
    text: str


Happening = Noted | KeyDown | KeyUp | Saying


@dataclass(frozen=True, slots=True)
class Key:
    """A key a caller has pressed; level and twist come when its tone is over, and are NaN if there was too little.

    `told` is whether the journal has shown it: the digits of a conference ID.
    """

    key: str
    at: int
    level_dbm0: float | None = None
    twist_db: float | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class CallView:
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
    level_dbm0 : float
        What comes from the caller, over the last 100 ms; -inf for silence.
    keys : tuple of Key
        The last ones, masked where they may be of a PIN.
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
    level_dbm0: float
    keys: tuple[Key, ...]


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
