"""An endpoint answers raw SIP as RFC 3261 and its companions say."""

import re

import pytest
from wire import OFFER, Caller, code, header, message

from ivr.lines.sip.reading import Peer
from ivr.lines.sip.telling import Agreed, Ended, Invited, Pressed


def direction(answer):
    return re.findall(r"(?m)^a=(sendrecv|sendonly|recvonly|inactive)", answer)


def told(caller, kind):
    return [event for event in caller.end.events() if isinstance(event, kind)]


def up():
    caller = Caller()
    caller.calls()
    caller.acks()
    return caller


def test_an_invite_when_it_comes_then_trying_and_who_calls_is_told():
    caller = Caller()
    assert [code(one) for one in caller.say(message("INVITE", body=OFFER))] == [100]
    assert caller.end.events() == [Invited(2, "1000", "Ann", "+14255550100", "192.0.2.9", "192.0.2.9")]


def test_an_answer_then_route_copied_keys_by_the_type_offered_and_only_what_was_understood():
    caller = Caller()
    answer = caller.calls(body=OFFER.replace("0 8 96", "18 8 3 96") + "m=video 5 RTP/AVP 31\r\n", extra=(
        "Record-Route: <sip:192.0.2.7;lr;x=%41b>\r\nRecord-Route: <sip:192.0.2.8;lr>\r\n"))
    assert re.findall(r"(?m)^Record-Route: (.*)\r", answer) == ["<sip:192.0.2.7;lr;x=%41b>", "<sip:192.0.2.8;lr>"]
    assert re.findall(r"(?m)^m=.*|^a=rtpmap.*", answer.replace("\r", "")) == [
        "m=audio 20000 RTP/AVP 8 96", "a=rtpmap:8 PCMA/8000", "a=rtpmap:96 telephone-event/8000",
        "m=video 0 RTP/AVP 31"]


def test_the_invite_again_before_the_ack_then_the_same_200_and_after_it_silence():
    caller = Caller()
    answer = caller.calls()
    assert caller.say(message("INVITE", body=OFFER, branch="z9hG4bKinv")) == [answer]
    assert caller.wait(1.7) == [answer, answer]
    caller.acks()
    assert caller.say(message("INVITE", body=OFFER, branch="z9hG4bKinv")) == []
    assert caller.wait(100) == []


def test_an_answer_that_nobody_acknowledges_then_the_call_ends_with_a_bye():
    caller = Caller()
    caller.calls()
    caller.end.events()
    sent = [one.split(" ")[0] for one in caller.wait(70)]
    assert sent.count("SIP/2.0") == 10
    assert [event.why for event in told(caller, Ended)] == ["our answer was never acknowledged"]
    assert sent[10:] == ["BYE"] * 11
    assert caller.end.idle


@pytest.mark.parametrize(("said", "answered", "sends"), [
    ("sendonly", "recvonly", False), ("inactive", "inactive", False), ("sendrecv", "sendrecv", True)])
def test_a_new_invite_when_it_holds_then_the_answer_mirrors_it(said, answered, sends):
    caller = up()
    caller.end.events()
    caller.asks("INVITE", 2, body=OFFER.replace("sendrecv", "sendonly"))
    caller.acks(2)
    answer = caller.asks("INVITE", 3, body=OFFER.replace("sendrecv", said))
    assert direction(answer) == [answered]
    assert [event.media.sends for event in told(caller, Agreed)][-1] is sends


def test_a_new_address_then_sound_goes_there():
    caller = up()
    caller.end.events()
    caller.asks("INVITE", 2, body=OFFER.replace("40000", "41000"))
    assert [event.media.port for event in told(caller, Agreed)] == [41000]


def test_an_old_hold_by_an_address_of_zeros_then_we_send_nothing():
    caller = up()
    caller.end.events()
    assert direction(caller.asks("INVITE", 2, body=OFFER.replace("c=IN IP4 192.0.2.9", "c=IN IP4 0.0.0.0"))) == [
        "recvonly"]
    assert not told(caller, Agreed)[0].media.sends


