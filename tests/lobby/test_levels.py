"""Music and tones are as loud as the prompts."""

import numpy as np
import pytest

from lobby import arrival, departure, hold_music
from prompts.level import ACTIVE_DBM0, active_level


@pytest.mark.parametrize("sound", [hold_music, arrival, departure])
def test_sound_then_within_3_db_of_the_prompts_and_not_clipped(sound):
    samples = sound(8000)
    assert active_level(samples, 8000) == pytest.approx(ACTIVE_DBM0, abs=1.0)
    assert np.abs(samples.astype(int)).max() < 32000


@pytest.mark.parametrize("second", range(0, 72, 6))
def test_music_when_any_six_seconds_are_heard_then_within_3_db_of_the_prompts(second):
    assert active_level(hold_music(8000)[second * 8000:(second + 6) * 8000], 8000) == pytest.approx(
        ACTIVE_DBM0, abs=3.0)
