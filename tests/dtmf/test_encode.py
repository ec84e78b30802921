"""The keys and what is made of them."""

import numpy as np
import pytest

import dtmf


def test_frequencies_of_every_key_are_those_of_q23():
    table = {key: dtmf.frequencies(key) for key in dtmf.KEYS}
    assert table["1"] == (697, 1209)
    assert table["0"] == (941, 1336)
    assert table["D"] == (941, 1633)
    assert len(set(table.values())) == 16


@pytest.mark.parametrize("digit", ["E", "a", "", "12", " ", "٣"])
def test_frequencies_when_it_is_no_key_then_error_names_it(digit):
    with pytest.raises(dtmf.DigitError, match=f"^{digit!r} is not a key"):
        dtmf.frequencies(digit)


@pytest.mark.parametrize("rate", [8000, 11025, 44100])
def test_encode_lengths_are_those_asked_for(rate):
    samples = dtmf.encode("12", rate, tone_ms=60, gap_ms=40, lead_ms=250)
    assert samples.dtype == np.int16
    assert samples.shape == (round(0.25 * rate) + 2 * (round(0.06 * rate) + round(0.04 * rate)),)
    assert not samples[: round(0.25 * rate)].any()


def test_encode_no_digits_then_only_the_lead():
    assert dtmf.encode("", lead_ms=10).shape == (80,)


@pytest.mark.parametrize(("level", "twist"), [(-10.0, 0.0), (-30.0, 6.0), (-4.0, -3.0)])
def test_encode_level_is_the_mean_of_both_tones_and_twist_is_high_over_low(level, twist):
    samples = dtmf.encode("5", 8000, tone_ms=1000, gap_ms=0, level_dbm0=level, twist_db=twist)
    turns = np.exp(-2j * np.pi * np.outer([770, 1336], np.arange(8000)) / 8000)
    low, high = 20 * np.log10(np.abs(turns @ samples) * 2 / 8000 / 32768) + 3.14
    assert (low + high) / 2 == pytest.approx(level, abs=0.01)
    assert high - low == pytest.approx(twist, abs=0.01)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"level_dbm0": 0.0}, "level 0 dBm0"),
        ({"level_dbm0": -4.0, "twist_db": 12.0}, "twist 12 dB"),
        ({"level_dbm0": float("nan")}, "nan"),
        ({"tone_ms": 0}, "tone of 0 ms cannot be made; give 1 to 600000 ms"),
        ({"tone_ms": 1e12}, "tone of 1e\\+12 ms"),
        ({"gap_ms": float("inf")}, "gap of inf ms"),
        ({"level_dbm0": -200}, "level of -200 dBm0 cannot be made; give -85 to 3 dBm0"),
        ({"twist_db": 1e9}, "twist of 1e\\+09 dB"),
        ({"rate": 192_000, "tone_ms": 600_000, "gap_ms": 600_000, "digits": "1" * 9}, "3.0 h of keys at 192000 Hz"),
    ],
)
def test_encode_what_cannot_be_made_then_error_names_it(options, named):
    with pytest.raises(dtmf.LevelError, match=named):
        dtmf.encode(**{"digits": "1"} | options)


def test_encode_too_loud_then_error_says_how_loud_would_fit():
    with pytest.raises(dtmf.LevelError, match=r"-2\.9 dBm0 is the loudest"):
        dtmf.encode("1", level_dbm0=3)
    assert dtmf.encode("1", level_dbm0=-2.9).max() > 32000


@pytest.mark.parametrize("rate", [2000, 3999, 192001, 0, -8000])
def test_any_rate_outside_4_to_192_khz_then_error_names_it(rate):
    for use in (lambda: dtmf.encode("1", rate), lambda: dtmf.Detector(1, rate)):
        with pytest.raises(dtmf.RateError, match=f"{rate} Hz is outside 4000 to 192000 Hz"):
            use()


@pytest.mark.parametrize("rate", [8000, 44100])
def test_encode_pauses_then_silence_of_a_second_and_of_half_a_second_between_the_keys(rate):
    keys = dtmf.encode("1,2w3", rate)
    one, two, three = (dtmf.encode(key, rate) for key in "123")
    between = [np.zeros(rate, np.int16), np.zeros(rate // 2, np.int16)]
    assert np.array_equal(keys, np.concatenate([one, between[0], two, between[1], three]))
    assert dtmf.digits(dtmf.decode(keys, rate)) == "123"
