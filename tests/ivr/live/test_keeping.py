"""What is kept of calls: their sound as long as there is room, the latest first; all else of all."""

import numpy as np
import pytest

from ivr.clock import FRAME, samples
from ivr.engine.exchange import Exchange
from ivr.lines.memory import MemoryLine, MemoryTrunk
from ivr.live.keeping import Keeper


@pytest.fixture
def kept(quiet_bridge):
    """Plays calls of 0.2 s one after the other; returns the keeper after so many seconds."""
    def play(count, seconds, **most):
        lines = [MemoryLine(f"c{n}", np.full(samples(0.2), 100 + n, np.int16), dials_at=samples(0.2 * n),
                            hangs_up_after=samples(0.2)) for n in range(count)]
        exchange = Exchange(quiet_bridge(), [MemoryTrunk(lines, stays=True)])
        keeper = Keeper(exchange, **most)
        while exchange.bridge.now < samples(seconds):
            exchange.step()
            keeper.follow()
        return keeper.calls()
    return play


def test_calls_then_kept_with_what_they_heard_and_sent(kept):
    first, second, _ = kept(3, 0.5)
    heard, spoke = first.sound()
    assert (first.caller, first.dialled_at, first.ended_at, first.over) == ("c0", 0, samples(0.2) + FRAME, True)
    assert len(heard) == len(spoke) >= samples(0.2)
    assert set(np.unique(spoke)) <= {0, 100}
    assert set(np.unique(second.sound()[1])) <= {0, 101}
    assert np.abs(heard).max() > 1000, "the prompt"


def test_more_than_there_is_room_for_then_the_oldest_kept_without_sound(kept):
    calls = kept(6, 1.3, most_bytes=samples(0.2) * 4 * 2)
    assert [call.sounds for call in calls] == [False] * 4 + [True] * 2 or sum(call.sounds for call in calls) <= 2
    silent = calls[0].sound()[0]
    assert len(silent) == calls[0].ended_at - calls[0].dialled_at
    assert not silent.any()


def test_more_at_once_than_are_kept_then_the_others_without_sound(kept):
    assert [call.sounds for call in kept(2, 0.3, most_calls=0)] == [False, False]
