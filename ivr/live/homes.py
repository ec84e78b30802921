"""Keeps the meetings of this process its own, where several share a directory, and finds those of others."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue

from ivr.directory.checks import Checks
from ivr.directory.errors import StoreError
from ivr.directory.homes import LASTS

_EVERY_S = LASTS / 3
_FAULTS = 100


class HomeKeeper:
    """Renews the leases of meetings with callers here, and gives back those of others that had some.

    Parameters
    ----------
    checks : Checks
    here : str
        By which name others reach this process.

    Attributes
    ----------
    faults : list of str
        What went wrong, the last ones of many.
    """

    def __init__(self, checks: Checks, here: str) -> None:
        self._checks, self._here = checks, here
        self._busy: Callable[[], set[str]] = set
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="homes")
        self._found: SimpleQueue[tuple[int, str]] = SimpleQueue()
        self._had: set[str] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)
        self.faults: list[str] = []

    def start(self, busy: Callable[[], set[str]]) -> None:
        """Begin to renew.

        Parameters
        ----------
        busy : callable
            Gives the keys of the meetings that have callers here; asked on another thread.
        """
        self._busy = busy
        self._thread.start()

    def seek(self, call: int, conference_id: str, gone: str) -> None:
        """Ask where a meeting is."""
        self._pool.submit(self._seek, call, conference_id, gone)

    def found(self) -> list[tuple[int, str]]:
        """Hand over, once, what has been found."""
        found = []
        with suppress(Empty):
            while True:
                found.append(self._found.get_nowait())
        return found

    def keep(self) -> None:
        """Renew what has callers, and give back what has none any more."""
        busy = self._busy()
        try:
            if busy:
                self._checks.homes.renew(busy, self._here)
            if self._had - busy:
                self._checks.homes.free(self._had - busy, self._here)
            self._had = busy
        except StoreError as error:
            self._failed(error)

    def close(self) -> None:
        """Give everything back."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        self._pool.shutdown()
        self._had |= self._busy()
        with suppress(StoreError):
            self._checks.homes.free(self._had, self._here)

    def _seek(self, call: int, conference_id: str, gone: str) -> None:
        home = ""
        try:
            if (place := self._checks.find(conference_id)) is not None:
                home = self._checks.homes.take(place.meeting, self._here, gone=gone)
        except StoreError as error:
            self._failed(error)
        self._found.put((call, "" if home == self._here else home))

    def _keep(self) -> None:
        while not self._over.wait(_EVERY_S):
            self.keep()

    def _failed(self, error: StoreError) -> None:
        self.faults.append(str(error))
        del self.faults[:-_FAULTS]
