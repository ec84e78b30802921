"""From 8 kHz to any rate, at a ratio that changes."""

import numpy as np
import pytest

from ivr.clock import FRAME, RATE
from ivr.lines.soundcard.stretch import Stretcher


def tone(hertz, seconds, level=10000):
    return np.rint(level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.int16)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100, 48000, 96000])
@pytest.mark.parametrize("hertz", [300, 1000, 3300])
def test_a_tone_when_brought_to_a_rate_then_it_stays_that_tone_alone(rate, hertz, spectrum_db):
    stretcher = Stretcher(rate)
    made = np.concatenate([stretcher.feed(frame) for frame in tone(hertz, 1.2).reshape(-1, FRAME)])
    assert abs(len(made) - 1.2 * rate) <= 0.003 * rate
    assert spectrum_db(made[rate // 10:rate + rate // 10].astype(float), rate, hertz) < -60
    assert abs(np.abs(made[rate // 10:]).max() - 10000) < 120


@pytest.mark.parametrize("ppm", [-200, 200])
def test_a_tone_when_the_ratio_is_off_then_it_is_off_by_as_much_and_clean(ppm, spectrum_db):
    stretcher = Stretcher(48000)
    made = np.concatenate([stretcher.feed(frame, ppm) for frame in tone(1000, 4).reshape(-1, FRAME)])
    assert len(made) == pytest.approx(4 * 48000 * (1 - ppm * 1e-6), abs=100)
    assert spectrum_db(made[4800:4800 + 144000].astype(float), 48000, 1000 * (1 + ppm * 1e-6)) < -75


def test_a_tone_when_the_ratio_wanders_then_no_step_is_larger_than_the_tones_own():
    stretcher = Stretcher(48000)
    ratios = 1000 * np.sin(np.arange(200) / 7)
    made = np.concatenate([stretcher.feed(frame, ppm)
                           for frame, ppm in zip(tone(1000, 4).reshape(-1, FRAME), ratios, strict=True)])
    largest = 10000 * 2 * np.pi * 1000 / 48000
    assert np.abs(np.diff(made[960:].astype(int))).max() < 1.01 * largest
    # a click shows in the second difference first
    assert np.abs(np.diff(made[960:].astype(int), 2)).max() < 1.1 * largest * 2 * np.pi * 1000 / 48000 + 3


def test_frames_when_cut_otherwise_then_the_same_samples():
    sound = np.random.default_rng(3).integers(-20000, 20000, 8000).astype(np.int16)
    whole, parts = Stretcher(44100), Stretcher(44100)
    expected = whole.feed(sound)
    made = np.concatenate([parts.feed(sound[a:b]) for a, b in ((0, 1), (1, 160), (160, 4567), (4567, 8000))])
    assert np.abs(made.astype(int) - expected[:len(made)]).max() <= 1
    assert abs(len(made) - len(expected)) <= 1


def test_full_scale_then_clipped_and_not_wrapped_around():
    made = Stretcher(48000).feed(np.where(np.arange(1600) // 8 % 2, 32767, -32768).astype(np.int16))
    assert made.max() == 32767
    assert made.min() == -32768
    assert np.abs(np.diff(made.astype(int))).max() < 30000
