"""What a room leaves of a key is no other key; a key that is pressed again is one, however quiet."""

import numpy as np
import pytest

import dtmf

RATE = 8000


def faded(key, *, rt60_s, under_db):
    """Return a key of 100 ms, and from its end on the same tones, so much quieter and dying away."""
    tone = dtmf.encode(key, RATE, tone_ms=1100, gap_ms=0).astype(float)
    after = np.arange(len(tone)) / RATE - 0.1
    gain = np.where(after < 0, 1.0, 10 ** (-under_db / 20) * 10 ** (-3 * np.maximum(after, 0) / rt60_s))
    return np.concatenate([np.zeros(800), tone * gain, np.zeros(1600)])


def digits(sound):
    noise = np.random.default_rng(4).standard_normal(len(sound)) * 20
    return dtmf.digits(dtmf.decode(np.rint(sound + noise).astype(np.int16), RATE))


@pytest.mark.parametrize("key", ["1", "5", "D"])
@pytest.mark.parametrize("under_db", [12.5, 15, 20, 25])
@pytest.mark.parametrize("rt60_s", [0.3, 0.6, 1.0])
def test_a_key_that_fades_then_one_key(key, under_db, rt60_s):
    assert digits(faded(key, rt60_s=rt60_s, under_db=under_db)) == key


@pytest.mark.parametrize("gap_ms", [45, 100, 250])
@pytest.mark.parametrize("quieter_db", [0, 13, 20])
def test_a_key_that_is_pressed_again_then_two_keys(gap_ms, quieter_db):
    once = dtmf.encode("5", RATE, gap_ms=gap_ms).astype(float)
    assert digits(np.concatenate([np.zeros(800), once, once * 10 ** (-quieter_db / 20), np.zeros(1600)])) == "55"


def test_a_line_that_gives_keys_back_210_ms_late_then_each_once():
    sound = dtmf.encode("4711*4402#", RATE, tone_ms=70, gap_ms=75).astype(float)
    sound = np.concatenate([np.zeros(800), sound, np.zeros(3200)])
    sound[1680:] += sound[:-1680] * 10 ** (-10 / 20)
    assert digits(sound) == "4711*4402#"


def test_a_line_that_gives_keys_back_and_one_runs_into_the_next_of_the_same_then_each_once():
    sound = np.zeros(9600)
    for key, at in zip("C#969B", (856, 2006, 3144, 4316, 5439, 6564), strict=True):
        sound[at:at + 560] = dtmf.encode(key, RATE, tone_ms=70)[:560]
    sound[1680:] += sound[:-1680] * 10 ** (-10 / 20)
    assert digits(sound) == "C#969B"


def test_a_line_that_gives_back_keys_that_are_pressed_slowly_then_it_is_known_from_the_second_on():
    sound = dtmf.encode("4718", RATE, tone_ms=70, gap_ms=400).astype(float)
    sound[1680:] += sound[:-1680] * 10 ** (-10 / 20)
    assert digits(np.concatenate([np.zeros(800), sound])) == "44718"
