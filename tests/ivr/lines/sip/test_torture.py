"""Messages as RFC 4475 describes them, and rubbish: each has its answer, and none makes much of little."""

import gc
import random
from types import TracebackType

import pytest
from wire import OFFER, Caller, code, message

from ivr.lines.sip.reading import Malformed, Peer, read

FROM, TO = "From: <sip:a@example.com>;tag=3", "To: <sip:b@example.com>"
USUAL = {"Via": "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKkd", "Max-Forwards": "Max-Forwards: 70", "From": FROM,
         "To": TO, "Call-ID": "Call-ID: torture.1", "CSeq": "CSeq: 1 OPTIONS"}


def torture(start="OPTIONS sip:b@192.0.2.2 SIP/2.0", *, body="", **changed):
    """Return a message of which some lines are others; those that are empty are left out."""
    lines = {**USUAL, **{name.replace("_", "-"): line for name, line in changed.items()}}
    return "\r\n".join([start, *(line for line in lines.values() if line), "", body]).encode("latin-1")


INVITE = {"CSeq": "CSeq: 1 INVITE", "Contact": "Contact: <sip:a@192.0.2.9>"}
INVITES, REGISTERS = "INVITE sip:b@192.0.2.2 SIP/2.0", "REGISTER sip:example.com SIP/2.0"

WELL = {
    "wsinv: spaces and folds wherever they may be": torture(
        "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0",
        Via="v:  SIP  / 2.0\r\n /UDP\r\n    192.0.2.9;branch=390skdjuw , SIP / 2.0 / TCP spindle.example.com ;\r\n"
            "  branch  =   z9hG4bK9ikj8", To='TO :\r\n sip:vivekg@chair-dnrc.example.com ;   other  = 1',
        From='From   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8',
        CSeq="cseq: 0009\r\n  INVITE", Contact='m:"Quoted string \\"\\"" <sip:jdrosen@192.0.2.9>'),
    "esc01: escapes in the URI": torture("OPTIONS sip:sips%3Auser%40example.com@example.net SIP/2.0"),
    "escnull: escaped nulls": torture(From="From: <sip:null-%00-null@example.com>;tag=1"),
    "longreq: long values": torture(Call_ID="Call-ID: " + "longreq." * 200,
                                    Via="Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK" + "longer" * 200),
    "semiuri: semicolons in the user part": torture("OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0"),
    "lwsdisp: no space after the display name": torture(From="From: caller<sip:caller@example.com>;tag=323"),
    "transports: one that nobody knows": torture(
        Via="Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKkd\r\nVia: SIP/2.0/UNKNOWN t5.example.com;branch=z9hG4bK1"),
    "zeromf: Max-Forwards of 0 ends here": torture(Max_Forwards="Max-Forwards: 0"),
    "inv2543: of before RFC 3261": torture(
        "INVITE sip:UserB@example.com SIP/2.0", Via="Via: SIP/2.0/UDP 192.0.2.9", Max_Forwards="",
        From="From: <sip:iuser@example.com>", **INVITE),
    "unksm2: a scheme in To that nobody knows": torture(To="To: isbn:2983792873"),
    "novelsc in From": torture(From="From: <soap.beep://192.0.2.9:3002>;tag=9"),
    "badbranch: a branch of the magic cookie alone": torture(Via="Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK"),
    "baddate: a date of another zone": torture(INVITES, X="Date: Fri, 01 Jan 2010 16:00:00 EST", **INVITE),
    "badaspec: spaces within the brackets": torture(To='To: "Watson, Thomas" < sip:t.watson@example.org >'),
    "baddn: a comma in a name without quotes": torture(From="From: Bell, Alexander <sip:a@example.com>;tag=43"),
    "cparam01: a parameter of a Contact": torture(
        REGISTERS, CSeq="CSeq: 1 REGISTER", Contact="Contact: sip:+19725552222@gw1.example.net;unknownparam"),
    "cparam02: a parameter of its URI": torture(
        REGISTERS, CSeq="CSeq: 1 REGISTER", Contact="Contact: <sip:+19725552222@gw1.example.net;unknownparam>"),
    "regescrt: headers in a Contact's URI": torture(
        REGISTERS, CSeq="CSeq: 1 REGISTER", Contact="Contact: <sip:u@example.com?Route=%3Csip:x.example%3E>"),
    "regaut01: a scheme of credentials that nobody knows": torture(
        REGISTERS, CSeq="CSeq: 1 REGISTER", X="Authorization: NoOneKnowsThisScheme opaque-data=here"),
    "unknown headers": torture(X="NewFangledHeader:   newfangled value\r\n continued newfangled value"),
}


