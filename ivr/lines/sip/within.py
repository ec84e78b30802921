"""Requests within a call, as who is asked: BYE, new INVITE, UPDATE, INFO (RFC 3261 12.2.2, 14.2, 15.1.2)."""

from ivr.lines.sip.agreeing import Unacceptable
from ivr.lines.sip.dialogs import contact_of
from ivr.lines.sip.expiring import SHORTEST_S, IntervalTooSmall, asked
from ivr.lines.sip.keying import TYPES, keyed
from ivr.lines.sip.legs import Leg
from ivr.lines.sip.reading import Read
from ivr.lines.sip.servers import ServerTransaction
from ivr.lines.sip.telling import Pressed
from ivr.lines.sip.transactions import ABOUT, ALLOW, SDP, reply

_SOON = (("Retry-After", "1"),)


def kind_of(server: ServerTransaction) -> str:
    """Return the type of a body, in small letters: "unknown" of one that has none; empty if there is no body."""
    if not server.read.message.body:
        return ""
    return server.read.header("Content-Type").partition(";")[0].strip().lower() or "unknown"


def asked_within(leg: Leg, server: ServerTransaction, now: int) -> bool:
    """Answer a request that belongs to a call; return whether it is one of REFER's, which is answered elsewhere."""
    read, dialog = server.read, leg.dialog_of(server.read)
    if read.cseq < dialog.seen:
        reply(server, 500, now, headers=_SOON)
        return False
    dialog.seen = read.cseq
    if not dialog.route:
        dialog.peer = server.source  # a NAT may have given him another port
    if allowed := read.tokens("Allow"):
        leg.allows = allowed
    match read.method:
        case "BYE" if leg.state == "calling":
            reply(server, 481, now)  # who has not answered refuses (RFC 3261 15)
        case "BYE":
            reply(server, 200, now)
            if leg.pending is not None:
                reply(leg.pending, 487, now)
            leg.lost()
        case "OPTIONS":
            reply(server, 200, now, headers=(*ABOUT, ("Accept", SDP)))
        case "INFO":
            _info(leg, server, now)
        case "INVITE" | "UPDATE":
            _renegotiate(leg, server, now)
        case "PRACK":
            if leg.ringing is None:
                reply(server, 481, now)
            else:
                leg.ringing.acknowledged(server, now)
        case "REFER" | "NOTIFY":
            return True
        case _:
            reply(server, 405, now, headers=(("Allow", ALLOW),))
    return False


def _info(leg: Leg, server: ServerTransaction, now: int) -> None:
    message, kind = server.read.message, kind_of(server)
    if kind and kind not in TYPES:
        reply(server, 415, now, headers=(("Accept", ", ".join(TYPES)),))
        return
    reply(server, 200, now)
    if kind and (found := keyed(kind, message.body)):
        leg.tell(Pressed(leg.number, *found))


def _renegotiate(leg: Leg, server: ServerTransaction, now: int) -> None:
    read, message = server.read, server.read.message
    kind = kind_of(server)
    if kind and kind != SDP:
        reply(server, 415, now, headers=(("Accept", SDP),))
        return
    try:
        interval = asked(read)
    except IntervalTooSmall:
        reply(server, 422, now, headers=(("Min-SE", str(SHORTEST_S)),))
        return
    if (kind or read.method == "INVITE") and (code := _clashes(leg, read)):
        reply(server, code, now, headers=_SOON if code == 500 else ())
        return
    body, agreed = b"", None
    if kind:
        try:
            body, agreed = leg.local.answer(message.body)
        except Unacceptable:
            reply(server, 488, now, headers=ABOUT)
            return
    elif read.method == "INVITE":
        body = leg.local.offer(leg.agreed)
    if target := contact_of(read):
        leg.dialog_of(read).target = target
    headers = interval.headers if interval else []
    if read.method == "INVITE":
        leg.accept(server, now, body, asks=not kind, headers=headers)
    else:
        described = [("Content-Type", SDP)] if body else []
        reply(server, 200, now, body=body,
              headers=(("Contact", leg.contact), *ABOUT, *headers, *described))
    if agreed is not None:
        leg.agree(agreed)
        if early := leg.early.get(read.from_tag):
            early.agreed = agreed
    if leg.state == "up":
        leg.kept(interval, now)


def _clashes(leg: Leg, read: Read) -> int:
    """Return with what a new offer is refused while another one waits (RFC 3261 14.2, RFC 3311 5.2); 0: none does.

    Before the call is answered an UPDATE may offer anew once the first offer is answered for good (RFC 3262 5).
    """
    early, ringing = leg.early.get(read.from_tag), leg.ringing
    if leg.pending is not None:
        if read.method == "UPDATE" and ringing is not None and ringing.agreed:
            return 0
        ours = ringing is not None and ringing.waits and not leg.pending.read.message.body
        return 491 if ours else 500
    if leg.state == "calling" and read.method == "UPDATE" and early is not None and early.agreed is not None:
        return 0
    return 491 if leg.asking is not None else 0
