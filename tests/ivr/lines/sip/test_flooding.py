"""Who floods is refused, then unheard; others and running calls are not touched."""

from wire import OFFER, SECOND, Caller, code, message

from ivr.lines.sip.flooding import FloodGate
from ivr.lines.sip.reading import Peer


def invite(n):
    return message("INVITE", body=OFFER, branch=f"z9hG4bK{n}", call_id=f"c{n}")


def test_more_calls_than_may_be_then_503_then_silence_and_a_second_later_calls_again():
    caller = Caller(gate=FloodGate(calls=5))
    codes = [[code(one) for one in caller.say(invite(n))] for n in range(15)]
    assert codes == [[100]] * 5 + [[503]] * 5 + [[]] * 5
    assert [code(one) for one in caller.say(invite(99), Peer("192.0.2.77", 5060))] == [100]
    caller.wait(2.1)
    assert [code(one) for one in caller.say(invite(100))] == [100]


def test_a_running_call_of_who_floods_then_it_can_still_hang_up_and_hold():
    caller = Caller(gate=FloodGate(calls=2))
    caller.calls()
    caller.acks()
    assert [len(caller.say(invite(n))) for n in range(2)] == [1, 1]
    assert code(caller.asks("INVITE", 2, body=OFFER)) == 200
    caller.acks(2)
    assert code(caller.asks("BYE", 3)) == 200


def test_more_messages_than_may_be_then_dropped():
    caller = Caller(gate=FloodGate(messages=10))
    answered = [bool(caller.say(message(branch=f"z9hG4bK{n}"))) for n in range(20)]
    assert answered == [True] * 10 + [False] * 10


def test_10000_hosts_then_few_are_kept():
    gate = FloodGate()
    assert {gate(f"h{n}", b"OPTIONS ", n // 100) for n in range(10_000)} == {"take"}
    assert len(gate._hosts) <= 4096


def test_what_a_host_may_then_never_more_than_a_second_of_it():
    gate = FloodGate(calls=3)
    gate("a", b"INVITE ", 0)
    assert [gate("a", b"INVITE ", 100 * SECOND) for _ in range(4)] == ["take"] * 3 + ["refuse"]
