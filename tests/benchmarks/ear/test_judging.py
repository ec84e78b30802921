"""From digits heard to figures: each judge on lines whose answer is known."""

import pytest
from numpy import zeros

from benchmarks.ear import judging
from benchmarks.ear.signals import Line


def line(digits, value=None):
    return Line(zeros(8, "int16"), digits, value)


@pytest.mark.parametrize(
    ("sent", "heard", "both"),
    [
        ("1234", "1234", 4),
        ("1234", "", 0),
        ("", "12", 0),
        ("1234", "124", 3),
        ("1234", "11234", 4),
        ("1111", "111", 3),
        ("1234", "4321", 1),
        ("12" * 60, "21" * 60, 119),
    ],
)
def test_common_when_keys_are_missed_or_added_then_those_in_the_same_order(sent, heard, both):
    assert judging.common(sent, heard) == both


def test_missed_inserted_when_some_of_both_then_per_cent_of_the_keys_sent():
    lines = [line("12345"), line("67890")]
    assert judging.missed_inserted(lines, ["1234", "667890"]) == pytest.approx((10, 10))


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        (["11", "11", "1", ""], (2.0, 4.0)),
        (["11", "1", "11", ""], (1.0, 4.0)),
        (["11", "11", "11", "11"], (4.0, judging.NEVER)),
        (["", "", "", ""], (judging.NEVER, 1.0)),
    ],
)
def test_accept_reject_when_a_sweep_has_a_gap_then_it_holds_only_up_to_there(said, figures):
    lines = [line("11", value) for value in (1.0, 2.0, 3.0, 4.0)]
    assert judging.accept_reject(lines, said) == figures


def test_always_when_one_of_two_lines_of_a_value_is_wrong_then_that_value_fails():
    lines = [line("1", 1.0), line("5", 1.0), line("1", 2.0)]
    assert judging.always(lines, ["1", "", "1"]) == {1.0: False, 2.0: True}
