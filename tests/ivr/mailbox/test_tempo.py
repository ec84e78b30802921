"""Slower and faster without a change of pitch (F4); nothing in it becomes a key."""

import numpy as np
import pytest

import dtmf
from ivr.clock import RATE, samples
from ivr.mailbox.playing import PART, RATES, Playback, trimmed
from ivr.mailbox.tempo import Tempo
from ivr.mailbox.words import Doing


def voiced(hz, seconds=4.0):
    """Return a voice's vowel at a pitch: pulses through two resonances, swelling as syllables do."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave = sum(np.exp(-(((n * hz - 600) / 500) ** 2)) * np.sin(2 * np.pi * n * hz * time + n)
               + 0.4 * np.exp(-(((n * hz - 1700) / 500) ** 2)) * np.sin(2 * np.pi * n * hz * time)
               for n in range(1, int(3400 // hz)))
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 3.1 * time)
    return np.round(6000 * swell * wave / np.abs(wave).max()).astype(np.int16)


def pitch(said):
    """Return the pitch of a voice in Hz: the median of its frames', each by its autocorrelation."""
    found = []
    for begin in range(0, len(said) - 800, 800):
        frame = said[begin:begin + 800].astype(np.float64)
        alike = np.correlate(frame, frame, "full")[799:]
        low = RATE // 400
        peak = low + int(np.argmax(alike[low:RATE // 60]))
        left, here, right = alike[peak - 1:peak + 2]
        found.append(RATE / (peak + (left - right) / (2 * (left - 2 * here + right))))
    return float(np.median(found))


def at_tempo(recording, rate):
    tempo, parts = Tempo(recording, rate=rate), []
    while len(part := tempo.read(PART)):
        parts.append(part)
    return np.concatenate(parts)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hz", [95.0, 140.0, 210.0])
def test_voice_when_it_is_heard_at_another_tempo_then_its_pitch_moves_by_less_than_two_percent(rate, hz):
    said = voiced(hz)
    heard = at_tempo(said, rate)
    assert len(heard) == pytest.approx(len(said) / rate, rel=0.02)
    assert pitch(heard) == pytest.approx(pitch(said), rel=0.02)
    loud = [float(np.square(one.astype(float)).mean()) for one in (said, heard)]
    assert loud[1] == pytest.approx(loud[0], rel=0.25)


@pytest.mark.parametrize("rate", RATES)
def test_voice_when_it_is_heard_at_another_tempo_then_no_key_is_in_it(rate):
    generator = np.random.default_rng(7)
    glide = np.concatenate([voiced(hz, 0.4) for hz in generator.uniform(80, 280, 40)])
    assert dtmf.decode(at_tempo(glide, rate), RATE) == []


def test_recording_at_its_own_tempo_then_its_very_samples():
    said = voiced(120.0)
    assert (at_tempo(said, 1.0) == said).all()


def test_message_when_it_is_held_wound_and_sped_up_then_it_goes_on_where_it_was():
    said = voiced(120.0, 20.0)
    heard = Playback(said)
    assert (heard.part(0) == said[:PART]).all()
    heard.do(Doing.PAUSE, samples(1))
    assert heard.held
    heard.do(Doing.PAUSE, samples(9))
    assert not heard.held
    assert (heard.part(samples(9)) == said[samples(1):samples(1) + PART]).all()
    heard.do(Doing.FORWARD, samples(10))  # a second later: at 2 + 5
    assert (heard.part(samples(10)) == said[samples(7):samples(7) + PART]).all()
    heard.do(Doing.FASTER, samples(11))
    heard.part(samples(11))
    heard.do(Doing.SLOWER, samples(13))  # two seconds at half as fast again
    assert heard.place(samples(13)) == pytest.approx(samples(11), abs=samples(0.05))
    heard.do(Doing.REWIND, samples(13))
    heard.do(Doing.REWIND, samples(13))
    heard.do(Doing.REWIND, samples(13))
    assert heard.place(samples(13)) == 0


def test_message_when_it_is_over_then_nothing_more_comes_however_far_it_is_wound():
    heard = Playback(voiced(120.0, 1.0))
    heard.do(Doing.FORWARD, 0)
    assert len(heard.part(0)) == 0


def test_recording_when_nobody_speaks_at_its_end_then_that_is_left_out():
    said = np.concatenate([voiced(120.0, 2.0), np.zeros(samples(5), np.int16)])
    assert len(trimmed(said)) == pytest.approx(samples(2.3), abs=samples(0.05))
    assert len(trimmed(np.zeros(samples(3), np.int16))) == 0
