"""Coming, going and changing rooms: nothing is carried from one room to another (A3.15)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lobby import Mixer

FRAME = 160
QUIET = 300


def voices(rows, level=QUIET, seed=7):
    return np.random.default_rng(seed).integers(-level, level + 1, (rows, FRAME)).astype(np.int16)


def seated(*rooms):
    mixer = Mixer(len(rooms))
    for row, room in enumerate(rooms):
        mixer.move(row, room)
    return mixer


@pytest.mark.parametrize("elsewhere", [2, -1])
def test_a_row_moves_then_it_hears_nothing_of_the_room_it_left(elsewhere):
    mixer, said = seated(1, 1, 1), voices(3)
    mixer.mix(said)
    mixer.move(0, elsewhere)
    assert not mixer.mix(said)[0].any()
    assert not mixer.mix(said)[0].any()


def test_a_row_joins_then_silence_for_a_frame_and_the_others_go_on():
    mixer, said = seated(1, 1, -1), voices(3)
    mixer.mix(said)
    mixer.move(2, 1)
    first, second = mixer.mix(said), mixer.mix(said)
    assert not first[2].any()
    assert np.array_equal(first[0], said[1])
    assert np.array_equal(second[2], said[0] + said[1])
    assert np.array_equal(second[0], said[1] + said[2])


def test_a_row_leaves_then_its_last_frame_is_still_heard_and_no_more():
    mixer, said = seated(1, 1), voices(2)
    mixer.mix(said)
    mixer.move(1, -1)
    assert np.array_equal(mixer.mix(said)[0], said[1])
    assert not mixer.mix(said)[0].any()


def test_another_room_is_too_loud_then_a_quiet_one_is_untouched():
    mixer = seated(*[1] * 8, 2, 2)
    said = np.concatenate([voices(8, 32767), voices(2)])
    heard = [mixer.mix(said) for _ in range(6)]
    assert np.abs(heard[-1][0].astype(int)).max() > 20000
    assert all(np.array_equal(frame[8:], said[:7:-1]) for frame in heard[1:])


def test_fewer_rows_heard_than_there_are_then_an_error_and_nobody_gets_anothers_voice():
    mixer = seated(1, 1, 1)
    with pytest.raises(IndexError):
        mixer.mix(voices(2))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-1, 2)), max_size=30))
def test_any_moves_then_each_hears_those_who_were_in_his_room_a_frame_ago(moves):
    mixer, said = Mixer(6), voices(6)
    rooms, before = [-1] * 6, np.zeros((6, FRAME), np.int64)
    for row, room in [*moves, (0, -1)]:
        mixer.move(row, room)
        rooms[row] = room
        before[row] = 0
        assert mixer.active == any(r >= 0 for r in rooms)
        assert set(mixer.rooms) == {r for r in rooms if r >= 0}
        assert np.array_equal(mixer.mix(said), before)
        for me, mine in enumerate(rooms):
            others = [r for r, theirs in enumerate(rooms) if r != me and theirs == mine >= 0]
            before[me] = said[others].sum(axis=0, dtype=np.int64)
