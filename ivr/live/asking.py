"""The bridge's directory for real callers: what takes time is done by other threads, never by the audio's.

Looking up an ID takes a fraction of a millisecond, checking a PIN some 50 ms of hashing; a tick has 20.
"""

import os
import sys
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from ivr.bridge.ports import Answer, Found, PinChecked, Unknown
from ivr.directory.checks import Checks
from ivr.directory.errors import StoreError

_THREADS = max(1, min(4, (os.cpu_count() or 1) - 1))
"""A hash keeps a core busy; one is left for the thread that carries audio."""

_FAULTS = 100


def _give_way() -> None:
    """Let this thread run only where nobody more urgent would: on Linux alone is that a thread's own affair."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)


class Aside:
    """Asks aside and hands over what has been answered.

    A database that fails answers as if the ID were unknown, or the PIN wrong, and the fault is kept: a caller
    never brings the bridge down.

    Parameters
    ----------
    checks : Checks
    patient : bool
        Whether `answers` waits for what has been asked. A virtual run has all the time in the world, and its
        answers then come in the tick in which they were asked for, however long they took.

    Attributes
    ----------
    faults : list of str
        What went wrong, for whoever runs the bridge: the last ones of many.
    """

    def __init__(self, checks: Checks, *, patient: bool = False) -> None:
        self._checks, self._patient = checks, patient
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="directory", initializer=_give_way)
        self._asked: deque[Future[Answer | None]] = deque()
        self.faults: list[str] = []

    def find(self, call: int, conference_id: str) -> None:
        """Ask which meeting has this ID."""
        self._asked.append(self._pool.submit(partial(self._find, call, conference_id)))

    def check_pin(self, call: int, conference_id: str, pin: str) -> None:
        """Ask whether this is its organizer's PIN."""
        self._asked.append(self._pool.submit(partial(self._check, call, conference_id, pin)))

    def started(self, conference_id: str) -> None:
        """Tell that this meeting has been started."""
        self._asked.append(self._pool.submit(partial(self._started, conference_id)))

    def answers(self) -> list[Answer]:
        """Hand over, once and in the order of asking, the answers that have come."""
        answers = []
        while self._asked and (self._patient or self._asked[0].done()):
            answer = self._asked.popleft().result()
            if answer is not None:
                answers.append(answer)
        return answers

    def close(self) -> None:
        """Wait for what has been asked, and let the threads go."""
        self._pool.shutdown()

    def _find(self, call: int, conference_id: str) -> Answer:
        try:
            place = self._checks.find(conference_id)
        except StoreError as error:
            self._failed(error)
            place = None
        if place is None:
            return Unknown(call)
        return Found(call, conference_id, place.anyone_may_start, place.options)

    def _check(self, call: int, conference_id: str, pin: str) -> Answer:
        try:
            checked = self._checks.check_pin(conference_id, pin)
        except StoreError as error:
            self._failed(error)
            return PinChecked(call, right=False)
        return PinChecked(call, checked.right, checked.organizer, checked.name)

    def _failed(self, error: StoreError) -> None:
        self.faults.append(str(error))
        del self.faults[:-_FAULTS]

    def _started(self, conference_id: str) -> None:
        try:
            self._checks.started(conference_id)
        except StoreError as error:
            self._failed(error)
