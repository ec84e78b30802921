"""Does what takes its time in threads of their own: what comes drop by drop outlasts any limit of a socket's."""

import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


def waited(act: Callable[[], T], patience_s: float) -> T | None:
    """Do something and wait for what comes of it; None if nothing has in time."""
    try:
        return _begun(act).get(timeout=patience_s)
    except Empty:
        return None


class Aside(Generic[T]):
    """Does things while others go on, and hands over what comes of them."""

    def __init__(self) -> None:
        self._box: SimpleQueue[T] = SimpleQueue()

    def do(self, act: Callable[[], T], patience_s: float, otherwise: T) -> None:
        """Begin something; `otherwise` comes of it if nothing has in time."""
        def wait() -> None:
            came = waited(act, patience_s)
            self._box.put(otherwise if came is None else came)
        threading.Thread(target=wait, name="ivr waits aside", daemon=True).start()

    def come(self) -> Iterator[T]:
        """Hand over what has come since the last time."""
        while not self._box.empty():
            yield self._box.get()


def _begun(act: Callable[[], T]) -> "SimpleQueue[T]":
    box: SimpleQueue[T] = SimpleQueue()
    threading.Thread(target=lambda: box.put(act()), name="ivr asks aside", daemon=True).start()
    return box
