"""What is no key is never heard as one, with any setting.

The limits are those asked of ours: more than 2.5 % off, shorter than 25 ms, the weaker tone under -50 dBm0, more
twist than the setting allows, a third tone at -4 dB that stands by itself. Measured beyond them: 3,000 lines of
each, also in 0 to 30 dB of noise, without one key heard. Where the line lies: from 2.45 % off; from 25 ms; from
-48 dBm0; twist of 11 and 8.5 dB (`wide` 14). A third tone less than 7 % from one of the two cannot be told
from it in 50 ms, and one below 520 Hz may be a dial tone, under which keys must be heard.
"""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sampled import examples

import dtmf
from dtmf.keys import HIGH_HZ, LOW_HZ, amplitude
from dtmf.limits import SETTINGS

MANY = examples(120)
SEEDS = st.integers(0, 2**32 - 1)
KEYS = st.text(dtmf.KEYS, min_size=1, max_size=3)
SIGNS = st.sampled_from([-1, 1])
NOISE = st.none() | st.floats(0, 30)
MOST_TWIST = {"default": (11.5, 9.0), "wide": (14.5, 14.5), "strict": (11.5, 9.0)}
"""Low over high and high over low, in dB, from which on nothing is heard."""


def line_parts(**more):
    """What `line` takes: an ordinary line but for what is given."""
    usual = {
        "keys": KEYS,
        "tone_ms": st.floats(26, 150),
        "gap_ms": st.floats(30, 120),
        "lead_ms": st.floats(60, 80),
        "level": st.floats(-35, 0),
        "twist": st.floats(-6, 4),
        "snr_db": NOISE,
        "seed": SEEDS,
    }
    return st.fixed_dictionaries({**usual, **more})


@st.composite
def off(draw, least):
    """One tone or both off by `least` per cent or more."""
    shifts = [draw(SIGNS) * draw(st.floats(least, 4)), draw(st.floats(-4, 4))]
    return tuple(shifts if draw(st.booleans()) else shifts[::-1])


NO_KEYS = {
    "off by more than 2.5 %": line_parts(
        off=off(2.5), level=st.floats(-35, -6), snr_db=st.none() | st.floats(20, 30)),
    "off by more than 2.8 %, in noise": line_parts(off=off(2.8), snr_db=st.floats(0, 20)),
    "shorter than 25 ms": line_parts(tone_ms=st.floats(1, 25)),
    "shorter than 25 ms, off their frequencies": line_parts(
        tone_ms=st.floats(15, 25), off=st.tuples(*[st.floats(-2, 2)] * 2)),
    "shorter than 25 ms, in a hurry": line_parts(tone_ms=st.floats(15, 25), gap_ms=st.floats(30, 40)),
    "softer than -50 dBm0": line_parts(level=st.floats(-70, -50), snr_db=st.none()),
    "shorter than 25 ms at any rate": line_parts(tone_ms=st.floats(15, 25), rate=st.integers(8000, 96000)),
    "off by more than 2.8 % at any rate": line_parts(off=off(2.8), rate=st.integers(8000, 48000)),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_KEYS)
@pytest.mark.parametrize("setting", ["default", "wide"])
def test_decode_a_line_outside_the_limits_then_nothing(line, name, setting):
    # each new rate takes its time: a filter is made for it
    @examples(25 if name.endswith("any rate") else 120)
    @given(where=NO_KEYS[name])
    def holds(where):
        sent = line(**where)
        assert dtmf.decode(sent.samples, sent.rate, setting=setting) == []

    holds()


@pytest.mark.parametrize("setting", list(SETTINGS))
def test_decode_tones_of_two_levels_beyond_the_setting_then_nothing(line, setting):
    low_over_high, high_over_low = MOST_TWIST[setting]

    @MANY
    @given(where=line_parts(
        twist=st.floats(high_over_low, 25) | st.floats(-25, -low_over_high), snr_db=st.none() | st.floats(15, 30)))
    def holds(where):
        sent = line(**where)
        assert dtmf.decode(sent.samples, sent.rate, setting=setting) == []

    holds()


@MANY
@given(
    where=line_parts(
        keys=st.sampled_from(dtmf.KEYS), tone_ms=st.floats(40, 150), twist=st.just(0.0), snr_db=st.none()),
    hertz=st.floats(560, 3400), below=st.floats(-4, 6),
)  # fmt: skip
def test_decode_a_third_tone_of_its_own_at_minus_4_db_then_nothing(line, where, hertz, below):
    assume(all(abs(hertz / tone - 1) > 0.07 for tone in dtmf.frequencies(where["keys"])))
    where["level"] = min(where["level"], -9.0)
    sent = line(**where, third=(hertz, where["level"] + below))
    assert dtmf.decode(sent.samples, sent.rate) == []


