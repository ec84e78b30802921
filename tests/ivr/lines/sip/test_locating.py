"""Calls that a trusted proxy brings: one whose meeting is at another process is sent there."""

import pytest
from ports import own
from softphone import Softphone
from wire import OFFER, Caller, message

from ivr.engine.exchange import Exchange
from ivr.lines.sip import telling
from ivr.lines.sip.callers import trusted
from ivr.lines.sip.sockets import Network
from ivr.lines.sip.trunk import SipTrunk

PROXY = trusted(["192.0.2.9"])


class Known:
    """Knows where meetings are, and answers in the next tick; of some never."""

    def __init__(self, where):
        self._where, self._found, self.gone = where, [], []

    def seek(self, call, conference_id, gone):
        self.gone.append(gone)
        if conference_id in self._where:
            self._found.append((call, self._where[conference_id]))

    def found(self):
        found, self._found = self._found, []
        return found


@pytest.fixture
def called(world):
    """Rings a trunk that trusts this machine; gives the bridge, the telephone, and what it was sent."""
    opened = []

    def called(number, where, ticks=10):
        made, network, phone = world(), Network("127.0.0.1", 0, own(4_000, 100)), Softphone(number=number)
        opened.extend([network, phone])
        known = Known(where)
        exchange = Exchange(made.bridge, [SipTrunk(network, trusts=trusted(["127.0.0.1"]), locator=known)])
        phone.dial(network.here)
        for _ in range(ticks):
            phone.step(made.bridge.now)
            exchange.step()
        phone.step(made.bridge.now)
        return made, phone, b"".join(phone.asked)

    yield called
    for one in opened:
        one.close()


def test_a_meeting_that_is_elsewhere_then_302_to_there(called):
    made, phone, sent = called("1234567", {"1234567": "192.0.2.44:5070"})
    assert [event.code for event in phone.of(telling.CallRefused)] == [302]
    assert b"\r\nContact: <sip:1234567@192.0.2.44:5070>\r\n" in sent
    assert not made.bridge.calls


@pytest.mark.parametrize(("number", "where", "ticks", "calls"), [
    ("1234567", {"1234567": ""}, 10, 1), ("1000", {}, 10, 1), ("1234567", {}, 10, 0), ("1234567", {}, 150, 1)])
def test_a_meeting_that_is_here_or_unknown_then_taken_and_none_is_waited_for_long(called, number, where, ticks,
                                                                                  calls):
    made, _, _ = called(number, where, ticks)
    assert len(made.bridge.calls) == calls


@pytest.mark.parametrize(("trusts", "extra", "uri", "expected"), [
    (PROXY, "X-Conference-ID: 1234567\r\nX-Home-Gone: 192.0.2.44:5070\r\n", "sip:1000@x",
     ("1234567", "192.0.2.44:5070")),
    (PROXY, "", "sip:7654321@x", ("7654321", "")), (PROXY, "X-Conference-ID: 12\r\n", "sip:1000@x", ("", "")),
    (trusted([]), "X-Conference-ID: 1234567\r\nX-Home-Gone: x\r\n", "sip:7654321@x", ("", ""))])
def test_what_a_request_says_of_its_meeting_then_believed_of_trusted_proxies_alone(trusts, extra, uri, expected):
    caller = Caller(trusts=trusts)
    caller.say(message("INVITE", body=OFFER, extra=extra, uri=uri))
    [event] = [event for event in caller.end.events() if isinstance(event, telling.Invited)]
    assert (event.conference_id, event.gone) == expected
