"""A recorded name comes out trimmed, at the prompts' level, with quiet ends; or there is none."""

import numpy as np
import pytest
from sampled import slow_but

from prompts.level import active_level
from prompts.names import name_from

RATE = 8000
FULL = 32768 / np.sqrt(2)


def silence(seconds):
    return np.zeros(round(seconds * RATE))


def noise(seconds, dbm0, seed=1):
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE)) * FULL * 10 ** ((dbm0 - 3.14) / 20)


def tones(seconds, *hz, dbm0=-20):
    at = np.arange(round(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * f * at) for f in hz) * 32768 * 10 ** ((dbm0 - 3.14) / 20)


def hum(seconds, mains, dbm0):
    return sum(tones(seconds, mains * k, dbm0=dbm0 - 6 * k) for k in (1, 2, 3, 4))


def recorded(*parts):
    return np.clip(np.rint(np.concatenate(parts)), -32768, 32767).astype(np.int16)


@pytest.fixture(scope="session")
def anna(spoken):
    """Somebody says a name; -16 dBm0."""
    return spoken.say("Anna Bergström.", voice=spoken.voices[1]).astype(float)


@pytest.mark.parametrize("gain_db", [-25, -12, 0, 10])
@pytest.mark.parametrize("background", ["silence", "noise", "hum"])
def test_name_when_spoken_then_trimmed_levelled_and_faded(anna, gain_db, background):
    said = np.concatenate([silence(0.8), anna * 10 ** (gain_db / 20), silence(2.0)])
    seconds = len(said) / RATE
    # the background lies 30 dB under the voice
    under = gain_db - 46
    said += {"silence": silence(seconds), "noise": noise(seconds, under), "hum": hum(seconds, 50, under)}[
        background]
    name = name_from(recorded(said))
    assert name.dtype == np.int16
    assert active_level(name, RATE) == pytest.approx(-16, abs=2)
    assert np.abs(name.astype(int)).max() <= 30000
    assert abs(int(name[0])) + abs(int(name[-1])) <= 2
    # nothing of the voice is lost, and not half a second is left around it
    voice = np.flatnonzero(np.abs(anna) > 0.05 * np.abs(anna).max())
    assert voice[-1] - voice[0] <= len(name) <= voice[-1] - voice[0] + 0.45 * RATE


def test_name_when_trimmed_then_its_first_and_last_sounds_are_there(anna):
    name = name_from(recorded(silence(1), anna, silence(1))).astype(float)
    # the place where the two are most alike; then the whole voice lies inside
    from scipy.signal import correlate

    place = int(np.argmax(correlate(name, anna, "full"))) - len(anna) + 1
    voice = np.flatnonzero(np.abs(anna) > 0.05 * np.abs(anna).max())
    assert place + voice[0] >= 0
    assert place + voice[-1] < len(name)


@pytest.mark.parametrize("samples", [
    recorded(silence(3)), recorded(silence(0.05)), np.zeros(0, np.int16),
    *(recorded(noise(5, level, seed)) for level in (-60, -40, -20) for seed in (1, 2)),
    *(recorded(hum(5, mains, level)) for mains in (50, 60) for level in (-40, -15)),
    recorded(np.full(RATE * 2, 12000.0)),
    recorded(silence(1), noise(0.05, -10), silence(2)),
    recorded(silence(0.5), tones(0.4, 941, 1477), silence(2)),
    recorded(*[np.concatenate([tones(0.5, 425), silence(0.5)])] * 4),
    recorded(*[np.concatenate([tones(0.2, 480, 620), silence(0.2)])] * 10),
    recorded(silence(0.5), tones(2.0, 1100), silence(1)),
], ids=["silence", "very short", "empty", *[f"noise {k}" for k in range(6)], *[f"hum {k}" for k in range(4)],
        "direct current", "knock", "key", "busy", "busy in America", "fax"])
def test_recording_when_nobody_speaks_then_there_is_no_name(samples):
    assert name_from(samples) is None


def test_name_when_the_recording_is_clipped_then_at_the_level_all_the_same(anna):
    name = name_from(recorded(silence(0.5), anna * 12, silence(1)))
    assert active_level(name, RATE) == pytest.approx(-16, abs=2)


def test_name_when_there_is_a_knock_long_before_it_then_the_knock_is_left_out(anna):
    alone = name_from(recorded(silence(1.5), anna, silence(1)))
    both = name_from(recorded(silence(0.2), noise(0.04, -12), silence(1.26), anna, silence(1)))
    assert np.array_equal(alone, both) or abs(len(alone) - len(both)) < 0.1 * RATE


def test_name_when_there_is_hardly_any_silence_around_it_then_taken(anna):
    voice = np.flatnonzero(np.abs(anna) > 0.05 * np.abs(anna).max())
    name = name_from(recorded(anna[voice[0]:voice[-1]]))
    assert len(name) >= 0.9 * (voice[-1] - voice[0])


@pytest.mark.parametrize("text", slow_but(["Li.", "Maximiliane von Hohenstein-Wertheim."], [
    "Jo.", "Li.", "Max.", "Bob Dole.", "Maximiliane von Hohenstein-Wertheim."]))
def test_names_of_any_length_then_taken(spoken, text):
    for voice in spoken.voices:
        assert name_from(recorded(silence(0.4), spoken.say(text, voice=voice), silence(2))) is not None, voice


def test_name_when_recorded_then_the_caller_hears_it_as_it_was_said(anna):
    before = recorded(silence(1), anna, silence(1))
    kept = before.copy()
    name_from(before)
    assert np.array_equal(before, kept)
