"""Calls that are handed over: by us, by who calls, and by one who takes the place of another."""

import pytest
from wire import OFFER, SECOND, A, B, Caller, Wire, code, header, message, tokens

from ivr.lines.sip.endpoint import Endpoint
from ivr.lines.sip.reading import Peer
from ivr.lines.sip.targets import Listed, Targets
from ivr.lines.sip.telling import Ended, Invited, Referred, TransferTold

DESK = Peer("192.0.2.77", 5070)
LISTED = Targets([Listed("desk", "desk.example", 5070, DESK), Listed("+14255550111"),
                  Listed("*", "192.0.2.78", 0, Peer("192.0.2.78", 5060))])
FRAGMENT = {"kind": "message/sipfrag"}


def up(**options):
    caller = Caller(**options)
    caller.calls()
    caller.acks()
    caller.end.events()
    return caller


def told(caller, kind):
    return [event for event in caller.end.events() if isinstance(event, kind)]


def taken(caller, request, status=200):
    """Answer a request of ours; return what is said to that."""
    copied = "".join(f"{name}: {header(request, name)}\r\n" for name in ("Via", "From", "To", "Call-ID", "CSeq"))
    return caller.say(f"SIP/2.0 {status} x\r\n{copied}Content-Length: 0\r\n\r\n".encode())


def notifies(caller, status, cseq, event="refer", state="terminated"):
    return caller.asks("NOTIFY", cseq, body=f"SIP/2.0 {status} x\r\n", **FRAGMENT,
                       extra=f"Event: {event}\r\nSubscription-State: {state}\r\n")


def test_a_caller_whom_we_hand_over_then_let_go_once_he_is_there():
    caller = up()
    caller.end.transfer(caller.call, "+14255550111", 0)
    [refer] = caller.heard()
    assert header(refer, "Refer-To") == "<sip:+14255550111@192.0.2.9>"
    caller.end.end(caller.call, 0)
    assert taken(caller, refer, 202) == []
    assert code(notifies(caller, 100, 2, state="active")) == 200
    assert code(notifies(caller, 200, 3, event="dialog")) == 481
    answer, bye = caller.say(message("NOTIFY", to_tag=caller.tag, cseq=4, branch="z9hG4bKn", **FRAGMENT,
                                     extra="Event: refer;id=1\r\n", body="SIP/2.0 200 OK\r\n"))
    assert (code(answer), bye.partition(" ")[0]) == (200, "BYE")
    assert told(caller, TransferTold) == [TransferTold(caller.call, 200)]


@pytest.mark.parametrize("refuses", [True, False])
def test_a_caller_who_does_not_go_then_told_and_the_call_goes_on(refuses):
    caller = up()
    caller.end.transfer(caller.call, "sip:desk@desk.example", 0)
    [refer] = caller.heard()
    if refuses:
        taken(caller, refer, 603)
    else:
        taken(caller, refer, 202)
        notifies(caller, 486, 2)
    assert told(caller, TransferTold) == [TransferTold(caller.call, 603 if refuses else 486)]
    assert caller.wait(100) == []
    assert code(caller.asks("BYE", 3)) == 200


def test_a_caller_of_whose_transfer_nothing_is_heard_then_let_go_in_the_end():
    caller = up()
    caller.end.transfer(caller.call, "+14255550111", 0)
    taken(caller, caller.heard()[0], 202)
    caller.end.end(caller.call, 0)
    assert caller.wait(59) == []
    assert caller.wait(2)[0].startswith("BYE ")


@pytest.mark.parametrize(("wanted", "expected"), [
    ("<sip:desk@desk.example:5070>", 202), ("<sip:anna@192.0.2.78>", 202), ("<sips:anna@192.0.2.78:5060>", 202),
    ("<sip:desk@desk.example>", 603), ("<sip:other@desk.example:5070>", 603), ("<sip:192.0.2.78>", 603),
    ("<sip:+14255550111@192.0.2.9>", 603), ("<sip:desk@evil.example?x=@desk.example:5070>", 603),
    ("<tel:+14255550111>", 603), ("rubbish", 603), ("<sip:a@192.0.2.78>, <sip:b@192.0.2.78>", 400)])
