"""A trunk of callers who do one thing after the other: actors of a story, people at a keyboard."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.line import Line, Patient
from ivr.engine.messages import (
    BUSY,
    Arrived,
    Command,
    Declined,
    Event,
    Extra,
    HungUp,
    Placed,
    Reject,
    Release,
    TransferTo,
)
from ivr.engine.ports import FOREVER, Signal
from ivr.engine.resting import Resting

_SHORT, _LONG = 10, 500
"""Frames that are carried at once where some of them had to be put back lately, and at the most."""
_WORTH_A_REST = 3
"""Frames from which on somebody is left alone."""


class Slots:
    """The slots of a trunk: the lowest that is free is the next."""

    def __init__(self) -> None:
        self._free: list[int] = []
        self._count = 0

    def take(self) -> int:
        """Return a slot, which is taken from now on."""
        if self._free:
            return heapq.heappop(self._free)
        self._count += 1
        return self._count - 1

    def free(self, slot: int) -> None:
        """Give a slot back; once all are free, none is left to be counted."""
        heapq.heappush(self._free, slot)
        if len(self._free) == self._count:
            self._free.clear()
            self._count = 0


class Handsets:
    """Callers whose next step depends on the one before; each is asked in every tick.

    Parameters
    ----------
    lines : iterable of Line
        Those who are there from the beginning; each dials when he signals so.
    can : frozenset of TransferTo
        Whether somebody can be handed over: then he is in good hands, and his part here is over.

    Attributes
    ----------
    may_rest : bool
        Whether those who know that they do nothing new are left alone until they do; not a sample differs by it.
    """

    def __init__(self, lines: Iterable[Line] = (), *,
                 can: frozenset[type[Extra]] = frozenset({TransferTo})) -> None:
        self.can = can
        self._aside = list(lines)
        self._patient = all(isinstance(line, Patient) for line in self._aside)
        self._there: dict[int, Line] = {}
        self._ringing: dict[int, Line] = {}
        self._slots = Slots()
        self._many = self._gone = self._listens = False
        self._stride, self._asked = _SHORT, 0
        self._resting = Resting()
        self._comings, self._known_at = 0, (-1, -1)
        self._known: list[tuple[int, Line]] = []
        self.may_rest = False

    def add(self, line: Line) -> None:
        """Add a caller."""
        self._aside.append(line)
        self._patient = self._patient and isinstance(line, Patient)

    def wake(self, now: int) -> None:
        """Have everybody asked in the next tick, which begins now."""
        self._resting.wake_all(now)

    def _awake(self) -> list[tuple[int, Any]]:
        """Return those in calls who are asked in this tick, by their slots."""
        resting = self._resting
        if self._known_at != (now := (resting.changes, self._comings)):
            self._known_at = now
            self._known = [one for one in self._there.items() if one[0] not in resting.slots]
        return self._known

    def _all(self) -> "Iterator[Any]":
        """Give all who are asked in this tick."""
        return chain((line for _, line in self._awake()), self._ringing.values(), self._aside)

    @property
    def over(self) -> bool:
        """Whether all have gone."""
        return not self._aside and not self._there and not self._ringing

    def horizon(self, now: int) -> int:
        """Return how long all go on as they do; a frame, if anybody does not know what he will do in the next."""
        if self._gone or not self._patient:
            return FRAME  # whoever waits for everybody to be done looks now
        resting, asked = self._resting, [*self._all()]
        if any(one.until() <= FRAME for one in asked) or resting.until() <= now + FRAME:
            return FRAME
        if resting.slots:
            # what they would hear is looked into, and they are asked what they would do about it
            overheard = any(one.overhears for one in asked)
            resting.wake([*resting.slots] if overheard else resting.listeners(), now + FRAME)
            asked = [*self._all()]
        self._listens = any(one.listens for one in asked)
        until = min([resting.until() - now, *(int(one.until()) for one in asked)])
        return min(until, self._stride * FRAME) if self._listens else until

    def events(self, now: int) -> Iterator[Event]:
        """Ask every caller what he does."""
        (self._resting.wake_due if self.may_rest else self._resting.wake_all)(now)
        asked = [(slot, line, line.signal()) for slot, line in self._awake()]
        gone = [(slot, line) for slot, line, signal in asked if signal is Signal.HANG_UP]
        rung = [(slot, line, line.signal()) for slot, line in self._ringing.items()]
        told = [(line, line.signal()) for line in self._aside]
        self._aside = [line for line, signal in told if signal not in (Signal.DIAL, Signal.GONE)]
        self._gone = any(signal is Signal.GONE for _, signal in told)
        if self.may_rest and self._patient:
            for slot, line, signal in asked:
                if signal is None and (alone := line.alone()) >= _WORTH_A_REST * FRAME:
                    self._resting.lay(slot, line, now + alone)
        for slot, _ in gone:
            self._lost(slot)
            yield HungUp(slot, now)
        for slot, line, signal in rung:
            if signal is Signal.ANSWER:
                self._there[slot] = self._ringing.pop(slot)
                self._comings += 1
                yield Placed(slot, now, line.caller)
            elif signal is Signal.DECLINE:
                self._lost(slot)
                yield Declined(slot, now, BUSY)
        for line, signal in told:
            if signal is Signal.DIAL:
                slot = self._slots.take()
                self._there[slot] = line
                self._comings += 1
                yield Arrived(slot, now, line.caller, getattr(line, "number", ""), getattr(line, "phone", ""))

    def receive(self, now: int, rows: NDArray[np.int16]) -> None:  # noqa: ARG002
        """Let everybody speak."""
        frames = rows.shape[1] // FRAME
        self._many = frames > 1
        self._resting.speak(rows)
        for slot, line in self._awake():
            rows[slot] = line.ahead(frames) if self._many else line.speak()

    def heeds(self, now: int, rows: NDArray[np.int16]) -> int:  # noqa: ARG002
        """Ask everybody what he would do about what he would hear."""
        frames = int(rows.shape[1]) // FRAME
        if not self._listens:
            return frames
        self._asked = frames
        for slot, line in self._awake():
            line.would_hear(rows[slot])
        return min([frames, *(int(one.heeds(frames)) for one in self._all())])

    def unheeding(self, now: int) -> int:  # noqa: ARG002
        """Ask everybody when he next looks at what he hears."""
        return min((int(one.unheeding()) for one in self._all() if one.listens), default=FOREVER)

    def send(self, now: int, rows: NDArray[np.int16], commands: Sequence[Command]) -> None:
        """Let everybody hear, and those who are let go know of it."""
        ended = {command.slot: command for command in commands if isinstance(command, Reject | Release)}
        if self._asked:
            carried, asked, self._asked = rows.shape[1] // FRAME, self._asked, 0
            self._stride = max(_SHORT, carried) if carried < asked else min(2 * self._stride, _LONG)
        rejected = [slot for slot, command in ended.items() if isinstance(command, Reject)]
        for slot, line in self._awake():
            if slot in rejected:
                continue
            if self._many:
                line.went_on(rows[slot])
            else:
                line.hear(rows[slot])
        self._resting.wake(rejected, now + FRAME)
        self._resting.hear(rows)
        self._resting.wake(ended, now + FRAME)
        for slot in ended:
            self._lost(slot).hung_up()

    def place(self, now: int, to: str) -> int | None:  # noqa: ARG002
        """Let it ring at who has this number; None: nobody here has."""
        line = next((one for one in self._aside if to and getattr(one, "answers", "") == to), None)
        if line is None:
            return None
        slot = self._slots.take()
        self._aside.remove(line)
        self._ringing[slot] = line
        line.ring()  # type: ignore[attr-defined]
        return slot

    def _lost(self, slot: int) -> Line:
        line = self._there.pop(slot) if slot in self._there else self._ringing.pop(slot)
        self._slots.free(slot)
        self._comings += 1
        self._aside.append(line)  # a caller of a story goes on without a line
        return line
