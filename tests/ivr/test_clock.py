"""Samples are the clock."""

from ivr.clock import FRAME, RATE, Timers, frames, samples, seconds


def test_seconds_and_samples_then_inverse():
    assert (RATE, FRAME) == (8000, 160)
    assert samples(0.02) == FRAME
    assert seconds(samples(12.5)) == 12.5
    assert (frames(0.02), frames(0.021)) == (1, 2)


def test_timers_due_then_in_order_of_sample_and_owner_and_once():
    timers = Timers()
    timers.set(2, "entry", 100)
    timers.set(1, "entry", 100)
    timers.set(1, "clip", 50)
    assert timers.due(50) == []
    assert timers.due(101) == [(50, 1, "clip"), (100, 1, "entry"), (100, 2, "entry")]
    assert timers.due(10_000) == []


def test_a_timer_set_again_or_cancelled_then_the_old_setting_is_forgotten():
    timers = Timers()
    timers.set(1, "entry", 100)
    timers.set(1, "entry", 300)
    timers.set(2, "entry", 100)
    timers.cancel(2, "entry")
    timers.cancel(3, "never set")
    assert timers.due(200) == []
    assert timers.due(301) == [(300, 1, "entry")]
