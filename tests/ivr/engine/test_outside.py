"""Who is in a room without a call is heard there by everybody, and by nobody else."""

import numpy as np

from ivr.engine.mixing import Mixing

SAID = np.full(400, 1000, np.int16)
NOBODY = np.zeros((3, 160), np.int16)


def heard(mixing, frames=4):
    """What each row hears, frame by frame."""
    told = []
    for _ in range(frames):
        spoken = np.zeros((3, 160), np.int16)
        if mixing.active:
            mixing.add(NOBODY, spoken, set())
        told.append(np.abs(spoken).max(axis=1).tolist())
    return told


def mixing():
    made = Mixing(3, {})
    for row, room in enumerate((7, 7, 8)):
        made.enter(row, room)
    heard(made, 2)
    return made


def test_outside_voice_when_somebody_speaks_then_all_in_his_room_hear_it_a_frame_later_and_nobody_else():
    made = mixing()
    made.outside.say(-1, 7, SAID)
    assert heard(made, 5) == [[0, 0, 0], [1000, 1000, 0], [1000, 1000, 0], [1000, 1000, 0], [0, 0, 0]]


def test_outside_voices_when_several_speak_then_their_sum_and_the_muted_and_those_who_left_are_not_in_it():
    made = mixing()
    for who in (-1, -2, -3, -4):
        made.outside.say(who, 7, SAID)
    made.outside.mute(-3, 7, muted=True)
    made.outside.leave(-4)
    assert heard(made, 2)[1] == [2000, 2000, 0]
    made.outside.mute(-3, 7, muted=False)
    assert heard(made, 2)[1] == [3000, 3000, 0]


def test_outside_voice_when_nobody_is_there_then_it_goes_by_all_the_same():
    made = Mixing(3, {})
    made.outside.say(-1, 7, SAID)
    heard(made, 3)
    made.enter(0, 7)
    assert heard(made, 4) == [[0, 0, 0]] * 4
    assert not made.outside.speaking
