"""Who waits and who is in: the room's table and what comes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lobby.rooms import IMPOSSIBLE, TABLE, Joins, NotHere, Over, Room, RoomEvent, RoomState, Waits


def test_every_pair_then_decided_or_impossible_and_never_both():
    assert set(TABLE) | IMPOSSIBLE == {(state, event) for state in RoomState for event in RoomEvent}
    assert not set(TABLE) & IMPOSSIBLE


def test_a3_1_before_the_start_then_they_wait_and_on_start_join_in_order_of_arrival():
    """A3.1, A3.3."""
    room = Room("1234567")
    assert room.arrive(5) == [Waits(5)]
    assert room.arrive(3) == [Waits(3)]
    assert room.open(9) == [Joins(9), Joins(5), Joins(3)]
    assert room.members == (9, 5, 3)
    assert room.waiting == ()


def test_one_who_waits_starts_it_then_he_joins_first_and_once():
    room = Room("1234567")
    room.arrive(5)
    room.arrive(3)
    assert room.open(3) == [Joins(3), Joins(5)]
    assert room.waiting == ()


def test_a2_3_once_started_then_whoever_comes_joins():
    room = Room("1234567")
    room.open(1)
    assert room.arrive(2) == [Joins(2)]
    assert room.open(3) == [Joins(3)]


def test_the_last_one_leaves_then_it_is_over_and_the_next_waits():
    room = Room("1234567")
    room.open(1)
    room.arrive(2)
    assert room.leave(1) == []
    assert room.leave(2) == [Over()]
    assert room.arrive(3) == [Waits(3)]
    assert room.leave(3) == []
    assert room.state is RoomState.EMPTY


def test_a_stranger_leaves_then_an_error_that_names_the_room():
    with pytest.raises(NotHere, match="1234567"):
        Room("1234567").leave(7)


@given(st.lists(st.tuples(st.sampled_from(["arrive", "open", "leave"]), st.integers(1, 6)), max_size=40))
def test_any_coming_and_going_then_nobody_is_in_two_places_and_none_waits_once_started(moves):
    room, inside = Room("1234567"), set()
    for move, who in moves:
        if (move == "leave") != (who in inside):
            continue
        outcomes = getattr(room, move)(who)
        inside = inside - {who} if move == "leave" else inside | {who}
        assert set(room.waiting) | set(room.members) == inside
        assert not set(room.waiting) & set(room.members)
        assert (room.state is RoomState.STARTED) == bool(room.members)
        assert not (room.members and room.waiting)
        assert (Over() in outcomes) == (move == "leave" and not inside and Over() in outcomes)
        if not inside:
            assert room.state is RoomState.EMPTY
