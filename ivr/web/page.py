"""What one page is sent: a bounded queue, so that one that sleeps costs nobody anything and catches up."""

import asyncio
import json
from collections import deque
from collections.abc import Sequence
from typing import Any

MOST = 256
"""Messages that wait for a page; of one that is further behind all are left out, and it begins anew."""


class Page:
    """A page that is open: filled by the thread that tells all of them, emptied by who writes to its socket.

    All but `tell` belongs to the loop that it was made in.

    Parameters
    ----------
    room : str
        The conference ID of the one room that it shows; empty for everything.

    Attributes
    ----------
    wants_state : bool
        Whether it knows nothing, and has to be told first how everything stands.
    scope : int, optional
        The number of the call whose sound it shows.
    """

    def __init__(self, room: str = "") -> None:
        self.room = room
        self.wants_state = True
        self.scope: int | None = None
        self._queue: deque[str] = deque()
        self._lost = 0
        self._behind = self._over = False
        self._loop = asyncio.get_running_loop()
        self._came = asyncio.Event()

    def __len__(self) -> int:
        return len(self._queue)

    def tell(self, begins: Sequence[str], changes: Sequence[str], *, anew: bool = False,
             over: bool = False) -> None:
        """Take, from whichever thread, what has changed; and with what a page begins, if one does.

        Parameters
        ----------
        anew : bool
            Whether every page begins.
        over : bool
            Whether this is the last, which the page is told, too.
        """
        try:
            self._loop.call_soon_threadsafe(self._take, begins, changes, anew, over)
        except RuntimeError:  # its loop is over: nobody reads this any more
            return

    def add(self, message: dict[str, Any]) -> None:
        """Have something told to this page alone."""
        self._queue.append(json.dumps(message))
        self._came.set()

    async def messages(self) -> list[str]:
        """Wait for something, and return all that there is; empty when it is over."""
        if self._behind and not self._queue:
            self._behind, self.wants_state = False, True
        while not self._queue and not self._over:
            self._came.clear()
            await self._came.wait()
        taken = list(self._queue)
        self._queue.clear()
        return taken

    def _take(self, begins: Sequence[str], changes: Sequence[str], anew: bool, over: bool) -> None:
        if anew and not self._behind:
            self._queue.clear()
            self.wants_state = True
        if self._behind:
            self._lost += len(changes)
        elif self.wants_state:
            if begins:
                if self._lost:
                    self._queue.append(json.dumps({"type": "lost", "count": self._lost}))
                self._queue.extend(begins)
                self._lost, self.wants_state = 0, False
        elif len(self._queue) + len(changes) > MOST:
            self._lost += len(self._queue) + len(changes)
            self._queue.clear()
            self._behind = True
        else:
            self._queue.extend(changes)
        if over and not self._over:  # however far behind it is
            self._queue.append(json.dumps({"type": "over"}))
            self._over = True
        self._came.set()
