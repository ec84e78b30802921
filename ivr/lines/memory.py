"""Callers in memory: each says given samples and may keep what he hears. Recordings are such callers too."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.handsets import Slots
from ivr.engine.messages import (
    NOBODY,
    Arrived,
    Command,
    Declined,
    DigitBegan,
    DigitOver,
    Event,
    Extra,
    Held,
    Hold,
    HungUp,
    PickUp,
    Placed,
    Reject,
    Release,
    Resumed,
    Ring,
    SendDigits,
    TransferTo,
)
from ivr.engine.ports import FOREVER
from ivr.lines.reels import Reels

Samples = NDArray[np.int16]


class MemoryLine:
    """A caller who says what he was given to say, then nothing.

    Parameters
    ----------
    caller : str
        Who calls.
    says : int16 array [shape=(n,)]
        From the moment of dialling, 8 kHz.
    dials_at : int
        Sample of the bridge's clock at which he dials, rounded up to a frame.
    hangs_up_after : int, optional
        Samples from dialling until he hangs up, rounded up to a frame, one at least; by default he stays.
    lost : frozenset of int
        Numbers of his frames that never arrive.
    then : int16 array [shape=(m,)], optional
        What he says for ever after that, again and again, in whole frames.
    keeps : bool
        Whether he keeps what he hears.
    number, phone, source : str
        As of `Arrived`.
    tells : iterable of DigitBegan, DigitOver, Held and Resumed
        What comes beside his sound: each `at` is from dialling on, and no slot matters.
    hangs_up_why : str
        As of `HungUp`.
    answers_after : int
        Samples until he answers where he is dialled himself, rounded up to a frame.
    declines : int
        The code with which he does not answer then; 0 if he does.

    Attributes
    ----------
    commands : list of Command
        What was asked of his line, besides answering and ending the call.
    ended_why : str
        As of `Release`, once the bridge has ended the call.
    """

    def __init__(self, caller: str, says: Samples, *, dials_at: int = 0, hangs_up_after: int | None = None,
                 lost: frozenset[int] = frozenset(), then: Samples | None = None, keeps: bool = True,
                 number: str = "", phone: str = "", source: str = "",
                 tells: Iterable[DigitBegan | DigitOver | Held | Resumed] = (), hangs_up_why: str = "",
                 answers_after: int = 0, declines: int = 0) -> None:
        self.caller, self.says, self.then = caller, says, then
        self.dials_at, self.hangs_up_after, self.hangs_up_why = dials_at, hangs_up_after, hangs_up_why
        self.lost, self.keeps, self.tells = lost, keeps, tuple(tells)
        self.answers_after, self.declines = answers_after, declines
        self.number, self.phone, self.source = number, phone, source
        self.commands: list[Command] = []
        self.on_the_line = False
        self.ended_by_bridge, self.ended_why = False, ""
        self.trunk: MemoryTrunk | None = None
        self.slot = -1
        self._heard: list[Samples] = []

    @property
    def has_said_all(self) -> bool:
        """Whether there is nothing left to say; for one who is in a call."""
        return self.trunk is not None and self.trunk.carried(self) * FRAME >= len(self.says)

    def hang_up(self) -> None:
        """Hang up at the next tick; nothing happens if he is in no call."""
        if self.trunk is not None:
            self.trunk.hang_up(self)

    def hear(self, sound: Samples) -> None:
        """Keep what the bridge says."""
        self._heard.append(sound.copy())  # it is a row of a whole bridge's

    def heard(self) -> Samples:
        """Return all that the caller heard. int16 array [shape=(n,)]."""
        return np.concatenate(self._heard) if self._heard else np.zeros(0, np.int16)


@dataclass(slots=True)
class _InCall:
    """Somebody in a slot."""

    line: MemoryLine
    slot: int
    began: int
    """In frames of the trunk."""


@dataclass(order=True, slots=True)
class _Coming:
    """What will happen, in the order of its moment and of when it was known."""

    at: int
    number: int
    line: MemoryLine = field(compare=False)
    event: Event = field(compare=False)
    within: _InCall | None = field(compare=False)
    """The call that it belongs to: it is forgotten when that is over."""


class MemoryTrunk:
    """Any number of callers in memory, who do not heed what they hear.

    Parameters
    ----------
    lines : iterable of MemoryLine
        They dial when their time has come, those of one tick in this order.
    callees : mapping of number to MemoryLine
        Whom this trunk can dial.
    stays : bool
        Whether it stays plugged in when nobody is left: others may be added then.
    """

    can: frozenset[type[Extra]] = frozenset({Ring, SendDigits, TransferTo, Hold})

    def __init__(self, lines: Iterable[MemoryLine] = (), *, callees: Mapping[str, MemoryLine] | None = None,
                 stays: bool = False) -> None:
        self._callees, self._stays = callees or {}, stays or bool(callees)
        self._coming: list[_Coming] = []
        self._number = 0
        self._slots = Slots()
        self._there: dict[int, _InCall] = {}
        self._reels = Reels()
        self._keeping: dict[int, MemoryLine] = {}
        self._losing: dict[int, _InCall] = {}
        for line in lines:
            self.add(line)

    def add(self, line: MemoryLine) -> None:
        """Let somebody dial when his time has come, or now if it is over."""
        line.trunk = self
        arrives = Arrived(0, 0, line.caller, line.number, line.phone, line.source)
        self._expect(-(-line.dials_at // FRAME) * FRAME, line, arrives, None)

    def hang_up(self, line: MemoryLine) -> None:
        """Let somebody hang up at the next tick; nothing happens if he is in no call."""
        if call := self._call(line):
            self._expect(0, line, HungUp(call.slot, 0, line.hangs_up_why), call)

    def carried(self, line: MemoryLine) -> int:
        """Return how many frames of his call somebody has spoken."""
        call = self._call(line)
        return self._reels.carried - call.began if call else 0

    @property
    def over(self) -> bool:
        """Whether all have called and gone."""
        return not (self._stays or self._coming or self._there)

    def horizon(self, now: int) -> int:
        """Return how long it is until somebody dials, hangs up or does anything besides speaking."""
        return max(FRAME, self._coming[0].at // FRAME * FRAME - now) if self._coming else FOREVER

    def events(self, now: int) -> Iterator[Event]:
        """Tell who dials, hangs up, and what comes beside the sound."""
        coming = self._coming
        while coming and coming[0].at < now + FRAME:
            what = heapq.heappop(coming)
            call, at = what.within, max(what.at, now)
            if call is not None and self._there.get(call.slot) is not call:
                continue
            match what.event:
                case Arrived() as event:
                    came = self._begin(what.line)
                    self._enter(came, now)
                    yield replace(event, slot=came.slot, at=at)
                case Placed() if call is not None:
                    yield self._picked_up(call, at)
                case HungUp() as event if call is not None:
                    self._end(call)
                    yield replace(event, at=at)
                case event:
                    yield replace(event, at=at)

    def receive(self, now: int, rows: Samples) -> NDArray[np.bool_] | None:  # noqa: ARG002
        """Let everybody speak."""
        first, frames = self._reels.carried, rows.shape[1] // FRAME
        self._reels.fill(rows)
        if not self._losing:
            return None
        missing = np.zeros((len(rows), frames), np.bool_)
        for slot, call in self._losing.items():
            missing[slot] = [first - call.began + n in call.line.lost for n in range(frames)]
        return missing

    def send(self, now: int, rows: Samples, commands: Sequence[Command]) -> None:  # noqa: ARG002
        """Let those hear who keep it, and do what is asked."""
        ended = {command.slot: command for command in commands if isinstance(command, Reject | Release)}
        for slot, line in self._keeping.items():
            if not isinstance(ended.get(slot), Reject):
                line.hear(rows[slot])
        for command in commands:
            call = self._there[command.slot]
            if isinstance(command, Reject | Release):
                call.line.ended_by_bridge = True
                call.line.ended_why = command.why if isinstance(command, Release) else ""
                self._end(call)
            elif not isinstance(command, PickUp):
                call.line.commands.append(command)

    def place(self, now: int, to: str) -> int | None:
        """Dial one of the callees; return the slot."""
        if not self._callees:
            return None
        line = self._callees.get(to) or MemoryLine(to, np.zeros(0, np.int16), declines=NOBODY)
        line.trunk = self
        call = self._begin(line)
        self._expect(now + -(-line.answers_after // FRAME) * FRAME, line, Placed(call.slot, 0), call)
        return call.slot

    def _expect(self, at: int, line: MemoryLine, event: Event, call: _InCall | None) -> None:
        self._number += 1
        heapq.heappush(self._coming, _Coming(at, self._number, line, event, call))

    def _call(self, line: MemoryLine) -> _InCall | None:
        call = self._there.get(line.slot)
        return call if call is not None and call.line is line else None

    def _begin(self, line: MemoryLine) -> _InCall:
        """Give somebody a slot."""
        line.slot = self._slots.take()
        call = self._there[line.slot] = _InCall(line, line.slot, self._reels.carried)
        return call

    def _enter(self, call: _InCall, now: int) -> None:
        """Let somebody speak and hear from now on."""
        line = call.line
        line.on_the_line, call.began = True, self._reels.carried
        self._reels.load(call.slot, line.says, line.then)
        if line.keeps:
            self._keeping[call.slot] = line
        if line.lost:
            self._losing[call.slot] = call
        for event in line.tells:
            at = event.at if isinstance(event, DigitBegan | DigitOver) else -(-event.at // FRAME) * FRAME
            self._expect(now + at, line, replace(event, slot=call.slot), call)
        if line.hangs_up_after is not None:
            after = max(1, -(-line.hangs_up_after // FRAME)) * FRAME
            self._expect(now + after, line, HungUp(call.slot, 0, line.hangs_up_why), call)

    def _picked_up(self, call: _InCall, now: int) -> Event:
        if call.line.declines:
            self._end(call)
            return Declined(call.slot, now, call.line.declines)
        self._enter(call, now)
        return Placed(call.slot, now)

    def _end(self, call: _InCall) -> None:
        del self._there[call.slot]
        self._slots.free(call.slot)
        if call.line.on_the_line:
            self._reels.unload(call.slot)
        self._keeping.pop(call.slot, None)
        self._losing.pop(call.slot, None)
        call.line.on_the_line = False
