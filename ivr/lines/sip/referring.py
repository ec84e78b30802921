"""REFER both ways (RFC 3515): a caller is handed over by us, or wants us to go on with somebody else.

What a caller asks for is done for those alone whom the administrator lists: nobody dials at our expense.
"""

import re
from urllib.parse import unquote

from ivr.clock import samples
from ivr.lines.sip.dialogs import host_of, uri_of
from ivr.lines.sip.legs import Leg, Legs
from ivr.lines.sip.reading import Peer, Read, listed
from ivr.lines.sip.renewing import code_of
from ivr.lines.sip.servers import ServerTransaction
from ivr.lines.sip.telling import Referred, TransferTold
from ivr.lines.sip.transactions import reply
from ivr.lines.sip.within import kind_of
from ivr.lines.sip.writing import PHRASES

FRAGMENT = "message/sipfrag"
PATIENCE = samples(60)
"""How long who was handed over may say nothing of how it goes."""

_LEAVES = samples(5)
"""How long who has handed us over has to hang up."""

_STATUS = re.compile(rb"SIP/2\.0 ([1-6][0-9]{2})\b")


def transfer(leg: Leg, to: str, now: int) -> None:
    """Hand somebody over: to a URI, or to a number where he himself is at home.

    A URI that ends with @ is of the address that he has dialled: he is to dial another number there.
    """
    if leg.state != "up" or leg.transfers or leg.ends:
        return
    uri = f"{to}{host_of(leg.dialog.here)}" if to.endswith("@") else to if ":" in to else (
        f"sip:{to}@{host_of(leg.dialog.there)}")
    leg.transfers = True
    leg.station.timers.set(leg.number, "transfer", now + PATIENCE)
    leg.ask("REFER", lambda read, at: _asked(leg, code_of(read), at), now, (
        ("Contact", leg.contact), ("Refer-To", f"<{uri}>"), ("Referred-By", f"<{uri_of(leg.dialog.here)}>")))


def _asked(leg: Leg, code: int, now: int) -> None:
    if code >= 300:
        transferred(leg, code, now)


def notified(leg: Leg, server: ServerTransaction, now: int) -> None:
    """Take what somebody tells of how it goes, whom we have handed over."""
    read = server.read
    if not leg.transfers or read.header("Event").partition(";")[0].strip().lower() != "refer":
        reply(server, 481, now)
        return
    reply(server, 200, now)
    found = _STATUS.match(read.message.body.lstrip()) if kind_of(server) == FRAGMENT else None
    if found and int(found[1]) >= 200:
        transferred(leg, int(found[1]), now)
    elif "terminated" in read.header("Subscription-State").lower():
        transferred(leg, 200, now)


def transferred(leg: Leg, code: int, now: int) -> None:
    """Take it that a transfer is over, and with it a call that we have ended meanwhile."""
    if leg.transfers and leg.state == "up":
        leg.transfers = False
        leg.station.timers.cancel(leg.number, "transfer")
        leg.station.told.append(TransferTold(leg.number, code))
        leg.part(now)


def referred(leg: Leg, server: ServerTransaction, to: Peer | None, now: int) -> None:
    """Answer one who wants us to go on with somebody else; `to` is where that one is, None if he is not listed."""
    values = [part for value in server.read.message.headers.getlist("Refer-To") for part in listed(value)]
    if len(values) != 1:
        reply(server, 400, now)
    elif leg.refers is not None or leg.state != "up":
        reply(server, 491, now)
    elif to is None:
        reply(server, 603, now)
    else:
        uri, replaced = target_of(server.read)
        reply(server, 202, now, headers=(("Contact", leg.contact),))
        leg.refers = server.read.cseq
        tell(leg, 100, now)
        leg.tell(Referred(leg.number, uri, to, replaced))


def target_of(read: Read) -> tuple[str, str]:
    """Return whom a REFER is about, and which of his calls is to be replaced, if one is."""
    uri, _, more = uri_of(read.header("Refer-To")).partition("?")
    given = [one.partition("=") for one in more.split("&")]
    replaced = next((unquote(value) for name, _, value in given if name.lower() == "replaces"), "")
    return uri, replaced if replaced.isprintable() else ""


def tell(leg: Leg, code: int, now: int) -> None:
    """Tell somebody how it goes with what he has asked for."""
    if leg.refers is None or leg.state == "over":
        return
    state = "active;expires=60" if code < 200 else "terminated;reason=noresource"
    leg.ask("NOTIFY", lambda *_: None, now, (
        ("Contact", leg.contact), ("Event", f"refer;id={leg.refers}"), ("Subscription-State", state),
        ("Content-Type", FRAGMENT)), f"SIP/2.0 {code} {PHRASES.get(code, 'Failure')}\r\n".encode())
    if code >= 200:
        leg.refers = None


def left(leg: Leg, now: int) -> None:
    """Take it that the call goes on with somebody else; who has handed us over is to hang up, and else we do."""
    leg.ends = True
    leg.station.timers.set(leg.number, "left", now + _LEAVES)


def replaced_by(legs: Legs, read: Read) -> Leg | int | None:
    """Return the call that a new one is to replace; a code if there is none; None where nothing is said of it."""
    text = read.header("Replaces")
    if not text:
        return None
    call_id, *parts = (part.strip() for part in text.split(";"))
    given = {name.strip().lower(): value.strip() for name, _, value in (part.partition("=") for part in parts)}
    leg = legs.get((call_id, given.get("to-tag", ""), given.get("from-tag", "")))
    if leg is None or leg.state != "up" or leg.ends:
        return 481
    return 486 if "early-only" in given else leg
