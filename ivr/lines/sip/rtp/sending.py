"""What goes: rows of samples as packets of all calls, and keys as events (RFC 4733)."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, RATE
from ivr.lines.sip.rtp.g711 import ENCODED
from ivr.lines.sip.rtp.keypad import Dialler
from ivr.lines.sip.rtp.packets import packet

Samples = NDArray[np.int16]
_USUAL_MS = 1000 * FRAME // RATE


@dataclass(slots=True)
class _Stream:
    """What goes to one call.

    Attributes
    ----------
    left : uint8 array [shape=(n,)]
        Bytes that do not fill a packet yet.
    fresh : bool
        Whether the next packet is the first after a silence, and has the marker.
    """

    source: int
    sequence: int
    stamp: int
    codec: int = 0
    payload: int = 0
    events: int | None = None
    length: int = FRAME
    sends: bool = False
    fresh: bool = True
    left: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    dialler: Dialler = field(default_factory=Dialler)


class RtpSender:
    """The sending side of all calls.

    Parameters
    ----------
    draw : callable
        Gives a number of 32 bits that nobody can guess, where a stream begins (RFC 3550 5.1).
    """

    def __init__(self, draw: Callable[[], int]) -> None:
        self._draw = draw
        self._streams: dict[int, _Stream] = {}

    def begin(self, row: int, codec: int, payload: int, events: int | None, *, ptime_ms: int = _USUAL_MS,
              sends: bool = True) -> None:
        """Have a call in a row from now on; if one is there already, it goes on in another way."""
        stream = self._streams.get(row)
        if stream is None:
            stream = self._streams[row] = _Stream(self._draw(), self._draw() & 0x7FFF, self._draw())
        stream.codec, stream.payload, stream.events = codec, payload, events
        stream.length, stream.sends = ptime_ms * RATE // 1000, sends

    def end(self, row: int) -> None:
        """Have no call in a row any more."""
        self._streams.pop(row, None)

    def press(self, row: int, keys: str) -> bool:
        """Press keys; return whether this call can have them as events."""
        stream = self._streams.get(row)
        if stream is None or stream.events is None:
            return False
        stream.dialler.press(keys)
        return True

    def packets(self, rows: Samples) -> list[tuple[int, bytes]]:
        """Return the packets of the next 20 ms, each with its row.

        Parameters
        ----------
        rows : int16 array [shape=(n, 160)]
            Those without a call are not looked at.
        """
        on = [(row, stream) for row, stream in self._streams.items() if row < len(rows)]
        here = np.array([row for row, _ in on], np.intp)
        codecs = np.array([stream.codec for _, stream in on], np.intp)
        encoded = ENCODED[codecs[:, None], rows[here].view(np.uint16)]
        sent: list[tuple[int, bytes]] = []
        for (row, stream), data in zip(on, encoded, strict=True):
            self._frame(row, stream, data, sent)
            stream.stamp += FRAME
        return sent

    def _frame(self, row: int, stream: _Stream, data: NDArray[np.uint8], sent: list[tuple[int, bytes]]) -> None:
        if not stream.sends:
            stream.fresh, stream.left = True, data[:0]
            return
        keys = stream.dialler.frame(stream.stamp)
        if keys and stream.events is not None:
            stream.fresh, stream.left = True, data[:0]
            sent += [(row, self._packet(stream, stream.events, stamp, payload, marker=marker))
                     for stamp, marker, payload in keys]
            return
        first = stream.stamp - len(stream.left)
        data = np.append(stream.left, data) if len(stream.left) else data
        while len(data) >= stream.length:
            payload, data = data[:stream.length].tobytes(), data[stream.length:]
            sent.append((row, self._packet(stream, stream.payload, first, payload, marker=stream.fresh)))
            first += stream.length
            stream.fresh = False
        stream.left = data

    def _packet(self, stream: _Stream, kind: int, stamp: int, payload: bytes, *, marker: bool) -> bytes:
        stream.sequence += 1
        return packet(kind, stream.sequence, stamp, stream.source, payload, marker=marker)
