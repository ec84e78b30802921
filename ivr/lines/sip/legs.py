"""A leg: one call as the endpoint keeps it, whoever began it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sipmessage import Request, Response

from ivr.lines.sip.accounts import Account, with_proof
from ivr.lines.sip.agreeing import Agreement, Local, Unacceptable
from ivr.lines.sip.clients import Client, Heard
from ivr.lines.sip.dialogs import Dialog
from ivr.lines.sip.expiring import Interval
from ivr.lines.sip.reading import Peer, Read
from ivr.lines.sip.servers import ServerTransaction
from ivr.lines.sip.station import LONGEST, T1, T2
from ivr.lines.sip.telling import Acknowledged, Agreed, Ended, Event
from ivr.lines.sip.transactions import ABOUT, SDP, Transactions, reply
from ivr.lines.sip.writing import Headers

_EARLY = ("again", "unheard", "still")
_KINDS = ("repeat", "unacked", "refresh", "expired", "retry", "transfer", "left", *_EARLY)
_PROOFS = 4
"""How often we say who we are, for one request: to some proxies and a server, one of which has a new nonce."""
GONE = (408, 481)
"""Answers after which a call is no more (RFC 3261 12.2.1.2)."""

Legs = dict[tuple[str, str, str], "Leg"]


class Provisional(Protocol):
    """What one who calls is told before he is answered."""

    agreed: bool
    """Whether the sound is agreed on by it for good."""

    @property
    def described(self) -> bool:
        """Whether our side of the sound has been told."""

    @property
    def waits(self) -> bool:
        """Whether a description of ours is not acknowledged yet."""

    def say(self, code: int, now: int, body: bytes = b"") -> None:
        """Tell something."""

    def describe(self, local: Local, now: int) -> bool:
        """Tell our side of the sound; return whether that is possible before the answer."""

    def then(self, do: Callable[[int], None]) -> None:
        """Do something once the description is acknowledged."""

    def acknowledged(self, server: ServerTransaction, now: int) -> None:
        """Take a PRACK."""

    def quiet(self) -> None:
        """Say nothing again any more."""

    def due(self, kind: str, now: int) -> None:
        """Say something again, or give up."""


@dataclass(slots=True)
class Early:
    """A dialog that an answer which is not final has made of a call of ours (RFC 3261 12.1).

    Attributes
    ----------
    number : int
        RSeq of the last such answer that was reliable; 0 for none.
    agreed : Agreement or None
        What one of them agrees on; for good where it was reliable.
    """

    dialog: Dialog
    number: int = 0
    agreed: Agreement | None = None


@dataclass(slots=True)
class _Sent:
    """A 200 to an INVITE that is not acknowledged yet."""

    server: ServerTransaction
    data: bytes
    to: Peer
    asks: bool
    """Whether it has our offer, which the ACK answers."""
    interval: int = T1


class Leg:
    """One call.

    Parameters
    ----------
    renew : callable
        Says again what holds, when that is due.

    Attributes
    ----------
    number : int
    state : str
        "invited" or "calling" before it is answered, then "up"; "over".
    dialog : Dialog
    local : Local
        Our side of its sound.
    agreed : Agreement or None
    pending : ServerTransaction or None
        The INVITE that waits for our answer.
    asking : Client or None
        An INVITE of ours without an answer.
    first : Request or None
        The INVITE by which we called.
    allows : set of str
        What the other side says it understands, in small letters.
    interval : Interval or None
        The session timer that holds.
    sent : _Sent or None
        Our 200 that is not acknowledged.
    ringing : Provisional or None
        What is told before our answer, of a call that comes in.
    early : dict of tag to Early
        Those who have said something to a call of ours, and have not answered it.
    account : Account or None
        As whom we have called.
    transfers : bool
        Whether we have handed it over, and do not know yet how that goes.
    refers : int or None
        CSeq of what the other side has asked us to do, until it is done.
    ends : bool
        Whether we have hung up: nothing is told any more.
    stale : bool
        Whether the other side does not know yet that we hold it, or hold it no more.
    """

    def __init__(self, wires: Transactions, legs: Legs, dialog: Dialog, local: Local,
                 renew: Callable[["Leg", int], None]) -> None:
        self.wires, self.station = wires, wires.station
        self.dialog, self.local = dialog, local
        self.state = "invited"
        self.agreed: Agreement | None = None
        self.pending: ServerTransaction | None = None
        self.asking: Client | None = None
        self.first: Request | None = None
        self.allows: set[str] = set()
        self.interval: Interval | None = None
        self.sent: _Sent | None = None
        self.ringing: Provisional | None = None
        self.early: dict[str, Early] = {}
        self.account: Account | None = None
        self.refers: int | None = None
        self.ends = self.stale = self.transfers = False
        self._legs, self._renew = legs, renew
        self.number = self.station.enter(self)
        legs[dialog.key] = self

    @property
    def contact(self) -> str:
        """Our Contact in this call."""
        return self.station.contact(self.dialog.peer, scheme="sips" if self.dialog.secure else "sip")

    # what is told

    def tell(self, event: Event) -> None:
        """Tell of something, unless we have hung up ourselves."""
        if not self.ends:
            self.station.told.append(event)

    def agree(self, agreed: Agreement) -> None:
        """Take what is agreed on."""
        if agreed != self.agreed:
            self.agreed = agreed
            self.tell(Agreed(self.number, agreed))

    def lost(self, why: str = "") -> None:
        """Be over; whoever listens is told."""
        if self.state != "over":
            self.tell(Ended(self.number, why))
            self.drop()

    def drop(self) -> None:
        """Be over."""
        self.state = "over"
        if self.asking is not None:  # an INVITE within it that was heard of, and is answered by nobody any more
            self.asking.patience(self.station.now + LONGEST)
        self.station.leave(self.number, *_KINDS)
        for dialog in (self.dialog, *(early.dialog for early in self.early.values())):
            if self._legs.get(dialog.key) is self:
                del self._legs[dialog.key]

    def follow(self, dialog: Dialog) -> None:
        """Have another dialog from now on."""
        for old in (self.dialog, *(early.dialog for early in self.early.values())):
            self._legs.pop(old.key, None)
        self.dialog = dialog
        self._legs[dialog.key] = self

    def begun_by(self, dialog: Dialog) -> Early:
        """Take it that another one has said something to our call; his requests belong to it too."""
        early = self.early[dialog.key[2]] = Early(dialog)
        self._legs[dialog.key] = self
        return early

    def dialog_of(self, read: Read) -> Dialog:
        """Return the dialog that a request belongs to."""
        early = self.early.get(read.from_tag)
        return early.dialog if self.state == "calling" and early else self.dialog

    # answers to INVITE

    def accept(self, server: ServerTransaction, now: int, body: bytes, *, asks: bool, to_tag: str = "",
               headers: Headers = ()) -> None:
        """Answer an INVITE with 200, again and again until it is acknowledged (RFC 3261 13.3.1.4)."""
        described = (("Content-Type", SDP),) if body else ()
        made = reply(server, 200, now, to_tag=to_tag, body=body, headers=(
            ("Contact", self.contact), *ABOUT, *headers, *described))
        self.sent = _Sent(server, bytes(made), server.peer, asks)
        self.station.timers.set(self.number, "repeat", now + T1)
        self.station.timers.set(self.number, "unacked", now + LONGEST)

    def acked(self, read: Read, now: int) -> None:
        """Take the ACK of a 200."""
        if self.sent is None or read.cseq != self.sent.server.read.cseq:
            return
        sent, self.sent = self.sent, None
        sent.server.quiet()
        self.station.timers.cancel(self.number, "repeat")
        self.station.timers.cancel(self.number, "unacked")
        if not sent.server.read.to_tag:
            self.tell(Acknowledged(self.number))
        if sent.asks and not self.ends:
            try:
                self.agree(self.local.taken(read.message.body))
            except Unacceptable:
                self.lost("there was no answer to our offer of sound")
                self.bye(now)
        self.part(now)

    # our own requests

    def ask(self, method: str, heard: Heard, now: int, headers: Headers = (), body: bytes = b"", *,
            tries: int = 0) -> Client:
        """Send a request within the dialog; where we are asked who we are, with the proof."""
        made = self.dialog.request(self.station, method, headers=headers, body=body)

        def answered(read: Read | None, at: int) -> None:
            proof = self._proof(read, made) if tries < _PROOFS else None
            if proof is None or (self.ends and method == "INVITE"):
                heard(read, at)
                return
            again = self.ask(method, heard, at, with_proof(headers, proof), body, tries=tries + 1)
            if self.asking is client:
                self.asking = again
            if self.first is made:
                self.first = again.request

        client = self.wires.ask(made, self.dialog.peer, answered, now)
        return client

    def _proof(self, read: Read | None, asked: Request) -> tuple[str, str] | None:
        """Return what answers who asks who we are; None if nobody does, or we have no answer."""
        if self.account is None or read is None or not isinstance(read.message, Response):
            return None
        return self.account.proof(read, read.message.code, asked, self.station.token)

    def bye(self, now: int) -> None:
        """Send BYE, and be over."""
        self.ask("BYE", lambda *_: None, now)
        self.drop()

    def end(self, now: int) -> None:
        """Hang up an answered call.

        Who has not acknowledged our 200 is first waited for (RFC 3261 15), and who is being handed over as well.
        """
        self.ends = True
        self.part(now)

    def part(self, now: int) -> None:
        """Send BYE if we have hung up, and nothing of it is to be waited for any more."""
        if self.ends and self.sent is None and not self.transfers and self.state == "up":
            self.bye(now)

    def kept(self, interval: Interval | None, now: int) -> None:
        """Keep a session timer from now on."""
        for kind in ("refresh", "expired"):
            self.station.timers.cancel(self.number, kind)
        self.interval = interval
        if interval is not None:
            self.station.timers.set(self.number, "refresh" if interval.ours else "expired", now + interval.after)

    def due(self, kind: str, now: int) -> None:
        """Do what is due."""
        if kind == "repeat" and self.sent is not None:
            self.sent.interval = min(2 * self.sent.interval, T2)
            self.station.send(self.sent.data, self.sent.to)
            self.station.timers.set(self.number, "repeat", now + self.sent.interval)
        elif kind == "unacked":
            self.lost_with_bye("our answer was never acknowledged", now)
        elif kind == "expired":
            self.lost_with_bye("the call was not refreshed in time", now)
        elif kind in ("refresh", "retry"):
            self._renew(self, now)
        elif kind in ("transfer", "left"):
            self.transfers = False
            self.part(now)
        elif kind in _EARLY and self.ringing is not None:
            self.ringing.due(kind, now)

    def lost_with_bye(self, why: str, now: int) -> None:
        """Be over for a reason that the other side may not know."""
        self.tell(Ended(self.number, why))
        self.bye(now)
