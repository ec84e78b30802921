"""How long somebody else's code may go on before it is interrupted: by the clock on the wall, and no other.

What ends in time never meets it, so no run differs by it.
"""

import ctypes
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ivr.lines.blame import Line, running

_AGAIN_S = 1.0
"""When it is interrupted once more, if it has caught that."""
_DEBUGGERS = re.compile(r"[/\\][pb]db\.py$|pydevd|debugpy")


class StepTooLong(BaseException):
    """It has gone on for too long."""


class StepLimit:
    """A limit on each single stretch of what is not ours.

    A main thread is interrupted wherever it is, by a signal, where the system has them; another one between two
    steps of Python: what sleeps in it, or reckons in C, goes on until it comes back.

    Parameters
    ----------
    limit_s : float
        Seconds on the wall.

    Attributes
    ----------
    lost : list of Line or None
        Where it was when it was interrupted, the innermost last.
    """

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self.lost: list[Line] | None = None
        self._watch: _Watch | None = None

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Interrupt what stands within if it takes too long; `lost` tells of it, also where it has caught that.

        Raises
        ------
        StepTooLong
            If it was.
        """
        if threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer"):
            with self._by_signal():
                yield
            return
        if self._watch is None or not self._watch.is_mine:
            self.close()
            self._watch = _Watch(self)
        with self._watch.watching():
            yield

    def close(self) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def lose(self, frame: FrameType | None) -> bool:
        """Note where it is; return whether it is to be interrupted: not while somebody looks into it."""
        lines = running(frame)
        if any(_DEBUGGERS.search(name) for name, _ in lines):
            return False
        self.lost = self.lost or lines
        return True

    @contextmanager
    def _by_signal(self) -> Iterator[None]:
        left, every = signal.getitimer(signal.ITIMER_REAL)
        if 0 < left <= self.limit_s:  # somebody else's limit, which is nearer
            yield
            return
        watches, began = True, time.monotonic()

        def interrupt(_number: int, frame: FrameType | None) -> None:
            if watches and self.lose(frame):
                raise StepTooLong

        before = signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, self.limit_s, _AGAIN_S)
        try:
            yield
        finally:
            watches = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            if left:
                signal.setitimer(signal.ITIMER_REAL, max(left - (time.monotonic() - began), 0.001), every)


class _Watch:
    """A thread that looks after another one."""

    def __init__(self, patience: StepLimit) -> None:
        self._patience = patience
        self._ident = threading.get_ident()
        self._lock = threading.Lock()
        self._until = 0.0
        self._watches = self._fired = False
        self._over = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    @property
    def is_mine(self) -> bool:
        """Whether it looks after the thread that asks."""
        return self._ident == threading.get_ident()

    def close(self) -> None:
        self._over.set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        self._until, self._fired, self._watches = time.monotonic() + self._patience.limit_s, False, True
        try:
            yield
        finally:
            self._watches = False  # before anything that could be interrupted itself
            with self._lock:
                if self._fired:  # it may still be on its way
                    _raise_in(self._ident, None)

    def _look(self) -> None:
        while not self._over.wait(min(_AGAIN_S, self._patience.limit_s / 4)):
            with self._lock:
                if not self._watches or time.monotonic() < self._until:
                    continue
                self._until += _AGAIN_S
                if self._patience.lose(sys._current_frames().get(self._ident)):
                    self._fired = True
                    _raise_in(self._ident, StepTooLong)


def _raise_in(ident: int, what: type[BaseException] | None) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(ident), ctypes.py_object(what) if what is not None else None)
