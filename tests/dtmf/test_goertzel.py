"""The folded sums are the recurrence of the books."""

import numpy as np
import pytest

from dtmf.goertzel import AMPLITUDE, BLOCK, COSINES, POWER, SCALE, SINES, WEIGHTS, WINDOW, fold, four, goertzel, one
from dtmf.keys import HIGH_HZ, LOW_HZ

TONES = [*LOW_HZ, *HIGH_HZ]


def folded(samples):
    even, odd = np.empty(BLOCK), np.empty(BLOCK)
    energy = fold(samples[:BLOCK], samples[BLOCK:], even, odd)
    return even, odd, energy


def moduli(samples):
    even, odd, _ = folded(samples)
    sums = [(one(even, COSINES, tone), one(odd, SINES, tone)) for tone in range(8)]
    return [np.hypot(*both) for both in sums]


@pytest.mark.parametrize("hertz", [697, 1633, 350.5])
def test_goertzel_is_the_fourier_sum_at_any_frequency(hertz):
    samples = np.random.default_rng(1).standard_normal(205)
    expected = samples @ np.exp(-2j * np.pi * hertz / 8000 * np.arange(205))
    assert goertzel(samples.tolist(), hertz) == pytest.approx(expected, abs=1e-8)


def test_sums_of_a_folded_window_are_goertzel_of_its_windowed_samples():
    samples = np.random.default_rng(2).integers(-32768, 32768, 2 * BLOCK).astype(np.int16)
    for hertz, found in zip(TONES, moduli(samples), strict=True):
        statement = abs(goertzel((samples * WINDOW).tolist(), hertz))
        assert found / SCALE == pytest.approx(statement, rel=2e-4, abs=50)


def test_sums_of_a_full_scale_tone_give_its_amplitude_and_its_energy():
    samples = np.rint(32767 * np.sin(2 * np.pi * 941 / 8000 * np.arange(2 * BLOCK))).astype(np.int16)
    assert moduli(samples)[3] * AMPLITUDE == pytest.approx(32767, rel=2e-3)
    assert folded(samples)[2] * POWER == pytest.approx(32767**2, rel=2e-2)


def test_sums_then_whole_numbers_that_float64_holds_exactly():
    rng = np.random.default_rng(3)
    extremes = [np.full(2 * BLOCK, -32768), np.where(np.arange(2 * BLOCK) % 2, 32767, -32768)]
    for samples in [*extremes, *rng.integers(-32768, 32768, (20, 2 * BLOCK))]:
        even, odd, energy = folded(samples.astype(np.int16))
        whole = samples.astype(object)
        sums, differences = whole[:BLOCK] + whole[: BLOCK - 1 : -1], whole[:BLOCK] - whole[: BLOCK - 1 : -1]
        squares = whole[:BLOCK] ** 2 + whole[: BLOCK - 1 : -1] ** 2
        assert energy == sum(int(w) * int(s) for w, s in zip(WEIGHTS, squares, strict=True)) < 2**53
        for row in range(0, 12, 4):
            for found, table, values in ((four(even, COSINES, row), COSINES, sums),
                                         (four(odd, SINES, row), SINES, differences)):  # fmt: skip
                exact = [sum(int(t) * int(v) for t, v in zip(table[row + i], values, strict=True))
                         for i in range(4)]  # fmt: skip
                assert list(found) == exact
                assert max(map(abs, exact)) < 2**53
