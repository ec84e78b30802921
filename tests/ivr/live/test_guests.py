"""Callers who are added to a bridge at work: they meet, they go, and a fault in what they do is nobody else's."""

import numpy as np
import pytest
from callers import KeypadLine

from ivr.clock import samples
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryTrunk
from ivr.live.guests import GuestError, Guests


@pytest.fixture
def house(quiet_bridge):
    """A bridge with a caller of its own, and guests; ``house(seconds)`` lets time pass."""
    line = KeypadLine("anna", [(0.3, "1234567#1")])
    exchange = Exchange(quiet_bridge(), [MemoryTrunk([line], stays=True)])
    guests = Guests(exchange, lambda text, _: np.full(40 * len(text), 2000, np.int16))

    def passes(seconds):
        until = exchange.bridge.now + samples(seconds)
        while exchange.bridge.now < until:
            guests.step()
        return {call.caller: call.state for call in exchange.bridge.calls.values()}

    passes.exchange, passes.guests = exchange, guests
    return passes


def added(house, name, *, organizer=False, talks=True):
    part = house.guests.prepare(name, organizer=organizer, talks=talks)
    house.guests.add(part, conference_id="1234567", pin="48215" if organizer else "", by_hand=False)


def test_guests_who_talk_and_one_who_does_not_then_they_meet_and_the_talkers_go_when_all_is_said(house):
    added(house, "eva")
    added(house, "leo", organizer=True)
    added(house, "sam", talks=False)
    there = house(20)
    assert {there[name] for name in ("anna", "eva", "leo", "sam")} == {"meeting"}
    there = house(60)
    assert "eva" not in there
    assert "leo" not in there
    assert there.get("sam", "gone") in ("meeting", "gone")


def test_a_fault_in_what_guests_do_then_they_go_and_the_bridge_goes_on(house):
    added(house, "eva")
    house.guests._spoken.clear()  # what he will say is not there when it is to be said
    assert house(3)["anna"] == "lobby"
    assert house(20)["anna"] == "lobby"
    assert house.guests.fault.startswith("the callers that were added have gone: ")
    assert house.guests.names == ()
    house(1)
    assert [call.caller for call in house.exchange.bridge.calls.values()] == ["anna"]


def test_a_guest_of_a_name_that_is_there_then_refused(house):
    house(0.1)
    with pytest.raises(GuestError, match="anna is there already"):
        added(house, "anna")
    with pytest.raises(GuestError, match="no guest nobody"):
        house.guests.press("nobody", "1")
