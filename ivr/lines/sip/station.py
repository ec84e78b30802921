"""What all transactions and calls of an endpoint share: timers, what is to be sent, what is to be told."""

from collections.abc import Callable
from itertools import count
from typing import Protocol

from sipmessage import Request, Response

from ivr.clock import Timers, samples
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.telling import Event
from ivr.lines.sip.writing import host_in

T1 = samples(0.5)
"""Estimate of the round trip (RFC 3261 17.1.1.1)."""
T2 = samples(4)
T4 = samples(5)
LONGEST = 64 * T1


class TimerOwner(Protocol):
    """Who has timers."""

    def due(self, kind: str, now: int) -> None:
        """Learn that a timer is due."""


class Station:
    """The common ground of an endpoint.

    Parameters
    ----------
    here : Peer
        The address by which others reach it.
    token : callable
        Gives words that nobody can guess, for tags and branches.
    secure : Peer, optional
        The address for TLS; the other one where there is none.
    keys : callable, optional
        As of `Local.draw`.

    Attributes
    ----------
    now : int
        How far time has come.
    """

    def __init__(self, here: Peer, token: Callable[[], str], secure: Peer | None = None,
                 keys: Callable[[int], bytes] | None = None) -> None:
        self.here, self.token, self._secure, self.keys = here, token, secure or here, keys
        self.timers = Timers()
        self.outbox: list[tuple[bytes, Peer]] = []
        self.told: list[Event] = []
        self._owners: dict[int, TimerOwner] = {}
        self._numbers = count(1)
        self.now = 0

    def contact(self, to: Peer, user: str = "ivr", scheme: str = "sip") -> str:
        """Return our Contact for somebody."""
        by = "" if to.transport == "UDP" else f";transport={to.transport.lower()}"
        return f"<{scheme}:{user}@{self._sent_by(to)}{by}>"

    def via(self, to: Peer) -> str:
        """Return the Via of a new request."""
        return f"SIP/2.0/{to.transport} {self._sent_by(to)};branch=z9hG4bK{self.token()};rport"

    def _sent_by(self, to: Peer) -> str:
        here = self._secure if to.transport == "TLS" else self.here
        return f"{host_in(here.host)}:{here.port}"

    def enter(self, owner: TimerOwner) -> int:
        """Return a number under which somebody has timers."""
        number = next(self._numbers)
        self._owners[number] = owner
        return number

    def owner(self, number: int) -> TimerOwner | None:
        """Return who has a number."""
        return self._owners.get(number)

    def leave(self, number: int, *kinds: str) -> None:
        """Forget somebody and these timers of his."""
        self._owners.pop(number, None)
        for kind in kinds:
            self.timers.cancel(number, kind)

    def send(self, message: Request | Response | bytes, to: Peer) -> None:
        """Send a message."""
        self.outbox.append((message if isinstance(message, bytes) else bytes(message), to))

    def advance(self, now: int) -> None:
        """Do what is due."""
        self.now = max(self.now, now)
        while (at := self.timers.next_at()) is not None and at <= now:
            for moment, number, kind, setting in self.timers.due(at + 1):
                if self.timers.take(number, kind, setting) and number in self._owners:
                    self._owners[number].due(kind, max(moment, now))
