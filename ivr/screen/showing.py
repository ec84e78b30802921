"""Brings a session onto the terminal there is.

ScreenError     nothing can be shown here
    TooSmall    the terminal has not the room that the screen needs
"""

import os
import shutil
import sys
from collections.abc import Callable

from ivr.live.session import Session
from ivr.screen.panel import Panel

WIDTH, HEIGHT = 80, 24
_CONSOLES = ("linux", "cons25", "ansi", "vt100", "vt102", "vt220")


class ScreenError(Exception):
    """Nothing can be shown here."""

    exit_code = 3


class TooSmall(ScreenError):
    """The terminal has not the room that the screen needs."""


def can_show_a_screen() -> bool:
    """Return whether standard input and output are a terminal that can do more than lines."""
    streams = (sys.stdin, sys.stdout)
    terminal = all(stream is not None and stream.isatty() for stream in streams)
    speaks = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    unnamed = "dumb" if os.name == "posix" else ""
    return terminal and speaks and os.environ.get("TERM", unnamed) not in ("dumb", "unknown")


def has_blocks() -> bool:
    """Return whether the terminal's letters are likely to have blocks of an eighth; those of consoles do not."""
    return os.environ.get("TERM", "") not in _CONSOLES


def check_room() -> None:
    """See that the terminal is large enough.

    Raises
    ------
    TooSmall
        If it is not.
    """
    size = shutil.get_terminal_size((WIDTH, HEIGHT))
    if size.columns < WIDTH or size.lines < HEIGHT:
        raise TooSmall(f"this terminal has {size.columns} columns and {size.lines} rows, and the screen needs "
                       f"{WIDTH} and {HEIGHT}: enlarge it, or take --plain")


def show(session: Session, panel: Panel, *, plain: bool = False, typed: Callable[[], str] | None = None) -> bool:
    """Run a session and show it, until it is over or somebody leaves.

    Parameters
    ----------
    plain : bool
        Print lines even if a screen is possible.
    typed : callable, optional
        For plain lines: gives the characters that have been typed since the last time.

    Returns
    -------
    bool
        Whether somebody wanted to leave before the session was over.

    Raises
    ------
    TooSmall
        If the terminal could show a screen, but for its size.
    Exception
        What ended the session, if something did.
    """
    if plain or not can_show_a_screen():
        from ivr.screen.plain import lines

        return lines(session, panel, typed)
    check_room()
    # half a second of import that plain lines need not wait for
    from ivr.screen.app import Screen

    screen = Screen(session, panel, session.start, blocks=has_blocks())
    try:
        screen.run()
    except KeyboardInterrupt:
        screen.left = True
    finally:
        session.stop()
    session.join()
    if screen.error is not None:
        raise screen.error
    return screen.left
