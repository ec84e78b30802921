"""A leg: one call as the endpoint keeps it, whoever began it."""

from collections.abc import Callable
from dataclasses import dataclass

from sipmessage import Request

from ivr.lines.sip.agreeing import Agreement, Local, Unacceptable
from ivr.lines.sip.clients import Client, Heard
from ivr.lines.sip.dialogs import Dialog
from ivr.lines.sip.expiring import Interval
from ivr.lines.sip.reading import Peer, Read
from ivr.lines.sip.servers import ServerTransaction
from ivr.lines.sip.station import LONGEST, T1, T2
from ivr.lines.sip.telling import Agreed, Ended, Event
from ivr.lines.sip.transactions import ABOUT, SDP, Transactions, reply
from ivr.lines.sip.writing import Headers

_KINDS = ("repeat", "unacked", "refresh", "expired", "retry")
GONE = (408, 481)
"""Answers after which a call is no more (RFC 3261 12.2.1.2)."""

Legs = dict[tuple[str, str, str], "Leg"]


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
        self.ends = self.stale = False
        self._legs, self._renew = legs, renew
        self.number = self.station.enter(self)
        legs[dialog.key] = self

    @property
    def contact(self) -> str:
        """Our Contact in this call."""
        return self.station.contact(self.dialog.peer)

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
        self.station.leave(self.number, *_KINDS)
        if self._legs.get(self.dialog.key) is self:
            del self._legs[self.dialog.key]

    def follow(self, dialog: Dialog) -> None:
        """Have another dialog from now on."""
        self._legs.pop(self.dialog.key, None)
        self.dialog = dialog
        self._legs[dialog.key] = self

    # answers to INVITE

    def accept(self, server: ServerTransaction, now: int, body: bytes, *, asks: bool, to_tag: str = "",
               headers: Headers = ()) -> None:
        """Answer an INVITE with 200, again and again until it is acknowledged (RFC 3261 13.3.1.4)."""
        made = reply(server, 200, now, to_tag=to_tag, body=body, headers=(
            ("Contact", self.contact), *ABOUT, *headers, ("Content-Type", SDP)))
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
        if sent.asks and not self.ends:
            try:
                self.agree(self.local.taken(read.message.body))
            except Unacceptable:
                self.lost("there was no answer to our offer of sound")
                self.bye(now)
        if self.ends:
            self.bye(now)

    # our own requests

    def ask(self, method: str, heard: Heard, now: int, headers: Headers = (), body: bytes = b"") -> Client:
        """Send a request within the dialog."""
        made = self.dialog.request(self.station, method, headers=headers, body=body)
        return self.wires.ask(made, self.dialog.peer, heard, now)

    def bye(self, now: int) -> None:
        """Send BYE, and be over."""
        self.ask("BYE", lambda *_: None, now)
        self.drop()

    def end(self, now: int) -> None:
        """Hang up an answered call; who has not acknowledged our 200 is first waited for (RFC 3261 15)."""
        self.ends = True
        if self.sent is None:
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

    def lost_with_bye(self, why: str, now: int) -> None:
        """Be over for a reason that the other side may not know."""
        self.tell(Ended(self.number, why))
        self.bye(now)
