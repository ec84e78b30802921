"""The sockets of reports (RTCP): beside each of sound, at the next port."""

import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from ivr.clock import RATE

_MOST = 4
"""Packets of a call that are taken at once."""

_LONGEST = 1472
_TIMED = 35
"""SO_TIMESTAMPNS of Linux, and what comes beside a packet then."""

_MOMENT = struct.Struct("@qq")


class Came(NamedTuple):
    """A packet.

    Attributes
    ----------
    at : int
        When it came, in samples of the clock of `ReportSockets.moment`.
    """

    slot: int
    data: bytes
    source: tuple[str, int]
    at: int


class ReportSockets:
    """A socket for each call's reports.

    Parameters
    ----------
    family : socket.AF_INET or socket.AF_INET6
    host : str
        The IP address to listen at.
    timed : bool
        As of `SoundSockets`.
    """

    def __init__(self, family: socket.AddressFamily, host: str, *, timed: bool) -> None:
        self._family, self._bound, self._timed = family, host, timed
        self._stamped = timed and sys.platform == "linux"
        self._open: dict[int, socket.socket] = {}
        self._heard = selectors.DefaultSelector()

    def moment(self, now: int) -> int:
        """Return the time, in samples: that of the machine for a bridge at a pace, else of the bridge."""
        return time.time_ns() * RATE // 1_000_000_000 if self._timed else now

    def open(self, slot: int, port: int) -> None:
        """Open a socket; a call whose port is taken has no reports."""
        one = socket.socket(self._family, socket.SOCK_DGRAM)
        try:
            one.bind((self._bound, port))
        except (OSError, OverflowError):
            one.close()
            return
        one.setblocking(False)
        if self._stamped:
            one.setsockopt(socket.SOL_SOCKET, _TIMED, 1)
        self._open[slot] = one
        self._heard.register(one, selectors.EVENT_READ, slot)

    def shut(self, slot: int) -> None:
        """Close a call's socket, if it has one."""
        if one := self._open.pop(slot, None):
            self._heard.unregister(one)
            one.close()

    def take(self, now: int) -> Iterator[Came]:
        """Give what has come."""
        for key, _ in self._heard.select(0) if self._open else ():
            for _ in range(_MOST):
                try:
                    yield self._came(key.data, now)
                except OSError:
                    break

    def _came(self, slot: int, now: int) -> Came:
        one = self._open[slot]
        if not self._stamped:
            data, source = one.recvfrom(_LONGEST)
            return Came(slot, data, source[:2], self.moment(now))
        data, beside, _, source = one.recvmsg(_LONGEST, 64)
        moments = [_MOMENT.unpack(one) for _, kind, one in beside if kind == _TIMED and len(one) == _MOMENT.size]
        at = moments[0][0] * RATE + moments[0][1] * RATE // 1_000_000_000 if moments else self.moment(now)
        return Came(slot, data, source[:2], at)

    def send(self, slot: int, data: bytes, to: tuple[str, int]) -> None:
        """Send a packet; one that cannot be sent is lost."""
        if one := self._open.get(slot):
            try:
                one.sendto(data, to)
            except (OSError, OverflowError):
                return

    def close(self) -> None:
        """Close everything."""
        for slot in list(self._open):
            self.shut(slot)
        self._heard.close()
