"""The decoder against the published requirements on receivers of push-button signals."""

import numpy as np
import pytest

import dtmf
from dtmf.keys import amplitude

COUNT = 48


def send(*, tone_ms=40.0, gap_ms=40.0, level=-10.0, twist=0.0, off=0.0, snr_db=None, break_ms=0.0, seed=7):
    """Return a line with `COUNT` keys at random phases and places, and the keys; `off` in percent."""
    rng = np.random.default_rng(seed)
    keys, parts = "", [np.zeros(800)]
    for number in range(COUNT):
        key = dtmf.KEYS[number % 16]
        low, high = dtmf.frequencies(key)
        signs = rng.choice([-1, 1], 2)
        time = np.arange(round(tone_ms * 8)) / 8000
        tone = amplitude(level - twist / 2) * np.sin(
            2 * np.pi * low * (1 + signs[0] * off / 100) * time + rng.uniform(0, 6)
        ) + amplitude(level + twist / 2) * np.sin(
            2 * np.pi * high * (1 + signs[1] * off / 100) * time + rng.uniform(0, 6)
        )
        if break_ms:
            begin = round((tone_ms - break_ms) * 4)
            tone[begin : begin + round(break_ms * 8)] = 0
        parts += [tone, np.zeros(round(gap_ms * 8) + rng.integers(0, 80))]
        keys += key
    line = np.concatenate([*parts, np.zeros(800)])
    if snr_db is not None:
        power = amplitude(level) ** 2 * 10 ** (-snr_db / 10)
        line = line + rng.standard_normal(len(line)) * np.sqrt(power)
    return np.clip(np.rint(line), -32768, 32767).astype(np.int16), keys


@pytest.mark.parametrize(
    "line",
    [
        pytest.param({}, id="Q.24 table A-1: 40 ms tones, 40 ms pauses"),
        pytest.param({"tone_ms": 35, "gap_ms": 30}, id="35 ms tones, 30 ms pauses"),
        pytest.param({"off": 1.5}, id="Q.24: 1.5 % off is a key"),
        pytest.param({"off": 1.5, "twist": 4.0}, id="1.5 % off, high tone 4 dB over low"),
        pytest.param({"off": 1.5, "twist": -8.0}, id="1.5 % off, low tone 8 dB over high"),
        pytest.param({"twist": 6.0}, id="high tone 6 dB over low"),
        pytest.param({"twist": -10.0}, id="low tone 10 dB over high"),
        pytest.param({"level": 0.0 - 3.0}, id="as loud as two tones fit, -3 dBm0 each"),
        pytest.param({"level": 0.0}, id="0 dBm0 a tone, clipped"),
        pytest.param({"level": -25.0}, id="-25 dBm0 a tone"),
        pytest.param({"level": -40.0}, id="-40 dBm0 a tone"),
        pytest.param({"snr_db": 15.0}, id="15 dB of white noise, 40/40"),
        pytest.param({"snr_db": 12.0}, id="12 dB of white noise, 40/40"),
        pytest.param({"snr_db": 8.0, "tone_ms": 100, "gap_ms": 100}, id="8 dB, 100/100"),
        pytest.param({"snr_db": 6.0, "tone_ms": 100, "gap_ms": 100}, id="6 dB, 100/100"),
        pytest.param(
            {"break_ms": 10.0, "tone_ms": 100, "gap_ms": 60}, id="Q.24: a break of 10 ms is one key"
        ),
        pytest.param({"break_ms": 5.0, "tone_ms": 80}, id="a break of 5 ms is one key"),
    ],
)
def test_decode_a_line_that_must_be_read_then_every_key_once(line):
    samples, keys = send(**line)
    assert dtmf.digits(dtmf.decode(samples, 8000)) == keys


@pytest.mark.parametrize(
    "line",
    [
        pytest.param({"tone_ms": 20}, id="20 ms are no key (Q.24: below 23 ms)"),
        pytest.param({"off": 3.5, "tone_ms": 60}, id="3.5 % off is no key (Q.24)"),
        pytest.param({"off": 3.0, "tone_ms": 60}, id="3 % off is no key"),
        pytest.param({"level": -60.0, "tone_ms": 60}, id="-60 dBm0 is silence"),
        pytest.param({"twist": 20.0, "tone_ms": 60}, id="one tone nearly alone"),
    ],
)
def test_decode_a_line_without_keys_then_nothing(line):
    samples, _ = send(**line)
    assert dtmf.decode(samples, 8000) == []


@pytest.mark.parametrize("break_ms", [2.0, 5.0, 10.0, 15.0, 20.0])
def test_decode_a_tone_with_a_short_break_is_never_two_keys(break_ms):
    samples, keys = send(tone_ms=90, gap_ms=60, break_ms=break_ms)
    assert dtmf.digits(dtmf.decode(samples, 8000)) == keys


