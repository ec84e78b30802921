"""The receiving side of all calls: what came, and 20 ms of it a tick."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ivr.lines.sip.rtp import jitter
from ivr.lines.sip.rtp.batch import Packets
from ivr.lines.sip.rtp.g711 import CODECS
from ivr.lines.sip.rtp.packets import KEY, fields, sort
from ivr.lines.sip.rtp.states import RECEIVED

_WINDOW = 150
"""Ticks after which it is asked whether the delay may shrink."""

_BENDS = 5
"""Of so many ticks one may be bent: ten samples a second are made up for, 1,250 ppm."""


class KeyPacket(NamedTuple):
    """A packet of a key."""

    row: int
    number: int
    stamp: int
    source: int
    payload: bytes


class Receiving:
    """The receiving side of all calls.

    Attributes
    ----------
    calls : array of `RECEIVED` [shape=(rows,)]
        What is remembered, and counted, of each.
    """

    def __init__(self) -> None:
        self.calls = np.zeros(0, RECEIVED)
        self._rings = np.zeros((0, jitter.SIZE), np.int16)
        self._kinds, self._spans = np.zeros(0, np.int64), np.zeros((0, 2), np.int64)
        self._ticks = 0

    def begin(self, row: int, codec: int, payload: int, events: int | None, *, noise: int = 13,
              others: Mapping[int, int] = {}) -> None:
        """Have a call in a row from now on, or other payload types in it.

        Parameters
        ----------
        codec : int
            Index of `CODECS`, or `LINEAR`.
        payload, events, noise : int
            Payload types of its sound, of keys (None if they cannot come so) and of comfort noise.
        others : mapping of int to int
            Codec -> payload type of what it may change to.
        """
        while len(self.calls) <= row:
            self._grow(max(8, 2 * len(self.calls)))
        call = self.calls[row]
        if not call["playing"]:
            self.calls[row] = np.zeros((), RECEIVED)
        elif call["codec"] != codec:
            call["started"] = False
        call["came_at"] = 0  # nothing comes while a call is held
        call["others"] = [others.get(one, -1) for one in range(len(CODECS))]
        for name, value in (("playing", True), ("codec", codec), ("payload", payload),
                            ("events", -1 if events is None else events), ("noise", noise)):
            call[name] = value

    def end(self, row: int) -> None:
        """Have no call in a row any more."""
        self.calls["playing"][row] = False

    def _grow(self, rows: int) -> None:
        self.calls = np.concatenate([self.calls, np.zeros(rows - len(self.calls), RECEIVED)])
        more = np.zeros((rows - len(self._rings), jitter.SIZE), np.int16)
        self._rings = np.concatenate([self._rings, more])

    def sort(self, packets: Packets, now: int) -> NDArray[np.int64]:
        """Return what each packet is, and note of which calls something has come."""
        if len(packets.length) > len(self._kinds):
            self._kinds = np.zeros(2 * len(packets.length), np.int64)
            self._spans = np.zeros((len(self._kinds), 2), np.int64)
        kinds = self._kinds[:len(packets.length)]
        sort(packets, self.calls, now, kinds)
        return kinds

    def take(self, packets: Packets, kinds: NDArray[np.int64]) -> list[KeyPacket]:
        """Take packets that are sorted; return those of keys, in their order."""
        jitter.place(packets, kinds, self.calls, self._rings, self._spans)
        keys = []
        for place in np.flatnonzero(kinds == KEY).tolist():
            begin, end = self._spans[place]
            data = packets.data[place]
            keys.append(KeyPacket(int(packets.row[place]), *fields(data.tobytes())[1:], data[begin:end].tobytes()))
        return keys

    def play(self, rows: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Write the next 20 ms of all calls into their rows; return where something did not come.

        Parameters
        ----------
        rows : int16 array [shape=(n, 160)]
            Those without a call are left as they are.

        Returns
        -------
        bool array [shape=(n,)]
        """
        self._ticks += 1
        missing = np.zeros(len(rows), np.bool_)
        adapts, bends = self._ticks % _WINDOW == 0, self._ticks % _BENDS == 0
        here = rows if rows.flags.c_contiguous else rows.copy()
        jitter.play(self.calls, self._rings, here, missing, adapts, bends)
        if here is not rows:
            rows[:] = here
        return missing

