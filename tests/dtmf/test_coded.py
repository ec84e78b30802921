"""Keys that came through a codec of speech: their tones swell, turn over and buzz, but not on the whole."""

import numpy as np
import pytest

import dtmf

KEYS = "159D*07"
PAUSE = np.zeros(560)


@pytest.fixture
def swelling(line):
    """Makes keys whose high tone comes and goes every 20 ms, and turns over while it is away."""

    def made(keys=KEYS, **more):
        return line(keys, **{"tone_ms": 70, "gap_ms": 70, "swell": 1.2, **more}).samples

    return made


def test_decode_keys_that_swell_then_heard_and_in_frames_the_same(swelling):
    line = swelling()
    tones = dtmf.decode(line, 8000)
    assert dtmf.digits(tones) == KEYS
    assert all(abs(tone.start - 800 - 1120 * place) < 80 for place, tone in enumerate(tones))
    assert all(abs(tone.end - tone.start - 560) < 120 for tone in tones)
    detector, told = dtmf.Detector(1), []
    for frame in np.array_split(line, 83):
        told += detector.feed(frame[None])
    told += detector.flush()
    assert [event.digit for event in told if isinstance(event, dtmf.DigitHeard)] == list(KEYS)
    over = [event for event in told if isinstance(event, dtmf.DigitEnded)]
    assert [(one.start, one.end, one.low_hz, one.level_dbm0) for one in over] == [
        (one.start, one.end, one.low_hz, one.level_dbm0) for one in tones]


@pytest.mark.parametrize("spoilt", [
    {"off": (2.5, 2.5)}, {"third": (2000, -14)}, {"third": (2600, -14)}, {"tone_ms": 40}, {"twist": -4}], ids=str)
def test_decode_keys_that_swell_and_are_wrong_otherwise_then_none(swelling, spoilt):
    assert dtmf.decode(swelling(**spoilt), 8000) == []


def test_decode_a_key_that_swells_after_another_sound_then_none(swelling):
    samples = swelling("5")
    samples[:790] = 4000 * np.sin(2 * np.pi * 300 / 8000 * np.arange(790))
    assert dtmf.decode(samples, 8000) == []


def test_decode_keys_that_swell_when_strict_then_none(swelling):
    assert dtmf.decode(swelling(), 8000, setting="strict") == []


def test_decode_1500_keys_through_gsm_then_3_are_missed_at_most(line):
    keys = "".join(np.random.default_rng(4).choice(list("0123456789*#ABCD"), 1500))
    heard = dtmf.digits(dtmf.decode(line(keys, tone_ms=70, gap_ms=70, jitter_ms=10, code="GSM610").samples, 8000))
    assert len(keys) - 3 <= len(heard) <= len(keys)


@pytest.mark.parametrize("length", [1024, 1100, 1300, 1500])
def test_decode_long_keys_that_swell_then_the_same_as_in_pieces(swelling, length):
    line = swelling("3", tone_ms=length / 8)
    detector = dtmf.Detector(1)
    told = [*detector.feed(line[None, :977]), *detector.feed(line[None, 977:]), *detector.flush()]
    assert [event.digit for event in told if isinstance(event, dtmf.DigitEnded)] == [
        tone.digit for tone in dtmf.decode(line, 8000)]


def test_decode_a_pure_end_of_a_long_sound_then_none():
    time = np.arange(1440) / 8000
    sound = 6000 * (np.sin(2 * np.pi * 770 * time) + np.sin(2 * np.pi * 1336 * time))
    sound[:1160] += 7000 * np.sin(2 * np.pi * 1000 * time[:1160])
    assert dtmf.decode(np.rint(np.concatenate([PAUSE, sound, PAUSE])).astype(np.int16), 8000) == []


@pytest.mark.parametrize(("off", "keys"), [((0.9, 0.9), "5"), ((0.9, -0.9), "")])
def test_decode_a_key_in_noise_after_louder_noise_then_only_if_its_tones_are_off_alike(line, off, keys):
    samples = line("5", tone_ms=100, snr_db=4, off=off).samples
    samples[:780] = samples[:780] * 1.8
    assert dtmf.digits(dtmf.decode(samples, 8000)) == keys