def test_decode_hiss_and_hum_then_nothing():
    rng = np.random.default_rng(9)
    time = np.arange(80000) / 8000
    hum = 6000 * np.sin(2 * np.pi * 350 * time) + 6000 * np.sin(2 * np.pi * 440 * time)
    for sound in (rng.standard_normal(80000) * 4000, hum, 9000 * np.sin(2 * np.pi * 1000 * time)):
        assert dtmf.decode(sound.astype(np.int16), 8000) == []


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 96000, 192000])
@pytest.mark.parametrize(("tone_ms", "gap_ms"), [(100, 100), (40, 40)])
def test_decode_what_encode_made_at_any_rate_then_all_keys_where_they_are(rate, tone_ms, gap_ms):
    samples = dtmf.encode(dtmf.KEYS, rate, tone_ms=tone_ms, gap_ms=gap_ms, level_dbm0=-14, twist_db=2)
    tones = dtmf.decode(samples, rate)
    assert dtmf.digits(tones) == dtmf.KEYS
    tone, gap = round(tone_ms * rate / 1000), round(gap_ms * rate / 1000)
    for place, found in enumerate(tones):
        begin = place * (tone + gap)
        assert found.start == pytest.approx(begin, abs=0.0015 * rate)
        assert found.end == pytest.approx(begin + tone, abs=0.0015 * rate)
        assert found.level_dbm0 == pytest.approx(-14, abs=0.1)
        assert found.twist_db == pytest.approx(2, abs=0.1)
        low, high = dtmf.frequencies(found.digit)
        assert found.low_hz == pytest.approx(low, abs=1)
        assert found.high_hz == pytest.approx(high, abs=1)


def test_decode_measures_frequencies_that_are_off():
    samples, _ = send(off=1.0, tone_ms=80)
    for tone in dtmf.decode(samples, 8000):
        low, high = dtmf.frequencies(tone.digit)
        assert abs(tone.low_hz / low - 1) == pytest.approx(0.01, abs=0.001)
        assert abs(tone.high_hz / high - 1) == pytest.approx(0.01, abs=0.001)


def test_decode_is_the_streaming_detector():
    samples, _ = send(snr_db=15.0)
    detector = dtmf.Detector(1)
    events = [e for at in range(0, len(samples), 160) for e in detector.feed(samples[None, at : at + 160])]
    ended = [e for e in events + detector.flush() if isinstance(e, dtmf.DigitEnded)]
    tones = dtmf.decode(samples, 8000)
    assert [(e.digit, e.start, e.end) for e in ended] == [(t.digit, t.start, t.end) for t in tones]


def test_decode_nothing_then_nothing():
    assert dtmf.decode(np.zeros(0, np.int16), 8000) == []
    assert dtmf.digits([]) == ""


@pytest.mark.parametrize(("samples", "says"), [
    (np.zeros((2, 80), np.int16), r"of shape \(2, 80\); give one channel"), (5, r"of shape \(\); give one channel"),
    (np.array([0.0, 8000.0]), "float64 go from 0 to 8000; give whole numbers of 16 bits, or floats of -1 to 1"),
    ([0, 40000], "go from 0 to 40000"), ([0.0, np.nan], "go from nan to nan"), (np.zeros(9, np.uint8), "are uint8"),
    (["1"], "are <U1; give whole numbers"), ([[1, 2], [3]], "lists of different lengths"),
])  # fmt: skip
def test_decode_when_the_array_is_wrong_then_error(samples, says):
    with pytest.raises(dtmf.ShapeError, match=says):
        dtmf.decode(samples, 8000)


@pytest.mark.parametrize("kind", [list, tuple, np.int64, np.int32, ">i2", np.float32, np.float64])
def test_decode_lists_and_floats_of_1_then_as_int16(kind):
    samples = dtmf.encode("159D")
    floats = kind in (np.float32, np.float64)
    scaled = samples / 32768 if floats else samples
    other = kind(scaled.tolist()) if kind in (list, tuple) else scaled.astype(kind)
    assert dtmf.decode(other, 8000) == dtmf.decode(samples, 8000)
    assert dtmf.decode([], 8000) == []


@pytest.mark.parametrize("snr_db", [30, 20, 10, 3])
def test_decode_a_key_in_noise_then_how_far_it_is_over_it(snr_db):
    rng = np.random.default_rng(snr_db)
    keys = np.concatenate([np.zeros(800), dtmf.encode("15" * 20, level_dbm0=-10, twist_db=2)])
    tone = 10 ** ((-10 - 3.14) / 20) * 32768 / np.sqrt(2)
    line = np.clip(np.rint(keys + rng.standard_normal(len(keys)) * tone * 10 ** (-snr_db / 20)), -32768, 32767)
    tones = dtmf.decode(line.astype(np.int16), 8000)
    assert dtmf.digits(tones) == "15" * 20
    assert np.median([tone.snr_db for tone in tones]) == pytest.approx(snr_db, abs=1.0)
    assert np.median([tone.twist_db for tone in tones]) == pytest.approx(2, abs=0.5)


@pytest.mark.parametrize("off", [-0.015, 0.0, 0.018])
def test_decode_a_key_off_its_frequencies_then_by_how_much(off):
    time = np.arange(1600) / 8000
    line = 5000 * (np.sin(2 * np.pi * 770 * (1 + off) * time) + np.sin(2 * np.pi * 1336 * (1 - off) * time))
    line[800:] = 0
    tone, = dtmf.decode(np.rint(line).astype(np.int16), 8000)
    assert (tone.low_off, tone.high_off) == pytest.approx((off, -off), abs=2e-4)


def test_prepare_then_it_is_ready():
    dtmf.prepare()
    assert dtmf.is_ready()
