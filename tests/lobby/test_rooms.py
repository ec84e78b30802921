"""Who waits and who is in: the room's table and what comes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lobby.rooms import IMPOSSIBLE, TABLE, Goes, Joins, NotHere, Over, Room, RoomEvent, RoomState, Waits


def test_every_pair_then_decided_or_impossible_and_never_both():
    assert set(TABLE) | IMPOSSIBLE == {(state, event) for state in RoomState for event in RoomEvent}
    assert not set(TABLE) & IMPOSSIBLE


def test_a3_1_before_the_start_then_they_wait_and_on_start_join_in_order_of_arrival():
    """A3.1, A3.3."""
    room = Room("1234567")
    assert room.come(5, passes=False) == [Waits(5)]
    assert room.come(3, passes=True) == [Waits(3)]
    assert room.open(9, for_all=True) == [Joins(9), Joins(5), Joins(3)]
    assert room.members == (9, 5, 3)
    assert room.waiting == ()


def test_one_who_waits_starts_it_then_he_joins_first_and_once():
    room = Room("1234567")
    room.come(5, passes=False)
    room.come(3, passes=False)
    assert room.open(3, for_all=True) == [Joins(3), Joins(5)]
    assert room.waiting == ()


def test_a2_3_a3_8_once_started_then_who_passes_joins_and_others_wait():
    room = Room("1234567")
    room.open(1, for_all=True)
    assert room.come(2, passes=True) == [Joins(2)]
    assert room.come(4, passes=False) == [Waits(4)]
    assert room.open(3, for_all=False) == [Joins(3)]
    assert room.waiting == (4,)


def test_a3_5_opened_but_not_for_all_then_the_waiting_wait_until_they_are_admitted():
    room = Room("1234567")
    for who in (5, 3, 4):
        room.come(who, passes=False)
    assert room.open(9, for_all=False) == [Joins(9)]
    assert room.admit(3) == [Joins(3)]
    assert room.waiting == (5, 4)
    assert room.admit_all() == [Joins(5), Joins(4)]
    with pytest.raises(NotHere, match="does not wait"):
        room.admit(3)


def test_a3_13_locked_then_even_who_passes_waits_and_organizers_still_come_in():
    room = Room("1234567")
    room.open(1, for_all=True)
    room.lock(locked=True)
    assert room.come(2, passes=True) == [Waits(2)]
    assert room.open(3, for_all=True) == [Joins(3)]
    assert room.waiting == (2,)
    room.lock(locked=False)
    assert room.come(4, passes=True) == [Joins(4)]


def test_a6_ended_then_everyone_goes_those_who_wait_too():
    room = Room("1234567")
    room.open(1, for_all=True)
    room.come(2, passes=False)
    assert room.end() == [Over(), Goes(1), Goes(2)]
    assert (room.members, room.waiting, room.state) == ((), (), RoomState.EMPTY)


def test_the_last_member_leaves_others_waiting_then_they_wait_for_the_next_start():
    room = Room("1234567")
    room.open(1, for_all=True)
    room.come(2, passes=False)
    assert room.leave(1) == [Over()]
    assert room.state is RoomState.WAITING
    assert room.open(3, for_all=True) == [Joins(3), Joins(2)]


def test_the_last_one_leaves_then_it_is_over_and_the_next_waits():
    room = Room("1234567")
    room.open(1, for_all=True)
    room.come(2, passes=True)
    assert room.leave(1) == []
    assert room.leave(2) == [Over()]
    assert room.come(3, passes=True) == [Waits(3)]
    assert room.leave(3) == []
    assert room.state is RoomState.EMPTY


def test_a_stranger_leaves_then_an_error_that_names_the_room():
    with pytest.raises(NotHere, match="1234567"):
        Room("1234567").leave(7)


MOVES = {
    "come": lambda room, who: room.come(who, passes=False), "pass": lambda room, who: room.come(who, passes=True),
    "open": lambda room, who: room.open(who, for_all=False),
    "open for all": lambda room, who: room.open(who, for_all=True), "leave": lambda room, who: room.leave(who)}


@given(st.lists(st.tuples(st.sampled_from([*MOVES, "lock", "unlock", "admit all"]), st.integers(1, 6)),
                max_size=40))
def test_any_coming_and_going_then_nobody_is_in_two_places_and_it_runs_only_while_somebody_is_in(moves):
    room, inside = Room("1234567"), set()
    for move, who in moves:
        outcomes, ran = [], room.running
        if move in MOVES:
            if (move == "leave") != (who in inside):
                continue
            outcomes = MOVES[move](room, who)
            inside = inside - {who} if move == "leave" else inside | {who}
        elif room.running:
            outcomes = room.admit_all() if move == "admit all" else room.lock(locked=move == "lock") or []
        assert set(room.waiting) | set(room.members) == inside
        assert not set(room.waiting) & set(room.members)
        assert room.running == bool(room.members)
        assert (Over() in outcomes) == (ran and not room.running)
        if not inside:
            assert room.state is RoomState.EMPTY
