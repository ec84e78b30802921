"""The streaming detector: chunks, channels, resets and missing frames."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dtmf
from dtmf import Detector, DigitEnded, DigitHeard


def call(seed, rate=8000, snr_db=25.0):
    """Return a call of some keys with noise under it, and the keys."""
    rng = np.random.default_rng(seed)
    keys = "".join(rng.choice(list(dtmf.KEYS), 6))
    parts = [
        dtmf.encode(
            key,
            rate,
            tone_ms=float(rng.integers(45, 120)),
            gap_ms=float(rng.integers(45, 90)),
            level_dbm0=float(rng.uniform(-28, -6)),
            twist_db=float(rng.uniform(-6, 3)),
            lead_ms=float(rng.uniform(0, 30)),
        )
        for key in keys
    ]
    clean = np.concatenate(parts)
    hiss = rng.standard_normal(len(clean)) * 0.5 * np.abs(clean).mean() * 10 ** (-snr_db / 20)
    return np.clip(np.rint(clean + hiss), -32768, 32767).astype(np.int16), keys


def row_of_sound(seed, count):
    """Return speech-like noise with a few keys in it; int16 array [shape=(count,)]."""
    rng = np.random.default_rng(seed)
    rough = rng.standard_normal(count + 8).cumsum()
    sound = (rough[8:] - rough[:-8]) * np.repeat(rng.random(count // 160 + 1) ** 2 * 1200, 160)[:count]
    if seed % 3:
        keys, _ = call(seed)
        at = int(rng.integers(0, count // 3))
        part = keys[: count - at]
        sound[at : at + len(part)] = part
    return np.clip(sound, -32768, 32767).astype(np.int16)


def fed(detector, samples, step=160):
    """Feed in chunks of `step`, then the end; return all events."""
    cuts = range(0, samples.shape[1], step)
    return [e for at in cuts for e in detector.feed(samples[:, at : at + step])] + detector.flush()


def heard(events, channel=0):
    return "".join(e.digit for e in events if isinstance(e, DigitHeard) and e.channel == channel)


def test_detector_two_keys_then_heard_and_ended_in_order():
    samples = dtmf.encode("1#", tone_ms=80, gap_ms=80, lead_ms=50)[None]
    events = fed(Detector(1), samples)
    assert [(type(e), e.digit) for e in events] == [
        (DigitHeard, "1"),
        (DigitEnded, "1"),
        (DigitHeard, "#"),
        (DigitEnded, "#"),
    ]
    first, ended = events[:2]
    assert first.start == pytest.approx(400, abs=8)
    assert ended.start == first.start
    assert ended.end == pytest.approx(1040, abs=8)


@pytest.mark.parametrize("lead", range(0, 160, 10))
def test_detector_a_key_is_told_within_40_ms_of_its_onset(lead):
    samples = dtmf.encode("5", tone_ms=100, gap_ms=100, lead_ms=(800 + lead) / 8)[None]
    event = fed(Detector(1), samples)[0]
    assert isinstance(event, DigitHeard)
    assert event.at - (800 + lead) <= 320


def test_detector_a_key_held_for_seconds_is_one_press():
    events = fed(Detector(1), dtmf.encode("9", tone_ms=4000, gap_ms=100)[None])
    assert [type(e) for e in events] == [DigitHeard, DigitEnded]
    assert events[1].end == pytest.approx(32000, abs=16)


def test_detector_a_tone_that_is_on_at_the_end_is_closed_by_flush():
    events = fed(Detector(1), dtmf.encode("7", tone_ms=90, gap_ms=0)[None])
    assert [(type(e), e.digit) for e in events] == [(DigitHeard, "7"), (DigitEnded, "7")]
    assert events[1].end == pytest.approx(720, abs=8)
    assert events[1].at <= 720


def test_detector_after_flush_is_as_new():
    samples, keys = call(3)
    detector = Detector(1)
    assert fed(detector, samples[None]) == fed(detector, samples[None]) == fed(Detector(1), samples[None])
    assert heard(fed(detector, samples[None])) == keys


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
@settings(max_examples=12)
@given(data=st.data())
def test_detector_whatever_the_chunks_then_the_same_events(rate, data):
    samples, keys = call(11, rate)
    whole = Detector(1, rate)
    expected = [*whole.feed(samples[None]), *whole.flush()]
    assert heard(expected) == keys
    lengths = data.draw(
        st.lists(st.sampled_from([0, 1, 7, 80, 160, 441, 999, 5000]), min_size=1, max_size=25)
    )
    detector = Detector(1, rate)
    parts = np.split(samples[None], np.minimum(np.cumsum(lengths), len(samples)), axis=1)
    events = [e for part in parts for e in detector.feed(part)]
    assert [*events, *detector.flush()] == expected


def test_detector_a_row_alone_has_the_events_it_has_among_a_thousand():
    rng = np.random.default_rng(5)
    sounds = np.stack([row_of_sound(seed, 9600) for seed in range(24)])
    crowd = sounds[rng.integers(0, 24, 1000)]
    crowd = crowd * rng.choice([1, -1], (1000, 1)).astype(np.int16)
    events = fed(Detector(1000), crowd)
    assert len(events) > 2000
    for row in rng.choice(1000, 40, replace=False).tolist():
        alone = fed(Detector(1), crowd[row : row + 1], 9600)
        mine = [(type(e), e.digit, e.start, e.at) for e in events if e.channel == row]
        assert [(type(e), e.digit, e.start, e.at) for e in alone] == mine


def test_detector_events_are_ordered_by_time_then_channel():
    samples = np.stack([np.roll(dtmf.encode("123"), shift) for shift in (0, 400, 0, 80)])
    events = Detector(4).feed(samples)
    assert [(e.at, e.channel) for e in events] == sorted((e.at, e.channel) for e in events)
    assert len({e.channel for e in events}) == 4


def test_detector_when_a_channel_is_reset_then_its_time_begins_anew_and_others_go_on():
    samples, keys = call(21)
    both = np.stack([samples, samples])
    undisturbed = fed(Detector(1), samples[None])
    detector = Detector(2)
    cut = 1600
    early = detector.feed(both[:, :cut])
    detector.reset(1)
    late = detector.feed(np.stack([np.pad(samples[cut:], (0, cut)), samples]))
    events = [*early, *late, *detector.flush()]
    fresh = [e for e in late if e.channel == 1]
    assert heard([e for e in early if e.channel == 0]) + heard([e for e in late if e.channel == 0]) == keys
    assert [(e.digit, e.at, e.start) for e in fresh if isinstance(e, DigitHeard)] == [
        (e.digit, e.at, e.start) for e in undisturbed if isinstance(e, DigitHeard)
    ]
    assert events


def test_detector_when_reset_inside_a_tone_then_that_tone_is_not_ended():
    samples = dtmf.encode("4", tone_ms=200, gap_ms=0)[None]
    detector = Detector(1)
    assert heard(detector.feed(samples[:, :800])) == "4"
    detector.reset(0)
    assert detector.feed(np.zeros((1, 1600), np.int16)) == []


@pytest.mark.parametrize("chunk", [160, 777, 4001])
def test_detector_when_resized_again_and_again_then_states_are_kept_and_new_channels_hear(chunk):
    samples, keys = call(31)
    expected = fed(Detector(1), samples[None])
    detector, events = Detector(1), []
    for at in range(0, len(samples), chunk):
        events += detector.feed(np.tile(samples[at : at + chunk], (detector.channels, 1)))
        detector.resize(min(2 * detector.channels + 1, 120))
    events += detector.flush()
    assert [e for e in events if e.channel == 0] == expected
    assert heard(events, 2)[-3:] == keys[-3:]


def test_detector_when_made_smaller_amid_keys_then_the_others_hear_on_and_one_that_comes_back_is_new():
    once, _ = call(31)
    samples, half = np.tile(once, 2), len(once) // 320 * 160
    detector = Detector(5)
    events = detector.feed(np.tile(samples[:half], (5, 1)))
    detector.resize(2)
    events += detector.feed(np.tile(samples[half : 2 * half], (2, 1)))
    detector.resize(3)
    later = detector.feed(np.tile(samples[2 * half :], (3, 1))) + detector.flush()
    expected = fed(Detector(1), samples[None])
    for channel in range(2):
        assert [replace(e, channel=0) for e in events + later if e.channel == channel] == expected
    back = [replace(e, channel=0) for e in later if e.channel == 2]
    assert back == fed(Detector(1), samples[None, 2 * half :]) != []


@pytest.mark.parametrize(
    "samples",
    [np.zeros(160, np.int16), np.zeros((3, 160), np.int16), np.zeros((2, 160), np.float32)],
)
def test_detector_when_the_array_is_wrong_then_error_says_what_it_wants(samples):
    with pytest.raises(dtmf.ShapeError, match=r"give int16 of shape \(2, n\)"):
        Detector(2).feed(samples)


@pytest.mark.parametrize("rate", [8000, 16000])
@pytest.mark.parametrize("lost", range(12))
def test_detector_when_20_ms_are_missing_then_no_key_is_doubled_or_lost(rate, lost):
    frame = rate // 50
    samples = dtmf.encode("5588", rate, tone_ms=120, gap_ms=120, lead_ms=40 + 1.7 * lost)[None]
    detector = Detector(1, rate)
    events = []
    for at in range(0, samples.shape[1], frame):
        gone = (at // frame) % 12 == lost
        part = samples[:, at : at + frame]
        # What stands in a missing frame must not matter.
        part = np.full_like(part, 9999) if gone else part
        events += detector.feed(part, np.array([gone]))
    events += detector.flush()
    assert heard(events) == "5588"
    assert sum(isinstance(e, DigitEnded) for e in events) == 4


def test_detector_when_frames_are_missing_then_they_make_no_key():
    detector = Detector(1)
    tone = dtmf.encode("5", tone_ms=400, gap_ms=0)[None]
    gone = np.array([True])
    events = [e for at in range(0, 3200, 160) for e in detector.feed(tone[:, at : at + 160], gone)]
    assert events + detector.flush() == []


def test_detector_silence_after_and_before_loud_is_the_same_silence():
    samples = dtmf.encode("123", tone_ms=50, gap_ms=700)[None]
    assert fed(Detector(1), samples) == fed(Detector(1), samples, 100000)
