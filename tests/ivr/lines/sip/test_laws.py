"""Two endpoints of ours talk over a network that loses, delays, reorders and doubles."""

from hypothesis import given
from hypothesis import strategies as st
from sampled import examples
from wire import SECOND, A, B, Wire

from ivr.lines.sip.telling import Agreed, Answered, CallRefused, Ended, Invited

DELAY = st.integers(0, SECOND // 2)
FATE = st.one_of(st.just([0]), st.lists(DELAY, max_size=2))
FATES = st.lists(FATE, max_size=40)
DOES = st.lists(st.tuples(st.sampled_from(["hold", "take back", "end", "nothing"]), st.sampled_from([A, B]),
                          st.integers(0, 40 * SECOND)), max_size=4)


def begun(wire):
    """Have A call B."""
    return wire.ends[A].invite("sip:1000@192.0.2.2", B, A.host, 4000, 0)


def played(fates, deeds, *, rings=0, answers=True):
    """Play a call to its end; return the wire and the number that the call has on each side."""
    wire = Wire(fates)
    calls = {A: begun(wire)}
    wire.run(10 * SECOND)
    if not wire.of(B, Invited):
        wire.run(40 * SECOND)
    for event in wire.of(B, Invited):
        calls[B] = event.call
        if rings:
            wire.ends[B].ring(event.call, wire.now)
            wire.run(wire.now + rings)
        if answers:
            wire.ends[B].answer(event.call, B.host, 5000, wire.now)
        else:
            wire.ends[B].reject(event.call, 486, wire.now)
    for deed, who, pause in deeds:
        wire.run(wire.now + pause)
        if who in calls and deed == "end":
            wire.ends[who].end(calls[who], wire.now)
        elif who in calls and deed != "nothing":
            wire.ends[who].hold(calls[who], wire.now, on=deed == "hold")
    return wire, calls


def agreement(wire, who, call):
    return wire.ends[who].agreed(call)


@given(FATES, DOES, st.integers(0, 3 * SECOND), st.booleans())
@examples(150)
def test_whatever_happens_then_nothing_is_left_in_the_end(fates, deeds, rings, answers):
    wire, calls = played(fates, deeds, rings=rings, answers=answers)
    wire.run(wire.now + 60 * SECOND)
    for who, call in calls.items():
        wire.ends[who].end(call, wire.now)
    wire.run(wire.now + 150 * SECOND)
    for who, end in wire.ends.items():
        assert end.idle, who
        assert end.next_at() is None
        assert len(wire.of(who, Ended)) + len(wire.of(who, CallRefused)) <= 1


@given(FATES, st.integers(0, 3 * SECOND))
@examples(100)
def test_a_call_over_a_bad_line_then_both_agree_or_both_know_that_it_is_over(fates, rings):
    wire, calls = played(fates, [], rings=rings)
    wire.run(wire.now + 150 * SECOND)
    there = {who: agreement(wire, who, call) for who, call in calls.items()}
    if all(there.values()) and len(there) == 2:
        assert (there[A].port, there[B].port) == (5000, 4000)
        assert len(wire.of(A, Answered)) == 1
    else:
        assert not any(there.values())


@given(FATES, st.lists(st.tuples(st.sampled_from(["hold", "take back"]), st.sampled_from([A, B]),
                                 st.integers(0, 2 * SECOND)), max_size=4))
@examples(100)
def test_holds_over_a_bad_line_then_both_sides_see_the_same(fates, deeds):
    wire, calls = played(fates, deeds)
    wire.run(wire.now + 200 * SECOND)
    there = [agreement(wire, who, call) for who, call in calls.items()]
    if len(there) == 2 and all(there):
        one, other = there
        assert (one.sends, one.receives) == (other.receives, other.sends)


def test_two_new_invites_at_once_then_both_give_way_and_come_again():
    wire, calls = played([[80]] * 50, [("hold", A, SECOND), ("hold", B, 0)])
    wire.run(wire.now + 10 * SECOND)
    assert "491" in wire.starts()
    assert not any(agreement(wire, who, call).sends for who, call in calls.items())


def test_an_invite_that_is_lost_then_sent_again_and_after_32_s_given_up():
    wire = Wire([[]] * 100)
    begun(wire)
    wire.run(100 * SECOND)
    assert wire.starts(A) == ["INVITE"] * 7
    assert [event.code for event in wire.of(A, CallRefused)] == [408]
    assert wire.ends[A].idle


def test_a_call_that_is_taken_back_as_it_is_answered_then_both_end():
    wire = Wire()
    call = begun(wire)
    wire.run(SECOND)
    wire.ends[A].end(call, wire.now)
    wire.ends[B].answer(wire.of(B, Invited)[0].call, B.host, 5000, wire.now)
    wire.run(40 * SECOND)
    assert wire.of(A, Answered) == []
    assert len(wire.of(B, Ended)) == 1
    assert wire.ends[A].calls == wire.ends[B].calls == 0


def test_a_call_that_is_taken_back_while_it_rings_then_487():
    wire = Wire()
    call = begun(wire)
    wire.run(SECOND)
    wire.ends[A].end(call, wire.now)
    wire.run(80 * SECOND)
    assert "487" in wire.starts(B)
    assert len(wire.of(B, Ended)) == 1
    assert wire.told[A] == []


def test_a_call_that_is_taken_back_and_rings_on_then_over_in_the_end():
    wire = Wire()
    call = begun(wire)
    wire.run(SECOND)
    wire.ends[A].end(call, wire.now)
    for data, source in wire.ends[A].outgoing():
        assert data.startswith(b"CANCEL")
        assert source == B
    wire.ends[B].ring(wire.of(B, Invited)[0].call, wire.now)
    wire.run(100 * SECOND)
    assert wire.ends[A].idle


def test_a_busy_callee_then_refused_with_its_code_and_acknowledged():
    wire, _ = played([], [], answers=False)
    wire.run(80 * SECOND)
    assert [event.code for event in wire.of(A, CallRefused)] == [486]
    assert wire.starts(A) == ["INVITE", "ACK"]
    assert all(end.idle for end in wire.ends.values())


def test_agreed_media_when_the_caller_holds_then_told_on_both_sides():
    wire, _ = played([], [("hold", A, SECOND)])
    wire.run(wire.now + SECOND)
    assert [event.media.sends for event in wire.of(B, Agreed)] == [True, False]
    assert [event.media.receives for event in wire.of(A, Agreed)] == [True, False]
