"""The sound of a trunk's calls: which packets are whose, and where ours go."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.clock import samples
from ivr.engine.messages import DigitBegan, DigitOver
from ivr.lines.sip.agreeing import Agreement
from ivr.lines.sip.rtp.g711 import CODECS
from ivr.lines.sip.rtp.keypad import Keypad
from ivr.lines.sip.rtp.receiving import Receiving
from ivr.lines.sip.rtp.sending import RtpSender
from ivr.lines.sip.sockets import Network

_TRIED = samples(5)
"""How long sound goes to another host than the one that signals before anything has come from there."""


@dataclass(slots=True)
class _Way:
    """Where a call's sound goes and comes from.

    Attributes
    ----------
    hosts : set of str
        Those it may come from: the one that was agreed on, and the one that signals, as a NAT shows it.
    learnt : bool
        Whether something has come: from then on nothing else counts.
    signals : str
        The host that signals.
    since : int
        When it was agreed on.
    """

    to: tuple[str, int]
    hosts: set[str]
    kinds: tuple[int | None, ...]
    signals: str
    since: int
    learnt: bool = False
    heard_at: int = 0
    keypad: Keypad = field(default_factory=Keypad)


class Media:
    """The sound of all calls.

    Parameters
    ----------
    network : Network
    draw : callable
        As of `RtpSender`.

    Attributes
    ----------
    receiving : Receiving
        Which counts what came.
    strange : int
        Packets that came from somewhere else than was agreed on or learnt, and do not count.
    """

    def __init__(self, network: Network, draw: Callable[[], int]) -> None:
        self.receiving, self._sending = Receiving(), RtpSender(draw)
        self.strange = 0
        self._network = network
        self._ways: dict[int, _Way] = {}

    def agree(self, slot: int, media: Agreement, signals: str, now: int) -> None:
        """Have sound go as agreed on.

        Parameters
        ----------
        signals : str
            The host that signals.
        """
        codec = CODECS.index(media.codec)
        way, to = self._ways.get(slot), (media.host, media.port)
        if way is None or not way.hosts >= {media.host} or way.to[1] != media.port:
            keypad = way.keypad if way else Keypad()
            way = self._ways[slot] = _Way(to, {media.host, signals}, (), signals, now, keypad=keypad)
        way.kinds, way.heard_at = (media.payload, media.events), now
        self.receiving.begin(slot, codec, media.payload, media.events)
        self._sending.begin(slot, codec, media.payload, media.events, ptime_ms=media.ptime_ms, sends=media.sends)

    def end(self, slot: int) -> None:
        """Be done with a call's sound."""
        if self._ways.pop(slot, None):
            self.receiving.end(slot)
            self._sending.end(slot)
        self._network.shut(slot)

    def press(self, slot: int, keys: str) -> None:
        """Press keys towards a call."""
        self._sending.press(slot, keys)

    def take(self, now: int) -> Iterator[DigitBegan | DigitOver]:
        """Take what has come; tell of keys."""
        came = [(slot, data) for slot, data, source in self._network.packets()
                if self._counts(slot, data, source, now)]
        for slot, number, stamp, source, payload in self.receiving.take(came):
            for key in self._ways[slot].keypad.take(number, stamp, source, payload, now):
                yield DigitBegan(slot, now, key, "rfc4733") if key else DigitOver(slot, now, "rfc4733")
        for slot, way in self._ways.items():
            if way.keypad.down and way.keypad.silent(now):
                yield DigitOver(slot, now, "rfc4733")

    def _counts(self, slot: int, data: bytes, source: tuple[str, int], now: int) -> bool:
        """Tell whether a packet is this call's; the first one shows where it comes from (symmetric RTP)."""
        way = self._ways.get(slot)
        if way is None or len(data) < 2 or data[1] & 127 not in way.kinds:
            return way is not None and source == way.to
        if source != way.to:
            if way.learnt or source[0] not in way.hosts:
                self.strange += 1
                return False
            way.to = source
        way.learnt, way.heard_at = True, now
        return True

    def silent_since(self, before: int) -> list[int]:
        """Return the slots of calls of which nothing has come since a moment."""
        return [slot for slot, way in self._ways.items() if way.heard_at < before]

    def stir(self, slot: int, now: int) -> None:
        """Take it that nothing is to come of a call now."""
        if way := self._ways.get(slot):
            way.heard_at = now

    def receive(self, rows: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Write what came into the rows; return what did not come."""
        return self.receiving.play(rows)

    def send(self, rows: NDArray[np.int16], now: int) -> None:
        """Send what goes to the calls; a third host that never says anything is soon left in peace."""
        for slot, data in self._sending.packets(rows):
            way = self._ways[slot]
            if way.learnt or way.to[0] == way.signals or now - way.since < _TRIED:
                self._network.play(slot, data, way.to)
