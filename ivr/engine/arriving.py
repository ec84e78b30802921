"""Calls that are not on the bridge yet: they come in and ring here, or were dialled by us and ring there."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import replace

from ivr.clock import FRAME
from ivr.engine.bridge import Bridge
from ivr.engine.call import Call
from ivr.engine.messages import (
    FULL,
    GONE,
    NOBODY,
    Arrived,
    Declined,
    HungUp,
    PickUp,
    Placed,
    Reject,
    Release,
    Ring,
    TurnedAway,
    Welcome,
)
from ivr.engine.plugs import Plug
from ivr.engine.ports import FOREVER
from ivr.journal import Entry


class Arrivals:
    """Takes calls in.

    Parameters
    ----------
    bridge : Bridge
    reception : callable
        Tells what becomes of a call that arrives.
    where : dict of serial to (Plug, slot)
        Where each call of the bridge is; those that begin are put into it.
    """

    def __init__(self, bridge: Bridge, reception: Callable[[Arrived], Welcome],
                 where: dict[int, tuple[Plug, int]]) -> None:
        self._bridge, self._reception, self._where = bridge, reception, where
        self._refused: list[tuple[Plug, int]] = []
        self._due: list[tuple[int, int, Plug, Arrived, Call | None]] = []
        self._early: list[tuple[Plug, int, Call]] = []
        self._number = 0
        self._legs: dict[tuple[Plug, int], int] = {}

    def arrived(self, plug: Plug, event: Arrived) -> None:
        """Take a call that comes in."""
        plug.begin(event.slot, event)
        now, welcome = self._bridge.now, self._reception(event)
        if welcome.refused:
            self._note(event.caller, "turned-away", code=welcome.refused)
            self._refuse(plug, event, welcome.refused)
        elif not welcome.rings:
            if (call := self._connect(plug, event)) is not None:
                if call.rings and plug.can(Ring):
                    plug.commands.append(Ring(event.slot, now))
                self._answer(plug, event.slot, call)
        else:
            if plug.can(Ring):
                plug.commands.append(Ring(event.slot, now, welcome.early))
            call = self._connect(plug, event) if welcome.early else None
            self._number += 1
            heapq.heappush(self._due, (now + welcome.rings, self._number, plug, event, call))

    def horizon(self, now: int) -> int:
        """Return how long it is until somebody is answered, in samples."""
        if self._early:
            return FRAME
        return self._due[0][0] - now if self._due else FOREVER

    def due(self, now: int) -> None:
        """Answer those who have rung for as long as they were to."""
        while self._due and self._due[0][0] <= now:
            _, _, plug, event, early = heapq.heappop(self._due)
            if early is None and plug.open.get(event.slot) is event:
                self._connect(plug, event)
            elif early is None or plug.calls.get(event.slot) is not early:
                continue  # he has hung up meanwhile
            if event.slot in plug.calls:
                self._answer(plug, event.slot, plug.calls[event.slot])

    def pick_up(self) -> None:
        """Answer those on the bridge that ring no more."""
        if not self._early:
            return
        early, self._early = self._early, []
        for plug, slot, call in early:
            if plug.calls.get(slot) is call:
                self._answer(plug, slot, call)

    def place(self, plug: Plug, to: str, caller: str) -> bool:
        """Dial a number; return whether this trunk can."""
        now = self._bridge.now
        slot = plug.trunk.place(now, to)
        if slot is not None:
            plug.begin(slot, Arrived(slot, now, caller, phone=to))
        return slot is not None

    def place_for(self, serial: int, to: str, shown: str, plugs: Iterable[Plug]) -> None:
        """Dial a number for a call, by its own trunk if that can; nobody any more if it is empty."""
        if not to:
            self._drop(serial)
            return
        own = self._where[serial][0] if serial in self._where else None
        for plug in sorted(plugs, key=lambda one: one is not own):
            slot = plug.trunk.place(self._bridge.now, to)
            if slot is not None:
                plug.begin(slot, Arrived(slot, self._bridge.now, shown, phone=to))
                self._legs[plug, slot] = serial
                return
        self._declined(serial, shown, NOBODY)

    def answered(self, plug: Plug, event: Placed | Declined) -> None:
        """Take it that a leg of ours was answered, or not."""
        leg = plug.open.get(event.slot)
        if leg is None:
            return
        serial = self._legs.pop((plug, event.slot), 0)
        if isinstance(event, Declined):
            plug.leave(event.slot)
            self._declined(serial, leg.caller, event.code)
        elif serial and serial not in self._bridge.calls:
            plug.leave(event.slot)
            plug.commands.append(Release(event.slot, self._bridge.now))
        elif self._connect(plug, replace(leg, caller=event.caller or leg.caller), leg_of=serial) is None:
            self._bridge.declined(serial, FULL)

    def turned_away(self, event: TurnedAway) -> None:
        """Note a call that its trunk could not take."""
        self._note(event.caller, "turned-away", code=event.code, because=event.why)

    def gave_up(self, plug: Plug, event: HungUp) -> None:
        """Take it that somebody hangs up while it rings."""
        if event.slot in plug.open:
            because = {"because": event.why} if event.why else {}
            self._note(plug.open[event.slot].caller, "gave-up", **because)
            plug.leave(event.slot)
            self._bridge.declined(self._legs.pop((plug, event.slot), 0), GONE)

    def clear(self) -> None:
        """Be done, at the end of a step, with those who were refused in it."""
        for plug, slot in self._refused:
            plug.leave(slot)
        self._refused.clear()

    def _drop(self, serial: int) -> None:
        """Dial no more for a call."""
        for plug, slot in [leg for leg, of in self._legs.items() if of == serial]:
            del self._legs[plug, slot]
            plug.leave(slot)
            plug.commands.append(Release(slot, self._bridge.now))

    def _declined(self, serial: int, caller: str, code: int) -> None:
        self._note(caller, "declined", code=code)
        self._bridge.declined(serial, code)

    def _connect(self, plug: Plug, event: Arrived, *, leg_of: int = 0) -> Call | None:
        """Let a call onto the bridge, if there is room."""
        bridge = self._bridge
        if bridge.full:
            bridge.turn_away(event.caller)
            self._refuse(plug, event, FULL)
            return None
        call = bridge.dial(event.caller, number=event.number, phone=event.phone, source=event.source,
                           leg_of=leg_of)
        plug.connect(event.slot, call)
        self._where[call.serial] = plug, event.slot
        return call

    def _refuse(self, plug: Plug, event: Arrived, code: int) -> None:
        plug.commands.append(Reject(event.slot, self._bridge.now, code))
        self._refused.append((plug, event.slot))

    def _answer(self, plug: Plug, slot: int, call: Call) -> None:
        """Answer a call, or leave it to its application where that does it."""
        if call.rings:
            self._early.append((plug, slot, call))
        else:
            plug.commands.append(PickUp(slot, self._bridge.now))

    def _note(self, caller: str, event: str, **facts: object) -> None:
        self._bridge.journal.write(Entry(self._bridge.now, 0, caller, event, facts))
