"""Rows that are hushed or softened: no step, and everything else as it was."""

import numpy as np
import pytest

from lobby.fading import FULL, Fader

FADE = 40
LOUD = np.full((3, 160), 20000, np.int16)


@pytest.mark.parametrize(("before", "after"), [(4, 0), (0, 4), (4, 1), (1, 4), (1, 0)])
def test_gain_when_it_changes_then_in_5_ms_without_a_step(before, after):
    fader = Fader()
    first = fader.apply(LOUD, {1: before})
    first = fader.apply(LOUD, {1: before})
    second = fader.apply(LOUD, {1: after})
    third = fader.apply(LOUD, {1: after})
    row = np.concatenate([first[1], second[1], third[1]]).astype(int)
    assert np.abs(np.diff(row)).max() <= 20000 // FADE + 1
    assert (row[:160] == 20000 * before // FULL).all()
    assert (row[160 + FADE:] == 20000 * after // FULL).all()
    for frame in (first, second, third):
        assert np.array_equal(frame[[0, 2]], LOUD[[0, 2]])


def test_frames_when_nothing_is_wanted_then_the_very_same():
    assert Fader().apply(LOUD, {}) is LOUD


def test_frames_then_left_as_they_were():
    kept = LOUD.copy()
    Fader().apply(LOUD, {0: 0, 1: 1})
    assert np.array_equal(LOUD, kept)


def test_row_when_it_is_another_calls_then_at_full_gain_at_once():
    fader = Fader()
    fader.apply(LOUD, {1: 0})
    fader.forget(1)
    assert np.array_equal(fader.apply(LOUD, {}), LOUD)
