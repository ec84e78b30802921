"""What a screen shows besides the session, and which keys of the keyboard do what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ivr.journal import Entry
from ivr.live.session import Session
from ivr.live.views import Who

KEYPAD = "0123456789*#ABCD"
"""The keys of a telephone as they are typed; A to D with shift, so small letters are free for commands."""


@dataclass(frozen=True, slots=True)
class PanelCommand:
    """Keys of the keyboard and what they do.

    Attributes
    ----------
    keys : tuple of str
        Characters such as "5" and "q", or names: "up", "down", "enter", "tab".
    label : str
        What it does, in one or two words; empty for one that the foot of the screen leaves out.
    does : callable
        Told the key, in the session's thread, before the next tick.
    shown : str
        How the foot names the keys; by default the first of them.
    meaning : str
        What it does, at more length, for where there is room.
    """

    keys: tuple[str, ...]
    label: str
    does: Callable[[str], None]
    shown: str = ""
    meaning: str = ""


def keypad(press: Callable[[str], None]) -> PanelCommand:
    """Return the command for which every key of the keypad calls `press`."""
    return PanelCommand(tuple(KEYPAD), "press", press, "0-9*#", "press this key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What to show.

    Attributes
    ----------
    title : str
    tell : callable
        Gives an entry of the journal as one line; empty for one that is left out.
    commands : sequence of PanelCommand
        Besides q and Ctrl-C, which leave.
    callers : callable
        Gives the names that have a line on the screen, on the line or not; by default those who are.
    chosen : callable
        Gives the number of the call whose prompt and keys are shown, or one of those names; by default the first.
    status : callable
        Gives one line about what the presenter hears and does.
    speed : float
        For the clock's line.
    """

    title: str
    tell: Callable[[Entry], str]
    commands: Sequence[PanelCommand] = ()
    callers: Callable[[], Sequence[str]] | None = None
    chosen: Callable[[], Who] | None = None
    status: Callable[[], str] = lambda: ""
    speed: float = 1.0

    def status_of(self, session: Session) -> str:
        """Return the status, and what of the session itself has gone wrong."""
        return "\n".join(part for part in (self.status(), session.trouble) if part)

    def command(self, key: str) -> PanelCommand | None:
        """Return the command for a key of the keyboard; None if it has none."""
        return next((command for command in self.commands if key in command.keys), None)
