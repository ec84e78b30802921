"""Server transactions (RFC 3261 17.2, with the state "accepted" of RFC 6026)."""

from collections.abc import Callable

from sipmessage import Response

from ivr.lines.sip.reading import Peer, Read
from ivr.lines.sip.station import LONGEST, T1, T2, T4, Station

_KINDS = ("again", "over")


class ServerTransaction:
    """One request and our answers to it.

    Parameters
    ----------
    station : Station
    read : Read
    source, back : Peer
        Where it came from, and where answers go.
    forget : callable
        Called when it is over.

    Attributes
    ----------
    state : str
        "proceeding", "completed", "confirmed", "accepted" or "over".
    call : object or None
        Whose INVITE it is.
    """

    def __init__(self, station: Station, read: Read, source: Peer, back: Peer,
                 forget: Callable[["ServerTransaction"], None]) -> None:
        self.read, self.source, self.peer = read, source, back
        self.state = "proceeding"
        self.call: object | None = None
        self._station, self._forget = station, forget
        self._last: bytes | None = None
        self._interval = T1
        self._number = station.enter(self)

    @property
    def invites(self) -> bool:
        """Whether it is an INVITE's."""
        return self.read.method == "INVITE"

    @property
    def open(self) -> bool:
        """Whether there is no final answer yet."""
        return self.state == "proceeding"

    def respond(self, response: Response, now: int) -> None:
        """Send an answer; after a final one others are none."""
        if not self.open:
            return
        self._last = bytes(response)
        self._station.send(self._last, self.peer)
        if response.code < 200:
            return
        reliable = self.peer.transport != "UDP"
        if not self.invites:
            self._enter("completed", now + (0 if reliable else LONGEST))
        elif response.code < 300:
            self._enter("accepted", now + LONGEST)
        else:
            self._enter("completed", now + LONGEST)
            # a refusal at once goes to who may be anybody: he gets it once, and again if he asks again
            if not reliable and self.call is not None:
                self._station.timers.set(self._number, "again", now + T1)

    def again(self) -> None:
        """Answer the same request, which has come again, with the same."""
        if self._last is not None and self.state != "confirmed":
            self._station.send(self._last, self.peer)

    def acked(self, now: int) -> None:
        """Take the ACK of a refusal."""
        if self.state == "completed" and self.invites:
            self._station.timers.cancel(self._number, "again")
            self._enter("confirmed", now + (T4 if self.peer.transport == "UDP" else 0))

    def quiet(self) -> None:
        """Have a request that comes again answered no more: its 200 has arrived."""
        self._last = None

    def due(self, kind: str, now: int) -> None:
        """Send a refusal again, or end."""
        if kind == "again" and self._last is not None:
            self._interval = min(2 * self._interval, T2)
            self._station.send(self._last, self.peer)
            self._station.timers.set(self._number, "again", now + self._interval)
        elif kind == "over":
            self.state = "over"
            self._station.leave(self._number, *_KINDS)
            self._forget(self)

    def _enter(self, state: str, until: int) -> None:
        self.state = state
        self._station.timers.set(self._number, "over", until)
