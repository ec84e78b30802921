"""What wrong PINs lead to, to the second (B3, F2)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.directory.administration import ADMINISTRATIONS, Lockout
from ivr.directory.lockout import Tries, after_reset, is_locked, judge, locked, unlocked

SERVER = ADMINISTRATIONS["sfbserver"].pin
UM = ADMINISTRATIONS["um"].pin
MINUTE, HOUR, NOON = 60, 3600, 1_700_000_000


def wrong(tries, times, *, digits=5, rules=SERVER, now=NOON):
    """Return the last judgement of several wrong PINs at one moment."""
    for _ in range(times):
        judged = judge(tries, right=False, digits=digits, lockout=rules.lockout, now=now)
        tries = judged.tries
    return judged


def right(tries, *, digits=5, rules=SERVER, now=NOON, expired=False):
    return judge(tries, right=True, digits=digits, lockout=rules.lockout, now=now, expired=expired)


@pytest.mark.parametrize(("digits", "local", "overall"), [
    pytest.param(3, 10, 100, id="B3: fewer than any row says, by the first"),
    pytest.param(4, 10, 100, id="B3: 4 digits"),
    pytest.param(5, 25, 1000, id="B3: 5 digits"),
    pytest.param(6, 25, 5000, id="B3: 6 digits, in no row of the product's, by the last"),
    pytest.param(7, 25, 5000, id="B3: 7 digits"),
    pytest.param(24, 25, 5000, id="B3: 24 digits"),
])
def test_b3_a_limit_reached_then_locked_for_an_hour_or_until_an_unlock(digits, local, overall):
    tries, now = Tries(), NOON
    for count in range(1, overall + 1):
        assert not is_locked(tries, now)
        judged = wrong(tries, 1, digits=digits, now=now)
        tries = judged.tries
        assert judged.newly_locked == (count % local == 0 or count == overall)
        assert tries.overall == count
        if judged.newly_locked and count < overall:
            assert (tries.local, tries.locked_until, tries.locked) == (0, now + HOUR, False)
            now += HOUR
    assert (tries.local, tries.locked_until, tries.locked) == (0, 0, True)
    assert right(tries, digits=digits, now=now + 1000 * HOUR).reason == "locked"


def test_b3_a_right_pin_during_the_lock_then_refused_and_at_its_end_accepted():
    tries = wrong(Tries(), 25).tries
    for now in (NOON, NOON + HOUR - 1):
        assert right(tries, now=now).reason == "locked"
        assert not right(tries, now=now).accepted
    judged = right(tries, now=NOON + HOUR)
    assert judged.accepted
    assert judged.tries == Tries(overall=25)


def test_b3_wrong_pins_during_the_lock_then_neither_counted_nor_prolonging_it():
    tries = wrong(Tries(), 25).tries
    judged = wrong(tries, 500, now=NOON + HOUR - 1)
    assert (judged.tries, judged.reason, judged.newly_locked) == (tries, "locked", False)


@pytest.mark.parametrize(("later", "locks"), [(0, True), (30 * MINUTE - 1, True), (30 * MINUTE, False)])
def test_b3_the_limit_reached_then_a_lock_inside_the_window_only(later, locks):
    judged = wrong(wrong(Tries(), 24).tries, 1, now=NOON + later)
    assert judged.newly_locked == locks
    assert judged.tries.overall == 25
    assert judged.tries.local == (0 if locks else 1)


def test_b3_a_window_then_from_its_first_wrong_pin_not_its_latest():
    tries = wrong(Tries(), 1).tries
    tries = wrong(tries, 23, now=NOON + 20 * MINUTE).tries
    assert tries == Tries(local=24, local_since=NOON, overall=24)
    tries = wrong(tries, 1, now=NOON + 31 * MINUTE).tries
    assert tries == Tries(local=1, local_since=NOON + 31 * MINUTE, overall=25)


def test_b3_a_right_pin_then_the_local_count_is_0_and_the_overall_count_stays():
    judged = right(wrong(Tries(), 24).tries)
    assert judged.accepted
    assert judged.tries == Tries(overall=24)
    assert not wrong(judged.tries, 24).newly_locked


def test_b3_an_unlock_then_both_counts_are_0():
    assert unlocked(wrong(Tries(), 25).tries) == Tries()
    assert unlocked(Tries(overall=1000, locked=True)) == Tries()


@pytest.mark.parametrize(("tries", "digits", "locks_after"), [(1, 5, 1), (3, 4, 3), (26, 5, 26), (999, 4, 100)])
def test_b2_maximum_logon_attempts_set_then_in_place_of_the_local_limit(tries, digits, locks_after):
    rules = replace(SERVER, lockout=replace(SERVER.lockout, tries=tries))
    if locks_after > 1:
        assert not wrong(Tries(), locks_after - 1, digits=digits, rules=rules).newly_locked
    judged = wrong(Tries(), locks_after, digits=digits, rules=rules)
    assert judged.newly_locked
    # With 999 tries allowed, a PIN of four digits reaches its overall limit first.
    assert judged.tries.locked == (tries == 999)


def test_b4_an_administrators_lock_then_no_end_but_an_unlock():
    tries = locked(wrong(Tries(), 3).tries)
    assert is_locked(tries, NOON + 1000 * HOUR)
    assert right(tries, now=NOON + 1000 * HOUR).reason == "locked"
    assert right(unlocked(tries)).accepted


def test_b4_a_new_pin_on_the_server_then_no_count_is_forgiven():
    tries = wrong(Tries(), 26, now=NOON).tries
    assert after_reset(tries, SERVER) == tries


def test_f2_the_worked_example_5_wrong_then_reset_5_more_then_reset_15_in_all_then_locked():
    tries, resets, locks = Tries(), [], []
    for count in range(1, 16):
        judged = wrong(tries, 1, rules=UM, now=NOON + count * HOUR)
        tries = judged.tries
        resets += [count] * judged.reset_due
        locks += [count] * judged.newly_locked
    assert (resets, locks) == ([5, 10], [15])
    assert (tries.overall, tries.locked) == (15, True)


def test_s2_2_a_locked_mailbox_then_the_right_pin_does_not_open_it_however_late():
    tries = wrong(Tries(), 15, rules=UM).tries
    assert right(tries, rules=UM, now=NOON + 1000 * HOUR).reason == "locked"


def test_s2_3_a_reset_because_of_a_lock_then_unlocked():
    tries = wrong(Tries(), 15, rules=UM).tries
    assert after_reset(tries, UM) == Tries()


def test_f2_wrong_pins_not_in_sequence_then_neither_reset_nor_lock():
    tries = Tries()
    for _ in range(10):
        judged = wrong(tries, 4, rules=UM)
        assert not judged.reset_due
        tries = right(judged.tries, rules=UM).tries
    assert tries == Tries()


@pytest.mark.parametrize(("lockout", "resets", "locks"), [
    pytest.param(Lockout(reset_after=5, forgiven=True), 4, 0, id="C11: no lock"),
    pytest.param(Lockout(lock_after=15, forgiven=True), 0, 1, id="C11: no reset"),
    pytest.param(Lockout(forgiven=True), 0, 0, id="C11: neither"),
    pytest.param(Lockout(reset_after=1, lock_after=3, forgiven=True), 2, 1, id="F2: lowest"),
    pytest.param(Lockout(tries=5, lock=0), 0, 0, id="B3: a lock that takes no time is none"),
])
def test_c11_a_limit_of_0_then_off(lockout, resets, locks):
    rules = replace(UM, lockout=lockout)
    tries, due, newly = Tries(), 0, 0
    for _ in range(20):
        judged = wrong(tries, 1, rules=rules)
        tries, due, newly = judged.tries, due + judged.reset_due, newly + judged.newly_locked
    assert (due, newly) == (resets, locks)


@pytest.mark.parametrize("name", ["online", "sfb2017"])
def test_b1_16_online_then_wrong_pins_leave_no_trace(name):
    assert wrong(Tries(), 2000, rules=ADMINISTRATIONS[name].pin).tries == Tries()


def test_a_right_pin_that_has_expired_then_refused_and_the_counts_stay():
    tries = wrong(Tries(), 3).tries
    judged = right(tries, expired=True)
    assert (judged.accepted, judged.reason, judged.tries) == (False, "expired", tries)


def test_a_wrong_entry_at_an_expired_pin_then_wrong():
    judged = judge(Tries(), right=False, digits=5, lockout=SERVER.lockout, now=NOON, expired=True)
    assert (judged.reason, judged.tries.local) == ("wrong", 1)


counts = st.integers(0, 6000)
moments = st.integers(NOON, NOON + 10 * HOUR)
lockouts = st.sampled_from([desk.pin.lockout for desk in ADMINISTRATIONS.values()])
any_tries = st.builds(Tries, local=counts, local_since=moments, locked_until=st.just(0) | moments, overall=counts,
                      since_reset=counts, locked=st.booleans())


@given(tries=any_tries, is_right=st.booleans(), digits=st.integers(1, 24), lockout=lockouts, now=moments)
def test_any_try_then_none_accepted_while_locked_and_no_count_negative(tries, is_right, digits, lockout, now):
    judged = judge(tries, right=is_right, digits=digits, lockout=lockout, now=now)
    assert judged.accepted == (is_right and not is_locked(tries, now))
    assert judged.newly_locked == (not is_locked(tries, now) and is_locked(judged.tries, now))
    assert not (judged.reset_due and judged.newly_locked)
    after = judged.tries
    assert min(after.local, after.overall, after.since_reset, after.local_since, after.locked_until) >= 0
    assert after.overall - tries.overall in ((0, 1) if not judged.accepted or not lockout.forgiven
                                             else (-tries.overall,))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40 * MINUTE)), max_size=200))
def test_any_calls_on_the_server_then_the_overall_count_is_of_the_wrong_ones_that_were_heard(calls):
    tries, now, heard = Tries(), NOON, 0
    for is_right, later in calls:
        now += later
        judged = judge(tries, right=is_right, digits=4, lockout=SERVER.lockout, now=now)
        heard += judged.reason == "wrong"
        tries = judged.tries
        assert tries.local < 10
        assert tries.overall == heard <= 100
