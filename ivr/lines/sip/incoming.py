"""Somebody calls: an INVITE, until it is answered or refused (RFC 3261 13.3)."""

from sipmessage import Request

from ivr.lines.sip.agreeing import Local, Unacceptable
from ivr.lines.sip.callers import NetworkCaller
from ivr.lines.sip.dialogs import answered, contact_of
from ivr.lines.sip.expiring import SHORTEST_S, IntervalTooSmall, asked
from ivr.lines.sip.legs import Leg, Legs
from ivr.lines.sip.reading import Read
from ivr.lines.sip.referring import replaced_by
from ivr.lines.sip.renewing import renew
from ivr.lines.sip.ringing import ProvisionalAnswers
from ivr.lines.sip.servers import ServerTransaction
from ivr.lines.sip.telling import Ended, Invited, NotTaken
from ivr.lines.sip.transactions import ABOUT, SDP, Transactions, reply
from ivr.lines.sip.within import kind_of
from ivr.lines.sip.writing import Headers

_RETRY_AFTER_S = 10
_NAME = 64


def invited(wires: Transactions, legs: Legs, server: ServerTransaction, who: NetworkCaller, now: int) -> Leg | None:
    """Take a call that comes in; return None if it is refused at once."""
    read, station = server.read, wires.station
    tag = station.token()
    if not contact_of(read):
        reply(server, 400, now, to_tag=tag)
        return None
    kind = kind_of(server)
    if kind and kind != SDP:
        reply(server, 415, now, to_tag=tag, headers=(("Accept", SDP),))
        return None
    if not _takes_sound(read):
        reply(server, 406, now, to_tag=tag)
        return None
    try:
        interval = asked(read)
        if kind:
            Local(station.here.host, 9, 0, draw=station.keys).answer(read.message.body)
    except IntervalTooSmall:
        reply(server, 422, now, to_tag=tag, headers=(("Min-SE", str(SHORTEST_S)),))
        return None
    except Unacceptable as fault:
        by = "RTP/AVP" if station.keys is None else "RTP/AVP, or RTP/SAVP with SDES,"
        reply(server, 488, now, to_tag=tag, headers=(
            *ABOUT, ("Warning", f'304 ivr "PCMU, PCMA or G722 over {by} is needed"')))
        station.told.append(NotTaken(who.name, 488, str(fault)))
        return None
    place = replaced_by(legs, read)
    if isinstance(place, int):
        reply(server, place, now, to_tag=tag)
        return None
    reply(server, 100, now)
    leg = Leg(wires, legs, answered(read, server.source, tag), Local(station.here.host, 0, 0), renew)
    leg.pending, leg.interval, leg.allows = server, interval, read.tokens("Allow")
    leg.ringing = ProvisionalAnswers(leg, server, _unheard)
    server.call = leg
    station.told.append(Invited(leg.number, number_of(read), who.name, who.phone, who.source, who.host,
                                place.number if place else 0, who.conference_id, who.gone))
    return leg


def _takes_sound(read: Read) -> bool:
    """Tell whether a description of sound may be answered with."""
    if not read.message.headers.getlist("Accept"):
        return True
    kinds = {one.partition(";")[0].strip() for one in read.tokens("Accept")}
    return bool(kinds & {SDP, "application/*", "*/*"})


def tag_of_ours(leg: Leg) -> str:
    """Return our tag."""
    return leg.dialog.key[1]


def ring(leg: Leg, now: int, local: Local | None = None) -> None:
    """Let who calls hear that it rings; with our side of the sound what we play before we answer (early media).

    Where he does not offer sound, and cannot acknowledge our offer, it only rings.
    """
    if leg.pending is None or leg.ringing is None:
        return
    if local is not None:
        local.direction = leg.local.direction
    if local is None or not leg.ringing.describe(local, now):
        leg.ringing.say(180, now)


def answer(leg: Leg, local: Local, now: int) -> None:
    """Answer the call, with this side of the sound unless he was told another one before."""
    if leg.ringing is not None and leg.ringing.waits:
        leg.ringing.then(lambda at: answer(leg, local, at))
        return
    server, ringing = leg.pending, leg.ringing
    _answers(leg)
    if server is None or ringing is None:
        return
    if not ringing.described:
        local.direction = leg.local.direction
        leg.local = local
    leg.state = "up"
    asks = not server.read.message.body and not ringing.agreed
    body, agreed = b"", None
    if asks:
        body = leg.local.offer()
    elif not ringing.agreed:
        body, agreed = leg.local.answer(server.read.message.body)
    interval = leg.interval
    leg.accept(server, now, body, asks=asks, to_tag=tag_of_ours(leg), headers=interval.headers if interval else ())
    leg.kept(interval, now)
    if agreed is not None:
        leg.agree(agreed)


def reject(leg: Leg, code: int, now: int, headers: Headers = ()) -> None:
    """Refuse the call."""
    server = leg.pending
    _answers(leg)
    if server is not None:
        later = (("Retry-After", str(_RETRY_AFTER_S)),) if code == 503 else ()
        reply(server, code, now, to_tag=tag_of_ours(leg), headers=(*later, *headers))
    leg.drop()


def _answers(leg: Leg) -> None:
    """Take it that the INVITE has its final answer."""
    leg.pending = None
    if leg.ringing is not None:
        leg.ringing.quiet()


def _unheard(leg: Leg, now: int) -> None:
    leg.tell(Ended(leg.number, "that it rings was never acknowledged"))
    reject(leg, 504, now)


def cancelled(leg: Leg, now: int) -> None:
    """Take it that who calls has given up; one who was answered already has to hang up instead."""
    if leg.pending is not None:
        reply(leg.pending, 487, now, to_tag=tag_of_ours(leg))
        _answers(leg)
        leg.lost()


def number_of(read: Read) -> str:
    """Return what was called."""
    return (read.message.uri.user or "")[:_NAME] if isinstance(read.message, Request) else ""
