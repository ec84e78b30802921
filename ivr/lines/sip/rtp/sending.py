"""What goes: rows of samples as packets of all calls, and keys as events (RFC 4733)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, RATE
from ivr.lines.sip.rtp import g722
from ivr.lines.sip.rtp.batch import Packets, first, put, room_for
from ivr.lines.sip.rtp.keypad import Dialler
from ivr.lines.sip.rtp.packets import packet
from ivr.lines.sip.rtp.packing import MOST, pack
from ivr.lines.sip.rtp.states import SENT

Samples = NDArray[np.int16]
_USUAL_MS = 1000 * FRAME // RATE


class RtpSender:
    """The sending side of all calls.

    Parameters
    ----------
    draw : callable
        Gives a number of 32 bits that nobody can guess, where a stream begins (RFC 3550 5.1).

    Attributes
    ----------
    calls : array of `SENT` [shape=(rows,)]
        What is remembered, and counted, of each.
    """

    def __init__(self, draw: Callable[[], int]) -> None:
        self.calls = np.zeros(0, SENT)
        self._draw = draw
        self._packets, self._rows = room_for(0), np.zeros((0, FRAME), np.int16)
        self._events: dict[int, int] = {}
        self._diallers: dict[int, Dialler] = {}

    def begin(self, row: int, codec: int, payload: int, events: int | None, *, ptime_ms: int = _USUAL_MS,
              sends: bool = True) -> None:
        """Have a call in a row from now on; if one is there already, it goes on in another way."""
        if len(self.calls) <= row:
            more = np.zeros(max(8, 2 * row + 1 - len(self.calls)), SENT)
            self.calls = np.concatenate([self.calls, more])
            self._packets = room_for(MOST * len(self.calls))
            self._rows = np.zeros((len(self.calls), FRAME), np.int16)
        call = self.calls[row]
        if not call["playing"]:
            self.calls[row] = np.zeros((), SENT)
            call["playing"] = call["fresh"] = True
            call["source"], call["number"], call["stamp"] = self._draw(), self._draw() & 0x7FFF, self._draw()
            call["adaptive"] = g722.FRESH
        elif call["codec"] != codec:
            call["left"] = 0
        call["codec"], call["payload"] = codec, payload
        call["length"], call["sends"] = ptime_ms * RATE // 1000, sends
        self._events.pop(row, None)
        if events is not None:
            self._events[row] = events

    def end(self, row: int) -> None:
        """Have no call in a row any more."""
        if row < len(self.calls):
            self.calls["playing"][row] = False
        self._events.pop(row, None)
        self._diallers.pop(row, None)

    def press(self, row: int, keys: str, ms: float = 100) -> bool:
        """Press keys; return whether this call can have them as events."""
        if row not in self._events:
            return False
        self._diallers.setdefault(row, Dialler()).press(keys, ms)
        return True

    def packets(self, rows: Samples) -> Packets:
        """Return the packets of the next 20 ms, which are there until the next.

        Parameters
        ----------
        rows : int16 array [shape=(n, 160)]
            Those without a call are not looked at.
        """
        keys = self._keys(len(rows))
        here = self._rows[:len(rows)]
        here[:] = rows[:len(here)]  # those of others may lie anyhow, which would be compiled anew
        count = pack(here, self.calls, self._packets)
        for row, data in keys:
            put(self._packets, count, row, data)
            count += 1
        return first(self._packets, count)

    def _keys(self, rows: int) -> list[tuple[int, bytes]]:
        """Return the packets of keys, and note where they go instead of sound."""
        sent = []
        for row, dialler in list(self._diallers.items()):
            call = self.calls[row]
            if row >= rows or not call["sends"]:
                continue
            events = self._events.get(row)
            now = dialler.frame(int(call["stamp"]))
            call["keys"] = bool(now) and events is not None
            if call["keys"]:
                sent += [(row, self._packet(call, int(events or 0), *one)) for one in now]
            elif not dialler.busy:
                del self._diallers[row]
        return sent

    def _packet(self, call: np.void, kind: int, stamp: int, marker: bool, payload: bytes) -> bytes:
        call["number"] = (call["number"] + 1) & 0xFFFF
        call["packets"] += 1
        call["octets"] += len(payload)
        return packet(kind, int(call["number"]), stamp, int(call["source"]), payload, marker=marker)
