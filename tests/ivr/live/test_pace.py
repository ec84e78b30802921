"""Pace: when the next 20 ms are due, on a clock that the test moves."""

import pytest

from ivr.live.pace import TICK_S, Throttle, Unpaced, WallClock


class Clock:
    """A clock on the wall that moves when somebody sleeps, or when the test says so."""

    def __init__(self):
        self.now, self.slept = 100.0, []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def pace(self, **options):
        return WallClock(now=lambda: self.now, sleep=self.sleep, **options)


@pytest.mark.parametrize("speed", [0.5, 1, 4, 1000])
def test_a_thousand_ticks_when_nothing_holds_them_up_then_each_on_time(speed):
    clock = Clock()
    pace = clock.pace(speed=speed)
    for _ in range(1001):
        pace.wait()
    assert clock.now - 100 == pytest.approx(1000 * TICK_S / speed)
    assert pace.late == 0


def test_a_tick_when_the_work_takes_half_of_its_time_then_only_the_rest_is_slept():
    clock = Clock()
    pace = clock.pace()
    for _ in range(4):
        pace.wait()
        clock.now += TICK_S / 2
    assert clock.slept == pytest.approx([TICK_S / 2] * 3)


def test_ticks_after_one_that_is_late_then_made_up_for_and_counted():
    clock = Clock()
    pace = clock.pace()
    pace.wait()
    clock.now += 5 * TICK_S + 0.001
    moments = []
    for _ in range(6):
        pace.wait()
        moments.append(clock.now - 100)
    assert moments == pytest.approx([5 * TICK_S + 0.001] * 5 + [6 * TICK_S])
    assert pace.late == 4  # the fifth of them is less than a frame late
    assert pace.worst_s == pytest.approx(4 * TICK_S + 0.001)


def test_a_tick_after_the_machine_slept_then_goes_on_from_now():
    clock = Clock()
    pace = clock.pace()
    pace.wait()
    clock.now += 3600
    pace.wait()
    pace.wait()
    assert clock.now - 100 == pytest.approx(3600 + TICK_S)
    assert pace.late == 1


def test_unpaced_then_never_late():
    pace = Unpaced()
    pace.wait()
    assert pace.late == 0


def test_a_throttle_that_is_held_then_due_by_steps_alone_and_what_waits_meanwhile_is_done():
    pace, between = Throttle(1000), []
    pace.wait()
    pace.hold()
    pace.step(2)
    pace.wait()
    pace.wait()

    def release():
        between.append(pace.held)
        if len(between) == 2:
            pace.go_on()

    pace.between = release
    pace.wait()
    assert (between, pace.held, pace.speed) == ([True, True], False, 1000)
    pace.hold()
    pace.end()
    pace.wait()
