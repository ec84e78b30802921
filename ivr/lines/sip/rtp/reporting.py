"""Reports of all calls: what came and how, told to the other side every few seconds, and what it tells."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from ivr.clock import RATE, samples
from ivr.lines.sip.rtp.control import Block, Report, Sender, read, written

_INTERVAL, _FIRST = samples(5), samples(2.5)
"""Between reports, half to three halves of it (RFC 3550 6.2); until the first one."""

_TICKS = 65_536
"""Of a second, in which reports count."""

_LONGEST_TRIP = 60 * _TICKS
"""A round trip longer than that is none."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How a call's sound came.

    Attributes
    ----------
    packets, lost, late : int
        Packets that came, that did not, that came too late to be played.
    jitter_ms : float
        As RFC 3550 has it (6.4.1), at the end.
    gap_ms, lasted_s : float
        The longest time between two packets, pauses that the sender marks left out; from the first to the last.
    round_trip_ms : float or None
        The last that is known.
    lost_there : float or None
        How much of ours was lost last, of 1, as the other side says.
    repeated : int
        How many of the packets said the end of a key once more.
    """

    packets: int
    lost: int
    late: int
    jitter_ms: float
    gap_ms: float = 0.0
    lasted_s: float = 0.0
    round_trip_ms: float | None = None
    lost_there: float | None = None
    repeated: int = 0


@dataclass(slots=True)
class _Call:
    """What is known besides what the arrays count.

    Attributes
    ----------
    name : str
        Our canonical name in this call, which says nothing of us (RFC 7022).
    last, came : int
        The middle of the time of the last sender report, and when it came, in samples.
    expected, counted : int
        As of our last report.
    """

    name: str
    serial: int
    last: int = 0
    came: int = 0
    expected: int = 0
    counted: int = 0
    round_trip: int | None = None
    lost_there: int | None = None


class Reporting:
    """The reports of all calls.

    Parameters
    ----------
    draw : callable
        As of `RtpSender`.
    """

    def __init__(self, draw: Callable[[], int]) -> None:
        self._draw = draw
        self._calls: dict[int, _Call] = {}
        self._due: list[tuple[int, int, int]] = []
        self._serials = count()

    def begin(self, row: int, now: int) -> None:
        """Have a call in a row from now on, if none is there."""
        if row not in self._calls:
            call = self._calls[row] = _Call(f"{self._draw():08x}{self._draw():08x}", next(self._serials))
            heapq.heappush(self._due, (now + self._varied(_FIRST), row, call.serial))

    def end(self, row: int) -> None:
        """Have no call in a row any more."""
        self._calls.pop(row, None)

    def _varied(self, interval: int) -> int:
        return interval // 2 + self._draw() % interval

    def due(self, now: int) -> Iterator[int]:
        """Give the rows whose report is due."""
        while self._due and self._due[0][0] <= now:
            _, row, serial = heapq.heappop(self._due)
            call = self._calls.get(row)
            if call is not None and call.serial == serial:
                heapq.heappush(self._due, (now + self._varied(_INTERVAL), row, serial))
                yield row

    def report(self, row: int, came: np.void, sent: np.void, at: int, *, gone: bool = False) -> bytes:
        """Return the report of a call.

        Parameters
        ----------
        came, sent
            A row of `RECEIVED` and of `SENT`.
        at : int
            When it goes, in samples of the clock by which reports come.
        gone : bool
            Whether it is the last.
        """
        call, source = self._calls[row], int(sent["source"])
        sender, blocks = None, []
        if sent["packets"]:
            sender = Sender(at * _TICKS // RATE, int(sent["stamp"]), int(sent["packets"]), int(sent["octets"]))
        if came["counted"]:
            expected, counted = _expected(came), int(came["counted_before"] + came["counted"])
            since = expected - call.expected
            fraction = 256 * (since - (counted - call.counted)) // max(since, 1)
            call.expected, call.counted = expected, counted
            blocks = [Block(int(came["counts_of"]), min(max(fraction, 0), 255), expected - counted,
                            int(came["top"]), int(came["jitter"]), call.last,
                            max(at - call.came, 0) * _TICKS // RATE if call.last else 0)]
        return written(Report(source, sender, tuple(blocks), (source,) if gone else ()), call.name)

    def take(self, row: int, data: bytes, source: int, at: int) -> bool:
        """Take what came; return whether it is a report.

        Parameters
        ----------
        source : int
            Ours.
        at : int
            When it came, in samples.
        """
        call, report = self._calls.get(row), read(data)
        if call is None or report is None:
            return False
        if report.sender is not None:
            call.last, call.came = report.sender.time & 0xFFFFFFFF, at
        for block in report.blocks:
            if block.source == source:
                call.lost_there = block.fraction
                trip = (at * _TICKS // RATE - block.last - block.since) & 0xFFFFFFFF
                if block.last and trip < _LONGEST_TRIP:
                    call.round_trip = trip
        return True

    def figures(self, row: int, came: np.void) -> Figures:
        """Return how a call's sound has come."""
        call = self._calls[row]
        lost = _expected(came) - int(came["counted_before"] + came["counted"])
        return Figures(int(came["received"]), max(lost, 0), int(came["late"]), 1000 * float(came["jitter"]) / RATE,
                       1000 * int(came["gap"]) / RATE, max(int(came["came_at"] - came["began_at"]), 0) / RATE,
                       None if call.round_trip is None else 1000 * call.round_trip / _TICKS,
                       None if call.lost_there is None else call.lost_there / 256, int(came["repeated"]))


def facts_of(figures: Figures) -> dict[str, float]:
    """Return what a journal tells of them."""
    facts: dict[str, float] = {"packets": figures.packets, "lost": figures.lost, "late": figures.late,
                               "jitter_ms": round(figures.jitter_ms, 1), "gap_ms": round(figures.gap_ms, 1),
                               "lasted_s": round(figures.lasted_s, 2)}
    if figures.repeated:
        facts["repeated"] = figures.repeated
    if figures.round_trip_ms is not None:
        facts["round_trip_ms"] = round(figures.round_trip_ms, 1)
    if figures.lost_there is not None:
        facts["lost_there_percent"] = round(100 * figures.lost_there, 1)
    return facts


def _expected(came: np.void) -> int:
    """Return how many packets there should have been."""
    return int(came["expected_before"]) + (int(came["top"] - came["base"]) + 1 if came["counted"] else 0)
