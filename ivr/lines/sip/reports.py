"""The reports of a trunk's calls (RTCP): which are whose, where ours go, and the figures that they give."""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.lines.sip.agreeing import Agreement
from ivr.lines.sip.datagrams.addresses import host_bytes
from ivr.lines.sip.datagrams.sockets import SoundSockets
from ivr.lines.sip.rtp.batch import put, room_for
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.rtp.reporting import Figures, Reporting
from ivr.lines.sip.rtp.sending import RtpSender
from ivr.lines.sip.securing import Securing


@dataclass(slots=True)
class _Way:
    """Where a call's reports go.

    Attributes
    ----------
    agreed : tuple of str and int
        Where by what was agreed on.
    muxed : bool
        Whether with its sound.
    sure : bool
        Whether that host signals.
    to : tuple of str and int
        Where they come from, once any has.
    """

    agreed: tuple[str, int]
    muxed: bool
    sure: bool
    to: tuple[str, int]


class Reports:
    """The reports of all calls.

    Parameters
    ----------
    draw : callable
        As of `RtpSender`.
    """

    def __init__(self, sockets: SoundSockets, securing: Securing, receiving: Receiving, sending: RtpSender,
                 draw: Callable[[], int]) -> None:
        self._sockets, self._securing, self._receiving, self._sending = sockets, securing, receiving, sending
        self._reporting = Reporting(draw)
        self._ways: dict[int, _Way] = {}

    def agree(self, slot: int, media: Agreement, signals: str, now: int) -> None:
        """Have reports go as agreed on."""
        self._reporting.begin(slot, now)
        agreed, way = (media.host, media.control), self._ways.get(slot)
        if way is None or (way.agreed, way.muxed) != (agreed, media.muxed):
            self._ways[slot] = _Way(agreed, media.muxed, media.host == signals, agreed)

    def end(self, slot: int, now: int) -> Figures | None:
        """Say goodbye, be done with a call, and return how its sound came."""
        if slot not in self._ways:
            return None
        figures = self._reporting.figures(slot, self._receiving.calls[slot])
        self._send(slot, now, gone=True)
        del self._ways[slot]
        self._reporting.end(slot)
        return figures

    def figures(self, slot: int) -> Figures | None:
        """Return how a call's sound has come so far."""
        return self._reporting.figures(slot, self._receiving.calls[slot]) if slot in self._ways else None

    def take(self, now: int) -> None:
        """Take what has come at the ports of reports, each from the host that its call's sound comes from."""
        for slot, data, source, at in self._sockets.reports.take(now):
            way = self._ways.get(slot)
            if way is None or self._receiving.calls["host"][slot].tobytes() != host_bytes(source[0]):
                continue
            if self.came(slot, self._securing.open_report(slot, data), at):
                self._receiving.calls["heard_at"][slot] = now
                way.to = source

    def came(self, slot: int, data: bytes, at: int) -> bool:
        """Take a report that is decrypted; return whether it is one."""
        return self._reporting.take(slot, data, int(self._sending.calls["source"][slot]), at)

    def send(self, now: int) -> None:
        """Send what is due."""
        for slot in self._reporting.due(now):
            self._send(slot, now)

    def _send(self, slot: int, now: int, *, gone: bool = False) -> None:
        way, call = self._ways[slot], self._receiving.calls[slot]
        if not (way.sure or call["learnt"]):
            return
        data = self._reporting.report(slot, call, self._sending.calls[slot], self._sockets.reports.moment(now),
                                      gone=gone)
        data = self._securing.close_report(slot, data)
        if way.muxed:
            packets = room_for(1)
            put(packets, 0, slot, data)
            self._sockets.send(packets)
        elif way.to[1]:
            self._sockets.reports.send(slot, data, way.to)