def test_a_bye_and_the_same_again_then_200_each_time_and_told_once():
    caller = up()
    caller.end.events()
    assert [code(caller.asks("BYE")) for _ in range(2)] == [200, 200]
    assert told(caller, Ended) == [Ended(caller.call)]
    assert code(caller.asks("BYE", 3)) == 481


def test_a_cancel_while_it_rings_then_487_and_one_that_comes_late_changes_nothing():
    caller = Caller()
    caller.say(message("INVITE", body=OFFER))
    call = told(caller, Invited)[0].call
    caller.end.ring(call, 0)
    assert [code(one) for one in caller.heard()] == [180]
    heard = caller.say(message("CANCEL"))
    assert sorted((code(one), header(one, "CSeq")) for one in heard) == [(200, "1 CANCEL"), (487, "1 INVITE")]
    assert told(caller, Ended) == [Ended(call)]
    assert caller.say(message("ACK", to_tag="x")) == []
    assert caller.wait(100) == []
    assert caller.end.idle
    late = up()
    late.end.events()
    assert code(late.say(message("CANCEL", branch="z9hG4bKinv"))[0]) == 200
    assert told(late, Ended) == []
    assert code(late.say(message("CANCEL", branch="z9hG4bKnone"))[0]) == 481


def test_a_refusal_then_repeated_until_its_ack():
    caller = Caller()
    caller.say(message("INVITE", body=OFFER))
    caller.end.reject(told(caller, Invited)[0].call, 503, 0)
    assert header(caller.heard()[0], "Retry-After")
    assert [code(one) for one in caller.wait(1.6)] == [503, 503]
    caller.say(message("ACK", to_tag="x"))
    assert caller.wait(60) == []


def test_an_invite_without_an_offer_then_ours_and_the_ack_agrees():
    caller = Caller()
    answer = caller.calls(body="")
    assert "m=audio 20000 RTP/AVP 0 8 9 101" in answer
    caller.end.events()
    caller.acks(body=OFFER.replace("0 8 96", "8 0 101").replace(":96", ":101"))
    [agreed] = told(caller, Agreed)
    assert (agreed.media.codec, agreed.media.events, agreed.media.others) == ("PCMA", 101, ((0, "PCMU"),))


def test_an_invite_without_an_offer_whose_ack_takes_nothing_then_the_call_ends():
    caller = Caller()
    caller.calls(body="")
    caller.end.events()
    assert caller.acks()[-1].startswith("BYE ")
    assert told(caller, Ended)[0].why


@pytest.mark.parametrize(("said", "code_", "name", "value"), [
    (message("INVITE", body=OFFER, extra="Require: nonsense, timer\r\n"), 420, "Unsupported", "nonsense"),
    (message("INVITE", body=OFFER, extra="Session-Expires: 30\r\nSupported: timer\r\n"), 422, "Min-SE", "90"),
    (message("INVITE", body=OFFER.replace("RTP/AVP", "RTP/SAVP")), 488, "Allow", None),
    (message("INVITE", body=OFFER.replace("0 8 96", "3 18")), 488, "Warning", None),
    (message("INVITE", body=OFFER.replace("192.0.2.9", "224.0.0.1")), 488, "Warning", None),
    (message("INVITE", body="rubbish"), 488, "Allow", None),
    (message("INVITE", body="hello", kind="text/plain"), 415, "Accept", "application/sdp"),
    (message("INVITE", body=OFFER).replace(b"Content-Type: application/sdp\r\n", b""), 415, "Accept", None),
    (message("BLAH"), 405, "Allow",
     "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY, REGISTER"),
    (message("MESSAGE", body="hi", kind="text/plain"), 405, "Allow", None),
    (message("OPTIONS"), 200, "Accept", "application/sdp"),
    (message("OPTIONS", uri="http://192.0.2.2/"), 416, "Via", None),
    (message("BYE", to_tag="x"), 481, "Via", None),
    (message("BYE"), 481, "Via", None),
    (message("INVITE", body=OFFER, to_tag="x"), 481, "Via", None)])