def test_a_caller_who_wants_us_to_go_on_with_somebody_then_only_if_he_is_listed(wanted, expected):
    caller = up(refers=LISTED.peer)
    heard = caller.say(message("REFER", to_tag=caller.tag, cseq=2, branch="z9hG4bKr",
                               extra=f"Refer-To: {wanted}\r\n"))
    assert code(heard[0]) == expected
    assert len(told(caller, Referred)) == (expected == 202)
    assert len(heard) == (2 if expected == 202 else 1)


def test_nobody_is_listed_then_nobody_is_called():
    caller = up()
    assert code(caller.asks("REFER", extra="Refer-To: <sip:anna@192.0.2.78>\r\n")) == 603
    assert code(caller.say(message("REFER", extra="Refer-To: <sip:anna@192.0.2.78>\r\n"))[0]) == 603
    assert Targets().way_to("+14255550111") == ""


@pytest.mark.parametrize(("to", "way"), [
    ("+14255550111", "+14255550111"), ("desk", ""), ("sip:desk@desk.example:5070",
                                                                  "sip:desk@desk.example:5070"),
    ("sip:desk@desk.example", ""), ("900", "sip:900@192.0.2.78"), ("9\r\n0", "")])
def test_an_application_that_hands_over_then_to_those_who_are_listed(to, way):
    assert LISTED.way_to(to) == way


def test_a_caller_who_hears_how_it_goes_then_by_its_number_and_with_its_end():
    caller = up(refers=LISTED.peer)
    _, trying = caller.say(message("REFER", to_tag=caller.tag, cseq=2, branch="z9hG4bKr", extra=(
        "Refer-To: <sip:desk@desk.example:5070?Replaces=c9%40x%3Bto-tag%3Da%3Bfrom-tag%3Db&Subject=x>\r\n")))
    assert header(trying, "Event") == "refer;id=2"
    assert trying.endswith("SIP/2.0 100 Trying\r\n")
    [event] = told(caller, Referred)
    assert (event.uri, event.to, event.replaces) == ("sip:desk@desk.example:5070", DESK, "c9@x;to-tag=a;from-tag=b")
    assert code(caller.asks("REFER", 3, extra="Refer-To: <sip:desk@desk.example:5070>\r\n")) == 491
    caller.end.tell(caller.call, 486, 0)
    [end] = caller.heard()
    assert header(end, "Subscription-State") == "terminated;reason=noresource"
    again = caller.say(message("REFER", to_tag=caller.tag, cseq=4, branch="z9hG4bKr4",
                               extra="Refer-To: <sip:desk@desk.example:5070>\r\n"))
    assert code(again[0]) == 202


def test_a_call_in_the_place_of_another_then_told_and_what_does_not_exist_is_481():
    caller = up()
    place = f"Replaces: c1;to-tag={caller.tag};from-tag=t1"
    for extra, expected in ((place, 100), (f"{place};early-only", 486), ("Replaces: c1;to-tag=x;from-tag=t1", 481)):
        assert caller.code(message("INVITE", body=OFFER, branch=f"z9hG4bK{expected}", call_id=f"n{expected}",
                                   extra=f"{extra}\r\nRequire: replaces\r\n")) == expected
    assert [event.replaces for event in told(caller, Invited)] == [caller.call]
    caller.end.give_way(caller.call, 0)
    assert caller.heard()[0].startswith("BYE ")


def test_two_of_ours_then_one_hands_the_other_over_and_hears_of_it():
    wire = Wire()
    wire.ends[B] = Endpoint(B, tokens(7), refers=LISTED.peer)
    call = wire.ends[A].invite("sip:1000@192.0.2.2", B, A.host, 4000, 0)
    wire.run(SECOND)
    theirs = wire.of(B, Invited)[0].call
    wire.ends[B].answer(theirs, B.host, 5000, wire.now)
    wire.run(2 * SECOND)
    wire.ends[A].transfer(call, "sip:desk@desk.example:5070", wire.now)
    wire.run(3 * SECOND)
    assert [event.to for event in wire.of(B, Referred)] == [DESK]
    wire.ends[B].give_way(theirs, wire.now)
    wire.run(4 * SECOND)
    assert wire.of(A, TransferTold) == [TransferTold(call, 200)]
    assert not wire.of(A, Ended)
    wire.run(9 * SECOND)
    assert wire.of(A, Ended) == [Ended(call)]
    wire.run(100 * SECOND)
    assert all(end.idle for end in wire.ends.values())
