"""When an answer is given to somebody who may be guessing."""

import pytest

from ivr.conference.profile import PROFILES
from ivr.directory.guessing import Delay, Guess, delay
from ivr.questions import NEVER, Slowing

SLOWING = PROFILES["teams2021"].slowing_of_pins
NOW = 1_700_000_000
DAY = 86_400


def wrong(n, at=NOW):
    return [Guess(at)] * n


def answered(known, now, slowing=SLOWING):
    """Let one more ask, and keep the try; return when he is answered, None for never."""
    wait = delay({"meeting": known}, now, slowing)
    if wait is None:
        known.append(Guess(now))
        return now
    if wait.later:
        return None
    known.append(Guess(now, wait.since, wait.until))
    return wait.until


def test_the_numbers_then_as_they_are_meant():
    assert Slowing(limit=10, window=600, longest=60, waiting=5) == SLOWING
    assert PROFILES["teams"].slowing_of_ids == Slowing(limit=3, window=600, longest=60, waiting=5)
    assert PROFILES["sfbserver"].slowing_of_pins.limit == PROFILES["sfbserver"].slowing_of_ids.limit == 0


def test_one_after_the_other_then_ten_at_once_and_from_then_on_1_2_4_to_60_seconds_each():
    known, now, took = [], NOW, []
    for _ in range(19):
        then = answered(known, now)
        took.append(then - now)
        now = then
    assert took == [0] * 10 + [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_many_at_one_moment_then_one_at_a_time_and_who_comes_behind_five_is_to_try_later():
    known = wrong(10)
    assert [answered(known, NOW) for _ in range(8)] == [
        NOW + 1, NOW + 1 + 2, NOW + 3 + 4, NOW + 7 + 8, NOW + 15 + 16, None, None, None]
    assert answered(known, NOW + 1) is None  # in this second the first is being told
    assert answered(known, NOW + 2) == NOW + 31 + 32


def test_who_is_behind_five_then_waits_six_minutes_at_most_whatever_the_others_do():
    known, now, longest = wrong(10), NOW, 0
    for n in range(1000):
        then = answered(known, now)
        if then is None:
            now += 1
            continue
        longest = max(longest, then - now)
        if n % 3:  # two of three hang up at once
            known[-1] = Guess(known[-1].at)
    assert longest <= 6 * 60


def test_somebody_who_has_hung_up_then_his_place_is_the_next_ones_and_his_try_counts():
    known = wrong(10)
    first, second = answered(known, NOW), answered(known, NOW)
    assert (first, second) == (NOW + 1, NOW + 3)
    known += wrong(20)
    assert answered(known, NOW) == NOW + 63
    known[-1] = Guess(NOW)
    assert answered(known, NOW + 10) == NOW + 70
    # a place between others is taken by whom it is long enough for
    known = [*wrong(10), Guess(NOW, NOW, NOW + 1), Guess(NOW, NOW + 5, NOW + 60)]
    assert answered(known, NOW) == NOW + 5
    assert answered(known, NOW) == NOW + 68


@pytest.mark.parametrize(("later", "slowed"), [(0, True), (599, True), (600, False)])
def test_ten_wrong_tries_then_they_count_for_ten_minutes(later, slowed):
    assert (delay({"meeting": wrong(10)}, NOW + later, SLOWING) is not None) == slowed


@pytest.mark.parametrize("back", [61, 3600, 365 * DAY])
def test_a_clock_that_was_put_back_then_there_are_no_debts(back):
    known = wrong(10) + [Guess(NOW, NOW + 60 * n, NOW + 60 * n + 60) for n in range(5)]
    assert delay({"meeting": known}, NOW - back, SLOWING) is None


def test_clocks_that_differ_a_little_then_the_tries_count_all_the_same():
    assert delay({"meeting": wrong(10)}, NOW - 5, SLOWING) == Delay(NOW - 5, NOW - 4, ("meeting",))


def test_two_marks_then_slowed_by_whichever_is_and_by_the_longer_delay_of_both():
    many, few = wrong(13), wrong(9)
    assert delay({"meeting": few, "number": many}, NOW, SLOWING) == Delay(NOW, NOW + 8, ("number",))
    assert delay({"meeting": wrong(11), "number": many}, NOW, SLOWING) == Delay(NOW, NOW + 8, ("meeting", "number"))
    # neither in the turn of somebody at the meeting, nor in another of the number
    queues = {"meeting": [*wrong(10), Guess(NOW, NOW, NOW + 9)],
              "number": [*wrong(10), Guess(NOW, NOW + 9, NOW + 12)]}
    assert delay(queues, NOW, SLOWING).since == NOW + 12
    full = [*wrong(10), *(Guess(NOW, NOW + n, NOW + n + 1) for n in range(5))]
    assert delay({"meeting": few, "number": full}, NOW, SLOWING).later


def test_no_limit_then_nobody_is_ever_slowed():
    assert delay({"meeting": wrong(1000)}, NOW, NEVER) is None


def test_a_day_of_trying_from_six_lines_then_some_hundred_tries_an_hour():
    known, now, tries = [], NOW, 0
    while now < NOW + DAY:
        if answered(known, now) is None:
            now = min(guess.until for guess in known if guess.until > now)
            known = [guess for guess in known if guess.at > now - 600 or guess.until > now]
        else:
            tries += 1
    assert tries <= 24 * 106