def test_a_request_when_it_cannot_be_done_then_its_code_and_what_could(said, code_, name, value):
    answer = Caller().say(said)[-1]
    assert code(answer) == code_
    assert header(answer, name)
    assert value in (None, header(answer, name))
    assert "tag=" in header(answer, "To")


def test_a_refusal_of_ours_at_once_then_never_repeated_by_itself():
    caller = Caller()
    first = caller.say(message("INVITE", body="rubbish"))
    assert caller.wait(40) == []
    assert [code(one) for one in first] == [488]


@pytest.mark.parametrize(("kind", "body", "key"), [
    ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", ("5", 160)),
    ("application/dtmf-relay", "Signal= 11\r\n", ("#", 160)),
    ("application/dtmf-relay", "Signal=a\nDuration=99999\n", ("A", 8000)),
    ("application/dtmf", "*", ("*", 160)),
    ("application/dtmf", "16", None),
    ("application/dtmf-relay", "Signal=hf", None)])
def test_a_key_in_info_then_told(kind, body, key):
    caller = up()
    caller.end.events()
    assert code(caller.asks("INFO", kind=kind, body=body)) == 200
    pressed = told(caller, Pressed)
    assert [(one.key, one.ms) for one in pressed] == ([key] if key else [])
    assert all("key=" not in repr(one) for one in pressed)


@pytest.mark.parametrize(("offered", "taken"), [
    ("9 0", "0 PCMU"), ("9", "9 G722"), ("13 8 0", "8 PCMA"), ("9 101", "9 G722"), ("99 9", "9 G722")])
def test_an_offer_of_codecs_then_the_first_that_needs_no_memory_before_g722_and_never_noise(offered, taken):
    answer = Caller().calls(body=OFFER.replace("0 8 96", offered))
    assert [line[9:] for line in answer.split("\r\n") if line.startswith("a=rtpmap:")] == [f"{taken}/8000"]
    assert f"RTP/AVP {taken.partition(' ')[0]}\r\n" in answer


@pytest.mark.parametrize(("lines", "expected"), [
    ("", (40_001, False)), ("a=rtcp:50003\r\n", (50_003, False)),
    ("a=rtcp:50003 IN IP4 192.0.2.9\r\n", (50_003, False)),
    ("a=rtcp:x\r\n", (40_001, False)), ("a=rtcp:99999\r\n", (0, False)),
    ("a=rtcp-mux\r\n", (40_001, True))])
def test_where_reports_go_then_the_next_port_or_as_told(lines, expected):
    caller = Caller()
    answer = caller.calls(body=OFFER + lines)
    [agreed] = told(caller, Agreed)
    assert (agreed.media.control, agreed.media.muxed) == expected
    assert ("a=rtcp-mux\r\n" in answer) == expected[1]


def test_info_of_another_kind_then_415_and_without_a_body_200():
    caller = up()
    assert code(caller.asks("INFO", 2, body="x", kind="text/plain")) == 415
    assert code(caller.asks("INFO", 3)) == 200


def test_update_when_it_asks_for_a_timer_then_granted_and_the_call_ends_unrefreshed():
    caller = up()
    caller.end.events()
    extra = "Session-Expires: 90;refresher=uac\r\nSupported: timer\r\n"
    answer = caller.asks("UPDATE", 2, extra=extra)
    assert header(answer, "Session-Expires") == "90;refresher=uac"
    assert header(answer, "Require") == "timer"
    assert caller.wait(50) == []
    caller.asks("UPDATE", 3, extra=extra)
    assert caller.wait(59) == []
    assert caller.wait(2)[0].startswith("BYE ")
    assert told(caller, Ended)[0].why == "the call was not refreshed in time"


@pytest.mark.parametrize(("allow", "method"), [("INVITE, UPDATE", "UPDATE"), ("INVITE", "INVITE")])
def test_a_timer_that_is_ours_then_refreshed_at_half_of_it(allow, method):
    caller = Caller()
    answer = caller.calls(extra=f"Session-Expires: 100\r\nAllow: {allow}\r\n")
    assert header(answer, "Session-Expires") == "100;refresher=uas"
    assert header(answer, "Require") == ""
    caller.acks()
    assert caller.wait(49) == []
    assert caller.wait(1.1)[0].startswith(f"{method} sip:ann@192.0.2.9:5060")


