"""What the receiver hears and what it does not: twist by setting, dial tones, DC, noise, lost frames."""

import numpy as np
import pytest

from dtmf import KEYS, decode, digits, encode
from dtmf.errors import BreakError, UnknownSetting


@pytest.mark.parametrize(("setting", "low_over_high", "high_over_low"), [
    ("default", 9, 6), ("wide", 13, 13), ("strict", 8, 4)])
@pytest.mark.parametrize("digit", "159D")
def test_decode_with_a_setting_when_tones_are_of_two_levels_then_heard_to_its_limits(
        setting, low_over_high, high_over_low, digit):
    for twist, heard in ((-low_over_high, True), (high_over_low, True), (-low_over_high - 2.5, False),
                         (high_over_low + 3, False)):
        samples = np.concatenate([np.zeros(1000, np.int16), encode(digit, level_dbm0=-12, twist_db=twist),
                                  np.zeros(1000, np.int16)])
        assert (digits(decode(samples, 8000, setting=setting)) == digit) is heard, twist


def test_decode_with_a_setting_that_there_is_not_then_the_nearest_named():
    with pytest.raises(UnknownSetting, match=r"no setting 'wild': take default, wide, strict; did you mean 'wide'"):
        decode(np.zeros(80, np.int16), 8000, setting="wild")


@pytest.mark.parametrize("dial", [(350, 440), (425,)])
def test_decode_when_a_dial_tone_12_db_louder_lies_under_the_keys_then_all_heard(dial):
    keys = encode("1234567890*#ABCD", level_dbm0=-24, tone_ms=70, gap_ms=70)
    time = np.arange(len(keys)) / 8000
    hum = sum(10 ** ((-12 - 3.14) / 20) * 32768 * np.sin(2 * np.pi * hertz * time + 1) for hertz in dial)
    assert digits(decode(np.rint(keys + hum).astype(np.int16), 8000)) == "1234567890*#ABCD"


def test_decode_when_a_dc_offset_lies_under_the_keys_then_all_heard():
    keys = encode("1234567890*#ABCD", level_dbm0=-20)
    assert digits(decode(keys + np.int16(8000), 8000)) == "1234567890*#ABCD"


@pytest.mark.parametrize(("snr_db", "on_ms", "most_missed"), [(6, 50, 0), (3, 50, 1), (0, 100, 0), (-3, 100, 2)])
def test_decode_when_noise_lies_over_480_keys_then_hardly_one_missed_and_none_invented(snr_db, on_ms, most_missed):
    rng = np.random.default_rng(snr_db + 100)
    keys = "".join(KEYS[n] for n in rng.integers(0, 16, 480))
    tones = encode(keys, level_dbm0=-14, tone_ms=on_ms, gap_ms=on_ms, lead_ms=100)
    one = (10 ** ((-14 - 3.14) / 20) * 32768) ** 2 / 2
    noisy = tones + rng.standard_normal(len(tones)) * np.sqrt(one / 10 ** (snr_db / 10))
    heard = digits(decode(np.clip(np.rint(noisy), -32768, 32767).astype(np.int16), 8000))
    assert len(keys) - most_missed <= len(heard) <= len(keys)


@pytest.mark.parametrize("again", [False, True], ids=["zeros", "the last said again"])
def test_decode_when_any_20_ms_of_a_key_are_lost_then_heard_once(again):
    rng = np.random.default_rng(7)
    for n in range(160):
        tone = encode(KEYS[n % 16], tone_ms=100, gap_ms=0)
        samples = np.concatenate([np.zeros(int(rng.integers(800, 960)), np.int16), tone, np.zeros(1600, np.int16)])
        at = int(rng.integers(800 // 160 + 1, 1600 // 160)) * 160
        samples[at : at + 160] = samples[at - 160 : at] if again else 0
        assert digits(decode(samples, 8000)) == KEYS[n % 16]


@pytest.mark.parametrize("hertz", [1, 3, 5, 9, 13, 20])
def test_decode_when_a_held_key_flutters_by_up_to_11_db_then_it_is_one(hertz):
    rng = np.random.default_rng(hertz)
    time = np.arange(8000) / 8000
    for depth_db in (6, 9.5, 11):
        deep = (1 - 10 ** (-depth_db / 20)) / (1 + 10 ** (-depth_db / 20))
        for place, key in enumerate("15D0"):
            swell = (1 + deep * np.cos(2 * np.pi * hertz * time + place * np.pi / 2)) / (1 + deep)
            held = encode(key, tone_ms=1000, gap_ms=0) * swell + rng.normal(0, 30, 8000)
            samples = np.concatenate([np.zeros(800), held, np.zeros(800)]).astype(np.int16)
            assert digits(decode(samples, 8000)) == key, (depth_db, key)


def worn(key, *, breaks_ms, pieces=3, tone_ms=80.0, rate=8000):
    """Return a key that drops out, its tones running on beneath."""
    whole = encode(key, rate, tone_ms=pieces * tone_ms + (pieces - 1) * breaks_ms, gap_ms=0)
    for piece in range(pieces - 1):
        begin = round((tone_ms + piece * (tone_ms + breaks_ms)) * rate / 1000)
        whole[begin : begin + round(breaks_ms * rate / 1000)] = 0
    silence = np.zeros(rate // 10, np.int16)
    return np.concatenate([silence, whole, silence])


@pytest.mark.parametrize("rate", [8000, 44100])
@pytest.mark.parametrize("breaks_ms", [25, 40, 65, 150, 390])
def test_decode_when_a_key_drops_out_then_one_where_such_breaks_are_bridged_and_several_without(rate, breaks_ms):
    samples = worn("0", breaks_ms=breaks_ms, rate=rate)
    assert digits(decode(samples, rate)) == "000"
    for longest_ms in (breaks_ms, breaks_ms + 10):
        one, = decode(samples, rate, longest_break_ms=longest_ms)
        assert one.digit == "0"
        assert (one.end - one.start) / rate * 1000 == pytest.approx(240 + 2 * breaks_ms, abs=3)
    if breaks_ms > 40:
        assert digits(decode(samples, rate, longest_break_ms=breaks_ms - 10)) == "000"


def test_decode_when_breaks_are_bridged_then_other_keys_and_longer_pauses_still_end_one():
    samples = encode("1223334", tone_ms=60, gap_ms=60)
    assert digits(decode(samples, 8000, longest_break_ms=50)) == "1223334"
    assert digits(decode(samples, 8000, longest_break_ms=70)) == "1234"
    noisy = samples + np.random.default_rng(5).normal(0, 400, len(samples)).astype(np.int16)
    assert digits(decode(noisy, 8000, longest_break_ms=70)) == "1234"


@pytest.mark.parametrize("longest_ms", [-1, 401, float("nan")])
def test_decode_when_a_break_cannot_be_bridged_then_error(longest_ms):
    with pytest.raises(BreakError, match="within a key cannot be bridged; give 0 to 400 ms"):
        decode(np.zeros(80, np.int16), 8000, longest_break_ms=longest_ms)
