"""The exchange: trunks on one side, the bridge on the other, a step at a time."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.arriving import Arrivals
from ivr.engine.bridge import Bridge
from ivr.engine.call import Call
from ivr.engine.messages import (
    Arrived,
    Declined,
    DigitBegan,
    DigitOver,
    Event,
    Extra,
    Held,
    HungUp,
    Placed,
    Reject,
    Release,
    Resumed,
    TransferTo,
    TurnedAway,
    Welcome,
)
from ivr.engine.plugs import Plug
from ivr.engine.ports import Heeding, Measured, Trunk
from ivr.engine.sound import Samples
from ivr.journal import Entry

_MOST = 1 << 20
"""Samples of all rows together that a step has at most, if it has more than one frame: two megabytes."""


class Exchange:
    """Plugs trunks into a bridge.

    Whoever calls `step` sets the pace: as fast as it goes, or one every 20 ms. Steps of many frames are for those
    who neither heed what is heard nor look at how things stand meanwhile.

    Parameters
    ----------
    bridge : Bridge
    trunks : iterable of Trunk
        Those that are there from the beginning, in the order in which calls that arrive together are numbered.
    reception : callable
        Tells what becomes of a call that arrives; by default it is answered at once.

    Attributes
    ----------
    heard, spoken : int16 array [shape=(rows, k * 160)]
        What every call said and heard in the last step, for those who watch; a call's place is its `row`.
    """

    def __init__(self, bridge: Bridge, trunks: Iterable[Trunk] = (), *,
                 reception: Callable[[Arrived], Welcome] = lambda _: Welcome()) -> None:
        self.bridge = bridge
        self._plugs: list[Plug] = []
        self._where: dict[int, tuple[Plug, int]] = {}
        self._heeding: list[Plug] = []
        self._arrivals = Arrivals(bridge, reception, self._where)
        self.heard = np.zeros((bridge.rows, FRAME), np.int16)
        self.spoken = np.zeros_like(self.heard)
        for trunk in trunks:
            self.attach(trunk)

    def attach(self, trunk: Trunk) -> None:
        """Add a trunk; it goes by itself when it is over."""
        self._plugs.append(Plug(trunk))
        if isinstance(trunk, Heeding):
            self._heeding.append(self._plugs[-1])

    def ask(self, serial: int, what: type[Extra], **more: Any) -> bool:  # noqa: ANN401
        """Ask something of a call's line: ``ask(3, SendDigits, keys="12")``.

        Returns
        -------
        bool
            False if its trunk cannot do that, which the journal tells too, or if there is no such call.
        """
        if serial not in self._where:
            return False
        plug, slot = self._where[serial]
        if not plug.can(what):
            self._note(plug.calls[slot], "cannot", request=what.__name__)
            return False
        plug.commands.append(what(slot=slot, at=self.bridge.now, **more))
        return True

    def place(self, trunk: Trunk, to: str, *, caller: str) -> bool:
        """Dial a number through a trunk; whoever answers is on the bridge, under this name.

        Returns
        -------
        bool
            False if the trunk cannot dial, or is not plugged in.
        """
        plug = next((plug for plug in self._plugs if plug.trunk is trunk), None)
        return plug is not None and self._arrivals.place(plug, to, caller)

    def step(self, frames: int = 1) -> int:
        """Carry a frame both ways and let the bridge advance; or up to `frames`, as far ahead as all is known.

        However many frames a step has, nothing that is heard or told differs by it.

        Returns
        -------
        int
            How many frames were carried: one at least, and no more than memory has room for.
        """
        written = self.bridge.journal.written
        for serial, to, shown in self.bridge.placing():
            self._arrivals.place_for(serial, to, shown, self._plugs)
        plugs = self._plugs
        gone = self._events(self.bridge.now)
        if frames > 1:  # of trunks that are over now somebody may have waited for the end
            frames = self._known(frames) if self._plugs is plugs else 1
        missing = self._receive(frames)
        if frames == 1:
            self._carry(self.heard, missing, gone)
        elif self._heeding:
            frames = self._carry(self.heard, missing, gone, written).shape[1] // FRAME
            self.heard = self.heard[:, :frames * FRAME]
        else:
            heard, spoken = self.heard, []
            for begin in self._stretches(frames):
                lost = None if missing is None else missing[:, begin:]
                spoken.append(self._carry(heard[:, begin * FRAME:], lost, gone))
                gone = []
            self.spoken = np.concatenate(spoken, axis=1)
        self._arrivals.clear()
        self.bridge.spare()
        return frames

    def _known(self, most: int) -> int:
        """Return how many frames are known ahead, in which nobody comes or goes by himself: at least one."""
        if self.bridge.dials and not self._heeding:
            return 1  # who answers may do so in the very next frame
        if self._heeding and (self.bridge.busy or len(self._heeding) < len(self._plugs)):
            return 1  # what the other trunks say is theirs to give once
        now = self.bridge.now
        ahead = min([self._arrivals.horizon(now), *(plug.trunk.horizon(now) for plug in self._plugs)])
        if self._heeding and self.bridge.mixes:
            ahead = min(ahead, *(plug.unheeding(now) for plug in self._heeding))
        return max(1, min(most, ahead // FRAME, _MOST // (self.bridge.rows * FRAME)))

    def _stretches(self, frames: int) -> Iterator[int]:
        """Give where each stretch of a step begins, in frames, as the bridge comes to it."""
        began = self.bridge.now
        while (done := (self.bridge.now - began) // FRAME) < frames:
            yield done

    def _receive(self, frames: int) -> NDArray[np.bool_] | None:
        """Let all trunks fill the rows of their calls; return what did not come."""
        if self.heard.shape != (self.bridge.rows, frames * FRAME):
            self.heard = np.zeros((self.bridge.rows, frames * FRAME), np.int16)
        missing = None
        for plug in self._plugs:
            plug.arrange()
            if plug.busy:
                missing = plug.receive(self.bridge.now, self.heard, missing)
        return missing

    def _carry(self, heard: Samples, missing: NDArray[np.bool_] | None, gone: list[Call],
               written: int | None = None) -> Samples:
        """Let the bridge advance by a frame, and by those after it in which nothing happens.

        Parameters
        ----------
        written : int, optional
            How much the journal had when the step began; if it has more, those who heed it are asked first.
        """
        bridge, now = self.bridge, self.bridge.now
        self.spoken = bridge.tick(heard[:, :FRAME], None if missing is None else missing[:, 0])
        for call, to in bridge.transfers():
            self.ask(call.serial, TransferTo, to=to)
        for call in gone:
            bridge.hung_up(call)
        ended = bridge.ended()
        if written is not None and bridge.mixes:
            ended = self._carry_on(heard, missing, written, ended)
        elif heard.shape[1] > FRAME and not ended and written in (None, bridge.journal.written):
            came = heard.shape[1] if missing is None else _all_came(missing) * FRAME
            heeded = self._heeded if self._heeding else None
            self.spoken = np.append(self.spoken, bridge.go_on(heard[:, FRAME:came], heeded), axis=1)
        self._arrivals.pick_up()  # who is let go in the tick in which he is answered was answered
        for call in ended:
            plug, slot = self._where[call.serial]
            if call.rings and call.refused:
                self._note(call, "turned-away", code=call.refused)
                plug.commands.append(Reject(slot, bridge.now, call.refused))
            else:
                plug.commands.append(Release(slot, bridge.now, "fault" if call.faulty else ""))
        for plug in self._plugs:
            plug.arrange()
            if plug.busy:
                plug.send(now, self.spoken)
        for call in ended:
            self._disconnect(*self._where[call.serial])
        return self.spoken

    def _carry_on(self, heard: Samples, missing: NDArray[np.bool_] | None, written: int, ended: list[Call]
                  ) -> list[Call]:
        """Let the bridge advance by the frames after the first one until something happens, in which nobody heeds.

        Returns
        -------
        list of Call
            The calls that the bridge has ended.
        """
        bridge, spoken = self.bridge, [self.spoken]
        came = heard.shape[1] if missing is None else _all_came(missing) * FRAME
        for begin in range(FRAME, came, FRAME):
            if ended or written != bridge.journal.written or bridge.busy or not bridge.quiet:
                break
            spoken.append(bridge.tick(heard[:, begin:begin + FRAME]))
            for call, to in bridge.transfers():
                self.ask(call.serial, TransferTo, to=to)
            ended = bridge.ended()
        self.spoken = np.concatenate(spoken, axis=1) if len(spoken) > 1 else self.spoken
        return ended

    def _heeded(self, ahead: Samples) -> int:
        """Return after how many frames behind the present one somebody may do something about what he hears."""
        spoken = np.append(self.spoken, ahead, axis=1)
        now = self.bridge.now - FRAME
        return min(plug.heeds(now, spoken) for plug in self._heeding) - 1

    # what trunks tell

    def _events(self, now: int) -> list[Call]:
        """Take what trunks tell; return the calls whose callers hang up."""
        told: list[tuple[Plug, Event]] = []
        over = False
        for plug in self._plugs:
            told += [(plug, event) for event in plug.trunk.events(now)]
            over = over or (not plug.busy and plug.trunk.over)
        gone = self._hang_ups(told) if told else []
        for plug, event in told:
            self._take(plug, event, gone)
        self._arrivals.due(now)
        if over:
            self._plugs = [plug for plug in self._plugs if plug.busy or not plug.trunk.over]
            self._heeding = [plug for plug in self._heeding if plug in self._plugs]
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
        for call, event in gone:
            self._hang_up(call, event)
        return [call for call, _ in gone]

    def _hang_up(self, call: Call, event: HungUp) -> None:
        if event.why:
            self._note(call, "line-lost", because=event.why)
        self.bridge.hang_up(call)

    def _take(self, plug: Plug, event: Event, gone: list[Call]) -> None:
        call = plug.calls.get(event.slot)
        match event:
            case Arrived():
                self._arrivals.arrived(plug, event)
            case Declined(code=code) if call is not None:  # he was to be handed over
                self.bridge.journal.write(Entry(event.at, call.serial, call.caller, "declined", {"code": code}))
            case TurnedAway():
                self._arrivals.turned_away(event)
            case Placed() | Declined():
                self._arrivals.answered(plug, event)
            case HungUp() if call is None:
                self._arrivals.gave_up(plug, event)
            case HungUp() if call is not None:  # he has dialled in this very step
                gone.append(self._disconnect(plug, event.slot))
                self._hang_up(call, event)
            case DigitBegan() | DigitOver() if call is not None:
                self.bridge.keyed(call, event)
            case Held() | Resumed() if call is not None:
                if plug.hold(event.slot, on=isinstance(event, Held)):
                    self._note(call, "held" if isinstance(event, Held) else "resumed")

    def _disconnect(self, plug: Plug, slot: int) -> Call:
        call = plug.disconnect(slot)
        if isinstance(plug.trunk, Measured) and (facts := plug.trunk.figures(slot)):
            self._note(call, "sound", **facts)
        del self._where[call.serial]
        self.heard[call.row:call.row + 1] = 0
        return call

    def _note(self, call: Call, event: str, **facts: Any) -> None:  # noqa: ANN401
        self.bridge.journal.write(Entry(self.bridge.now, call.serial, call.caller, event, facts))


def _all_came(missing: NDArray[np.bool_]) -> int:
    """Return how many frames there are before one, the very first apart, of which something did not come."""
    lost = np.flatnonzero(missing[:, 1:].any(axis=0))
    return int(lost[0]) + 1 if len(lost) else missing.shape[1]
