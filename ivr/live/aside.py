"""Does what takes its time in threads of their own: what comes drop by drop outlasts any limit of a socket's."""

import threading
from collections.abc import Callable, Collection, Iterator
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE_S = 15.0
"""How long an app may take, on the clock on the wall."""


class AppTooSlow(Exception):
    """An app has not answered in time, while the clock of the simulation stood still."""

    exit_code = 3


class Patience:
    """Which hosts may be asked, and how long an answer may take.

    Parameters
    ----------
    hosts : collection of str
        Those besides this machine that may be asked.
    patience_s : float
    """

    def __init__(self, hosts: Collection[str] = (), *, patience_s: float = PATIENCE_S) -> None:
        self.hosts, self.seconds = frozenset(host.lower() for host in hosts), patience_s
        self.sockets_s = patience_s + 1
        """That the time is over is for whoever waits to say, so the limit of a socket comes later."""
        self.failure = f"it has not answered within {patience_s:g} s"

    def waited(self, act: Callable[[], T], who: str) -> T:
        """Return what comes of asking.

        Parameters
        ----------
        who : str
            Who was asked for what, for the complaint.

        Raises
        ------
        AppTooSlow
            If nothing has come in time.
        """
        came = waited(act, self.seconds)
        if came is None:
            raise AppTooSlow(f"{who} within {self.seconds:g} s: is the app at work?")
        return came


def waited(act: Callable[[], T], patience_s: float) -> T | None:
    """Do something and wait for what comes of it; None if nothing has in time."""
    try:
        return _begun(act).get(timeout=patience_s)
    except Empty:
        return None


class Background(Generic[T]):
    """Does things while others go on, and hands over what comes of them.

    Parameters
    ----------
    prepare : callable
        Given each in its thread, before it is handed over.
    """

    def __init__(self, prepare: Callable[[T], None]) -> None:
        self._prepare = prepare
        self._box: SimpleQueue[T] = SimpleQueue()

    def do(self, act: Callable[[], T], patience_s: float, otherwise: T) -> None:
        """Begin something; `otherwise` comes of it if nothing has in time."""
        def wait() -> None:
            came = waited(act, patience_s)
            came = otherwise if came is None else came
            try:
                self._prepare(came)
            finally:
                self._box.put(came)
        threading.Thread(target=wait, name="ivr waits aside", daemon=True).start()

    def come(self) -> Iterator[T]:
        """Hand over what has come since the last time."""
        while not self._box.empty():
            yield self._box.get()


def _begun(act: Callable[[], T]) -> "SimpleQueue[T]":
    box: SimpleQueue[T] = SimpleQueue()
    threading.Thread(target=lambda: box.put(act()), name="ivr asks aside", daemon=True).start()
    return box
