"""Callers who are connected to people: by one number of theirs after the other, until it rings somewhere."""

from collections.abc import Callable, Mapping

from ivr.clock import samples
from ivr.engine import messages
from ivr.engine.application import Host
from ivr.engine.call import Call
from ivr.engine.dialling import BUSY, NO_ANSWER, RING, Dialling
from ivr.engine.together import Together
from ivr.mailbox.caller import MailCaller
from ivr.mailbox.words import NOBODY, RINGING

RINGS = "mailbox it rings"
"""The timer after which a caller is told that it rings."""

_KNOWN_BY = samples(0.1)
"""By then it is known whether anybody can be dialled by a number."""


class Calling:
    """Has people dialled for callers, who are told what comes of it by the events of `ivr.engine.dialling`.

    Parameters
    ----------
    host : Host
    number : callable
        Gives a number for a room in the mix.
    callers : mapping of serial to MailCaller
    """

    def __init__(self, host: Host, number: Callable[[], int], callers: Mapping[int, MailCaller]) -> None:
        self._host, self._callers = host, callers
        self._dialling = Dialling(host, Together(host, number, host.give_back))

    def dial(self, caller: MailCaller, at: int) -> None:
        """Dial the next number of who is called."""
        self._dialling.dial(caller, caller.to_dial.pop(0), at)
        self._host.timers.set(caller.serial, RINGS, at + _KNOWN_BY)

    def due(self, caller: MailCaller, kind: str) -> None:
        """Take it that it rings, or has rung for long enough."""
        if kind == RINGS:
            self._host.queue.tell(caller.serial, RINGING)
        elif kind == RING:
            self._unanswered(caller, NO_ANSWER)

    def declined(self, call: Call, code: int, at: int) -> None:
        """Take it that a line is busy, or that nobody has that number: then the next one is dialled."""
        caller = self._callers.get(call.serial)
        if caller is None or not self._dialling.rings(call.serial):
            return
        if code == messages.NOBODY:
            self.give_up(caller)
            if caller.to_dial:
                self.dial(caller, at)
            elif caller.inside and caller.callee is None:
                self._unanswered(caller, NO_ANSWER)
            else:
                self._host.queue.tell(call.serial, NOBODY)
        elif self._dialling.declined(call, code):
            self._unanswered(caller, BUSY)

    def connected(self, leg: Call, at: int) -> str:
        """Let somebody who answers be with the caller."""
        self._host.timers.cancel(leg.leg_of, RINGS)
        return self._dialling.connected(leg, at)

    def meet(self, caller: MailCaller, at: int) -> None:
        """Let a caller be with who has answered."""
        self._dialling.meet(caller, at)

    def give_up(self, caller: MailCaller) -> None:
        """Let it ring no more."""
        self._dialling.give_up(caller)
        self._host.timers.cancel(caller.serial, RINGS)

    def let_go(self, call: Call, at: int) -> None:
        """Let a call go from wherever it is."""
        self._host.timers.cancel(call.serial, RINGS)
        self._dialling.let_go(call, at)

    def _unanswered(self, caller: MailCaller, how: str) -> None:
        self.give_up(caller)
        self._host.queue.tell(caller.serial, how)
