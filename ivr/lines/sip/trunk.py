"""A trunk of telephones: calls that come over a network, by SIP and RTP."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, RATE, samples
from ivr.engine.handsets import Slots
from ivr.engine.messages import (
    FULL,
    Arrived,
    Command,
    Declined,
    DigitBegan,
    DigitOver,
    Event,
    Extra,
    Held,
    Hold,
    HungUp,
    PickUp,
    Reject,
    Release,
    Resumed,
    Ring,
    SendDigits,
    TransferTo,
    TurnedAway,
)
from ivr.lines.sip import securing, telling
from ivr.lines.sip.admitting import Admission
from ivr.lines.sip.agreeing import Agreement
from ivr.lines.sip.callers import Trusts
from ivr.lines.sip.carrying import Signalling
from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.enrolling import Enrolment
from ivr.lines.sip.locating import Locator, Seeking
from ivr.lines.sip.media import Media
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.rtp.reporting import facts_of
from ivr.lines.sip.sockets import Network
from ivr.lines.sip.substituting import Substitutes
from ivr.lines.sip.targets import Targets

SILENT = samples(60)
"""A call of which no packet comes for so long is lost."""

NOT_LISTED = 403
"""The code of a transfer to somebody who is not listed."""



@dataclass(slots=True)
class _Call:
    """One call.

    Attributes
    ----------
    number : int
        By which the endpoint knows it.
    signals : str
        The host that signals.
    port : int or None
        That of its sound; None while it has none.
    """

    number: int
    signals: str
    held: bool = False
    port: int | None = None


class SipTrunk:
    """Any number of calls over a network.

    Parameters
    ----------
    network : Network
    token : callable
        As of `Endpoint`.
    draw : callable
        As of `Sending`.
    doorman : Admission, optional
        Who says who may call; without one everybody may.
    trusts : callable, optional
        As of `Endpoint`.
    targets : Targets, optional
        To whom calls may be handed over, by an application or by who calls; without any to nobody.
    locator : Locator, optional
        Knows at which process a meeting is, where there are several.

    Attributes
    ----------
    media : Media
    unregistered : str
        At which registrar we are not, and why, in a sentence; empty where all is well.
    """

    def __init__(self, network: Network, *, token: Callable[[], str] = lambda: secrets.token_hex(8),
                 draw: Callable[[], int] = lambda: secrets.randbits(32), doorman: Admission | None = None,
                 trusts: Trusts = lambda _: False, targets: Targets | None = None,
                 locator: Locator | None = None) -> None:
        self._network, self._targets = network, targets or Targets()
        handed: set[type[Extra]] = {TransferTo} if self._targets or locator is not None else set()
        self.can: frozenset[type[Extra]] = frozenset({Ring, SendDigits, Hold, *handed})
        self._endpoint = Endpoint(network.here, token, doorman=doorman, trusts=trusts, secure=network.secure,
                                  refers=self._targets.peer,
                                  keys=secrets.token_bytes if securing.is_there() else None)
        self._signalling = Signalling(network, self._endpoint)
        self.media = Media(network, draw)
        self._slots = Slots()
        self._calls: dict[int, _Call] = {}
        self._where: dict[int, int] = {}
        self._waiting = None if locator is None else Seeking(locator, self._endpoint)
        self._substitutes = Substitutes(network, self._endpoint)
        self.unregistered = ""
        self._told: list[Event] = []
        self._ups: list[tuple[int, int]] = []
        self._now = 0
        self._open = True

    @property
    def here(self) -> Peer:
        """The address by which it is called."""
        return self._network.here

    @property
    def count(self) -> int:
        """How many calls there are."""
        return len(self._calls)

    @property
    def over(self) -> bool:
        """Whether it is closed and nobody is left."""
        return not self._open and not self._calls

    def horizon(self, now: int) -> int:  # noqa: ARG002
        """Return a frame: nobody knows what comes in the next."""
        return FRAME

    def wait(self, seconds: float) -> None:
        """Wait so long, or until somebody signals, who is answered at once: for a live bridge between its ticks."""
        if self._network.wait(seconds):
            self._signals()

    def events(self, now: int) -> Sequence[Event]:
        """Tell who calls, hangs up, presses keys, holds and comes back."""
        self._now = now
        self._signals()
        for arrived in self._waiting.here(now) if self._waiting is not None else ():
            self._arrive(arrived)
        for event in self.media.take(now):
            if not self._calls[event.slot].held:
                self._told.append(event)
        while self._ups and self._ups[0][0] <= now:
            at, number = self._ups.pop(0)
            if number in self._where:
                self._told.append(DigitOver(self._where[number], at, "info"))
        if now % RATE == 0:
            self._silences(now)
        self._told, told = [], self._told
        return told

    def receive(self, now: int, rows: NDArray[np.int16]) -> NDArray[np.bool_]:  # noqa: ARG002
        """Let everybody speak."""
        return self.media.receive(rows)[:, None]

    def send(self, now: int, rows: NDArray[np.int16], commands: Sequence[Command]) -> None:
        """Let everybody hear, and do what is asked."""
        last = []
        for command in commands:
            if isinstance(command, Reject | Release):
                last.append(command)
            else:
                self._do(command, now)
        self._hear()
        self.media.send(rows, now)
        for command in last:
            self._do_last(command, now)
        self._flush()

    def figures(self, slot: int) -> Mapping[str, Any]:
        """Return how the sound of a call has come, as facts; of one that is over until its slot is another's."""
        found = self.media.figures(slot)
        return facts_of(found) if found else {}

    def place(self, now: int, to: str) -> None:  # noqa: ARG002
        """Dial nobody: nothing is dialled out because a caller asked."""
        return

    def register(self, wanted: Enrolment, name: str = "") -> None:
        """Be rung at an address of others, as long as it is open.

        Parameters
        ----------
        name : str
            As of `Network.reach`.
        """
        self._network.reach(wanted.to, name)
        self._endpoint.register(wanted, self._now)

    def close(self) -> None:
        """Hang up everybody and take no more calls; the other side's answers are waited for a moment."""
        self._open = False
        self._endpoint.unregister(self._now)
        for slot, call in list(self._calls.items()):
            self._endpoint.end(call.number, self._now)
            self._told.append(HungUp(slot, self._now, "the bridge is shut down"))
            self._free(slot)
        self._flush()
        self._signalling.finish(self._now, self._goes_on)

    # signalling

    def _signals(self) -> None:
        self._signalling.take(self._now)
        self._hear()
        self._flush()

    def _flush(self) -> None:
        self._signalling.flush()

    def _goes_on(self, now: int) -> None:
        self._now = now
        self._signals()

    def _hear(self) -> None:
        """Take what the endpoint tells."""
        for event in self._endpoint.events():
            if isinstance(event, telling.Invited):
                self._arrived(event)
            elif isinstance(event, telling.NotTaken):
                self._told.append(TurnedAway(self._now, event.caller, event.code, event.why))
            elif isinstance(event, telling.Enrolled | telling.NotEnrolled):
                self.unregistered = _unregistered(event)
            elif event.call in self._substitutes:
                if came := self._substitutes.heard(event, self._now):
                    self._substituted(came[0], event, came[1])
            elif (slot := self._where.get(event.call)) is not None:
                self._happened(slot, event)
            elif self._waiting is not None:
                self._waiting.forget(event.call)

    def _arrived(self, event: telling.Invited) -> None:
        if not self._open:
            self._endpoint.reject(event.call, FULL, self._now)
            return
        if (slot := self._where.get(event.replaces)) is not None:
            self._substitutes.replace(slot, event, self._calls[slot].port or 0, self._now)
            return
        if self._waiting is not None and event.conference_id:
            self._waiting.seek(event, self._now)
        else:
            self._arrive(event)

    def _arrive(self, event: telling.Invited) -> None:
        slot = self._slots.take()
        self._calls[slot], self._where[event.call] = _Call(event.call, event.host), slot
        self._told.append(Arrived(slot, self._now, event.caller, event.number, event.phone, event.source))

    def _happened(self, slot: int, event: telling.Event) -> None:
        now, call = self._now, self._calls[slot]
        match event:
            case telling.Agreed(media=media):
                self.media.agree(slot, media, call.signals, now)
                if call.held == media.sends:
                    call.held = not media.sends
                    self._told.append(Held(slot, now) if call.held else Resumed(slot, now))
            case telling.Pressed(key=key, ms=ms):
                self._told.append(DigitBegan(slot, now, key, "info"))
                self._ups.append((now + samples(ms / 1000), event.call))
                self._ups.sort()
            case telling.Ended(why=why):
                self._told.append(HungUp(slot, now, why))
                self._free(slot)
            case telling.TransferTold(code=code) if code >= 300:
                self._told.append(Declined(slot, now, code))
            case telling.Referred():
                self._substitutes.refer(slot, event, call.port or 0, now)

    def _substituted(self, slot: int, event: telling.Event, media: Agreement) -> None:
        """Have a call go on with somebody else."""
        call = self._calls[slot]
        del self._where[call.number]
        call.number, call.signals, self._where[event.call] = event.call, media.host, slot
        self._happened(slot, telling.Agreed(event.call, media))

    def _silences(self, now: int) -> None:
        for slot in self.media.silent_since(now - SILENT):
            call = self._calls[slot]
            agreed = self._endpoint.agreed(call.number)
            if agreed is None or not agreed.receives or call.held:
                self.media.stir(slot, now)
                continue
            self._endpoint.end(call.number, now)
            self._told.append(HungUp(slot, now, f"no sound for {SILENT // RATE} s"))
            self._free(slot)

    def _do(self, command: Command, now: int) -> None:
        call = self._calls.get(command.slot)
        if call is None:  # there was no port for it a moment ago
            return
        match command:
            case Ring(early=early):
                if early and (port := self._port(command.slot, call)) is not None:
                    self._endpoint.play_early(call.number, self.here.host, port, now)
                else:
                    self._endpoint.ring(call.number, now)
            case PickUp():
                if (port := self._port(command.slot, call)) is not None:
                    self._endpoint.answer(call.number, self.here.host, port, now)
                else:
                    self._endpoint.reject(call.number, FULL, now)
                    self._told.append(HungUp(command.slot, now, "no port is free for its sound"))
                    self._free(command.slot)
            case SendDigits(keys=keys):
                self.media.press(command.slot, keys)
            case Hold(on=on):
                self._endpoint.hold(call.number, now, on=on)
            case TransferTo(to=to):
                if way := self._targets.way_to(to):
                    self._endpoint.transfer(call.number, way, now)
                else:
                    self._told.append(Declined(command.slot, now, NOT_LISTED))

    def _port(self, slot: int, call: _Call) -> int | None:
        """Return the port of a call's sound, opened if it has none yet; None if none is free."""
        if call.port is None:
            call.port = self._network.open(slot)
        return call.port

    def _do_last(self, command: Reject | Release, now: int) -> None:
        call = self._calls.get(command.slot)
        if call is None:
            return
        if isinstance(command, Reject):
            self._endpoint.reject(call.number, command.code, now)
        else:
            self._endpoint.end(call.number, now)
        self._free(command.slot)

    def _free(self, slot: int) -> None:
        call = self._calls.pop(slot)
        del self._where[call.number]
        self._substitutes.gone(slot, self._now)
        self.media.end(slot)
        self._slots.free(slot)


def _unregistered(event: telling.Enrolled | telling.NotEnrolled) -> str:
    if isinstance(event, telling.Enrolled):
        return ""
    again = f"it is tried again in {event.after_s} s" if event.after_s else "it is not tried again"
    return f"not registered as {event.uri}: {event.code}; {again}"
