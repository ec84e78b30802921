"""What calls heard and sent, kept as long as there is room: for a page of what was live."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.exchange import Exchange

MOST_CALLS, MOST_BYTES = 20, 64_000_000
"""Calls that are kept with their sound at once, and bytes of it; of more the oldest are kept without."""

_MOST_KNOWN = 200
"""Calls that are remembered, with sound or without."""

Samples = NDArray[np.int16]


@dataclass(slots=True, eq=False)
class KeptCall:
    """One call: from when, until when, and its sound if it was kept.

    Attributes
    ----------
    heard, spoke : list of int16 arrays [shape=(160,)]
        What it heard and what it sent, frame by frame.
    """

    serial: int
    caller: str
    dialled_at: int
    ended_at: int = 0
    over: bool = False
    sounds: bool = True
    heard: list[Samples] = field(default_factory=list)
    spoke: list[Samples] = field(default_factory=list)

    def sound(self) -> tuple[Samples, Samples]:
        """Return what it heard and what it sent; silence where that was not kept. int16 arrays [shape=(n,)]."""
        if self.sounds and self.heard:
            return np.concatenate(self.heard), np.concatenate(self.spoke)
        silence: Samples = np.broadcast_to(np.zeros(1, np.int16), (max(0, self.ended_at - self.dialled_at),))
        return silence, silence


class Keeper:
    """Keeps the calls of an exchange; its methods belong into the session's thread.

    Parameters
    ----------
    exchange : Exchange
    most_calls, most_bytes : int
        How much is kept with sound.
    """

    def __init__(self, exchange: Exchange, *, most_calls: int = MOST_CALLS, most_bytes: int = MOST_BYTES) -> None:
        self._exchange = exchange
        self._most_calls, self._most_bytes = most_calls, most_bytes
        self._known: deque[KeptCall] = deque(maxlen=_MOST_KNOWN)
        self._there: dict[int, KeptCall] = {}
        self._sounding: dict[int, KeptCall] = {}
        self._last = self._bytes = 0

    def follow(self) -> None:
        """Take it that a tick is over."""
        bridge = self._exchange.bridge
        newest = next(reversed(bridge.calls), self._last)
        if newest > self._last:
            for call in bridge.calls.values():
                if call.serial > self._last:
                    self._found(KeptCall(call.serial, call.caller, call.dialled_at, bridge.now))
            self._last = newest
        if len(self._there) > len(bridge.calls):
            self._gone(bridge.now)
        for serial, one in self._sounding.items():
            row = bridge.calls[serial].row
            one.heard.append(self._exchange.spoken[row].copy())
            one.spoke.append(self._exchange.heard[row].copy())
        self._bytes += len(self._sounding) * 4 * FRAME
        while self._bytes > self._most_bytes:
            self._forget()

    def calls(self) -> list[KeptCall]:
        """Return what there is, as it stands now: what is kept afterwards is not in it."""
        now = self._exchange.bridge.now
        return [KeptCall(one.serial, one.caller, one.dialled_at, one.ended_at if one.over else now, one.over,
                         one.sounds, [*one.heard], [*one.spoke]) for one in self._known]

    def _found(self, one: KeptCall) -> None:
        one.sounds = len(self._sounding) < self._most_calls
        self._known.append(one)
        self._there[one.serial] = one
        if one.sounds:
            self._sounding[one.serial] = one

    def _gone(self, now: int) -> None:
        for serial in [serial for serial in self._there if serial not in self._exchange.bridge.calls]:
            one = self._there.pop(serial)
            one.ended_at, one.over = now, True
            self._sounding.pop(serial, None)

    def _forget(self) -> None:
        """Keep a call without its sound: the oldest that is over, else the oldest."""
        sounding = [one for one in self._known if one.sounds]
        if not sounding:
            self._bytes = 0
            return
        one = next((one for one in sounding if one.over), sounding[0])
        self._bytes -= len(one.heard) * 4 * FRAME
        one.sounds, one.heard, one.spoke = False, [], []
        self._sounding.pop(one.serial, None)
