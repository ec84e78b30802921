"""The bridge's directory for real callers: what takes time is done by other threads, never by the audio's.

Looking up an ID takes a fraction of a millisecond, checking a PIN some 50 ms of hashing; a tick has 20. Each kind
of work has threads of its own, so that a thousand wrong PINs keep nobody waiting for his ID.
"""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from ivr.directory.asking import Asking, Parts, Way
from ivr.directory.checks import Checks
from ivr.directory.errors import StoreError
from ivr.questions import Answer

_HASHING = max(1, min(4, (os.cpu_count() or 1) - 1))
"""A hash keeps a core busy; one is left for the thread that carries audio."""

_FAULTS = 100

SHORT, LONG = 5, 10
"""How far each kind of work gives way: hashes to all else, all of it to the thread that carries audio."""


def give_way(by: int) -> None:
    """Let this thread run only where nobody more urgent would: on Linux alone is that a thread's own affair."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), by)


class Aside(Asking):
    """Asks aside and hands over what has been answered, in the order of asking as far as it is there.

    A database that fails answers as if the ID were unknown, or the PIN to be tried later, and the fault is kept: a
    caller never brings the bridge down.

    Parameters
    ----------
    checks : Checks
    here : str
        As of `ivr.directory.asking.Questions`.
    patient : bool
        Whether `answers` waits for what has been asked. A virtual run has all the time in the world, and its
        answers then come in the tick in which they were asked for, however long they took.

    Attributes
    ----------
    faults : list of str
        What went wrong, for whoever runs the bridge: the last ones of many.
    """

    def __init__(self, checks: Checks, here: str = "", *, patient: bool = False) -> None:
        super().__init__(checks, here)
        self._patient = patient
        self._threads = {way: ThreadPoolExecutor(
            _HASHING if way is Way.HASH else 1, thread_name_prefix=f"directory {way.name.lower()}",
            initializer=give_way, initargs=(LONG if way is Way.HASH else SHORT,)) for way in Way}
        self._asked = self._open = 0
        self._over: SimpleQueue[tuple[int, Answer | Exception | None]] = SimpleQueue()
        self._kept: list[tuple[int, Answer]] = []
        self.faults: list[str] = []

    def answers(self) -> list[Answer]:
        """Hand over, once and in the order of asking, the answers that have come."""
        self._collect(wait=self._patient)
        answers, self._kept = sorted(self._kept, key=lambda one: one[0]), []
        return [answer for _, answer in answers]

    def close(self) -> None:
        """Wait for what has been asked, and let the threads go."""
        try:
            self._collect(wait=True)
        finally:
            for pool in self._threads.values():
                pool.shutdown()

    def _ask(self, parts: Parts, failed: Answer | None = None) -> None:
        self._asked += 1
        self._open += 1
        self._threads[next(parts)].submit(self._part, self._asked, parts, failed)

    def _part(self, number: int, parts: Parts, failed: Answer | None) -> None:
        """Do one part of a question, and have the next one done where it belongs."""
        over: Answer | Exception | None
        try:
            self._threads[next(parts)].submit(self._part, number, parts, failed)
        except StopIteration as ended:
            over = ended.value
        except StoreError as error:
            self.faults.append(str(error))
            del self.faults[:-_FAULTS]
            over = failed
        except Exception as error:
            over = error
        else:
            return
        self._over.put((number, over))

    def _collect(self, *, wait: bool) -> None:
        while self._open and (wait or not self._over.empty()):
            number, over = self._over.get()
            self._open -= 1
            if isinstance(over, Exception):
                raise over
            if over is not None:
                self._kept.append((number, over))
