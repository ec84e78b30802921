"""The sound of a trunk's calls: which packets are whose, and where ours go."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.clock import RATE, samples
from ivr.engine.messages import DigitBegan, DigitOver
from ivr.lines.sip.agreeing import Agreement
from ivr.lines.sip.datagrams.addresses import host_bytes, host_of
from ivr.lines.sip.reports import Reports
from ivr.lines.sip.rtp.batch import Packets, taken_from
from ivr.lines.sip.rtp.g711 import CODECS
from ivr.lines.sip.rtp.keypad import Keypad
from ivr.lines.sip.rtp.packets import CONTROL, STRANGE
from ivr.lines.sip.rtp.receiving import KeyPacket, Receiving
from ivr.lines.sip.rtp.reporting import Figures
from ivr.lines.sip.rtp.sending import RtpSender
from ivr.lines.sip.securing import Securing
from ivr.lines.sip.sockets import Network

_TRIED = samples(5)
"""How long sound goes to another host than the one that signals before anything has come from there."""

KeyEvent = DigitBegan | DigitOver


@dataclass(slots=True)
class _Way:
    """Where a call's sound goes and comes from.

    Attributes
    ----------
    agreed : tuple of str and int
        Where it is to go by what was agreed on.
    signals : str
        The host that signals: sound may come from there too, as a NAT shows it.
    since : int
        When it was agreed on.
    """

    agreed: tuple[str, int]
    signals: str
    since: int
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
        self._sockets, self._securing = network.sound, Securing()
        self._reports = Reports(self._sockets, self._securing, self.receiving, self._sending, draw)
        self._figures: dict[int, Figures] = {}
        self._now = 0
        self._ways: dict[int, _Way] = {}
        self._unsure: set[int] = set()  # those whose third host has not said anything
        self._down: set[int] = set()  # those with a key down

    def agree(self, slot: int, media: Agreement, signals: str, now: int) -> None:
        """Have sound go as agreed on.

        Parameters
        ----------
        signals : str
            The host that signals.
        """
        codec = CODECS.index(media.codec)
        others = {CODECS.index(name): payload for payload, name in media.others}
        self.receiving.begin(slot, codec, media.payload, media.events, others=others)
        self._sending.begin(slot, codec, media.payload, media.events, ptime_ms=media.ptime_ms, sends=media.sends)
        self._securing.begin(slot, media.secrets)
        way, to, call = self._ways.get(slot), (media.host, media.port), self.receiving.calls[slot]
        if way is None or way.agreed != to:
            self._ways[slot] = _Way(to, signals, now, keypad=way.keypad if way else Keypad())
            call["learnt"] = False
            self._direct(slot, to)
            if media.host != signals:
                self._unsure.add(slot)
        call["heard_at"] = now
        self._reports.agree(slot, media, signals, now)

    def _direct(self, slot: int, to: tuple[str, int]) -> None:
        """Have a call's sound go somewhere, and come from there."""
        call = self.receiving.calls[slot]
        call["host"], call["port"] = np.frombuffer(host_bytes(to[0]), np.uint8), to[1]
        self._sockets.direct(slot, to)

    def end(self, slot: int) -> None:
        """Be done with a call's sound."""
        self._figures.pop(slot, None)
        if self._ways.pop(slot, None):
            if figures := self._reports.end(slot, self._now):
                self._figures[slot] = figures
            self.receiving.end(slot)
            self._sending.end(slot)
            self._securing.end(slot)
        self._unsure.discard(slot)
        self._down.discard(slot)
        self._sockets.shut(slot)

    def figures(self, slot: int) -> Figures | None:
        """Return how a call's sound has come, or came if it was the last one in this slot."""
        return self._reports.figures(slot) or self._figures.get(slot)

    def press(self, slot: int, keys: str, ms: float = 100) -> None:
        """Press keys towards a call."""
        self._sending.press(slot, keys, ms)

    def take(self, now: int) -> list[KeyEvent]:
        """Take what has come; tell of keys."""
        told: list[KeyEvent] = []
        self._now = now
        self._reports.take(now)
        for packets in self._sockets.take(now):
            self._securing.open(packets, self.receiving.calls)
            kinds = self._sorted(packets, now)
            for place in np.flatnonzero(kinds == CONTROL).tolist():
                self._reports.came(int(packets.row[place]), taken_from(packets, place), int(packets.at[place]))
            for key in self.receiving.take(packets, kinds):
                told += self._keyed(key, now)
        for slot in list(self._down):
            if self._ways[slot].keypad.silent(now):
                self._down.discard(slot)
                told.append(DigitOver(slot, now, "rfc4733"))
        return told

    def _keyed(self, key: KeyPacket, now: int) -> list[KeyEvent]:
        slot, keypad = key.row, self._ways[key.row].keypad
        told: list[KeyEvent] = [DigitBegan(slot, now, one, "rfc4733") if one else DigitOver(slot, now, "rfc4733")
                                for one in keypad.take(key.number, key.stamp, key.source, key.payload, now)]
        (self._down.add if keypad.down else self._down.discard)(slot)
        return told

    def _sorted(self, packets: Packets, now: int) -> NDArray[np.int64]:
        """Return what each packet is; the first one shows where sound comes from (symmetric RTP)."""
        kinds = self.receiving.sort(packets, now)
        if not (kinds == STRANGE).any():
            return kinds
        for place in np.flatnonzero(kinds == STRANGE).tolist():
            slot, source = int(packets.row[place]), (
                host_of(packets.host[place], v6=self._sockets.v6), int(packets.port[place]))
            way = self._ways[slot]
            if not self.receiving.calls["learnt"][slot] and source[0] in (way.agreed[0], way.signals):
                self.receiving.calls["learnt"][slot] = True
                self._direct(slot, source)
        kinds = self.receiving.sort(packets, now)
        strange = packets.row[kinds == STRANGE]
        np.add.at(self.receiving.calls["strange"], strange, 1)
        self.strange += len(strange)
        return kinds

    @property
    def delay_ms(self) -> float:
        """By how much the sound of calls is held back at most, so that packets that come late are heard."""
        calls = self.receiving.calls
        return float(calls["most"][calls["playing"] & calls["started"]].max(initial=0)) / RATE * 1000

    def silent_since(self, before: int) -> list[int]:
        """Return the slots of calls of which nothing has come since a moment."""
        return [slot for slot in self._ways if self.receiving.calls["heard_at"][slot] < before]

    def stir(self, slot: int, now: int) -> None:
        """Take it that nothing is to come of a call now."""
        if slot in self._ways:
            self.receiving.calls["heard_at"][slot] = now

    def receive(self, rows: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Write what came into the rows; return what did not come."""
        return self.receiving.play(rows)

    def send(self, rows: NDArray[np.int16], now: int) -> None:
        """Send what goes to the calls; a third host that never says anything is soon left in peace."""
        for slot in list(self._unsure):
            if self.receiving.calls["learnt"][slot]:
                self._unsure.discard(slot)
            elif now - self._ways[slot].since >= _TRIED:
                self._sockets.direct(slot, None)
                self._unsure.discard(slot)
        packets = self._sending.packets(rows)
        self._securing.close(packets)
        self._sockets.send(packets)
        self._reports.send(now)
