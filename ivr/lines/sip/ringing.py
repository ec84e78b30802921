"""What who calls is told before he is answered: reliably where he can take it so (RFC 3262), early sound too."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ivr.clock import samples
from ivr.lines.sip.agreeing import Local, Unacceptable
from ivr.lines.sip.legs import Leg, Provisional
from ivr.lines.sip.reading import Read
from ivr.lines.sip.servers import ServerTransaction
from ivr.lines.sip.station import LONGEST, T1
from ivr.lines.sip.transactions import ABOUT, RELIABLE, SDP, reply
from ivr.lines.sip.within import kind_of

_STILL = samples(60)
"""How often one who waits is told that it still rings: proxies give up after three minutes (RFC 3261 13.3.1.1)."""

_MOST = 8
_RACK = re.compile(r"\s*([0-9]{1,10})\s+([0-9]{1,10})\s+(\S+)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer that is not final."""

    code: int
    body: bytes = b""


class ProvisionalAnswers(Provisional):
    """The provisional answers to one INVITE.

    Parameters
    ----------
    leg : Leg
    server : ServerTransaction
    gives_up : callable
        Ends the call whose caller never acknowledges one.
    """

    def __init__(self, leg: Leg, server: ServerTransaction, gives_up: Callable[[Leg, int], None]) -> None:
        self._leg, self._server, self._gives_up = leg, server, gives_up
        read = server.read
        self.reliable = RELIABLE in read.tokens("Supported") | read.tokens("Require")
        self._number = 0
        self._unheard: bytes | None = None
        self._interval = T1
        self._said: list[_Said] = []
        self._next: list[_Said] = []
        self._then: Callable[[int], None] | None = None
        self._described = self._asks = self.agreed = False

    @property
    def described(self) -> bool:
        """Whether our side of the sound has been told."""
        return self._described

    @property
    def waits(self) -> bool:
        """Whether a description of ours is not acknowledged yet: then there is no final answer (RFC 3262 3)."""
        return self._described and self.reliable and not self.agreed

    def say(self, code: int, now: int, body: bytes = b"") -> None:
        """Tell something; while the last is not acknowledged it waits."""
        said = _Said(code, body)
        if self._unheard is None:
            self._send(said, now)
        elif len(self._next) < _MOST and said != (self._next or self._said)[-1]:
            self._next.append(said)

    def describe(self, local: Local, now: int) -> bool:
        """Tell our side of the sound with 183; return whether that is possible before the answer."""
        body = self._server.read.message.body
        if self._described or (not body and not self.reliable):
            return False
        self._leg.local, self._described, self._asks = local, True, not body
        if self._asks:
            self.say(183, now, local.offer())
        else:
            answer, agreed = local.answer(body)
            self.say(183, now, answer)
            self._leg.agree(agreed)
        return True

    def then(self, do: Callable[[int], None]) -> None:
        """Do something once the description is acknowledged."""
        self._then = do

    def acknowledged(self, server: ServerTransaction, now: int) -> None:
        """Take a PRACK (RFC 3262 3)."""
        read, leg = server.read, self._leg
        if self._unheard is None or not self._names(read):
            reply(server, 481, now)
            return
        kind, body = kind_of(server), b""
        if kind and kind != SDP:
            reply(server, 415, now, headers=(("Accept", SDP),))
            return
        try:
            if kind and self._asks and not self.agreed:
                leg.agree(leg.local.taken(read.message.body))
            elif kind:
                body, agreed = leg.local.answer(read.message.body)
                leg.agree(agreed)
            elif self._asks and not self.agreed and self._said[-1].body:
                raise Unacceptable("it does not answer our offer")
        except Unacceptable:
            reply(server, 488, now, headers=ABOUT)
            return
        reply(server, 200, now, body=body, headers=[("Content-Type", SDP)] if body else ())
        self._unheard = None
        self._cancel("again", "unheard")
        self.agreed = self.agreed or bool(self._said[-1].body)
        if self._next and leg.pending is not None:
            self._send(self._next.pop(0), now)
        elif self._then is not None and not self.waits:
            self._then(now)

    def quiet(self) -> None:
        """Say nothing again any more."""
        self._cancel("again", "unheard", "still")

    def due(self, kind: str, now: int) -> None:
        """Say something again, or give up."""
        if self._leg.pending is None:
            return
        if kind == "again" and self._unheard is not None:
            self._interval *= 2
            self._leg.station.send(self._unheard, self._server.peer)
            self._leg.station.timers.set(self._leg.number, "again", now + self._interval)
        elif kind == "unheard":
            self._gives_up(self._leg, now)
        elif kind == "still":
            self._send(_Said(self._said[-1].code), now)

    def _cancel(self, *kinds: str) -> None:
        for kind in kinds:
            self._leg.station.timers.cancel(self._leg.number, kind)

    def _names(self, read: Read) -> bool:
        """Tell whether a PRACK is of what waits for one."""
        found = _RACK.fullmatch(read.header("RAck"))
        named = found and (int(found[1]), int(found[2]), found[3])
        return named == (self._number, self._server.read.cseq, "INVITE")

    def _send(self, said: _Said, now: int) -> None:
        leg, timers = self._leg, self._leg.station.timers
        self._said = [said]
        headers = [("Contact", leg.contact), *ABOUT]
        if self.reliable:
            self._number += 1
            headers += [("Require", RELIABLE), ("RSeq", str(self._number))]
        if said.body:
            headers.append(("Content-Type", SDP))
        made = reply(self._server, said.code, now, to_tag=leg.dialog.key[1], headers=headers, body=said.body)
        timers.set(leg.number, "still", now + _STILL)
        if self.reliable:
            self._unheard, self._interval = bytes(made), T1
            timers.set(leg.number, "again", now + T1)
            timers.set(leg.number, "unheard", now + LONGEST)
