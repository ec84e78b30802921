"""The E-model against figures that others have published of it."""

import pytest

from ivr.lines.sip.rtp.quality import delay_of, mos, r_factor


@pytest.mark.parametrize(("r", "score"), [(93.2, 4.41), (90, 4.34), (80, 4.02), (70, 3.60), (60, 3.10), (50, 2.58),
                                          (0, 1.0), (-5, 1.0)])
def test_a_score_then_that_of_table_b_1_of_g_107(r, score):
    assert mos(r) == pytest.approx(score, abs=0.01)


@pytest.mark.parametrize(("lost", "delay", "r"), [
    (0, 0, 93.2), (0, 100, 90.8), (0, 177.3, 88.9), (0, 300, 72.5), (0.01, 0, 75.3), (0.05, 0, 42.1),
    (1, 400, 0.0)])
def test_r_then_less_by_delay_and_by_loss_as_the_formulas_say(lost, delay, r):
    assert r_factor(lost=lost, delay_ms=delay) == pytest.approx(r, abs=0.1)


def test_a_delay_then_of_packing_way_and_buffer():
    assert delay_of(jitter_ms=0, round_trip_ms=None) == 40
    assert delay_of(jitter_ms=30, round_trip_ms=100) == 130
