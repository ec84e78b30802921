"""The exchange: lines on one side, the bridge on the other, a tick at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from ivr.bridge.bridge import Bridge
from ivr.bridge.ports import Line, Signal
from ivr.call.call import Call
from ivr.clock import FRAME


@dataclass(slots=True)
class Exchange:
    """Plugs lines into a bridge.

    Whoever calls `step` sets the pace: as fast as it goes, or one every 20 ms.
    """

    bridge: Bridge
    lines: Iterable[Line]
    _resting: list[Line] = field(init=False)
    _talking: dict[int, tuple[Line, Call]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._resting = list(self.lines)
        self._heard = np.zeros((self.bridge.rows, FRAME), np.int16)
        self._missing = np.zeros(self.bridge.rows, np.bool_)

    _heard: np.ndarray[tuple[int, int], np.dtype[np.int16]] = field(init=False)
    _missing: np.ndarray[tuple[int], np.dtype[np.bool_]] = field(init=False)

    @property
    def talking(self) -> int:
        """How many lines are in a call."""
        return len(self._talking)

    def call_of(self, line: Line) -> Call | None:
        """Return the call that a line is in."""
        return next((call for other, call in self._talking.values() if other is line), None)

    def step(self) -> None:
        """Carry one frame both ways and let the bridge advance."""
        gone = self._signals()
        heard, missing, lost = self._heard, self._missing, False
        for row, (line, _) in self._talking.items():
            frame = line.speak()
            if frame is None:
                heard[row] = 0
                lost = missing[row] = True
            else:
                heard[row] = frame
        spoken = self.bridge.tick(heard, missing if lost else None)
        if lost:
            missing[:] = False
        for row, (line, _) in self._talking.items():
            line.hear(spoken[row])
        for call in gone:
            self.bridge.hung_up(call)
        for call in self.bridge.ended():
            line, _ = self._talking.pop(call.row)
            heard[call.row] = 0
            line.hung_up()
            self._resting.append(line)

    def _signals(self) -> list[Call]:
        gone = [call for line, call in self._talking.values() if line.signal() is Signal.HANG_UP]
        for call in gone:
            self.bridge.hang_up(call)
            line, _ = self._talking.pop(call.row)
            self._resting.append(line)
            self._heard[call.row] = 0
        if self._resting:
            waiting = []
            for line in self._resting:
                if line.signal() is Signal.DIAL:
                    self._plug_in(line)
                else:
                    waiting.append(line)
            self._resting = waiting
        return gone

    def _plug_in(self, line: Line) -> None:
        call = self.bridge.dial(line.caller)
        self._talking[call.row] = (line, call)
        more = self.bridge.rows - len(self._heard)
        if more:
            self._heard = np.append(self._heard, np.zeros((more, FRAME), np.int16), axis=0)
            self._missing = np.append(self._missing, np.zeros(more, np.bool_))