def burst(tones, tone_ms, level, seed):
    """Return one burst of sines; float64 array."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(tone_ms * 8)) / 8000
    sound = sum(amplitude(level) * np.sin(2 * np.pi * hertz * time + rng.uniform(0, 2 * np.pi)) for hertz in tones)
    return np.concatenate([np.zeros(400), sound, np.zeros(1600)])


def heard(sound, setting):
    return dtmf.digits(dtmf.decode(np.clip(np.rint(sound), -32768, 32767).astype(np.int16), 8000, setting=setting))


def no_key(low, high):
    """Whether one of two tones lies 2.6 % or more from every tone of its group."""
    return min(abs(low / hz - 1) for hz in LOW_HZ) > 0.026 or min(abs(high / hz - 1) for hz in HIGH_HZ) > 0.026


@pytest.mark.parametrize("setting", ["default", "wide"])
@MANY
@given(
    hertz=st.floats(200, 3800) | st.sampled_from(LOW_HZ + HIGH_HZ), tone_ms=st.floats(5, 500),
    level=st.floats(-45, 12), seed=SEEDS,
)  # fmt: skip
def test_decode_one_tone_alone_even_clipped_then_nothing(setting, hertz, tone_ms, level, seed):
    assert heard(burst([hertz], tone_ms, level, seed), setting) == ""


@MANY
@given(
    first=st.floats(300, 3400), second=st.floats(300, 3400), tone_ms=st.floats(30, 500), level=st.floats(-40, -3),
    seed=SEEDS,
)  # fmt: skip
def test_decode_two_tones_that_are_no_pair_then_nothing(first, second, tone_ms, level, seed):
    assume(no_key(*sorted([first, second])))
    assert heard(burst([first, second], tone_ms, level, seed), "wide") == ""


@MANY
@given(
    group=st.sampled_from([LOW_HZ, HIGH_HZ]), data=st.data(), tone_ms=st.floats(30, 500), level=st.floats(-40, -3),
    seed=SEEDS,
)  # fmt: skip
def test_decode_tones_of_one_group_then_nothing(group, data, tone_ms, level, seed):
    tones = data.draw(st.lists(st.sampled_from(group), min_size=2, max_size=4, unique=True))
    assert heard(burst(tones, tone_ms, level, seed), "wide") == ""


@MANY
@given(
    keys=st.lists(st.sampled_from(dtmf.KEYS), min_size=2, max_size=4, unique=True), tone_ms=st.floats(30, 500),
    level=st.floats(-40, -10), seed=SEEDS,
)  # fmt: skip
def test_decode_several_keys_at_once_then_nothing(keys, tone_ms, level, seed):
    tones = sorted({hertz for key in keys for hertz in dtmf.frequencies(key)})
    assert heard(burst(tones, tone_ms, level, seed), "wide") == ""


@pytest.mark.parametrize("setting", ["default", "wide"])
@examples(40)
@given(loudness=st.floats(5, 30000), colour=st.integers(0, 3), seed=SEEDS)
def test_decode_noise_white_or_coloured_then_nothing(setting, loudness, colour, seed):
    noise = np.random.default_rng(seed).normal(0, 1, 16000 + 8)
    for lag in range(1, colour + 1):
        noise[lag:] += noise[:-lag]
    assert heard(noise * (loudness / noise.std()), setting) == ""


@MANY
@given(
    steps=st.lists(st.tuples(st.integers(-32768, 32767), st.integers(1, 1200)), min_size=1, max_size=30),
)  # fmt: skip
def test_decode_steps_and_clicks_then_nothing(steps):
    sound = np.concatenate([np.full(length, value, np.float64) for value, length in steps])
    assert heard(sound, "default") == ""


@MANY
@given(period=st.floats(3, 80), duty=st.floats(0.1, 0.9), level=st.floats(10, 32767), count=st.integers(240, 8000))
def test_decode_square_waves_then_nothing(period, duty, level, count):
    wave = np.where(np.arange(count) / period % 1 < duty, level, -level)
    assert heard(np.concatenate([np.zeros(400), wave, np.zeros(800)]), "default") == ""