def test_a_request_within_a_call_that_has_no_place_there_then_405():
    caller = up()
    assert code(caller.asks("REGISTER", 2)) == 405
    caller.asks("BYE", 3)
    caller.wait(40)
    assert caller.end.idle


def test_a_request_older_than_the_last_then_500():
    caller = up()
    assert code(caller.asks("OPTIONS", 7)) == 200
    assert code(caller.asks("OPTIONS", 6)) == 500


def test_an_invite_by_two_ways_then_the_second_is_a_loop():
    caller = Caller()
    caller.say(message("INVITE", body=OFFER))
    assert caller.code(message("INVITE", body=OFFER, branch="z9hG4bKother")) == 482


def test_an_invite_that_was_refused_and_comes_again_by_a_proxy_then_a_new_call():
    caller = Caller()
    caller.say(message("INVITE", body=OFFER))
    caller.end.redirect(told(caller, Invited)[0].call, "sip:1000@192.0.2.44", 0)
    assert code(caller.heard()[0]) == 302
    caller.say(message("ACK", to_tag="x"))
    assert caller.code(message("INVITE", body=OFFER, branch="z9hG4bKother")) == 100


@pytest.mark.parametrize(("via", "source", "to", "stamp"), [
    ("192.0.2.9:5062", ("192.0.2.9", 9999), 5062, ""),
    ("192.0.2.9:5062;rport", ("192.0.2.9", 9999), 9999, "rport=9999;branch=z9hG4bKx1;received=192.0.2.9"),
    ("10.1.2.3:5062", ("192.0.2.9", 9999), 5062, "received=192.0.2.9"),
    ("phone.invalid", ("192.0.2.9", 9999), 5060, "received=192.0.2.9")])
def test_an_answer_then_goes_where_the_via_says_and_never_to_another_host(via, source, to, stamp):
    caller = Caller()
    caller.end.receive(message(via=via), Peer(*source), 0)
    [(data, peer)] = caller.end.outgoing()
    assert (peer.host, peer.port) == ("192.0.2.9", to)
    assert header(data.decode(), "Via").endswith(stamp)


def test_too_much_at_once_then_503_and_nothing_is_kept():
    caller = Caller(most=3)
    codes = [caller.code(message(branch=f"z9hG4bK{n}", call_id=f"c{n}")) for n in range(6)]
    assert codes == [200, 200, 200, 503, 503, 503]


def test_our_bye_when_the_ack_has_not_come_then_waits_for_it():
    caller = Caller()
    caller.calls()
    caller.end.end(caller.call, 0)
    assert not any(one.startswith("BYE") for one in caller.heard())
    assert caller.acks()[-1].startswith("BYE ")


def test_a_bye_of_ours_behind_a_proxy_then_by_its_route():
    caller = Caller()
    caller.calls(extra="Record-Route: <sip:192.0.2.7;lr>, <sip:192.0.2.8;lr>\r\n")
    caller.acks()
    caller.end.end(caller.call, 0)
    bye = caller.heard()[-1]
    assert bye.startswith("BYE sip:ann@192.0.2.9:5060 ")
    assert re.findall(r"(?m)^Route: (.*)\r", bye) == ["<sip:192.0.2.7;lr>", "<sip:192.0.2.8;lr>"]


@pytest.mark.parametrize("before", [True, False])
def test_a_bye_while_an_invite_of_ours_is_only_being_tried_then_nothing_is_left_of_it(before):
    caller = up()
    caller.end.hold(caller.call, 0, on=True)
    [invite] = caller.heard()
    copied = "".join(f"{name}: {header(invite, name)}\r\n" for name in ("Via", "From", "To", "Call-ID", "CSeq"))
    trying = f"SIP/2.0 100 Trying\r\n{copied}Content-Length: 0\r\n\r\n".encode()
    for said in (trying, b"") if before else (b"", trying):
        caller.say(said)
        caller.asks("BYE")
    caller.wait(100)
    assert caller.end.idle
