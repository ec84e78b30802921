"""Somebody calls: an INVITE, until it is answered or refused (RFC 3261 13.3)."""

from sipmessage import Address, Request

from ivr.lines.sip.agreeing import Local, Unacceptable
from ivr.lines.sip.dialogs import answered, contact_of
from ivr.lines.sip.expiring import SHORTEST_S, IntervalTooSmall, asked
from ivr.lines.sip.legs import Leg, Legs
from ivr.lines.sip.reading import Read, parsed
from ivr.lines.sip.renewing import renew
from ivr.lines.sip.servers import ServerTransaction
from ivr.lines.sip.telling import Invited
from ivr.lines.sip.transactions import ABOUT, SDP, Transactions, reply
from ivr.lines.sip.within import kind_of

_RETRY_AFTER_S = 10
_NAME = 64
_NO_NAME = "anonymous"


def invited(wires: Transactions, legs: Legs, server: ServerTransaction, now: int) -> Leg | None:
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
    try:
        interval = asked(read)
        if kind:
            Local(station.here.host, 9, 0, draw=station.keys).answer(read.message.body)
    except IntervalTooSmall:
        reply(server, 422, now, to_tag=tag, headers=(("Min-SE", str(SHORTEST_S)),))
        return None
    except Unacceptable:
        by = "RTP/AVP" if station.keys is None else "RTP/AVP, or RTP/SAVP with SDES,"
        reply(server, 488, now, to_tag=tag, headers=(
            *ABOUT, ("Warning", f'304 ivr "PCMU, PCMA or G722 over {by} is needed"')))
        return None
    reply(server, 100, now)
    leg = Leg(wires, legs, answered(read, server.source, tag), Local(station.here.host, 0, 0), renew)
    leg.pending, leg.interval, leg.allows = server, interval, read.tokens("Allow")
    server.call = leg
    name, phone = caller_of(read)
    station.told.append(Invited(leg.number, number_of(read), name, phone, server.source.host))
    return leg


def tag_of_ours(leg: Leg) -> str:
    """Return our tag."""
    return leg.dialog.key[1]


def ring(leg: Leg, now: int) -> None:
    """Let who calls hear that it rings."""
    if leg.pending is not None:
        reply(leg.pending, 180, now, to_tag=tag_of_ours(leg), headers=(("Contact", leg.contact), *ABOUT))


def answer(leg: Leg, local: Local, now: int) -> None:
    """Answer the call, with this side of the sound."""
    server, leg.pending = leg.pending, None
    if server is None:
        return
    local.direction = leg.local.direction
    leg.local, leg.state = local, "up"
    asks = not server.read.message.body
    if asks:
        body, agreed = local.offer(), None
    else:
        body, agreed = local.answer(server.read.message.body)
    interval = leg.interval
    leg.accept(server, now, body, asks=asks, to_tag=tag_of_ours(leg), headers=interval.headers if interval else ())
    leg.kept(interval, now)
    if agreed is not None:
        leg.agree(agreed)


def reject(leg: Leg, code: int, now: int) -> None:
    """Refuse the call."""
    server, leg.pending = leg.pending, None
    if server is not None:
        later = (("Retry-After", str(_RETRY_AFTER_S)),) if code == 503 else ()
        reply(server, code, now, to_tag=tag_of_ours(leg), headers=later)
    leg.drop()


def cancelled(leg: Leg, now: int) -> None:
    """Take it that who calls has given up; one who was answered already has to hang up instead."""
    if leg.pending is not None:
        reply(leg.pending, 487, now, to_tag=tag_of_ours(leg))
        leg.pending = None
        leg.lost()


def number_of(read: Read) -> str:
    """Return what was called."""
    return (read.message.uri.user or "")[:_NAME] if isinstance(read.message, Request) else ""


def caller_of(read: Read) -> tuple[str, str]:
    """Return the name and the number of who calls: the number is empty where it is none."""
    address = parsed(Address.parse, read.header("From"))
    if address is None:
        return _NO_NAME, ""
    user = address.uri.user or ""
    name = "".join(sign for sign in address.name or user if sign.isprintable()).strip()[:_NAME]
    digits = user.removeprefix("+")
    return name or _NO_NAME, user[:_NAME] if digits.isascii() and digits.isdigit() else ""
