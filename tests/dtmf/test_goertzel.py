"""The exact product is the recurrence of the books."""

import numpy as np
import pytest

from dtmf.goertzel import AMPLITUDE, BLOCK, ROWS, SCALE, WINDOW, goertzel, product
from dtmf.keys import HIGH_HZ, LOW_HZ

TONES = [*LOW_HZ, *HIGH_HZ]


@pytest.mark.parametrize("hertz", [697, 1633, 350.5])
def test_goertzel_is_the_fourier_sum_at_any_frequency(hertz):
    samples = np.random.default_rng(1).standard_normal(205)
    expected = samples @ np.exp(-2j * np.pi * hertz / 8000 * np.arange(205))
    assert goertzel(samples.tolist(), hertz) == pytest.approx(expected, abs=1e-8)


def test_product_of_two_blocks_is_goertzel_of_their_windowed_samples():
    samples = np.random.default_rng(2).integers(-32768, 32768, 2 * BLOCK).astype(np.float64)
    tones, _ = product(samples.reshape(2, BLOCK))
    window = tones[ROWS:, 0] + tones[:ROWS, 1]
    for place, hertz in enumerate(TONES):
        statement = abs(goertzel((samples * WINDOW).tolist(), hertz))
        assert np.hypot(window[place], window[8 + place]) / SCALE == pytest.approx(
            statement, rel=2e-4, abs=50
        )


def test_product_of_a_full_scale_tone_gives_its_amplitude():
    samples = np.rint(32767 * np.sin(2 * np.pi * 941 / 8000 * np.arange(2 * BLOCK)))
    tones, _ = product(samples.reshape(2, BLOCK))
    window = tones[ROWS:, 0] + tones[:ROWS, 1]
    assert np.hypot(window[3], window[11]) * AMPLITUDE == pytest.approx(32767, rel=2e-3)


def test_product_holds_whole_numbers_that_do_not_depend_on_the_company():
    blocks = np.random.default_rng(3).integers(-32768, 32768, (300, BLOCK)).astype(np.float64)
    tones, energies = product(blocks)
    assert np.array_equal(tones, np.rint(tones))
    assert np.abs(tones).max() < 2**53
    assert energies.max() < 2**53
    for row in (0, 150, 299):
        alone, energy = product(blocks[row : row + 1])
        assert np.array_equal(alone[:, 0], tones[:, row])
        assert np.array_equal(energy[:, 0], energies[:, row])
