"""Tones of lines in several countries, speech in five languages, and music, as G.711 brings them."""

import numpy as np
import pytest

import dtmf
from ivr.cli.kit import stage
from ivr.clock import RATE
from ivr.lines.sip.rtp.g711 import DECODED, ENCODED
from ivr.scenario.signals import SignalTrack
from lobby import beep, hold_music


def tone(seconds, *hz):
    time = np.arange(round(seconds * RATE)) / RATE
    return sum(5000 / len(hz) * np.sin(2 * np.pi * one * time) for one in hz)


def quiet(seconds):
    return np.zeros(round(seconds * RATE))


def joined(*parts, times=1):
    return np.concatenate(parts * times)


SOUNDS = {
    "ringing in the USA": (joined(tone(2, 440, 480), quiet(4)), "ringback"),
    "ringing in Europe": (joined(quiet(0.3), tone(1, 425), quiet(4)), "ringback"),
    "ringing in Britain": (joined(tone(0.4, 400, 450), quiet(0.2), tone(0.4, 400, 450), quiet(2)), "ringback"),
    "busy in the USA": (joined(tone(0.5, 480, 620), quiet(0.5), times=4), "busy"),
    "busy in Europe": (joined(tone(0.48, 425), quiet(0.48), times=4), "busy"),
    "busy in Britain": (joined(tone(0.375, 400), quiet(0.375), times=5), "busy"),
    "no way in the USA": (joined(tone(0.25, 480, 620), quiet(0.25), times=5), "busy"),
    "a dial tone": (tone(6, 350, 440), ""),
    "a beep": (joined(quiet(1), tone(0.5, 1000), quiet(1)), "beep"),
    "our beep": (joined(quiet(1), beep(), quiet(1)), "beep"),
    "keys": (joined(dtmf.encode("1234567890", RATE), quiet(2)), ""),
    "music": (hold_music()[:RATE * 8], "music"),
    "noise": (np.random.default_rng(1).normal(0, 800, 6 * RATE), ""),
    "silence": (quiet(5), ""),
}


def found(heard, step=None):
    """Return what is found in what was heard, in parts of so many samples, and where it began."""
    track, ends = SignalTrack(RATE), [len(heard)] if step is None else range(0, len(heard) + 1, step)
    told = {}
    for end in ends:
        for name in ("ringback", "busy", "beep"):
            if name not in told and (span := track.tone(name, heard, 0, end)):
                told[name] = span
    for kind in ("speech", "music"):
        if span := track.kind(kind, heard, 0, len(heard), RATE):
            told[kind] = span
    return told


@pytest.mark.parametrize("gain", [1, 0.15])
@pytest.mark.parametrize("name", SOUNDS)
def test_a_signal_when_it_is_loud_or_faint_and_coded_then_known_and_nothing_else_is(name, gain):
    sound, known = SOUNDS[name]
    noisy = (sound * gain + np.random.default_rng(2).normal(0, 3, len(sound))).astype(np.int16)
    for codec in range(2):
        heard = DECODED[codec][ENCODED[codec][noisy.view(np.uint16)]]
        assert list(found(heard)) == [known] * bool(known)


def test_a_signal_when_it_comes_in_small_parts_then_found_at_the_same_places():
    for name in ("busy in Europe", "a beep", "ringing in Britain"):
        heard = SOUNDS[name][0].astype(np.int16)
        assert found(heard, 800) == found(heard)


@pytest.mark.parametrize("language", ["en-US", *(pytest.param(one, marks=pytest.mark.slow) for one in (
    "fr-FR", "zh-CN", "de-DE", "es-ES"))])
def test_speech_then_it_is_speech_and_no_tone_of_a_line(language):
    said = stage().fixed_in(language)
    heard = np.concatenate([said[name][0] for name in ("enter-conference-id", "wrong-pin", "organizer-question")])
    assert list(found(np.concatenate([heard, np.zeros(RATE, np.int16)]))) == ["speech"]


def test_a_beep_right_after_speech_then_a_beep():
    said = stage().fixed["enter-conference-id"][0]
    told = found(joined(said, quiet(0.1), tone(0.4, 1000), quiet(1.2)).astype(np.int16))
    assert sorted(told) == ["beep", "speech"]
    assert abs(told["beep"][0] - len(said) - 800) <= 320
