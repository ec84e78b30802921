"""A second look at a file as a whole, and what it is told by."""

import numpy as np
import pytest

import dtmf
from dtmf.audiofile import write
from dtmf.transcript import Hearing, transcribe


def heard(tmp_path, samples, *, rate=8000, **hearing):
    path = tmp_path / "call.wav"
    write(path, samples, rate)
    facts = transcribe(path, Hearing(**hearing))[0]
    return facts["digits"], facts.get("second_look", {})


@pytest.mark.parametrize(("made", "why"), [
    ({"level_dbm0": -54.5}, "quiet"), ({"twist_db": 12.5}, "twist"), ({"twist_db": -12.5}, "twist")])
def test_second_look_keys_that_agree_then_heard_and_named(tmp_path, made, why):
    samples = dtmf.encode("12#", 8000, **made)
    assert dtmf.decode(samples, 8000) == []
    assert heard(tmp_path, samples) == ("12#", {why: 3})
    assert heard(tmp_path, samples, second_look=False) == ("", {})
    assert heard(tmp_path, samples, setting="strict") == ("", {})


@pytest.mark.parametrize("made", [{"level_dbm0": -54.5}, {"twist_db": 12.5}])
def test_second_look_one_key_alone_then_none(tmp_path, made):
    assert heard(tmp_path, dtmf.encode("5", 8000, **made)) == ("", {})


def test_second_look_keys_close_to_their_like_then_as_many_as_were_pressed(tmp_path):
    samples = dtmf.encode("122255885", 44100, tone_ms=60, gap_ms=15)
    assert heard(tmp_path, samples, rate=44100) == ("122255885", {"pause": 4})


def test_second_look_break_within_a_key_then_one_key(tmp_path):
    samples = dtmf.encode("127", 8000, tone_ms=100, gap_ms=60)
    samples[1280 + 400 : 1280 + 560] = 0
    assert heard(tmp_path, samples) == ("127", {})


def test_second_look_of_a_talk_without_keys_then_none(tmp_path):
    rng = np.random.default_rng(3)
    hum = np.sin(np.arange(80000) * 2 * np.pi * 120 / 8000) * np.repeat(rng.random(100), 800)
    sound = hum * 3000 + rng.normal(0, 30, 80000)
    assert heard(tmp_path, sound.astype(np.int16)) == ("", {})
