"""What may be a PIN, how one is generated, when it must be changed (B1, B2, F2)."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.directory.administration import ADMINISTRATIONS
from ivr.directory.errors import BadPin
from ivr.directory.pins import MASK_STARS, Owner, change_due, check, expires_at, generated

ONLINE, SFB2017, SERVER, UM = (ADMINISTRATIONS[name].pin for name in ("online", "sfb2017", "sfbserver", "um"))
NOBODY = Owner()
DAY, NOON = 86400, 1_700_000_000


def refusal(pin, rules, owner=NOBODY, **options):
    """Return what is said about a PIN, or an empty text; never with the PIN."""
    try:
        check(pin, rules, owner, **options)
    except BadPin as fault:
        assert not pin or pin not in str(fault)
        return str(fault)
    return ""


@pytest.mark.parametrize("rules", [ONLINE, SFB2017])
@pytest.mark.parametrize(("digits", "allowed"), [(0, False), (3, False), (4, True), (12, True), (13, False)])
def test_s0_20_s4_16_a_length_outside_4_to_12_then_refused(rules, digits, allowed):
    said = refusal("9407531862457"[:digits], rules)
    assert said == ("" if allowed else f"a PIN has 4 to 12 digits, and this one has {digits}: choose another")


@pytest.mark.parametrize(("rules", "digits", "allowed"), [
    pytest.param(SERVER, 4, False, id="B2: 4 digits under the default of 5"),
    pytest.param(SERVER, 5, True, id="B2: 5 digits"),
    pytest.param(replace(SERVER, shortest=4), 4, True, id="B2: 4 digits where the policy says 4"),
    pytest.param(SERVER, 24, True, id="B2: 24 digits"),
    pytest.param(SERVER, 25, False, id="B2: 25 digits"),
    pytest.param(UM, 5, False, id="F2: 5 digits under the default of 6"),
    pytest.param(UM, 6, True, id="F2: 6 digits"),
    pytest.param(replace(UM, shortest=4), 4, True, id="C11: 4 digits where the policy says 4"),
    pytest.param(UM, 24, True, id="F2: 24 digits"),
    pytest.param(UM, 25, False, id="F2: 25 digits"),
])
def test_a_typed_pin_then_as_long_as_the_policy_says(rules, digits, allowed):
    assert (refusal("9407531862457083169270482"[:digits], rules) == "") == allowed


@pytest.mark.parametrize("rules", [ONLINE, SFB2017, SERVER, UM])
@pytest.mark.parametrize("pin", ["48a157", "48 157", "+481579", "48-157", "48157#", "481579\n",
                                 "\uff14\uff18\uff11\uff15\uff17\uff19"])
def test_b1_1_anything_but_digits_then_refused(rules, pin):
    assert "digits and nothing else" in refusal(pin, rules)


@pytest.mark.parametrize(("pin", "why"), [
    pytest.param("225577", "twos", id="B2: 225577"),
    pytest.param("991234", "follow each other", id="B2: 991234"),
    pytest.param("11111", "twos"), pytest.param("1112233", "twos"),
    pytest.param("12345", "follow each other"), pytest.param("954321", "follow each other"),
    pytest.param("14255550100", "number", id="B2: own number"), pytest.param("36697", "number", id="B2: extension"),
    ("22557", ""), ("12399", ""), ("99123", ""), ("89012", ""), ("13579", ""), ("6697012", ""), ("48215", ""),
])
def test_b2_a_common_pattern_on_the_server_then_refused_unless_allowed(pin, why):
    owner = Owner(("tel:+1 (425) 555-0100", "36697"))
    said = refusal(pin, SERVER, owner)
    assert why in said
    assert bool(said) == bool(why)
    assert not refusal(pin, replace(SERVER, common_patterns=True), owner)


@pytest.mark.parametrize(("pin", "why"), [
    pytest.param("1234", "count up or down", id="F2: 1234"),
    pytest.param("65432", "count up or down", id="F2: 65432"),
    pytest.param("11111", "one digit throughout", id="F2: 11111"),
    ("0123456789", "count"), ("9876", "count"), ("7890", ""), ("12340", ""), ("225577", ""), ("13579", ""),
    pytest.param("1985848", "", id="S2.18: 1985848"),
])
def test_f2_a_common_pattern_in_voice_mail_then_refused_unless_allowed(pin, why):
    rules = replace(UM, shortest=4)
    said = refusal(pin, rules)
    assert why in said
    assert bool(said) == bool(why)
    assert not refusal(pin, replace(rules, common_patterns=True))


@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.parametrize(("pin", "refused"), [
    pytest.param("6697", True, id="F2: the end of 36697"),
    pytest.param("36697", True, id="F2: all of 36697"),
    pytest.param("3669712", True, id="C11: holds 36697"),
    pytest.param("9366970", True, id="C11: holds 36697 inside"),
    ("3669", False), ("66970", False), ("1985848", False),
])
def test_f2_c11_the_extension_then_refused_even_where_common_patterns_are_allowed(pin, refused, allowed):
    rules = replace(UM, shortest=4, common_patterns=allowed)
    assert ("extension" in refusal(pin, rules, Owner(("36697",)))) == refused


def test_an_extension_of_two_digits_then_not_looked_for_inside_a_pin():
    assert not refusal("981705", UM, Owner(("17", "5", "")))


@pytest.mark.parametrize("pin", ["11111", "12345", "36697"])
def test_b1_16_online_then_no_pattern_is_refused(pin):
    assert not refusal(pin, ONLINE, Owner(("36697",)))


def test_f2_a_pin_of_the_history_then_refused():
    assert "history" in refusal("481579", UM, used={"481579"}.__contains__)
    assert not refusal("481570", UM, used={"481579"}.__contains__)


@pytest.mark.parametrize(("rules", "digits"), [
    pytest.param(ONLINE, 5, id="S0.20: 5 by default"),
    pytest.param(SFB2017, 5, id="S4.16: 5 by default"),
    pytest.param(replace(ONLINE, length=4), 4, id="S0.20: 4"),
    pytest.param(replace(ONLINE, length=12), 12, id="S0.20: 12"),
    pytest.param(SERVER, 5, id="B2: 5"),
    pytest.param(replace(SERVER, shortest=9), 9, id="B2: the shortest"),
    pytest.param(UM, 6, id="F3: 6"),
    pytest.param(replace(UM, shortest=4), 6, id="F3: 6 where 4 would do"),
    pytest.param(replace(UM, shortest=24), 24, id="F2: the shortest"),
])
def test_a_generated_pin_then_of_the_length_the_rules_say(rules, digits):
    pin = generated(rules, Random(1).randrange, NOBODY)  # noqa: S311
    assert len(pin) == digits
    assert not refusal(pin, rules)


@given(rules=st.sampled_from([ONLINE, SFB2017, SERVER, UM]), shortest=st.integers(4, 12), length=st.integers(4, 12),
       common=st.booleans(), numbers=st.lists(st.text("0123456789", min_size=1, max_size=7), max_size=3),
       seed=st.integers(0, 10**9))
def test_any_generated_pin_then_one_that_may_be_chosen(rules, shortest, length, common, numbers, seed):
    chance = Random(seed)  # noqa: S311
    rules = replace(rules, shortest=shortest, length=length, common_patterns=common)
    owner = Owner(tuple(numbers))
    used = set()
    for _ in range(5):
        pin = generated(rules, chance.randrange, owner, used.__contains__)
        assert not refusal(pin, rules, owner, used=used.__contains__)
        used.add(pin)


class EveryNumberInTurn:
    """A chance that gives each number below the bound once a round."""

    def __init__(self):
        self.given = 0

    def __call__(self, bound):
        self.given += 1
        return (self.given - 1) % bound


@pytest.mark.parametrize(("rules", "owner", "allowed"), [
    # Four digits of the server: not aabb or aaaa (100), not 4 in a row (7 up, 7 down), not the extension.
    (replace(SERVER, shortest=4, length=4), Owner(("3669",)), 10_000 - 100 - 14 - 1),
    # Four digits of voice mail: not aaaa (10), not 4 in a row (14), not the end of the extension.
    (replace(UM, shortest=4, length=4), Owner(("36697",)), 10_000 - 10 - 14 - 1),
    (replace(ONLINE, length=4), NOBODY, 10_000),
])
def test_pins_from_every_number_in_turn_then_each_allowed_one_once(rules, owner, allowed):
    chance, made = EveryNumberInTurn(), Counter()
    for _ in range(allowed):
        made[generated(rules, chance, owner)] += 1
    assert set(made.values()) == {1}
    assert len(made) == allowed
    assert "0101" in made


def test_b1_10_another_reset_then_another_pin():
    chance = Random(7)  # noqa: S311
    assert len({generated(ONLINE, chance.randrange, NOBODY) for _ in range(100)}) > 95


def always(_):
    return True


def test_a_history_that_leaves_no_pin_then_an_error_and_no_endless_search():
    with pytest.raises(BadPin, match="hardly a PIN of 5 digits"):
        generated(ONLINE, Random(1).randrange, NOBODY, always)  # noqa: S311


def test_c5_s0_11_s4_9_a_mask_then_five_stars():
    assert MASK_STARS == "*****"


@pytest.mark.parametrize(("lifetime_days", "set_at", "end"), [
    (0, NOON, None), (1, NOON, NOON + DAY), (60, NOON, NOON + 60 * DAY), (999, NOON, NOON + 999 * DAY)])
def test_b2_f2_a_lifetime_then_in_days_and_0_is_never(lifetime_days, set_at, end):
    assert expires_at(set_at, replace(UM, lifetime_days=lifetime_days)) == end


@pytest.mark.parametrize(("rules", "digits", "first_use", "days", "due"), [
    pytest.param(UM, 6, True, 0, "first-use", id="S2.12, S2.16: first use"),
    pytest.param(UM, 7, True, 100, "first-use", id="S2.18: first use, and expired"),
    pytest.param(UM, 6, False, 60, "expired", id="F2: 60 days"),
    pytest.param(UM, 6, False, 59, None, id="F2: 59 days"),
    pytest.param(replace(UM, shortest=8), 6, False, 0, "too-short", id="C15: length raised in voice mail"),
    pytest.param(replace(ONLINE, length=8), 5, False, 5000, None, id="S0.21: length raised online"),
    pytest.param(replace(SFB2017, length=8), 5, False, 5000, None, id="S4.16: length raised in 2017"),
    pytest.param(replace(SERVER, shortest=8), 5, False, 5000, None, id="B2: length raised on the server [U]"),
    pytest.param(replace(SERVER, lifetime_days=30, history=1), 5, False, 30, "expired", id="B2: 30 days"),
    pytest.param(ONLINE, 5, False, 5000, None, id="B1.16: nothing expires online"),
])
def test_a_pin_then_due_for_a_change(rules, digits, first_use, days, due):
    assert change_due(rules, digits=digits, set_at=NOON, first_use=first_use, now=NOON + days * DAY) == due


def test_f2_a_pin_then_expired_from_its_last_second_on():
    for now, due in ((NOON + 60 * DAY - 1, None), (NOON + 60 * DAY, "expired")):
        assert change_due(UM, digits=6, set_at=NOON, first_use=False, now=now) == due


def test_b1_3_a_typed_length_then_bound_by_shortest_and_longest_and_not_by_the_length_of_generated_ones():
    assert not refusal("48215", replace(ONLINE, length=8))