@pytest.mark.parametrize("said", WELL.values(), ids=WELL)
def test_a_message_when_it_is_odd_but_right_then_answered_as_any(said):
    answers = [code(one) for one in Caller().say(said)]
    assert answers in ([200], [100])


WRONG = {
    "badinv01: empty values": (torture(INVITES, Via="Via: SIP/2.0/UDP 192.0.2.9;;,;,,", **INVITE), None),
    "clerr: a body that is cut": (torture(X="Content-Length: 9999", body="hi"), 400),
    "ncl: a length below nothing": (torture(X="Content-Length: -999"), 400),
    "scalar02: numbers too large": (torture(CSeq="CSeq: 36893488147419103232 OPTIONS"), 400),
    "scalar02: Max-Forwards too large": (torture(Max_Forwards="Max-Forwards: 300"), 400),
    "ltgtruri: brackets around the URI": (torture("OPTIONS <sip:user@example.com> SIP/2.0"), 400),
    "lwsruri: a space within the URI": (torture("OPTIONS sip:user@example.com; lr SIP/2.0"), 400),
    "lwsstart: more than one space": (torture("OPTIONS  sip:user@example.com  SIP/2.0"), 400),
    "trws: a space at the end": (torture("OPTIONS sip:user@example.com SIP/2.0 "), 400),
    "escruri: headers in the URI": (torture("OPTIONS sip:user@example.com?Route=%3Csip:x%3E SIP/2.0"), 400),
    "badvers: a version of the future": (torture("OPTIONS sip:t.watson@example.org SIP/7.0"), 505),
    "mismatch01: another method in CSeq": (torture(CSeq="CSeq: 1 INVITE"), 400),
    "insuf: headers missing": (torture(From="", To=""), None),
    "multi01: headers twice": (torture(X="CSeq: 8 OPTIONS"), 400),
    "mismatch02: another method nobody knows": (torture("NEWMETHOD sip:user@example.com SIP/2.0"), 400),
    "unkscm: a scheme that nobody knows": (torture("OPTIONS nobodyKnowsThisScheme:totallyopaque SIP/2.0"), 416),
    "novelsc: another application's scheme": (torture("OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0"), 416),
    "bext01: extensions": (torture(X="Require: nothingSupportsThis, nothingSupportsThisEither"), 420),
    "invut: a body of a type that nobody knows": (torture(
        INVITES, X="Content-Type: application/unknownformat\r\nContent-Length: 5", body="<audi", **INVITE), 415),
    "intmeth: a method of odd letters": (torture(
        "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~@example.com SIP/2.0",
        CSeq="CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~"), 405),
    "esc02: escapes in the method": (torture(
        "RE%47IST%45R sip:b@192.0.2.2 SIP/2.0", CSeq="CSeq: 1 RE%47IST%45R"), 405),
    "mpart01: a message of parts": (torture(
        "MESSAGE sip:kumiko@example.org SIP/2.0", CSeq="CSeq: 1 MESSAGE", body="--7a9c\r\n\r\nhi\r\n--7a9c--",
        X="Content-Type: multipart/mixed;boundary=7a9c"), 405),
    "quotbal: a quote that does not end": (torture(
        INVITES, To='To: "Mr. J. User <sip:j.user@example.com>', **INVITE), 400),
    "regbadct: headers in a Contact without brackets": (torture(
        REGISTERS, CSeq="CSeq: 1 REGISTER", Contact="Contact: sip:u@example.com?Route=%3Csip:x.example%3E"), 400),
    "mcl01: two lengths": (torture(X="Content-Length: 13\r\nContent-Length: 5", body="hello, there!"), 400),
    "sdp01: no sound is taken back": (torture(
        INVITES, X="Accept: text/nobodyKnowsThis\r\nContent-Length: 0", **INVITE), 406),
    "no tag in From": (torture(From="From: <sip:a@example.com>"), 400),
    "no Contact in an INVITE": (torture(INVITES, CSeq="CSeq: 1 INVITE"), 400),
}


