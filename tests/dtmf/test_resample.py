"""Any rate to 8 kHz, whatever the chunks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtmf.resample import Resampler

RATES = [8001, 11025, 12000, 16000, 22050, 32000, 44100, 48000, 96000, 192000]


def noise(rate, channels=2, seconds=0.2):
    return (
        np.random.default_rng(rate).integers(-20000, 20000, (channels, int(seconds * rate))).astype(np.int16)
    )


@pytest.mark.parametrize("rate", RATES)
def test_resampler_when_chunks_are_cut_anywhere_then_the_same_samples(rate):
    samples = noise(rate)
    whole = Resampler(2, rate).feed(samples)
    cuts = np.sort(np.random.default_rng(4).integers(0, samples.shape[1], 9))
    parts = Resampler(2, rate)
    pieces = [parts.feed(part) for part in np.split(samples, cuts, axis=1)]
    assert np.array_equal(np.concatenate(pieces, axis=1), whole)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 900), min_size=1, max_size=12))
def test_resampler_44100_in_chunks_of_any_length_then_the_same_samples(lengths):
    samples = noise(44100, 1, 0.3)[:, : sum(lengths)]
    whole = Resampler(1, 44100).feed(samples)
    parts = Resampler(1, 44100)
    pieces = [parts.feed(part) for part in np.split(samples, np.cumsum(lengths)[:-1], axis=1)]
    assert np.array_equal(np.concatenate(pieces, axis=1), whole)


@pytest.mark.parametrize("rate", RATES)
def test_resampler_a_tone_then_the_same_tone_at_the_same_time(rate):
    tone = np.rint(10000 * np.sin(2 * np.pi * 1209 / rate * np.arange(rate // 4)))[None].astype(np.int16)
    made = Resampler(1, rate).feed(tone)[0]
    expected = 10000 * np.sin(2 * np.pi * 1209 / 8000 * np.arange(len(made)))
    assert np.abs(made - expected)[100:].max() < 80


@pytest.mark.parametrize("rate", RATES)
def test_resampler_says_truly_how_much_it_needs(rate):
    samples = noise(rate, 1)
    whole = Resampler(1, rate).feed(samples)
    count = whole.shape[1]
    needed = int(Resampler(1, rate).needed(np.array(count)))
    assert Resampler(1, rate).feed(samples[:, :needed]).shape[1] >= count
    assert Resampler(1, rate).feed(samples[:, : needed - 1]).shape[1] < count


@pytest.mark.parametrize("rate", [11025, 16000, 48000])
def test_resampler_a_row_alone_is_the_row_among_others(rate):
    samples = noise(rate, 40)
    together = Resampler(40, rate).feed(samples)
    assert np.array_equal(Resampler(1, rate).feed(samples[7:8])[0], together[7])
