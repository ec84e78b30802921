"""Numbers that are dialled for callers: whoever answers is with the caller until one of them goes."""

from ivr.clock import samples
from ivr.engine import messages
from ivr.engine.application import Host
from ivr.engine.call import ENDED, Call
from ivr.engine.flow import STAY, Flow, To
from ivr.engine.nodes import Ask, End, Park, Play
from ivr.engine.together import OVER, TOGETHER, Together, both

BUSY, NO_ANSWER = "busy", "no answer"
"""What a caller is told from outside for whom nobody answers; for one whom somebody does, TOGETHER, then OVER."""

RING = "ring"
"""The timer at which it has rung for long enough; an application has it due, and gives up (`Dialling.give_up`)."""

RINGS = samples(20)
"""How long it rings, unless told otherwise."""

LEG = Flow("leg", "connecting", {
    "connecting": Ask(state=None, question="connecting", answers=frozenset({TOGETHER, OVER}),
                      exits={TOGETHER: To("talking"), OVER: To("end")}),
    "talking": Park(state="talking", on={OVER: To("end"), TOGETHER: To(STAY)}),
    "end": End()}, fault=To("end"), outside=frozenset({OVER, TOGETHER}),
    impossible={event: frozenset({"connecting", "end"}) for event in (OVER, TOGETHER)})
"""Where somebody is who was dialled for a caller."""

KEYED_LEG = Flow("leg", "keys", {
    "keys": Play(state=None, what="keys", exits={"ended": To("connecting")}), **LEG.nodes},
    fault=LEG.fault, outside=LEG.outside,
    impossible={event: nodes | {"keys"} for event, nodes in LEG.impossible.items()})
"""The same for somebody to whom keys are pressed first."""


class Dialling:
    """Has numbers dialled for the calls of one application.

    Parameters
    ----------
    host : Host
    together : Together
        Where a caller and who answers are together.
    """

    def __init__(self, host: Host, together: Together) -> None:
        self._host, self._together = host, together
        self._ringing: dict[int, int] = {}
        self._answered: dict[int, int] = {}

    def dial(self, call: Call, to: str, at: int, *, rings: int = RINGS, shown: str = "") -> None:
        """Have a number dialled for a call, beside those that ring for it already.

        Parameters
        ----------
        rings : int
            How long it rings at the most.
        shown : str
            What journals call the number, where that is not the number.
        """
        self._ringing[call.serial] = self._ringing.get(call.serial, 0) + 1
        self._host.timers.set(call.serial, RING, at + rings)
        self._host.note(call, at, "dialling", to=shown or to)
        self._host.place(call, to, shown or to)

    def rings(self, serial: int) -> bool:
        """Tell whether it rings for a call."""
        return serial in self._ringing

    def give_up(self, call: Call) -> None:
        """Let it ring no more."""
        if self.rings(call.serial):
            self._host.place(call, "")
        self._stop(call.serial)

    def declined(self, call: Call, code: int) -> bool:
        """Take it that somebody declines; return whether all are busy whom it rings at.

        Whoever cannot be reached for another reason does not tell so: there it rings until it is given up.
        """
        if not self.rings(call.serial) or code != messages.BUSY:
            return False
        self._ringing[call.serial] -= 1
        if self._ringing[call.serial]:
            return False
        self._stop(call.serial)
        return True

    def connected(self, leg: Call, at: int) -> str:
        """Let somebody who answers be with the caller, if he is still there; return the exit of `LEG`."""
        caller = self.reached(leg)
        return OVER if caller is None else self.join(leg, caller, at)

    def reached(self, leg: Call) -> Call | None:
        """Return the caller for whom somebody answers; None if nobody waits for him any more."""
        caller = self._host.calls.get(leg.leg_of)
        if caller is None or caller.state == ENDED or not self.rings(leg.leg_of):
            return None
        self._host.place(caller, "")  # the first who answers has the call
        self._stop(caller.serial)
        self._answered[caller.serial] = leg.serial
        return caller

    def join(self, leg: Call, caller: Call, at: int) -> str:
        """Let somebody who was dialled wait for the caller, who is told; return the exit of `LEG`."""
        self._together.join(leg, both(caller.serial), at)
        self._host.queue.tell(caller.serial, TOGETHER)
        return TOGETHER

    def meet(self, call: Call, at: int) -> None:
        """Let a caller be with who has answered."""
        leg = self._host.calls.get(self._answered.pop(call.serial, 0))
        if leg is None or leg.state == ENDED:  # he has hung up at once
            self._host.queue.tell(call.serial, OVER)
        else:
            self._together.join(call, both(call.serial), at)

    def let_go(self, call: Call, at: int) -> None:
        """Let a call go from wherever it is."""
        self.give_up(call)
        self._answered.pop(call.serial, None)
        self._together.leave(call, at)

    def _stop(self, serial: int) -> None:
        self._host.timers.cancel(serial, RING)
        self._ringing.pop(serial, None)
