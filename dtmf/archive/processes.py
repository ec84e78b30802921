"""Work that is done side by side: a process each, any of which may die."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from multiprocessing.context import BaseContext
from typing import Generic, TypeVar

from dtmf.stopping import stopping

T = TypeVar("T")

_AHEAD = 2
"""Pieces that are handed out for each process: the next must be there when one is done."""


class Processes(Generic[T]):
    """Processes that do pieces of work.

    A process that dies takes nothing with it but its piece, and that only if it dies of it twice: what was under
    way then is done again, each piece alone.

    Parameters
    ----------
    submit : callable
        Hands a piece, by its number, to a pool.
    jobs : int
        How many processes.
    preload : sequence of str
        Modules that every process needs.
    clash : callable, optional
        Tells whether two pieces, by their numbers, must not go on at once; others go on meanwhile.
    """

    def __init__(self, submit: Callable[[ProcessPoolExecutor, int], "Future[T]"], jobs: int, preload: Sequence[str],
                 clash: Callable[[int, int], bool] = lambda *_: False) -> None:
        self._submit, self._jobs, self._preload, self._clash = submit, jobs, preload, clash

    def done(self, count: int) -> Iterator[tuple[int, T | None]]:
        """Do all pieces.

        Yields
        ------
        place : int
            Of the piece. They come as they are done.
        result
            What came of it; None if two processes have died of it.
        """
        waiting = deque(range(count))
        suspects: deque[int] = deque()
        while waiting or suspects:
            if suspects:
                place = suspects.popleft()
                lost: list[int] = []
                yield from self._round(1, deque([place]), lost)
                if lost:
                    yield place, None
                continue
            lost = []
            yield from self._round(self._jobs, waiting, lost)
            suspects.extend(sorted(lost))

    def _round(self, jobs: int, waiting: deque[int], lost: list[int]) -> Iterator[tuple[int, T]]:
        """Do what is waiting until all is done or a process has died; `lost` then holds what was under way."""
        here, there = multiprocessing.Pipe(duplex=False)
        pool = _pool(min(jobs, len(waiting)), self._preload, here)
        running: dict[Future[T], int] = {}
        try:
            while (waiting or running) and not lost:
                try:
                    while len(running) < _AHEAD * jobs and (place := self._next(waiting, running)) is not None:
                        # A process that is only half started would outlive us, and say so.
                        with stopping(at_once=False):
                            running[self._submit(pool, place)] = place
                            waiting.remove(place)
                except BrokenProcessPool:
                    wait(running)
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    place = running.pop(future)
                    if isinstance(future.exception(), BrokenProcessPool):
                        lost.append(place)
                    else:
                        yield place, future.result()
            for future in wait(running).done:
                place = running.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    lost.append(place)
                else:
                    yield place, future.result()
        finally:
            if running:  # nobody waits for these; one may be at a pipe that never ends
                there.close()
            pool.shutdown(wait=True, cancel_futures=True)
            here.close()
            there.close()

    def _next(self, waiting: deque[int], running: Mapping["Future[T]", int]) -> int | None:
        """Return the first piece that may go on beside those that do."""
        return next((place for place in waiting
                     if not any(self._clash(place, other) for other in running.values())), None)


def load_ahead(preload: Sequence[str]) -> None:
    """Have what every process needs loaded from now on, by another process: whoever is to start them loads too."""
    context = _context(preload)
    if context.get_start_method() == "forkserver":
        from multiprocessing import forkserver

        # until it has loaded everything Ctrl-C would be a traceback of its own; it ends with us
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _context(preload: Sequence[str]) -> BaseContext:
    # A fork would copy the threads' locks of whoever imported us; Windows has neither fork nor its server.
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload([*preload])
    return context


def _pool(jobs: int, preload: Sequence[str], parents: Connection) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=_context(preload), initializer=_begin, initargs=(parents,))


def _begin(parents: Connection) -> None:
    """Leave signals to the parent; go when it has gone, however it went, or wants nothing more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel, parents), daemon=True).start()


def _leave_with(sentinel: int, parents: Connection) -> None:
    wait_for([sentinel, parents])
    os._exit(1)
