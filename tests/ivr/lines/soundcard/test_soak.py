"""A long call at the sound card, as fast as the machine can."""

import pytest

from benchmarks.soak import soak


@pytest.mark.slow
def test_minutes_on_the_line_then_nothing_grows_drifts_or_breaks():
    came = soak(4)
    assert came.well, came
    assert came.seconds == 240
    assert came.drift_ppm == pytest.approx(200, abs=20)
