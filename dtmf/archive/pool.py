"""The processors of this machine: a process each, any of which may die."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for

from dtmf.archive.work import failure, transcripts
from dtmf.stopping import stopping
from dtmf.transcript import Facts, Hearing

Heard = tuple[int, list[Facts]]

_AHEAD = 2
"""Files that are handed out for each process: the next must be there when one is done."""


def decoded(files: Sequence[str], hearing: Hearing, jobs: int) -> Iterator[Heard]:
    """Decode files in processes of their own.

    A process that dies takes nothing with it but its file, and that only if it dies of it twice: what was being
    decoded then is decoded again, each file alone.

    Parameters
    ----------
    files : sequence of str
    hearing : Hearing
    jobs : int
        How many processes.

    Yields
    ------
    place : int
        Of the file in `files`.
    facts : list of dict
        As `work.transcripts` returns them. Files come as they are done.
    """
    waiting = deque(range(len(files)))
    suspects: deque[int] = deque()
    while waiting or suspects:
        if suspects:
            place = suspects.popleft()
            lost: list[int] = []
            yield from _round(files, hearing, 1, deque([place]), lost)
            if lost:
                yield place, failure(
                    files[place], f"{files[place]} ended the process that decoded it, twice; look at its memory."
                )
            continue
        lost = []
        yield from _round(files, hearing, jobs, waiting, lost)
        suspects.extend(sorted(lost))


def _round(
    files: Sequence[str], hearing: Hearing, jobs: int, waiting: deque[int], lost: list[int]
) -> Iterator[Heard]:
    """Decode what is waiting until all is done or a process has died; `lost` then holds what was under way."""
    here, there = multiprocessing.Pipe(duplex=False)
    pool = _pool(min(jobs, len(waiting)), here)
    running: dict[Future[list[list[Facts]]], int] = {}
    try:
        while (waiting or running) and not lost:
            try:
                while waiting and len(running) < _AHEAD * jobs:
                    # A process that is only half started would outlive us, and say so.
                    with stopping(at_once=False):
                        running[pool.submit(transcripts, [files[waiting[0]]], hearing)] = waiting[0]
                        waiting.popleft()
            except BrokenProcessPool:
                wait(running)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                place = running.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    lost.append(place)
                else:
                    yield place, future.result()[0]
        for future in wait(running).done:
            place = running.pop(future)
            if isinstance(future.exception(), BrokenProcessPool):
                lost.append(place)
            else:
                yield place, future.result()[0]
    finally:
        if running:  # nobody waits for these; one may be at a pipe that never ends
            there.close()
        pool.shutdown(wait=True, cancel_futures=True)
        here.close()
        there.close()


def _pool(jobs: int, parents: Connection) -> ProcessPoolExecutor:
    # A fork would copy the threads' locks of whoever imported us; Windows has neither fork nor its server.
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload(["dtmf.archive.work", "dtmf.listen", "soundfile"])
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(parents,))


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
