"""We call: an INVITE of ours, until it is answered, refused or taken back (RFC 3261 13.2, 9.1; RFC 3262 4)."""

from contextlib import suppress

from sipmessage import Response

from ivr.lines.sip.accounts import Account
from ivr.lines.sip.agreeing import Local, Unacceptable
from ivr.lines.sip.dialogs import Dialog, made
from ivr.lines.sip.expiring import granted
from ivr.lines.sip.legs import Early, Leg, Legs
from ivr.lines.sip.reading import Peer, Read
from ivr.lines.sip.renewing import acknowledge, code_of, renew
from ivr.lines.sip.station import LONGEST
from ivr.lines.sip.telling import Answered, CallRefused, Ringing
from ivr.lines.sip.transactions import ABOUT, RELIABLE, SDP, Transactions
from ivr.lines.sip.writing import host_in

_MOST_EARLY = 8
_PHRASE = 80


def call(wires: Transactions, legs: Legs, uri: str, to: Peer, local: Local, now: int, *,
         account: Account | None = None, user: str = "", headers: tuple[tuple[str, str], ...] = ()) -> Leg:
    """Call somebody, as who has this account; what becomes of it is told."""
    station, account = wires.station, account or Account()
    here = f"{account.from_(host_in(station.here.host), user)};tag={station.token()}"
    dialog = Dialog(f"{station.token()}@{host_in(station.here.host)}", here, f"<{uri}>", (), uri, to)
    leg = Leg(wires, legs, dialog, local, renew)
    leg.state, leg.account = "calling", account
    leg.asking = leg.ask("INVITE", lambda read, at: _heard(leg, to, read, at), now, [
        ("Contact", leg.contact), *ABOUT, *headers, ("Content-Type", SDP)], local.offer())
    leg.first = leg.asking.request
    return leg


def give_up(leg: Leg, now: int) -> None:
    """Take a call back before it is answered: a CANCEL goes out once anything has been heard (RFC 3261 9.1)."""
    leg.ends = True
    if leg.asking is not None and leg.asking.state == "proceeding":
        _cancel(leg, now)


def _cancel(leg: Leg, now: int) -> None:
    if leg.asking is not None:
        asked, leg.asking = leg.asking, None
        leg.wires.ask(asked.cancel(), asked.peer, lambda *_: None, now)
        asked.patience(now + LONGEST)


def _heard(leg: Leg, to: Peer, read: Read | None, now: int) -> None:
    code = code_of(read)
    if read is not None and code < 300:
        if code >= 200:
            _answered(leg, to, read, now)
        elif leg.ends:
            _cancel(leg, now)
        elif code > 100:
            _rings(leg, to, read, code, now)
    elif leg.state == "calling":
        leg.tell(CallRefused(leg.number, code, phrase_of(read)))
        leg.drop()


def _rings(leg: Leg, to: Peer, read: Read, code: int, now: int) -> None:
    """Take an answer that is not final: a reliable one once, and acknowledged (RFC 3262 4)."""
    early = _early(leg, to, read)
    number = _number(read) if early is not None else 0
    if early is not None and number:
        if early.number and number != early.number + 1:
            return
        early.number = number
        made_ = early.dialog.request(leg.station, "PRACK", headers=(("RAck", f"{number} {read.cseq} INVITE"),))
        leg.wires.ask(made_, early.dialog.peer, lambda *_: None, now)
    leg.tell(Ringing(leg.number, code))
    if early is not None and read.message.body:
        with suppress(Unacceptable):  # the final answer may say it better
            agreed = leg.local.taken(read.message.body)
            leg.agree(agreed)
            early.agreed = agreed if number else early.agreed


def _early(leg: Leg, to: Peer, read: Read) -> Early | None:
    """Return who has said something before an answer; None where he does not tell, or too many have."""
    if not read.to_tag or leg.first is None:
        return None
    if early := leg.early.get(read.to_tag):
        return early
    return leg.begun_by(made(read, leg.first, to)) if len(leg.early) < _MOST_EARLY else None


def _number(read: Read) -> int:
    """Return the RSeq of a reliable answer; 0 of one that is none."""
    text = read.header("RSeq").strip()
    known = RELIABLE in read.tokens("Require") and text.isascii() and text.isdigit() and len(text) < 11
    return int(text) if known else 0


def _answered(leg: Leg, to: Peer, read: Read, now: int) -> None:
    if leg.first is None:
        return
    if leg.state != "calling":
        if read.to_tag == leg.dialog.key[2]:
            acknowledge(leg, read)  # the first ACK was lost
        else:
            _let_go(leg, made(read, leg.first, to), read, now)
        return
    leg.asking, leg.state = None, "up"
    dialog, early = made(read, leg.first, to), leg.early.get(read.to_tag)
    if early is not None:
        dialog.sent, dialog.seen = early.dialog.sent, early.dialog.seen
    leg.follow(dialog)
    leg.early.clear()
    leg.allows = read.tokens("Allow")
    acknowledge(leg, read)
    if leg.ends:  # it was answered while we gave up
        leg.bye(now)
        return
    try:
        # one before may have agreed for good, or an UPDATE since
        agreed = (early and early.agreed) or leg.local.taken(read.message.body)
    except Unacceptable:
        leg.tell(CallRefused(leg.number, 488))
        leg.bye(now)
        return
    leg.tell(Answered(leg.number))
    leg.agree(agreed)
    leg.kept(granted(read), now)
    if leg.stale:  # it was held before it was answered
        renew(leg, now)


def phrase_of(read: Read | None) -> str:
    """Return what an answer says besides its code."""
    if read is None or not isinstance(read.message, Response):
        return "nobody answered"
    return "".join(sign for sign in read.message.phrase if sign.isprintable())[:_PHRASE]


def _let_go(leg: Leg, other: Dialog, read: Read, now: int) -> None:
    """Hang up on another one who has answered too, behind a proxy that rings many."""
    station = leg.station
    station.send(other.request(station, "ACK", cseq=read.cseq), other.peer)
    leg.wires.ask(other.request(station, "BYE"), other.peer, lambda *_: None, now)
