"""A trunk of phones in browsers. Their sockets are somebody else's, in another thread."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, RATE, samples
from ivr.engine.handsets import Slots
from ivr.engine.messages import (
    BUSY,
    FULL,
    NOBODY,
    UNWANTED,
    Arrived,
    Command,
    DigitBegan,
    DigitOver,
    Event,
    Extra,
    HungUp,
    PickUp,
    Reject,
    Release,
    Ring,
    TurnedAway,
)
from ivr.lines.web.messages import (
    Codec,
    Dialled,
    Gone,
    Message,
    PhoneKeyDown,
    PhoneKeyUp,
    PhoneSound,
    Unclear,
    write_frame,
    written,
)
from ivr.lines.web.sound import WebSound

SILENT = samples(60)
"""A phone of which no frame comes for so long is lost: one that says nothing sends silence."""

MOST = 200
"""Phones at once."""

SHUT = "the bridge is shut down"

_NOT_MEANT = 400
_WHY = {FULL: "all lines are busy", BUSY: "the line is busy", NOBODY: "there is no such number",
        UNWANTED: "the call is not wanted"}


class Wire(Protocol):
    """The way to a phone; who has its socket reads what it says and gives it to `WebTrunk.take`."""

    source: str
    """The address that it comes from, or who has logged in there: by which it is told who guesses."""

    def send(self, message: bytes | str, *, last: bool = False) -> None:
        """Send a frame or a message, or keep it until it can be sent; after the last one hang up.

        Called in the session's thread, which must not wait here.
        """


@dataclass(slots=True)
class _Call:
    """One call.

    Attributes
    ----------
    hears : bool
        Whether sound goes to it.
    heard_at : int
        When its last frame came, in samples.
    """

    wire: Wire
    codec: Codec
    heard_at: int
    hears: bool = False


class WebTrunk:
    """Any number of calls of phones in browsers.

    `take` may be called in any thread, and waits for nothing; all else is called in the session's.

    Parameters
    ----------
    most : int
        How many calls it takes at once.
    wake : callable
        Called once something was given to wires, in the session's thread.
    """

    can: frozenset[type[Extra]] = frozenset({Ring})

    def __init__(self, *, most: int = MOST, wake: Callable[[], None] = lambda: None) -> None:
        self.wake = wake
        self._most = most
        self._came: deque[tuple[Wire, Message]] = deque()
        self._calls: dict[int, _Call] = {}
        self._where: dict[Wire, int] = {}
        self._slots = Slots()
        self._sound = WebSound()
        self._told: list[Event] = []
        self._left: list[int] = []
        self._open = True
        self._wakes = False
        self._now = 0

    def take(self, wire: Wire, message: Message) -> None:
        """Take what a phone sends; the first is `Dialled`, the last `Gone`."""
        self._came.append((wire, message))

    @property
    def count(self) -> int:
        """How many calls there are."""
        return len(self._calls)

    @property
    def over(self) -> bool:
        """Whether it is closed and nobody is left."""
        return not self._open and not self._calls

    def horizon(self, now: int) -> int:  # noqa: ARG002
        """Return a frame: nobody knows what comes in the next."""
        return FRAME

    def events(self, now: int) -> Sequence[Event]:
        """Tell who calls, hangs up and presses keys."""
        self._now = now
        while self._left:
            self._slots.free(self._left.pop())
        while self._came:
            self._take(*self._came.popleft())
        if now % RATE == 0:
            self._silences()
        self._flush()
        self._told, told = [], self._told
        return told

    def receive(self, now: int, rows: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Let everybody speak."""
        return self._sound.play(rows, now)[:, None]

    def send(self, now: int, rows: NDArray[np.int16], commands: Sequence[Command]) -> None:
        """Let everybody hear, and do what is asked."""
        last = []
        for command in commands:
            if isinstance(command, Reject | Release):
                last.append(command)
            elif (call := self._calls.get(command.slot)) is not None:
                self._do(call, command)
        for slot, call in self._calls.items():
            if call.hears:
                self._send(call.wire, write_frame(now // FRAME, rows[slot], call.codec))
        for command in last:
            if (call := self._calls.get(command.slot)) is not None:
                self._free(command.slot)
                self._send(call.wire, _last_of(command), last=True)
        self._flush()

    def figures(self, slot: int) -> Mapping[str, Any]:
        """Return how the sound of a call has come, as facts; of one that is over until its slot is another's."""
        return self._sound.figures(slot)

    def place(self, now: int, to: str) -> None:  # noqa: ARG002
        """Dial nobody: a browser is not rung."""
        return

    def close(self) -> None:
        """Hang up everybody and take no more calls."""
        self._open = False
        for slot in list(self._calls):
            self._lose(slot, "closed", SHUT)
        self._flush()

    def _take(self, wire: Wire, message: Message) -> None:
        if isinstance(message, Dialled):
            self._arrive(wire, message)
            return
        if isinstance(message, Unclear):
            self._told.append(TurnedAway(self._now, wire.source, _NOT_MEANT, message.why))
            return
        slot = self._where.get(wire, -1)
        if slot < 0:  # it was hung up a moment ago
            return
        match message:
            case PhoneSound():
                self._calls[slot].heard_at = self._now
                self._sound.take(slot, message)
            case PhoneKeyDown(key):
                self._told.append(DigitBegan(slot, self._now, key, "stream"))
            case PhoneKeyUp():
                self._told.append(DigitOver(slot, self._now, "stream"))
            case Gone(why):
                self._free(slot)
                self._told.append(HungUp(slot, self._now, why))

    def _arrive(self, wire: Wire, call: Dialled) -> None:
        if not self._open or len(self._calls) >= self._most:
            why = "all lines for browsers are busy" if self._open else SHUT
            self._told.append(TurnedAway(self._now, call.caller, FULL, why))
            self._send(wire, written("refused", code=FULL, why=why), last=True)
            return
        slot = self._slots.take()
        self._calls[slot], self._where[wire] = _Call(wire, call.codec, self._now), slot
        self._sound.begin(slot, call.codec)
        self._told.append(Arrived(slot, self._now, call.caller, call.number, call.phone, wire.source))

    def _do(self, call: _Call, command: Command) -> None:
        match command:
            case Ring(early=early):
                call.hears = call.hears or early
                self._send(call.wire, written("ringing"))
            case PickUp():
                call.hears = True
                self._send(call.wire, written("answered"))

    def _silences(self) -> None:
        for slot, call in list(self._calls.items()):
            if self._now - call.heard_at >= SILENT:
                self._lose(slot, "silence", f"no sound for {SILENT // RATE} s")

    def _lose(self, slot: int, reason: str, why: str) -> None:
        """End a call from this side of the line."""
        wire = self._calls[slot].wire
        self._free(slot)
        self._told.append(HungUp(slot, self._now, why))
        self._send(wire, written("ended", reason=reason, why=why), last=True)

    def _send(self, wire: Wire, message: bytes | str, *, last: bool = False) -> None:
        self._wakes = True
        wire.send(message, last=last)

    def _flush(self) -> None:
        if self._wakes:
            self._wakes = False
            self.wake()

    def _free(self, slot: int) -> None:
        del self._where[self._calls.pop(slot).wire]
        self._sound.end(slot)
        self._left.append(slot)  # what came of it is asked for yet


def _last_of(command: Reject | Release) -> str:
    """Return what a phone is told in the end."""
    if isinstance(command, Reject):
        return written("refused", code=command.code, why=_WHY.get(command.code, "the call is refused"))
    return written("ended", reason=command.why, why="the call has ended by a fault here" if command.why else "")
