"""What is told before a call is answered: reliably (RFC 3262), with early sound, and with UPDATE meanwhile."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire import OFFER, SECOND, A, B, Caller, Wire, code, header, message

from ivr.lines.sip.telling import Agreed, Answered, Ended, Invited, Ringing

RELIABLE = "Supported: 100rel\r\n"
FATES = st.lists(st.one_of(st.just([0]), st.lists(st.integers(0, SECOND // 2), max_size=2)), max_size=30)


def rung(extra=RELIABLE, body=OFFER, *, early=True):
    """Return a caller who is told that it rings, the number of his call, and what he was told."""
    caller = Caller()
    caller.say(message("INVITE", body=body, extra=extra))
    [call] = [event.call for event in caller.end.events() if isinstance(event, Invited)]
    if early:
        caller.end.play_early(call, "192.0.2.2", 20_000, 0)
    else:
        caller.end.ring(call, 0)
    [said] = caller.heard()
    caller.tag = header(said, "To").partition("tag=")[2]
    return caller, call, said


def acknowledges(caller, number, cseq=2, **more):
    return caller.asks("PRACK", cseq, extra=f"RAck: {number} 1 INVITE\r\n", **more)


def sound(answer):
    return re.findall(r"(?m)^m=audio (\d+)", answer)


def test_ringing_when_the_caller_can_then_again_until_acknowledged_and_only_then_more():
    caller, call, said = rung(early=False)
    assert (code(said), header(said, "Require"), header(said, "RSeq")) == (180, "100rel", "1")
    assert caller.wait(1.6) == [said, said]
    caller.end.play_early(call, "192.0.2.2", 20_000, caller.now)
    assert caller.heard() == []
    assert code(acknowledges(caller, 7)) == 481
    done, more = caller.say(message("PRACK", to_tag=caller.tag, cseq=3, branch="z9hG4bKp",
                                    extra="RAck: 1 1 INVITE\r\n"))
    assert (code(done), code(more), header(more, "RSeq"), sound(more)) == (200, 183, "2", ["20000"])
    assert code(acknowledges(caller, 2, 4)) == 200
    assert caller.wait(59) == []
    [still] = caller.wait(1.3)
    assert (code(still), header(still, "RSeq")) == (183, "3")


@pytest.mark.parametrize("extra", ["", "Supported: timer\r\n"])
def test_ringing_when_the_caller_cannot_then_told_once_with_the_sound_that_the_200_repeats(extra):
    caller, call, said = rung(extra)
    assert (header(said, "Require"), header(said, "RSeq"), sound(said)) == ("", "", ["20000"])
    assert caller.wait(20) == []
    assert code(acknowledges(caller, 1)) == 481
    caller.end.answer(call, "192.0.2.2", 29_998, caller.now)
    [answer] = caller.heard()
    assert answer.partition("\r\n\r\n")[2] == said.partition("\r\n\r\n")[2]


def test_ringing_that_is_required_then_it_is_so():
    _, _, said = rung("Require: 100rel\r\n", early=False)
    assert header(said, "Require") == "100rel"


def test_an_answer_when_early_sound_is_not_acknowledged_then_waits_and_says_it_no_more():
    caller, call, _ = rung()
    caller.end.answer(call, "192.0.2.2", 20_000, 0)
    assert caller.heard() == []
    done, answer = caller.say(message("PRACK", to_tag=caller.tag, cseq=2, branch="z9hG4bKp",
                                      extra="RAck: 1 1 INVITE\r\n"))
    assert (code(done), code(answer), sound(answer)) == (200, 200, [])
    assert [event.media.port for event in caller.end.events() if isinstance(event, Agreed)] == [40_000]
    caller.acks()
    assert caller.wait(100) == []


def test_ringing_that_is_never_acknowledged_then_504_and_told():
    caller, call, _ = rung()
    heard = [code(one) for one in caller.wait(32.1)]
    assert heard[-1] == 504
    assert set(heard[:-1]) == {183}
    assert caller.end.events()[-1] == Ended(call, "that it rings was never acknowledged")


def test_early_sound_without_an_offer_then_ours_and_the_acknowledgement_answers():
    caller, call, said = rung(body="")
    assert sound(said) == ["20000"]
    assert code(caller.asks("UPDATE", 2, body=OFFER)) == 491
    assert code(acknowledges(caller, 1, 3)) == 488
    assert code(acknowledges(caller, 1, 4, body=OFFER.replace("0 8 96", "8 101").replace(":96", ":101"))) == 200
    assert [event.media.codec for event in caller.end.events() if isinstance(event, Agreed)] == ["PCMA"]
    caller.end.answer(call, "192.0.2.2", 20_000, 0)
    assert [sound(one) for one in caller.heard()] == [[]]
    assert header(rung("", "")[2], "Content-Type") == ""


def test_update_before_the_answer_then_taken_once_the_offer_is_answered_for_good():
    caller, call, _ = rung()
    moved = OFFER.replace("40000", "41000")
    assert code(caller.asks("UPDATE", 2, body=moved)) == 500
    assert code(acknowledges(caller, 1, 3)) == 200
    assert sound(caller.asks("UPDATE", 4, body=moved)) == ["20000"]
    caller.end.answer(call, "192.0.2.2", 20_000, 0)
    assert [event.media.port for event in caller.end.events() if isinstance(event, Agreed)] == [40_000, 41_000]


def test_a_caller_who_gives_up_while_it_rings_then_nothing_more_is_said():
    caller, _, _ = rung()
    assert {code(one) for one in caller.say(message("CANCEL"))} == {200, 487}
    caller.say(message("ACK", to_tag=caller.tag))
    assert caller.wait(100) == []
    assert caller.end.idle


@given(FATES, st.booleans(), st.integers(0, 4 * SECOND))
@settings(max_examples=60)
def test_a_call_of_ours_with_early_sound_over_a_bad_line_then_both_agree(fates, early, rings):
    wire = Wire(fates)
    call = wire.ends[A].invite("sip:1000@192.0.2.2", B, A.host, 4000, 0)
    wire.run(40 * SECOND)
    for event in wire.of(B, Invited):
        if early:
            wire.ends[B].play_early(event.call, B.host, 5000, wire.now)
        else:
            wire.ends[B].ring(event.call, wire.now)
        wire.run(wire.now + rings)
        wire.ends[B].answer(event.call, B.host, 5000, wire.now)
    wire.run(wire.now + 150 * SECOND)
    there = [wire.ends[A].agreed(call), *(wire.ends[B].agreed(event.call) for event in wire.of(B, Invited))]
    if wire.ends[A].calls:
        assert [one.port for one in there] == [5000, 4000]
        assert len(wire.of(A, Answered)) == 1
    wire.ends[A].end(call, wire.now)
    wire.run(wire.now + 150 * SECOND)
    assert all(end.idle and end.next_at() is None for end in wire.ends.values())


def test_early_sound_of_one_we_call_then_heard_before_the_answer_and_an_update_moves_it():
    wire = Wire()
    call = wire.ends[A].invite("sip:1000@192.0.2.2", B, A.host, 4000, 0)
    wire.run(SECOND)
    [event] = wire.of(B, Invited)
    wire.ends[B].play_early(event.call, B.host, 5000, wire.now)
    wire.run(2 * SECOND)
    assert [type(one) for one in wire.told[A]] == [Ringing, Agreed]
    assert wire.of(A, Ringing)[0].code == 183
    leg = wire.ends[B]._leg(event.call)
    leg.local.port = 5002
    leg.ask("UPDATE", lambda *_: None, wire.now, [("Contact", leg.contact), ("Content-Type", "application/sdp")],
            leg.local.offer(leg.agreed))
    wire.run(3 * SECOND)
    wire.ends[B].answer(event.call, B.host, 5002, wire.now)
    wire.run(4 * SECOND)
    assert [one.media.port for one in wire.of(A, Agreed)] == [5000, 5002]
    assert wire.ends[A].agreed(call).port == 5002
    assert wire.starts(A) == ["INVITE", "PRACK", "200", "ACK"]


def test_two_who_ring_behind_a_proxy_then_each_is_acknowledged_and_the_one_who_answers_is_heard():
    caller = Caller()
    call = caller.end.invite("sip:1000@192.0.2.9", caller.peer, "192.0.2.2", 20_000, 0)
    [invite] = caller.heard()
    sound_of = OFFER.replace("0 8 96", "0")

    def answer(status, tag, port, extra=""):
        copied = "".join(f"{name}: {header(invite, name)}\r\n" for name in ("Via", "From", "Call-ID", "CSeq"))
        body = sound_of.replace("40000", str(port))
        return (f"SIP/2.0 {status} x\r\n{copied}To: <sip:1000@192.0.2.9>;tag={tag}\r\n"
                f"Contact: <sip:{tag}@192.0.2.9>\r\n"
                f"{extra}Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()

    reliable = "Require: 100rel\r\nRSeq: {}\r\n"
    racks = [header(one, "RAck") for tag, port, number in (("a", 7000, 5), ("b", 8000, 9), ("a", 7000, 5))
             for one in caller.say(answer(183, tag, port, reliable.format(number)))]
    assert racks == ["5 1 INVITE", "9 1 INVITE"]
    assert caller.say(answer(180, "a", 7000, reliable.format(7))) == []
    [ack] = [one for one in caller.say(answer(200, "b", 8000)) if one.startswith("ACK")]
    assert ack.startswith("ACK sip:b@192.0.2.9")
    assert caller.end.agreed(call).port == 8000
    caller.end.end(call, 0)
    assert header(caller.heard()[-1], "CSeq") == "3 BYE"
