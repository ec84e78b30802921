"""Telephones that ring out, or are rung, by SIP and RTP: what callers do becomes requests and packets, and back."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from ivr.clock import FRAME
from ivr.engine.handsets import Slots
from ivr.engine.messages import BUSY, FULL, DigitBegan
from ivr.engine.ports import Frame, Signal
from ivr.lines.sip import securing, telling
from ivr.lines.sip.accounts import Account
from ivr.lines.sip.carrying import Signalling
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.media import Media
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.rtp.reporting import facts_of
from ivr.lines.sip.sockets import Network

_NOBODY = 480
_LEAVES = (Signal.HANG_UP, Signal.GONE)


class OutgoingCaller(Protocol):
    """One who rings out.

    In every tick he is asked `signal`; while he is in a call also `pressed`, `hear` and `speak`. The other methods
    tell him how his call goes, before that.
    """

    number: str
    """What he dials instead of the user part of who is called; empty where that stays."""
    phone: str
    """His own number; empty for the account's."""

    @property
    def on_the_line(self) -> bool:
        """Whether he is in a call, from dialling on."""

    def signal(self) -> Signal | None:
        """Return what he does at the start of this tick, if anything."""

    def pressed(self) -> Iterator[tuple[str, str, float]]:
        """Give keys that go beside the sound: "events" or "info", the key, how long it is down in ms."""

    def speak(self) -> Frame:
        """Return his next frame. int16 array [shape=(160,)]."""

    def hear(self, frame: Frame) -> None:
        """Take what came, silence where nothing did; it is not his to keep. int16 array [shape=(160,)]."""

    def rings(self) -> None:
        """Learn that it rings."""

    def sounds(self, codec: str, *, events: bool) -> None:
        """Learn that sound is agreed on: before the answer, or anew."""

    def answered(self, codec: str, *, events: bool) -> None:
        """Learn that the call is answered."""

    def refused(self, code: int, phrase: str) -> None:
        """Learn that the call is refused."""

    def ended(self, why: str = "") -> None:
        """Learn that the other side has ended the call, or that it is lost."""

    def keyed(self, key: str) -> None:
        """Learn of a key that came beside the sound."""

    def carried(self, sound: Mapping[str, Any], took: Mapping[str, float]) -> None:
        """Learn how the sound of the call came, which is over, and how long the other side took.

        `took` has "first_ms", from the INVITE to the first answer that tells anything, and "set_up_ms", to 200; of
        one who was called "set_up_ms", from his answer until it was acknowledged.
        """

    def referred(self, to: str) -> None:
        """Learn to whom the other side hands him over; he stays where he is."""


class CalledCaller(OutgoingCaller, Protocol):
    """One who can be called."""

    def ring(self) -> None:
        """Learn that he is called; then he signals that he answers, or declines."""


@dataclass(slots=True)
class _Call:
    """A call on its way.

    Attributes
    ----------
    number : int
        By which the endpoint knows it.
    asked_s, took : float, dict
        When it was asked for, and how long what took then.
    rung : str
        Of one who is called "rings", then "answers" until it is agreed on how sound goes.
    """

    caller: OutgoingCaller
    number: int
    signals: str
    asked_s: float
    took: dict[str, float] = field(default_factory=dict)
    rung: str = ""


Takes = Callable[[str], CalledCaller | int]
"""Gives who is called by the user part of a URI, or the code with which the call is refused."""


