"""The terminal screen of a session: callers, what is said to them, their keys, the rooms, the journal.

`Panel` says what to show and which keys of the keyboard do what; `show` brings it onto the terminal, as a screen
(textual) or, where there can be none, as plain lines.
"""

from ivr.screen.panel import Panel, PanelCommand
from ivr.screen.showing import ScreenError, TooSmall, show

__all__ = ["Panel", "PanelCommand", "ScreenError", "TooSmall", "show"]
