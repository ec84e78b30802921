"""Callers who are left alone: what they send and hear meanwhile, and when they are asked again."""

import numpy as np
import pytest

from ivr.clock import FRAME
from ivr.engine.resting import Resting


class Sleeper:
    """One who sends what he is given, and keeps what he hears."""

    listens = False

    def __init__(self, *frames):
        self.sends, self.heard, self.woken, self.owed = [*frames], [], [], None

    @property
    def outgoing(self):
        return len(self.sends)

    def ahead(self, frames):
        return np.repeat(np.array(self.sends[:frames], np.int16), FRAME)

    def went_on(self, sound):
        del self.sends[:len(sound) // FRAME]
        self.heard += [int(one) for one in sound[::FRAME]]

    def rests(self, owed):
        self.owed = owed

    def wakes(self, now):
        self.woken.append(now)


def tick(resting, *values, frames=1):
    """Carry frames in which each slot hears a number; return what each says."""
    rows = np.full((len(values), frames * FRAME), 99, np.int16)
    resting.speak(rows)
    said = rows[:, ::FRAME].tolist()
    resting.hear(np.repeat(np.array(values, np.int16)[:, None], frames * FRAME, axis=1))
    return said


def test_resting_when_its_time_has_come_then_all_was_heard_and_said_in_order():
    resting, one, two = Resting(), Sleeper(7, 8), Sleeper()
    resting.lay(0, one, 4 * FRAME)
    resting.lay(1, two, 2 * FRAME)
    assert [tick(resting, 1, 10), tick(resting, 2, 20)] == [[[7], [0]], [[8], [0]]]
    resting.wake_due(FRAME)
    assert one.woken == two.woken == []
    resting.wake_due(2 * FRAME)
    assert (two.woken, two.heard, one.woken) == ([2 * FRAME], [10, 20], [])
    assert tick(resting, 3, 30, frames=2)[0] == [0, 0]
    resting.wake_due(4 * FRAME)
    assert (one.woken, one.heard, two.heard) == ([4 * FRAME], [1, 2, 3, 3], [10, 20])


@pytest.mark.parametrize("frames", [1, 3, 50, 500])
def test_resting_when_it_is_longer_than_the_tape_then_nothing_is_lost(frames):
    resting, one = Resting(), Sleeper(*range(1, 400))
    resting.lay(1, one, 10**9)
    said = [tick(resting, 0, n, frames=frames)[1] for n in range(1500 // frames)]
    resting.wake([1], 1500 * FRAME)
    assert one.heard == [n for n in range(1500 // frames) for _ in range(frames)]
    assert [one for part in said for one in part][:401] == [*range(1, 400), 0, 0]


def test_resting_when_somebody_looks_at_what_was_heard_then_it_is_there_and_comes_once():
    resting, one = Resting(), Sleeper(5, 6, 7)
    resting.lay(0, one, 10 * FRAME)
    tick(resting, 1)
    one.owed()
    one.owed()
    assert (one.heard, one.woken) == ([1], [])
    assert tick(resting, 2) == [[6]]
    resting.wake_all(2 * FRAME)
    assert (one.heard, one.woken) == ([1, 2], [2 * FRAME])
    resting.lay(0, one, 3 * FRAME)
    assert tick(resting, 3) == [[7]]
    resting.wake_due(10 * FRAME)
    assert one.heard == [1, 2, 3]
