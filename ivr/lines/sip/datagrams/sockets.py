"""The sockets of all calls' sound."""

import selectors
import socket
import sys
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from ivr.lines.sip.datagrams import linux
from ivr.lines.sip.datagrams.addresses import host_bytes, name_of
from ivr.lines.sip.datagrams.reports import ReportSockets
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.rtp.batch import Packets, first, put, room_for, taken_from

_PACKETS = 16
"""Packets of a call that are taken at once."""

_FEW = 64
_TIMED = 35
"""SO_TIMESTAMPNS of Linux."""


class PacketWatcher(Protocol):
    """Takes what comes and goes; `ivr.lines.sip.capture` has one."""

    def message(self, source: Peer, to: Peer, data: bytes, /) -> None:
        """Take a message of SIP."""

    def came(self, packets: Packets, here: dict[int, Peer], /, *, v6: bool, timed: bool) -> None:
        """Take packets of sound that have come; `here` has our address of each row, as of `Capture.came`."""

    def went(self, packets: Packets, here: dict[int, Peer], to: dict[int, tuple[str, int]], /) -> None:
        """Take packets of sound that go."""


class SoundSockets:
    """A socket for each call's sound, and one for its reports.

    Parameters
    ----------
    family : socket.AF_INET or socket.AF_INET6
    host : str
        The IP address to listen at.
    ports : range
        The even ones of it are taken, in turn; for its reports each has the one after it.
    compiled : bool, optional
        Whether by compiled code, which is so where it can be.
    timed : bool
        Whether packets have the moment at which the system got them, where it can tell: for a bridge at a pace.

    Attributes
    ----------
    reports : ReportSockets
    capture : PacketWatcher or None
        Takes all that comes and goes, if somebody wants it.
    """

    def __init__(self, family: socket.AddressFamily, host: str, ports: range, *, compiled: bool = linux.READY,
                 timed: bool = False) -> None:
        self.v6 = family == socket.AF_INET6
        self._family, self._bound, self._compiled = family, host, compiled
        self._timed = timed and sys.platform == "linux"
        self._ports = [one for one in ports if one % 2 == 0]
        self._next = 0
        self.reports = ReportSockets(family, host, timed=timed)
        self._open: dict[int, socket.socket] = {}
        self._to: dict[int, tuple[str, int]] = {}
        self._here: dict[int, Peer] = {}
        self.capture: PacketWatcher | None = None
        self._heard = selectors.DefaultSelector()
        self._numbers, self._lengths = np.full(0, -1, np.int64), np.zeros(0, np.int64)
        self._names = np.zeros((0, linux.NAME), np.uint8)
        self._room, self._packets = linux.beside(), room_for(_FEW)

    def open(self, slot: int) -> int | None:
        """Open a socket for a call's sound; return its port, None if none is free."""
        for _ in self._ports:
            port = self._ports[self._next]
            self._next = (self._next + 1) % len(self._ports)
            one = socket.socket(self._family, socket.SOCK_DGRAM)
            try:
                one.bind((self._bound, port))
            except OSError:
                one.close()
                continue
            self._enter(slot, one)
            self.reports.open(slot, port + 1)
            return port
        return None

    def _enter(self, slot: int, one: socket.socket) -> None:
        one.setblocking(False)
        if self._timed:
            one.setsockopt(socket.SOL_SOCKET, _TIMED, 1)
        self._open[slot] = one
        self._here[slot] = Peer(*one.getsockname()[:2])
        if not self._compiled:
            self._heard.register(one, selectors.EVENT_READ, slot)
            return
        if slot >= len(self._numbers):
            more = slot + 1
            self._numbers = np.concatenate([self._numbers, np.full(more, -1, np.int64)])
            self._lengths = np.concatenate([self._lengths, np.zeros(more, np.int64)])
            self._names = np.concatenate([self._names, np.zeros((more, linux.NAME), np.uint8)])
            self._packets = room_for(2 * len(self._numbers) + _FEW)
        self._numbers[slot] = one.fileno()

    def shut(self, slot: int) -> None:
        """Close the socket of a call's sound, if it has one."""
        self.direct(slot, None)
        self.reports.shut(slot)
        if one := self._open.pop(slot, None):
            if self._compiled:
                self._numbers[slot] = -1
            else:
                self._heard.unregister(one)
            one.close()

    def direct(self, slot: int, to: tuple[str, int] | None) -> None:
        """Have a call's sound go somewhere, or nowhere."""
        self._to.pop(slot, None)
        if to is not None:
            self._to[slot] = to
        if slot < len(self._lengths):
            name = name_of(*to) if to is not None else b""
            self._names[slot, :len(name)] = np.frombuffer(name, np.uint8)
            self._lengths[slot] = len(name)

    def take(self, now: int) -> Iterator[Packets]:
        """Give what has come, until the next is asked for.

        Parameters
        ----------
        now : int
            When it came, where the system does not tell.
        """
        for packets in self._taken(now):
            if self.capture is not None:
                self.capture.came(packets, self._here, v6=self.v6, timed=self._timed)
            yield packets

    def _taken(self, now: int) -> Iterator[Packets]:
        if not self._compiled:
            if came := self._read(now):
                yield came
            return
        row = 0
        while row < len(self._numbers):
            count, row = linux.receive(self._numbers, row, _PACKETS, now, self._room, self._packets)
            if count:
                yield first(self._packets, count)

    def _read(self, now: int) -> Packets | None:
        came = []
        for key, _ in self._heard.select(0) if self._open else ():
            for _ in range(_PACKETS):
                try:
                    came.append((key.data, *self._open[key.data].recvfrom(2048)))
                except OSError:
                    break
        if not came:
            return None
        packets = room_for(len(came))
        for place, (slot, data, source) in enumerate(came):
            put(packets, place, slot, data)
            packets.host[place] = np.frombuffer(host_bytes(source[0]), np.uint8)
            packets.port[place], packets.at[place] = source[1], now
        return packets

    def send(self, packets: Packets) -> None:
        """Send packets; one that cannot be sent is lost, as on the way."""
        if self.capture is not None:
            self.capture.went(packets, self._here, self._to)
        if self._compiled:
            linux.send(self._numbers, self._names, self._lengths, packets)
            return
        for place, row in enumerate(packets.row.tolist()):
            if row in self._to and row in self._open:
                try:
                    self._open[row].sendto(taken_from(packets, place), self._to[row])
                except (OSError, OverflowError):
                    continue

    def close(self) -> None:
        """Close everything."""
        for slot in list(self._open):
            self.shut(slot)
        self._heard.close()
        self.reports.close()