class SipPhones:
    """Any number of telephones that ring one address, or are rung at theirs.

    Parameters
    ----------
    network : Network
    uri : callable
        Gives the URI that is called where a number is dialled, or none ("").
    to : Peer
        Where requests go.
    account : Account, optional
        As whom.
    secures : bool
        Whether sound is encrypted.
    clock : callable
        Gives seconds, by which is measured how long the other side takes.
    takes : callable, optional
        Who is called here, as of `Takes`; without it nobody is.
    token, draw : callable
        As of `SipTrunk`.

    Attributes
    ----------
    takes : callable
    """

    def __init__(self, network: Network, uri: Callable[[str], str], to: Peer, *, account: Account | None = None,
                 secures: bool = False, clock: Callable[[], float] = lambda: 0.0,
                 takes: Takes = lambda _: _NOBODY,
                 token: Callable[[], str] = lambda: secrets.token_hex(8),
                 draw: Callable[[], int] = lambda: secrets.randbits(32)) -> None:
        self._network, self._uri, self._to, self._account, self._secures = network, uri, to, account, secures
        # whoever is called may hand callers over: it is told, and nobody is called
        self._endpoint = Endpoint(network.here, token, gate=lambda *_: "take", refers=lambda _: to,
                                  keys=secrets.token_bytes if securing.is_there() else None)
        self._signalling = Signalling(network, self._endpoint)
        self.media, self._clock = Media(network, draw), clock
        self._slots, self.takes = Slots(), takes
        self._aside: list[OutgoingCaller] = []
        self._calls: dict[int, _Call] = {}
        self._where: dict[int, int] = {}
        self._rows = np.zeros((8, FRAME), np.int16)
        self._now = 0

    def add(self, caller: OutgoingCaller, /) -> None:
        """Give somebody a telephone."""
        self._aside.append(caller)

    @property
    def here(self) -> Peer:
        """The address by which they are called."""
        return self._network.here

    @property
    def came(self) -> bool:
        """Whether anything has ever come back from who is called."""
        return self._network.came

    @property
    def count(self) -> int:
        """How many calls there are."""
        return len(self._calls)

    def wait(self, seconds: float) -> None:
        """Wait so long, or until somebody signals, who is answered at once: for between two ticks."""
        if self._network.wait(seconds):
            self._signals()

    def step(self, now: int, /) -> None:
        """Carry signals and sound for one tick."""
        self._now = now
        self._signals()
        for event in self.media.take(now):
            if isinstance(event, DigitBegan) and event.slot in self._calls:
                self._calls[event.slot].caller.keyed(event.key)
        waiting, self._aside = self._aside, []
        for slot, call in list(self._calls.items()):
            signal, rings = call.caller.signal(), call.rung == "rings"
            if rings and signal is Signal.ANSWER:
                self._answer(slot, call)
            elif rings and signal is Signal.DECLINE:
                self._endpoint.reject(call.number, BUSY, now)
                self._free(slot)
            elif signal in _LEAVES or not (rings or call.caller.on_the_line):
                self._endpoint.end(call.number, now)
                self._free(slot)
        self._aside += [one for one in waiting if not self._dials(one)]
        self._sound(now)
        self._signalling.flush()

    def _dials(self, caller: OutgoingCaller) -> bool:
        """Ask somebody without a call what he does; return whether he is to be asked no more."""
        signal = caller.signal()
        if signal is Signal.DIAL:
            self._dial(caller)
        return signal in (Signal.DIAL, Signal.GONE)

    def _dial(self, caller: OutgoingCaller) -> None:
        slot = self._slots.take()
        port = self._network.open(slot)
        if port is None:
            self._slots.free(slot)
            self._aside.append(caller)
            caller.refused(503, "no port is free for the sound here")
            return
        number = self._endpoint.invite(self._uri(caller.number), self._to, self._network.here.host, port, self._now,
                                       account=self._account, user=caller.phone, secures=self._secures)
        self._calls[slot], self._where[number] = _Call(caller, number, self._to.host, self._clock()), slot
        self._signalling.flush()

    def _called(self, event: telling.Invited) -> None:
        """Have it ring at who is called."""
        caller = self.takes(event.number)
        if isinstance(caller, int):
            self._endpoint.reject(event.call, caller, self._now)
            return
        self._aside = [one for one in self._aside if one is not caller]
        slot = self._slots.take()
        self._calls[slot] = _Call(caller, event.call, event.host, self._clock(), rung="rings")
        self._where[event.call] = slot
        self._endpoint.ring(event.call, self._now)
        caller.ring()

    def _answer(self, slot: int, call: _Call) -> None:
        port = self._network.open(slot)
        if port is None:
            self._endpoint.reject(call.number, FULL, self._now)
            call.caller.ended("no port is free for the sound here")
            self._free(slot)
            return
        call.rung, call.asked_s = "answers", self._clock()
        self._endpoint.answer(call.number, self._network.here.host, port, self._now)
        self._signals()

    def _sound(self, now: int) -> None:
        if not self._calls:
            return
        most = max(self._calls) + 1
        if most > len(self._rows):
            self._rows = np.zeros((2 * most, FRAME), np.int16)
        self._rows[:] = 0
        self.media.receive(self._rows)
        for slot, call in self._calls.items():
            caller = call.caller
            for way, key, ms in caller.pressed():
                if way == "info":
                    self._endpoint.inform(call.number, key, round(ms), now)
                else:
                    self.media.press(slot, key, ms)
            caller.hear(self._rows[slot])
            self._rows[slot] = caller.speak()
        self.media.send(self._rows, now)

    def close(self) -> None:
        """Hang up everybody; the other side's answers are waited for a moment."""
        for slot, call in list(self._calls.items()):
            self._endpoint.end(call.number, self._now)
            self._free(slot)
        self._signalling.flush()
        self._signalling.finish(self._now, self._goes_on)

    # signalling

    def _signals(self) -> None:
        self._signalling.take(self._now)
        for event in self._endpoint.events():
            if isinstance(event, telling.Invited):
                self._called(event)
            elif (slot := self._where.get(event.call)) is not None:
                self._happened(slot, event)
        self._signalling.flush()

    def _goes_on(self, now: int) -> None:
        self._now = now
        self._signals()

    def _happened(self, slot: int, event: telling.Event) -> None:
        call = self._calls[slot]
        caller = call.caller
        took = 1000 * (self._clock() - call.asked_s)
        if self.came and isinstance(event, telling.Ringing | telling.Answered | telling.CallRefused):
            call.took.setdefault("first_ms", took)
        if isinstance(event, telling.Answered):
            call.took["set_up_ms"] = took
        match event:
            case telling.Ringing(code=180):
                caller.rings()
            case telling.Answered():
                if (agreed := self._endpoint.agreed(call.number)) is not None:
                    caller.answered(agreed.codec, events=agreed.events is not None)
            case telling.Acknowledged():
                call.took["set_up_ms"] = took
            case telling.Agreed(media=media):
                self.media.agree(slot, media, call.signals, self._now)
                (caller.answered if call.rung else caller.sounds)(media.codec, events=media.events is not None)
                call.rung = ""
            case telling.Pressed(key=key):
                caller.keyed(key)
            case telling.Referred(uri=uri):
                caller.referred(uri)
                self._endpoint.tell(call.number, 200, self._now)
            case telling.CallRefused(code=code, phrase=phrase):
                caller.refused(code, phrase)
                self._free(slot)
            case telling.Ended(why=why):
                caller.ended(why)
                self._free(slot)

    def _free(self, slot: int) -> None:
        call = self._calls.pop(slot)
        del self._where[call.number]
        self.media.end(slot)
        figures = self.media.figures(slot)
        call.caller.carried(facts_of(figures) if figures else {}, call.took)
        self._slots.free(slot)
        self._aside.append(call.caller)  # he may call again
