"""The table of a call is complete, and every state is reached and left."""

from ivr.conference.impossible import IMPOSSIBLE
from ivr.conference.table import TABLE, Do, Event, Say, State


def test_every_pair_then_decided_or_listed_as_impossible_and_never_both():
    pairs = {(state, event) for state in State for event in Event}
    impossible = {(state, event) for state, events in IMPOSSIBLE.items() for event in events}
    assert set(TABLE) | impossible == pairs
    assert set(TABLE) & impossible == set()


def test_every_state_then_reached_and_left():
    reached = {State.IDLE}
    while more := {step.state for (state, _), step in TABLE.items() if state in reached} - reached:
        reached |= more
    assert reached == set(State)
    left = {state for (state, _), step in TABLE.items() if step.state is not state}
    assert left == set(State) - {State.ENDED}


def test_every_state_of_a_call_that_is_up_then_hang_up_ends_it():
    """A6.8."""
    for state in set(State) - {State.IDLE, State.ENTERING, State.ENDED}:
        assert TABLE[state, Event.HUNG_UP].state is State.ENDED
        assert Do.LEAVE in TABLE[state, Event.HUNG_UP].requests


def test_entering_a_meeting_or_the_lobby_then_the_room_is_told():
    for (state, event), step in TABLE.items():
        if step.state is not state and step.state is State.MEETING:
            assert {Do.START, Do.JOIN} & set(step.requests), (state, event)
        if step.state is not state and step.state is State.LOBBY:
            assert Do.WAIT in step.requests, (state, event)
            assert Do.MUSIC in step.requests, (state, event)


def test_every_prompt_of_the_table_then_in_the_catalogue():
    from prompts import load

    said = {r.prompt for step in TABLE.values() for r in step.requests if isinstance(r, Say)}
    assert said <= set(load("en-US").texts)
