"""What others may hear of a line: no key, all speech."""

import numpy as np
import pytest

import dtmf
from dtmf.audiofile import read
from dtmf.channels import picked
from dtmf.clamp import DELAY
from dtmf.goertzel import goertzel

FRAME = 160
EVERY = "147*2580369#ABCD"


def clamped(*lines):
    """Return what comes of lines, frame by frame, each as long as it was and put back to its place."""
    length = max(map(len, lines))
    frames = -(-(length + DELAY) // FRAME)
    sound = np.zeros((len(lines), frames * FRAME), np.int16)
    for row, line in zip(sound, lines, strict=True):
        row[:len(line)] = line
    detector = dtmf.Detector(len(lines), clamp=True)
    came = []
    for frame in np.split(sound, frames, axis=1):
        detector.feed(frame)
        came.append(detector.clamped(FRAME))
    late = np.concatenate(came, axis=1)[:, DELAY:]
    return [row[:len(line)] for row, line in zip(late, lines, strict=True)]


def energy(samples, key):
    """Return how much of a key's two tones there is."""
    return sum(abs(goertzel(samples.astype(float), hertz)) ** 2 for hertz in dtmf.frequencies(key))


def leaks(sent, came, without):
    """Return the keys of which more than 1 dB is left over what there is without them, or that a decoder finds."""
    left = [key for key, (begin, end) in zip(sent.keys, sent.spans, strict=True)
            if energy(came[begin:end], key) > 10 ** 0.1 * energy(without[begin:end], key)]
    return left, dtmf.digits(dtmf.decode(came, sent.rate, setting="wide"))


@pytest.mark.parametrize("snr_db", [None, 2])
@pytest.mark.parametrize(("tone_ms", "keys"), [
    (25, EVERY * 2), (27, EVERY), (30, EVERY * 2), (35, EVERY), (40, EVERY), (80, EVERY), (400, EVERY), (5000, "5D")
])
def test_any_key_then_nothing_is_left_of_it(line, tone_ms, keys, snr_db):
    cases = [{"tone_ms": tone_ms, "level": level, "snr_db": snr_db, "gap_ms": gap, "jitter_ms": 20, "seed": seed}
             for seed, (level, gap) in enumerate([(-3, 60), (-10, 25), (-20, 300), (-36, 40)])]
    sent = [line(keys, **case) for case in cases]
    without = [np.zeros(len(one.samples)) if snr_db is None else line("", **case | {
        "lead_ms": len(one.samples) / 8}).samples[:len(one.samples)] for one, case in zip(sent, cases, strict=True)]
    came = clamped(*(one.samples for one in sent))
    assert [leaks(*three) for three in zip(sent, came, without, strict=True)] == [([], "")] * len(sent)


@pytest.mark.parametrize(("tone_ms", "gap_ms", "level"), [
    (25, 5, -10), (25, 10, -10), (25, 12, -10), (25, 14, -10), (40, 10, -10), (40, 14, -10), (100, 10, -10),
    (50, 1, -10), (100, 40, -47), (100, 40, -54)])
def test_keys_in_quick_succession_or_very_quiet_then_nothing_is_left_of_them(line, tone_ms, gap_ms, level):
    sent = line(EVERY, tone_ms=tone_ms, gap_ms=gap_ms, level=level)
    came = clamped(sent.samples)[0]
    assert not any(came[begin:end].any() for begin, end in sent.spans)


@pytest.mark.parametrize(
    "tail", [np.full(400, 10 ** -1.5), 10 ** (-np.arange(1600) / 1600)], ids=["falls", "fades"])
def test_a_key_that_does_not_end_at_once_then_nothing_is_left_of_its_end(line, tail):
    whole = line(EVERY, tone_ms=50 + len(tail) / 8, gap_ms=100)
    shape = np.zeros(len(whole.samples))
    for begin, end in whole.spans:
        shape[begin:end] = np.append(np.ones(400), tail)
    came = clamped(np.rint(whole.samples * shape).astype(np.int16))[0]
    assert not any(came[begin:end].any() for begin, end in whole.spans)


@pytest.mark.parametrize("how", [
    {"twist": 8}, {"twist": -8}, {"off": (1.8, 1.8)}, {"off": (-1.8, -1.8)}, {"dc": 2000}, {"code": "ULAW"},
    {"code": "ALAW"}, {"level": 0}, {"third": (350, -25.0)}], ids=str)
def test_a_key_that_is_not_quite_as_it_should_be_then_nothing_is_left_of_it_either(line, how):
    sent = line(EVERY, tone_ms=50, **how)
    came = clamped(sent.samples)[0]
    for begin, end in sent.spans:
        assert not came[begin:end].any()


def test_a_key_with_a_frame_lost_in_it_then_its_rest_is_silent_too(line):
    sent = line(EVERY, tone_ms=100)
    for n, (begin, _) in enumerate(sent.spans):
        lost = begin + 200 + 40 * (n % 14)
        sent.samples[lost:lost + FRAME] = 0
    came = clamped(sent.samples)[0]
    assert not any(came[begin:end].any() for begin, end in sent.spans)


def test_sound_between_two_keys_then_let_through_again(line):
    sent = line("12", tone_ms=60, gap_ms=500, snr_db=20)
    came = clamped(sent.samples)[0]
    between = slice(sent.spans[0][1] + 500, sent.spans[1][0] - 200)
    assert np.array_equal(came[between], sent.samples[between])


def test_a_channel_in_company_then_the_same_as_alone(line):
    lines = [line(keys, snr_db=snr, seed=n).samples for n, (keys, snr) in enumerate(
        [("123", 5), ("", 0), ("9" * 8, None), ("*0#", 2)])]
    for together, one in zip(clamped(*lines), lines, strict=True):
        assert np.array_equal(together, clamped(one)[0])


def test_a_channel_that_begins_again_then_nothing_of_what_was_said_on_it_before():
    detector = dtmf.Detector(2, clamp=True)
    detector.feed(np.full((2, 640), 5000, np.int16))
    detector.reset(1)
    detector.feed(np.zeros((2, FRAME), np.int16))
    assert detector.clamped(FRAME)[0].all()
    assert not detector.clamped(FRAME)[1].any()


def test_another_rate_then_refused_by_name():
    with pytest.raises(dtmf.RateError, match="16000"):
        dtmf.Detector(1, 16000, clamp=True)


@pytest.mark.slow
def test_speech_of_others_then_at_most_200_ms_of_an_hour_are_lost(recordings):
    lost = heard = 0
    for path in sorted((recordings / "talkoff").glob("speech-*")):
        samples, rate = read(path)
        speech = picked(samples, "mix")[0]
        assert rate == 8000
        lost += np.count_nonzero(clamped(speech)[0] != speech)
        heard += len(speech)
    assert lost / 8 < 200 * heard / 8000 / 3600
