"""Looking at a session: one view a tick at most, made when somebody asks, in the session's thread."""

import threading
from collections.abc import Callable

from ivr.clock import FRAME, samples
from ivr.engine.bridge import Bridge
from ivr.live.levels import FRAMES, Levels
from ivr.live.views import View
from ivr.live.watching import Board

_LOOKED = samples(1)
"""For so long after somebody has looked, levels are followed for the next time."""


class Looking:
    """Makes views.

    Parameters
    ----------
    bridge : Bridge
    board : Board
        How its calls stand.
    begins : callable
        Called before a view is made: keys and prompts are told from then on.
    """

    def __init__(self, bridge: Bridge, board: Board, begins: Callable[[], None]) -> None:
        self._bridge, self._board, self._begins = bridge, board, begins
        self._levels, self._until = Levels(), 0
        self._view: View | None = None
        self._asked = threading.Condition()
        self._wanted = False
        self._answers = 0

    def view(self, late: int, *, over: bool) -> View:
        """Return how it stands; for the session's own thread, or when it has ended."""
        now = self._bridge.now
        if self._view is None or (self._view.at, self._view.over) != (now, over):
            self._begins()
            if not self._levels.followed:
                self._levels.took(self._bridge.clamped())
            self._until = now + _LOOKED
            new = {call.row: (now - call.dialled_at) // FRAME for call in self._board.calls
                   if now - call.dialled_at < FRAMES * FRAME}
            self._view = View(now, self._board.views(self._levels.dbm0(new)), late, over, self._board.started,
                              self._board.locked)
        return self._view

    def ask(self, timeout_s: float, ended: Callable[[], bool]) -> View | None:
        """Return how it stands at the end of the tick that is going on, or the last view; None if there is none."""
        with self._asked:
            before = self._answers
            self._wanted = True
            self._asked.wait_for(lambda: self._answers > before or ended(), timeout_s)
        return self._view

    def follow(self) -> None:
        """Take it that a tick is over."""
        if self._until >= self._bridge.now > 0:
            self._levels.took(self._bridge.clamped())
        elif self._until:
            self._until = 0
            self._levels.forget()

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for a view."""
        return self._wanted

    def answer(self, make: Callable[[], object]) -> None:
        """Make the view that somebody waits for; whatever comes of it, he waits no longer."""
        with self._asked:
            self._wanted = False
            make()
            self._answers += 1
            self._asked.notify_all()
