"""Likeness at every place, and the places that are picked."""

import numpy as np
import pytest

from ivr.scenario.correlate import Searched, Template, dbm0_of, likeness, peaks, power_of


def noise(n, seed=1):
    return np.random.default_rng(seed).normal(0, 1000, n)


def test_level_when_a_sine_fills_the_scale_then_3_14_dbm0_and_back():
    assert power_of(3.14) == pytest.approx(32768**2 / 2)
    assert [dbm0_of(power_of(level)) for level in (3.14, -16, -50, -120)] == pytest.approx([3.14, -16, -50, -100])


@pytest.mark.parametrize("longer", [-1, 0, 1, 700, 9000])
def test_template_when_looked_for_then_the_likeness_of_every_place_there_is(longer):
    template = noise(500)
    signal = np.concatenate([template, noise(longer, 2) / 50 if longer > 0 else []])[:500 + longer]
    signal[1500:3000] = 0
    found = Template(template).everywhere(Searched(signal))
    assert found == pytest.approx([likeness(signal[i:i + 500], template) for i in range(longer + 1)], abs=1e-9)


def test_template_when_all_is_next_to_silent_then_no_place_is_alike():
    template = noise(500)
    assert not Template(template).everywhere(Searched(template / 2000)).any()


@pytest.mark.parametrize(("alike", "picked"), [
    ([0, 0, .5, 0, 0], [2]), ([0, 0, .4, 0, 0], []), ([0, .8, .9, .8, 0], [2]), ([0, .5, .6, .7, .8], []),
    ([.9, .6, .6, .6, .9], []), ([0, .9, .4, .9, 0], []), ([0, 0, .9, 0, 0, .8, 0, 0], [2, 5]),
    ([0, 0, .8, 0, 0, .9, 0, 0], [2, 5])])
def test_peaks_when_at_least_as_high_and_none_higher_is_near_then_picked_but_not_at_the_edges(alike, picked):
    assert peaks(np.array(alike), least=.5, apart=2).tolist() == picked
