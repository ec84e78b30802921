"""Other machines: a Dask scheduler and its workers, who see files under the same names."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from itertools import islice
from typing import Any, TypeVar

from dtmf.archive.pool import Heard
from dtmf.archive.work import failure, transcripts
from dtmf.errors import CannotRun
from dtmf.transcript import Facts, Hearing

T = TypeVar("T")
Work = Callable[[Sequence[int]], tuple[Callable[..., Sequence[T]], tuple[Any, ...]]]
"""Given the numbers of some pieces, what a worker is to call, and with what: a result a piece, in that order."""

_CHUNK = 8
"""Pieces that a worker is given at once: few enough that a slow worker does not keep the last of them long."""

_AHEAD = 4
"""Chunks that are handed out for each thread of the cluster."""

_AGAIN = ("lost", "pending")
"""What becomes of a chunk that was done by a worker who has died since, with what came of it: it is done again."""

_PATIENCE_S = 10
"""Seconds in which the scheduler must answer and have a worker."""


def decoded(files: Sequence[str], hearing: Hearing, address: str) -> Iterator[Heard]:
    """Decode files on the workers of a Dask cluster; the results are those of one machine.

    Parameters
    ----------
    files : sequence of str
        Paths as the workers see them.
    hearing : Hearing
    address : str
        Of the scheduler, ``tcp://host:port``.

    Yields
    ------
    place : int
        Of the file in `files`.
    facts : list of dict
        As `work.transcripts` returns them. Files come as they are done.

    Raises
    ------
    CannotRun
        If Dask is not installed, the scheduler does not answer or goes away, or there is no worker.
    """
    def work(places: Sequence[int]) -> tuple[Callable[..., Sequence[list[Facts]]], tuple[Any, ...]]:
        return transcripts, ([files[place] for place in places], hearing)

    for place, heard in done(work, len(files), address):
        yield place, heard if heard is not None else failure(
            files[place], f"{files[place]} ended every worker that decoded it; look at its memory.")


def done(work: Work[T], count: int, address: str) -> Iterator[tuple[int, T | None]]:
    """Do pieces of work on the workers of a Dask cluster.

    What a worker that dies was doing is done by another. A chunk that several workers die of is taken apart, so
    that the piece they die of is the only one that is lost.

    Parameters
    ----------
    work : callable
    count : int
        How many pieces.
    address : str
        Of the scheduler, ``tcp://host:port``.

    Yields
    ------
    place : int
        Of the piece. They come as they are done.
    result
        What came of it; None if every worker has died of it.

    Raises
    ------
    CannotRun
        If Dask is not installed, the scheduler does not answer or goes away, or there is no worker.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CannotRun("--cluster needs Dask; install it with 'pip install distributed'.") from None
    _hush()
    try:
        client = Client(address, timeout=_PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CannotRun(
            f"no Dask scheduler answers at {address} ({type(error).__name__}); start one with 'dask scheduler'."
        ) from None
    try:
        with client:
            try:
                client.wait_for_workers(1, timeout=_PATIENCE_S)
            except TimeoutError:
                raise CannotRun(
                    f"the Dask scheduler at {address} has 0 workers; start one with 'dask worker {address}'."
                ) from None
            yield from _handed_out(client, work, count, address)
    except (OSError, CancelledError):
        raise _gone(address) from None


def _gone(address: str) -> CannotRun:
    return CannotRun(f"the Dask scheduler at {address} has gone; start it and give the same command again.")


def _hush() -> None:
    """Keep Dask's own words, tracebacks among them, off the screen: what went wrong is said in one sentence."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _handed_out(client: Any, work: Work[T], count: int, address: str  # noqa: ANN401
                ) -> Iterator[tuple[int, T | None]]:
    from distributed import KilledWorker, as_completed

    chunks = iter([range(at, min(at + _CHUNK, count)) for at in range(0, count, _CHUNK)])
    running: dict[str, tuple[Any, Sequence[int]]] = {}
    ended = as_completed(loop=client.loop)

    def hand_out(places: Sequence[int]) -> None:
        call, given = work(places)
        future = client.submit(call, *given, pure=False)
        running[future.key] = future, places
        ended.add(future)

    for first in islice(chunks, _AHEAD * max(1, sum(client.nthreads().values()))):
        hand_out(first)
    while running:
        future = next(ended)
        _, places = running.pop(future.key)
        if future.status in _AGAIN:
            running[future.key] = future, places
            ended.add(future)
            continue
        if future.status == "finished":
            yield from zip(places, future.result(), strict=True)
        elif future.status != "error":
            raise _gone(address)
        elif not isinstance(future.exception(), KilledWorker):
            raise CannotRun(
                f"a worker of {address} cannot do its part ({future.exception()!r}); install the same version of "
                "this program there."
            )
        elif len(places) > 1:
            for place in places:
                hand_out([place])
        else:
            yield places[0], None
        for following in islice(chunks, 1):
            hand_out(following)
