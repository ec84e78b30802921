"""The exchange: trunks on one side, the bridge on the other, a step at a time."""

from collections.abc import Iterable

import numpy as np

from ivr.clock import FRAME
from ivr.engine.bridge import Bridge
from ivr.engine.call import Call
from ivr.engine.messages import FULL, Arrived, Event, HungUp, PickUp, Reject, Release
from ivr.engine.plugs import Plug
from ivr.engine.ports import Trunk


class Exchange:
    """Plugs trunks into a bridge.

    Whoever calls `step` sets the pace: as fast as it goes, or one every 20 ms.

    Parameters
    ----------
    bridge : Bridge
    trunks : iterable of Trunk
        Those that are there from the beginning, in the order in which calls that arrive together are numbered.

    Attributes
    ----------
    heard, spoken : int16 array [shape=(rows, 160)]
        What every call said and heard in the last step, for those who watch; a call's place is its `row`.
    """

    def __init__(self, bridge: Bridge, trunks: Iterable[Trunk] = ()) -> None:
        self.bridge = bridge
        self._plugs: list[Plug] = []
        self._where: dict[int, tuple[Plug, int]] = {}
        self._refused: list[tuple[Plug, int]] = []
        self.heard = np.zeros((bridge.rows, FRAME), np.int16)
        self.spoken = np.zeros_like(self.heard)
        for trunk in trunks:
            self.attach(trunk)

    def attach(self, trunk: Trunk) -> None:
        """Add a trunk; it goes by itself when it is over."""
        self._plugs.append(Plug(trunk))

    def step(self) -> None:
        """Carry one frame both ways and let the bridge advance."""
        bridge, now = self.bridge, self.bridge.now
        gone = self._events(now)
        if bridge.rows != len(self.heard):
            self.heard = np.zeros((bridge.rows, FRAME), np.int16)
        missing = None
        for plug in self._plugs:
            plug.arrange()
            if plug.busy:
                missing = plug.receive(now, self.heard, missing)
        self.spoken = bridge.tick(self.heard, missing)
        for call in gone:
            bridge.hung_up(call)
        ended = bridge.ended()
        for call in ended:
            plug, slot = self._where[call.serial]
            plug.commands.append(Release(slot, bridge.now))
        for plug in self._plugs:
            if plug.busy:
                plug.send(now, self.spoken)
        for call in ended:
            self._disconnect(*self._where[call.serial])
        for plug, slot in self._refused:
            plug.leave(slot)
        self._refused.clear()

    # what trunks tell

    def _events(self, now: int) -> list[Call]:
        """Take what trunks tell; return the calls whose callers hang up."""
        told: list[tuple[Plug, Event]] = []
        over = False
        for plug in self._plugs:
            told += [(plug, event) for event in plug.trunk.events(now)]
            over = over or (not plug.calls and plug.trunk.over)
        gone = self._hang_ups(told) if told else []
        for plug, event in told:
            self._take(plug, event, now)
        if over:
            self._plugs = [plug for plug in self._plugs if plug.calls or plug.busy or not plug.trunk.over]
        return gone

    def _hang_ups(self, told: list[tuple[Plug, Event]]) -> list[Call]:
        """Take out those who hang up, in the order in which they dialled: before anybody is in their slots."""
        rest: list[tuple[Plug, Event]] = []
        gone: list[tuple[Call, HungUp]] = []
        for plug, event in told:
            if isinstance(event, HungUp) and event.slot in plug.calls:
                gone.append((self._disconnect(plug, event.slot), event))
            else:
                rest.append((plug, event))
        told[:] = rest
        gone.sort(key=lambda one: one[0].serial)
        for call, _ in gone:
            self.bridge.hang_up(call)
        return [call for call, _ in gone]

    def _take(self, plug: Plug, event: Event, now: int) -> None:
        match event:
            case Arrived():
                self._arrived(plug, event, now)

    def _arrived(self, plug: Plug, event: Arrived, now: int) -> None:
        plug.begin(event.slot)
        if self.bridge.full:
            self.bridge.turn_away(event.caller)
            plug.commands.append(Reject(event.slot, now, FULL))
            self._refused.append((plug, event.slot))
            return
        call = self.bridge.dial(event.caller, number=event.number, phone=event.phone, source=event.source)
        plug.connect(event.slot, call)
        self._where[call.serial] = plug, event.slot
        plug.commands.append(PickUp(event.slot, now))

    def _disconnect(self, plug: Plug, slot: int) -> Call:
        call = plug.disconnect(slot)
        del self._where[call.serial]
        self.heard[call.row] = 0
        return call
