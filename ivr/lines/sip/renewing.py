"""Our own INVITE and UPDATE within a call: to hold, to take back, to refresh (RFC 3261 14, RFC 3311, RFC 4028)."""

from contextlib import suppress
from dataclasses import replace

from sipmessage import Response

from ivr.clock import samples
from ivr.lines.sip.agreeing import Unacceptable
from ivr.lines.sip.dialogs import contact_of
from ivr.lines.sip.expiring import Interval, granted
from ivr.lines.sip.legs import GONE, Leg
from ivr.lines.sip.reading import Read
from ivr.lines.sip.transactions import ABOUT, SDP

_PENDING, _TOO_SMALL = 491, 422


def renew(leg: Leg, now: int) -> None:
    """Say again what holds, or what is new of our side of the sound.

    One INVITE at a time goes on in a call: where one does, this waits.
    """
    if leg.state != "up" or leg.ends:
        return
    if leg.asking is not None or leg.sent is not None:
        leg.station.timers.set(leg.number, "retry", now + _patience(leg))
        return
    interval = leg.interval
    headers = [("Contact", leg.contact), *ABOUT]
    if interval is not None:
        headers.append(("Session-Expires", f"{interval.s};refresher={'uac' if interval.ours else 'uas'}"))
    if not leg.stale and "update" in leg.allows:
        leg.ask("UPDATE", lambda read, at: _updated(leg, read, at), now, headers)
        return
    body, said = leg.local.offer(leg.agreed), leg.local.direction
    leg.asking = leg.ask("INVITE", lambda read, at: _reinvited(leg, said, read, at), now,
                         [*headers, ("Content-Type", SDP)], body)


def _patience(leg: Leg) -> int:
    """Return how long to wait after a clash: whose Call-ID it is longer (RFC 3261 14.1)."""
    return samples(2.5 if leg.first is not None else 1)


def _reinvited(leg: Leg, said: str, read: Read | None, now: int) -> None:
    code = code_of(read)
    if code < 200:
        return
    leg.asking = None
    if read is not None and code < 300:
        acknowledge(leg, read)
        if leg.state == "over":
            return
        if target := contact_of(read):
            leg.dialog.target = target
        with suppress(Unacceptable):  # then what held before holds on
            leg.agree(leg.local.taken(read.message.body))
        _kept(leg, read, now)
        leg.stale = leg.stale and leg.local.direction != said
        if leg.stale:
            renew(leg, now)
    else:
        _failed(leg, read, code, now)


def _updated(leg: Leg, read: Read | None, now: int) -> None:
    code = code_of(read)
    if read is not None and 200 <= code < 300:
        _kept(leg, read, now)
    elif code >= 300:
        _failed(leg, read, code, now)


def _kept(leg: Leg, read: Read, now: int) -> None:
    if leg.state == "up":
        leg.kept(granted(read), now)


def _failed(leg: Leg, read: Read | None, code: int, now: int) -> None:
    if leg.state != "up":
        return
    if code in GONE:
        leg.lost_with_bye("the other side does not know the call any more", now)
    elif code == _PENDING:
        leg.station.timers.set(leg.number, "retry", now + _patience(leg))
    elif code == _TOO_SMALL and read is not None and leg.interval is not None:
        wanted = read.header("Min-SE").partition(";")[0].strip()
        if wanted.isascii() and wanted.isdigit() and leg.interval.s < int(wanted[:9]):
            leg.interval = replace(leg.interval, s=int(wanted[:9]))
            renew(leg, now)
    elif leg.interval is not None:
        leg.kept(Interval(leg.interval.s, leg.interval.ours), now)


def code_of(read: Read | None) -> int:
    """Return the code of an answer; 408 where none has come."""
    return read.message.code if read is not None and isinstance(read.message, Response) else 408


def acknowledge(leg: Leg, read: Read, body: bytes = b"") -> None:
    """Send the ACK of a 2xx (RFC 3261 13.2.2.4)."""
    headers = [("Content-Type", SDP)] if body else []
    ack = leg.dialog.request(leg.station, "ACK", cseq=read.cseq, headers=headers, body=body)
    leg.station.send(ack, leg.dialog.peer)
