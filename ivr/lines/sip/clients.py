"""Client transactions (RFC 3261 17.1, RFC 6026): our requests, until they are answered."""

from collections.abc import Callable

from sipmessage import Request

from ivr.lines.sip.reading import Peer, Read
from ivr.lines.sip.station import LONGEST, T1, T2, T4, Station
from ivr.lines.sip.writing import request

_KINDS = ("again", "lost", "over")

Heard = Callable[[Read | None, int], None]
"""Takes an answer, or None where none has come in time."""


class Client:
    """One request of ours.

    Parameters
    ----------
    station : Station
    made : Request
    to : Peer
    heard : callable
        Takes every provisional answer, and one final one; of an INVITE every 2xx, since it may be another's.
    among : dict of (branch, method) to Client

    Attributes
    ----------
    state : str
        "calling", "proceeding", "completed", "accepted" or "over".
    """

    def __init__(self, station: Station, made: Request, to: Peer, heard: Heard,
                 among: dict[tuple[str, str], "Client"], now: int) -> None:
        self.request, self.peer = made, to
        self.state = "calling"
        self._station, self._heard, self._among = station, heard, among
        self._data = bytes(made)
        self._interval = T1
        self._ack: bytes | None = None
        self._given_up = False
        self._number = station.enter(self)
        self._key = str(made.via[0].parameters["branch"]), made.method
        among[self._key] = self
        station.send(self._data, to)
        if to.transport == "UDP":
            station.timers.set(self._number, "again", now + T1)
        station.timers.set(self._number, "lost", now + LONGEST)

    @property
    def _invites(self) -> bool:
        return self.request.method == "INVITE"

    def receive(self, read: Read, code: int, now: int) -> None:
        """Take an answer."""
        station, timers = self._station, self._station.timers
        if self.state in ("calling", "proceeding"):
            if code < 200:
                if self._invites and self.state == "calling":
                    timers.cancel(self._number, "again")
                    if not self._given_up:
                        timers.cancel(self._number, "lost")  # it may ring for as long as it likes
                self.state = "proceeding"
                self._heard(read, now)
                return
            timers.cancel(self._number, "again")
            timers.cancel(self._number, "lost")
            self.state = "accepted" if self._invites and code < 300 else "completed"
            wait = LONGEST if self._invites else T4
            timers.set(self._number, "over", now + (wait if self.peer.transport == "UDP" else 0))
            if self._invites and code >= 300:
                self._ack = self._acknowledgement(read)
                station.send(self._ack, self.peer)
            self._heard(read, now)
        elif self.state == "accepted" and 200 <= code < 300:
            self._heard(read, now)
        elif self.state == "completed" and self._ack and code >= 300:
            station.send(self._ack, self.peer)

    def due(self, kind: str, now: int) -> None:
        """Send again, give up, or end."""
        if kind == "again":
            slow = not self._invites and self.state == "proceeding"
            self._interval = T2 if slow else 2 * self._interval if self._invites else min(2 * self._interval, T2)
            self._station.send(self._data, self.peer)
            self._station.timers.set(self._number, "again", now + self._interval)
            return
        self.state = "over"
        self._station.leave(self._number, *_KINDS)
        self._among.pop(self._key, None)
        if kind == "lost":
            self._heard(None, now)

    def patience(self, until: int) -> None:
        """Wait for the answer to an INVITE that is given up until then, and no longer (RFC 3261 9.1)."""
        self._given_up = True
        if self.state in ("calling", "proceeding"):
            self._station.timers.set(self._number, "lost", until)

    def cancel(self) -> Request:
        """Return the CANCEL of this INVITE."""
        return self._follow("CANCEL", self.request.headers["To"])

    def _acknowledgement(self, read: Read) -> bytes:
        return bytes(self._follow("ACK", read.message.headers["To"]))

    def _follow(self, method: str, to: str) -> Request:
        asked = self.request.headers
        return request(method, self.request.uri, via=asked["Via"], from_=asked["From"], to=to,
                       call_id=asked["Call-ID"], cseq=self.request.cseq.sequence, route=asked.getlist("Route"))
