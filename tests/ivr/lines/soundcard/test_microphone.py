"""What a device hears, in frames of the house."""

from dataclasses import replace

import numpy as np
import pytest

import dtmf
from ivr.clock import FRAME, RATE
from ivr.lines.soundcard.errors import DeviceGone
from ivr.lines.soundcard.microphone import Microphone
from ivr.lines.soundcard.missing import Missing


@pytest.fixture
def listening(source):
    """Makes microphones that have heard something: ``listening(samples, rate)``."""
    made = []

    def make(samples, rate):
        device, opened = source(rate)
        device.give(samples)
        made.append(Microphone(opened))
        return device, made[-1]

    yield make
    for microphone in made:
        microphone.close()


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000, 96000])
def test_keys_at_any_rate_then_frames_of_8_khz_that_hold_them(listening, rate):
    sound = np.concatenate([dtmf.encode("1234567890*#ABCD", rate, lead_ms=200), np.zeros(rate // 2, np.int16)])
    _, microphone = listening(sound, rate)
    frames = [microphone.frame() for _ in range(len(sound) * 50 // rate - 2)]
    assert {(frame.shape, frame.dtype) for frame in frames} == {((FRAME,), np.dtype(np.int16))}
    tones = dtmf.decode(np.concatenate(frames), RATE)
    assert dtmf.digits(tones) == "1234567890*#ABCD"
    assert [tone.start / RATE for tone in tones] == pytest.approx([0.2 + 0.2 * n for n in range(16)], abs=0.004)
    assert microphone.lost == 0


def test_hum_and_a_constant_then_not_let_through(listening):
    time = np.arange(2 * RATE) / RATE
    hum = 3000 + 8000 * np.sin(2 * np.pi * 50 * time) + 2000 * np.sin(2 * np.pi * 100 * time)
    _, microphone = listening(hum.astype(np.int16), RATE)
    frames = np.concatenate([microphone.frame() for _ in range(100)])
    assert np.abs(frames[RATE:]).max() < 80


def test_samples_at_the_ends_of_the_scale_then_counted(listening):
    _, microphone = listening(np.tile([32767, -32768, 0, 5], 400), RATE)
    for _ in range(10):
        microphone.frame()
    assert microphone.clipped == 800


def test_a_device_that_is_pulled_out_then_one_sentence_after_what_had_come(listening):
    device, microphone = listening(np.zeros(3 * FRAME, np.int16), RATE)
    for _ in range(3):
        microphone.frame()
    device.close()
    with pytest.raises(DeviceGone, match=r"^the microphone 'a device' has gone, so the call is over: see .*again$"):
        microphone.frame()


def test_stereo_then_its_first_channel(source):
    device, opened = source(RATE)
    left = dtmf.encode("5", RATE, lead_ms=20, gap_ms=200)
    both = np.stack([left, np.zeros_like(left)], axis=1)
    device.read = lambda count, **_: both[:count].astype("<i2").tobytes()
    device.give(left)
    microphone = Microphone(replace(opened, channels=2))
    assert microphone.frame().shape == (FRAME,)
    microphone.close()


@pytest.mark.parametrize(("lumps", "stall", "lost"), [
    ((0.02,), 0.0, 0.0), ((0.04,), 0.0, 0.0), ((0.02,), 0.2, 0.0), ((0.02,), 0.3, 0.3), ((0.01, 0.03), 1.0, 1.0)])
def test_counts_against_time_then_only_what_never_comes_is_lost(lumps, stall, lost):
    missing, time, came, found = Missing(), 0.0, 0.0, 0.0
    for tick in range(3000):
        lump = lumps[tick % len(lumps)]
        time += lump * 1.0002  # the device's clock is the slower one
        came += lump
        if tick == 1500:
            time += stall
            found += missing.note(time, came)
            came += stall - lost  # what was only late comes at once
        found += missing.note(time, came)
    assert found == pytest.approx(lost, abs=0.005)
