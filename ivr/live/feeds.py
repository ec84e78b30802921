"""Queues between a session and those who watch it: who is slow, or breaks down, is none of its business."""

import threading
from collections import deque
from collections.abc import Callable

from ivr.engine.events import Lost, Told

MOST = 4096
"""Events that wait for one who watches; he is told how many he has lost."""

Observer = Callable[[Told], None]
"""Told everything that happens, in its order. One that raises is dropped and told of."""


class Feed:
    """What happens, in a queue for one who watches: put in by the session, taken by him in a thread of his own.

    Parameters
    ----------
    most : int, optional
        How many events may wait; of more the oldest are lost. By default there is no end, and the session waits.
    """

    def __init__(self, most: int | None) -> None:
        self.waits = most is None
        self._queue: deque[tuple[int, Told]] = deque(maxlen=most)
        self._put = self._taken = 0
        self._came, self._went = threading.Event(), threading.Event()

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, event: Told) -> None:
        """Take an event, at once."""
        self._queue.append((self._put, event))
        self._put += 1

    def take(self) -> list[Told]:
        """Return what has happened since the last time, and in between how much is lost."""
        taken: list[Told] = []
        for _ in range(len(self._queue)):
            number, event = self._queue.popleft()
            if number > self._taken:
                taken.append(Lost(number - self._taken))
            self._taken = number + 1
            taken.append(event)
        self._went.set()
        return taken

    def wake(self) -> None:
        """Wake who waits for something to come."""
        self._came.set()

    def wait(self) -> None:
        """Wait until something may have come."""
        self._came.wait()
        self._came.clear()

    def give_time(self, timeout_s: float) -> None:
        """Wait until something is taken."""
        self._went.wait(timeout_s)
        self._went.clear()


class Watcher:
    """Tells an observer what his feed brings: in a thread of his own, or, where the session waits for all, at once.

    Parameters
    ----------
    observer : Observer
    failed : callable
        Told the exception with which the observer broke down; he is told nothing more.
    aside : bool
        Whether in a thread.
    """

    def __init__(self, observer: Observer, failed: Callable[["Watcher", Exception], None], *, aside: bool) -> None:
        self.feed = Feed(MOST if aside else None)
        self._observer, self._failed = observer, failed
        self._ended = self._broken = False
        self._thread: threading.Thread | None = None
        if aside:
            self._thread = threading.Thread(target=self._run, name="ivr watcher", daemon=True)
            self._thread.start()

    def tell(self) -> None:
        """Have the observer told what has happened."""
        if self._thread is None:
            self._serve()
        elif len(self.feed):
            self.feed.wake()

    def end(self, timeout_s: float) -> None:
        """Take it that nothing more happens; give the observer time to be told what has."""
        self._ended = True
        self.tell()
        self.feed.wake()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        ended = False
        while not ended:
            self.feed.wait()
            ended = self._ended  # what came before that is told yet
            self._serve()
            ended = ended or self._broken

    def _serve(self) -> None:
        for event in self.feed.take():
            try:
                self._observer(event)
            except Exception as error:  # whoever only looks on is no part of what happens
                self._broken = True
                self._failed(self, error)
                return
