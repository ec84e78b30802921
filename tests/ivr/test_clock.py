"""Samples are the clock."""

from ivr.clock import FRAME, RATE, Timers, frames, samples, seconds


def test_seconds_and_samples_then_inverse():
    assert (RATE, FRAME) == (8000, 160)
    assert samples(0.02) == FRAME
    assert seconds(samples(12.5)) == 12.5
    assert (frames(0.02), frames(0.021)) == (1, 2)


def due(timers, before):
    return [(at, owner, kind) for at, owner, kind, number in timers.due(before) if timers.take(owner, kind, number)]


def test_timers_due_then_in_order_of_sample_and_owner_and_once():
    timers = Timers()
    timers.set(2, "entry", 100)
    timers.set(1, "entry", 100)
    timers.set(1, "clip", 50)
    assert due(timers, 50) == []
    assert due(timers, 101) == [(50, 1, "clip"), (100, 1, "entry"), (100, 2, "entry")]
    assert due(timers, 10_000) == []


def test_a_timer_set_again_or_cancelled_then_the_old_setting_is_forgotten():
    timers = Timers()
    timers.set(1, "entry", 100)
    timers.set(1, "entry", 300)
    timers.set(2, "entry", 100)
    timers.cancel(2, "entry")
    timers.cancel(3, "never set")
    assert due(timers, 200) == []
    assert due(timers, 301) == [(300, 1, "entry")]


def test_a_timer_that_another_due_one_cancels_or_sets_again_then_not_taken():
    timers = Timers()
    timers.set(1, "entry", 10)
    timers.set(2, "entry", 11)
    timers.set(3, "entry", 12)
    first, second, third = timers.due(20)
    assert timers.take(*first[1:])
    timers.cancel(2, "entry")
    timers.set(3, "entry", 90)
    assert not timers.take(*second[1:])
    assert not timers.take(*third[1:])
    assert due(timers, 100) == [(90, 3, "entry")]