@pytest.mark.parametrize(("said", "answer"), WRONG.values(), ids=WRONG)
def test_a_message_when_it_is_wrong_then_the_code_that_says_so(said, answer):
    assert Caller().code(said) == answer


@pytest.mark.parametrize("said", [
    torture("SIP/2.0 200 OK"), torture("SIP/2.0 100 "),
    torture("SIP/2.0 200 = 2**3 * 5**2 \u00e9"),
    torture("SIP/2.0 503 Service Unavailable", X="Retry-After: 9" + "9" * 40),
    torture("SIP/2.0 200 OK", Via="Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1saber23"),
    torture("SIP/2.0 4294967301 better not break"), torture("SIP/2.0 9 x"),
    message("ACK", to_tag="x"), b"", b"\r\n\r\n", b"\0" * 40, b"\xff\xfe" * 60,
    b"INVITE sip:\xff\xfe SIP/2.0\r\n\r\n",
    message("ACK", uri="nonsense")])
def test_an_answer_an_ack_and_what_is_no_sip_then_silence(said):
    assert Caller().say(said) == []


def test_two_messages_in_one_datagram_then_the_length_parts_them():
    caller = Caller()
    caller.say(message("INVITE", body=OFFER) + message("OPTIONS"))
    assert caller.end.calls == 1
    assert read(message("INVITE", body=OFFER) + b"more").message.body == OFFER.encode()


def mutated(data, drawn):
    """Return a message to which something happened."""
    data = bytearray(data)
    for _ in range(drawn.randint(1, 6)):
        place, length = drawn.randrange(len(data)), drawn.randint(1, 12)
        what = drawn.randrange(5)
        if what == 0:
            data[place] = drawn.randrange(256)
        elif what == 1:
            del data[place:place + length]
        elif what == 2:
            data[place:place] = data[drawn.randrange(len(data)):][:length]
        elif what == 3:
            data[place:place] = bytes(drawn.choices(b'\r\n:;,<>"= %\\/@[]', k=length))
        else:
            data[place:place] = drawn.choice([b"9" * 5000, b";self=1", b"\r\n ", b";tag=", b"2147483648",
                                              b"\r\n\r\n"])
    return bytes(data)


def test_3000_messages_of_rubbish_then_no_fault_and_no_answer_that_makes_much_of_little():
    drawn = random.Random(4475)  # noqa: S311
    seeds = [*WELL.values(), *(said for said, _ in WRONG.values()), message("INVITE", body=OFFER),
             message("INVITE", body=OFFER, extra="Session-Expires: 90\r\nRecord-Route: <sip:x;lr>\r\n"),
             message("INFO", to_tag="t", body="Signal=1", kind="application/dtmf-relay"), message("CANCEL")]
    caller = Caller(gate=lambda *_: "take")
    for _ in range(3000):
        said = mutated(drawn.choice(seeds), drawn)
        caller.end.receive(said, Peer("192.0.2.9", 5060), caller.now)
        sent = caller.end.outgoing()
        assert sum(len(data) for data, _ in sent) <= 2 * len(said) + 300
        assert {peer.host for _, peer in sent} <= {"192.0.2.9"}
        for event in caller.end.events():
            if type(event).__name__ == "Invited":
                caller.end.answer(event.call, "192.0.2.2", 20_000, caller.now)
                caller.end.outgoing()
    caller.wait(200)
    assert caller.end.idle
    assert caller.code(message(branch="z9hG4bKalive")) == 200


def test_rubbish_that_comes_for_long_then_nothing_of_it_is_kept():
    drawn, caller, kept = random.Random(1), Caller(gate=lambda *_: "take"), []  # noqa: S311
    seeds = [said for said, _ in WRONG.values()] + [message("INVITE", body=OFFER)]
    for _ in range(2):
        for _ in range(500):
            caller.say(mutated(drawn.choice(seeds), drawn))
        caller.wait(100)
        gc.collect()
        kept.append(sum(isinstance(one, TracebackType) for one in gc.get_objects()))
    assert kept[1] <= kept[0] + 10


def test_a_message_that_is_no_message_then_the_reason_says_nothing_of_it():
    with pytest.raises(Malformed, match=r"^it cannot be read: ValueError$"):
        read(b"INVITE sip:1 SIP/2.0\r\nVia: 48215\r\nFrom: 48215\r\nTo: x\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\r\n")
