"""The hold music and the tones: the same everywhere, pleasant to a line, no key in them."""

import hashlib

import numpy as np
import pytest

import dtmf
from lobby import arrival, beep, departure, hold_music

FULL_SCALE_SINE = 32768**2 / 2


def dbm0(power):
    return 10 * np.log10(power / FULL_SCALE_SINE) + 3.14


SAME = {hold_music: "764ec415948bd72c1c0b7564c0975333ed4cc256c6e778d8dbd7ae2d4947a55d",
        arrival: "c2cc8795d927061ea6cf9de6b03f70761a830b907fb82b62b605567048ae4ae0",
        departure: "483abb588533d60e13c9080eb561cd91927681c2c625a37b1fa31a351ae777bf",
        beep: "0cff44deeda5169140d3c3220a30092d35562de24df39517dd0f1daf4c4a2d66"}


@pytest.mark.parametrize("sound", SAME)
def test_the_music_and_tones_then_the_same_samples_on_every_machine(sound):
    assert hashlib.sha256(sound().astype("<i2").tobytes()).hexdigest() == SAME[sound]


@pytest.mark.parametrize("rate", [8000, 16000])
def test_the_music_then_a_minute_and_more_in_whole_frames(rate):
    music = hold_music(rate)
    assert len(music) == 72 * rate
    assert len(music) % (rate // 50) == 0
    assert not music.flags.writeable


def test_the_loop_then_has_no_click_where_it_begins_again():
    music = hold_music().astype(int)
    seam = np.abs(np.diff(np.concatenate([music[-80:], music[:80]]))).max()
    assert seam <= np.percentile(np.abs(np.diff(music)), 99.9)


def test_the_music_then_at_the_level_of_speech_never_silent_never_clipped():
    frames = hold_music().reshape(-1, 160).astype(float)
    powers = np.square(frames).mean(axis=1)
    assert dbm0(powers[powers > powers.max() * 10**-1.5].mean()) == pytest.approx(-16, abs=1.5)
    assert dbm0(powers.reshape(-1, 5).mean(axis=1).min()) > -45
    assert np.abs(frames).max() < 20000


def test_music_and_tones_then_no_key_in_them():
    music = hold_music()
    gap = np.zeros(4000, np.int16)
    everything = np.concatenate([music, music, gap, arrival(), gap, departure(), gap])
    assert dtmf.decode(everything, 8000) == []


@pytest.mark.parametrize(("tone", "rises"), [(arrival, True), (departure, False)])
def test_a_tone_then_short_whole_frames_and_without_a_click(tone, rises):
    samples = tone().astype(float)
    assert 0.2 * 8000 <= len(samples) <= 0.35 * 8000
    assert len(samples) % 160 == 0
    assert abs(samples[0]) < 50
    assert abs(samples[-1]) < 50
    first, second = (np.abs(np.fft.rfft(part * np.hanning(len(part)), 8000)).argmax()
                     for part in (samples[:900], samples[1100:]))
    assert (second > first) == rises
