"""The exchange: lines on one side, the bridge on the other, a tick at a time."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.bridge import Bridge
from ivr.engine.call import Call
from ivr.engine.ports import Frame, Line, Signal

_NOTHING: Frame = np.zeros(FRAME, np.int16)


class Exchange:
    """Plugs lines into a bridge.

    Whoever calls `step` sets the pace: as fast as it goes, or one every 20 ms.

    Parameters
    ----------
    bridge : Bridge
    lines : iterable of Line
        Those that are there from the beginning; each dials when it signals so.

    Attributes
    ----------
    heard, spoken : int16 array [shape=(rows, 160)]
        What every call said and heard in the last tick, for those who watch; a call's place is its `row`.
    """

    _where: slice | NDArray[np.intp]

    def __init__(self, bridge: Bridge, lines: Iterable[Line]) -> None:
        self.bridge = bridge
        self._resting = list(lines)
        self._calls: dict[int, tuple[Line, Call]] = {}
        self._plugged()
        self.spoken = np.zeros_like(self.heard)

    def plug(self, line: Line) -> None:
        """Add a line."""
        self._resting.append(line)

    def step(self) -> None:
        """Carry one frame both ways and let the bridge advance."""
        gone = self._signals()
        if gone or self._changed:
            self._plugged()
        frames = [line.speak() for line in self._lines]
        lost = [n for n, frame in enumerate(frames) if frame is None]
        missing = None
        if lost:
            missing = np.zeros(len(self.heard), np.bool_)
            missing[[self._rows[n] for n in lost]] = True
        if frames:
            came = [_NOTHING if frame is None else frame for frame in frames] if lost else frames
            self.heard[self._where] = np.concatenate(came).reshape(-1, FRAME)  # type: ignore[arg-type]
        spoken = self.spoken = self.bridge.tick(self.heard, missing)
        for line, frame in zip(self._lines, spoken[self._where], strict=True):
            line.hear(frame)
        for call in gone:
            self.bridge.hung_up(call)
        for call in self.bridge.ended():
            self._unplug(call).hung_up()

    def _signals(self) -> list[Call]:
        """Ask every line what it does; return the calls whose callers hang up."""
        gone = [call for line, call in self._calls.values() if line.signal() is Signal.HANG_UP]
        told = [(line, line.signal()) for line in self._resting]
        self._resting = [line for line, signal in told if signal not in (Signal.DIAL, Signal.GONE)]
        for call in gone:
            self.bridge.hang_up(call)
            self._unplug(call)
        for line in [line for line, signal in told if signal is Signal.DIAL]:
            if self.bridge.full:
                self.bridge.turn_away(line.caller)
                self._resting.append(line)
                line.hung_up()
                continue
            known = {what: getattr(line, what, "") for what in ("number", "phone", "source")}
            call = self.bridge.dial(line.caller, **known)
            self._calls[call.row] = (line, call)
            self._changed = True
        return gone

    def _unplug(self, call: Call) -> Line:
        line, _ = self._calls.pop(call.row)
        self._resting.append(line)  # a caller of a story goes on without a line
        self._changed = True
        return line

    def _plugged(self) -> None:
        """Make the arrays fit the calls there are."""
        self.heard = np.zeros((self.bridge.rows, FRAME), np.int16)
        self._lines = [line for line, _ in self._calls.values()]
        self._rows = list(self._calls)
        in_order = self._rows == list(range(len(self._rows)))
        self._where = slice(len(self._rows)) if in_order else np.array(self._rows)  # a slice is the quicker
        self._changed = False
