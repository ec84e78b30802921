"""Datagrams and messages as they come and go, kept in memory until a call is over: they may hold PINs."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ivr.clock import RATE
from ivr.lines.sip.datagrams.addresses import host_of
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.rtp.batch import Packets, taken_from

MOST_BYTES = 1 << 28
"""What is kept at most: some two hours of one call."""


@dataclass(frozen=True, slots=True)
class Datagram:
    """One message or packet.

    Attributes
    ----------
    at_s : float
        When, in seconds since 1970.
    source, to : Peer
        A message of a stream (TCP, TLS) is whole.
    data : bytes
        It may hold secrets.
    signals : bool
        Whether it is a message of SIP, and no sound.
    """

    at_s: float
    source: Peer
    to: Peer
    data: bytes
    signals: bool

    def having(self, data: bytes) -> "Datagram":
        """Return it with other bytes."""
        return replace(self, data=data)

    def __repr__(self) -> str:
        return f"Datagram({self.source} -> {self.to}, {len(self.data)} bytes)"


class Capture:
    """All of them.

    Parameters
    ----------
    clock : callable
        Gives the time, in seconds since 1970.

    Attributes
    ----------
    kept : list of Datagram
    lost : int
        Those that were more than is kept.
    """

    def __init__(self, clock: Callable[[], float], *, most: int = MOST_BYTES) -> None:
        self.kept: list[Datagram] = []
        self.lost = 0
        self._clock, self._left = clock, most

    def message(self, source: Peer, to: Peer, data: bytes) -> None:
        """Take a message of SIP."""
        self._keep(source, to, data, signals=True)

    def came(self, packets: Packets, here: dict[int, Peer], *, v6: bool, timed: bool) -> None:
        """Take packets of sound that have come.

        Parameters
        ----------
        here : dict of int to Peer
            Our address of each row.
        timed : bool
            Whether the system has told when each came: they are read a tick at a time.
        """
        for place, row in enumerate(packets.row.tolist()):
            if row in here:
                source = Peer(host_of(packets.host[place], v6=v6), int(packets.port[place]))
                self._keep(source, here[row], taken_from(packets, place), signals=False,
                           at_s=float(packets.at[place]) / RATE if timed else None)

    def went(self, packets: Packets, here: dict[int, Peer], to: dict[int, tuple[str, int]]) -> None:
        """Take packets of sound that go."""
        for place, row in enumerate(packets.row.tolist()):
            if row in here and row in to:
                self._keep(here[row], Peer(*to[row]), taken_from(packets, place), signals=False)

    def _keep(self, source: Peer, to: Peer, data: bytes, *, signals: bool, at_s: float | None = None) -> None:
        if len(data) > self._left:
            self.lost += 1
            return
        self._left -= len(data)
        self.kept.append(Datagram(self._clock() if at_s is None else at_s, source, to, data, signals))
