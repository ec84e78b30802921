"""Why a key was not heard, in words."""

import json

import numpy as np
import pytest

from dtmf import encode
from dtmf.audiofile import write
from dtmf.cli import main
from dtmf.explain import near_misses

START = 0.325
TIME = np.arange(800) / 8000


def tones(*parts):
    """100 ms of tones, each a frequency and an amplitude."""
    return sum(np.rint(size * np.sin(2 * np.pi * hertz * TIME)) for hertz, size in parts).astype(np.int16)


NEARLY = [
    (encode("5", tone_ms=24), "it lasts 24 ms, and a key lasts 31 ms at the least"),
    (encode("5", twist_db=12, level_dbm0=-14), "twist: the high tone is 12.0 dB over the low one, 8 at the most"),
    (encode("5", twist_db=-13, level_dbm0=-14),
     "twist: the low tone is 13.0 dB over the high one, 10.5 at the most"),
    (encode("5", level_dbm0=-49), "its weaker tone has -49 dBm0, -46 at the least"),
    (tones((770 * 1.035, 4000), (1336, 4000)), "its low tone is 3.5 % too high, 2.4 % at the most"),
    (tones((770, 4000), (1336 * 0.965, 4000)), "its high tone is 3.5 % too low, 2.4 % at the most"),
    (tones((770, 4000), (1336, 4000), (2000, 2500)), "a third tone at 2000 Hz, -4 dB to the stronger one"),
]


def between_silence(samples):
    return np.concatenate([np.zeros(1000, np.int16), samples, np.zeros(2000, np.int16)])


@pytest.mark.parametrize(("samples", "why"), NEARLY, ids=[why.partition(":")[0] for _, why in NEARLY])
def test_near_misses_when_something_is_almost_a_key_then_the_reason_told(samples, why):
    found, = near_misses(between_silence(samples), 8000)
    assert found.digit == "5"
    assert why in found.why
    assert abs(found.start - 1000) < 24


def test_near_misses_when_all_keys_are_heard_then_none():
    assert near_misses(between_silence(encode("159D")), 8000) == []


def test_near_misses_with_a_wider_setting_when_that_hears_the_key_then_none():
    samples = between_silence(encode("5", twist_db=9, level_dbm0=-14))
    assert len(near_misses(samples, 8000)) == 1
    assert near_misses(samples, 8000, setting="wide") == []


def test_decode_explain_when_a_key_is_too_short_then_said_below_the_digits(tmp_path, capsys):
    path = tmp_path / "call.wav"
    write(path, between_silence(np.concatenate([encode("1"), encode("5", tone_ms=24)])), 8000)
    assert main(["decode", str(path), "--explain"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1",
        "      0.125 s  heard 1: 100 ms, -10.0 dBm0, twist +0.0 dB, tones +0.0 and +0.0 % off, "
        "60 dB over the noise",
        f"      {START:.3f} s  almost 5: it lasts 24 ms, and a key lasts 31 ms at the least"]
    assert main(["decode", str(path), "--explain", "--json"]) == 0
    miss, = json.loads(capsys.readouterr().out)["near_misses"]
    assert (miss["digit"], round(miss["start"], 3), miss["why"]) == (
        "5", START, ["it lasts 24 ms, and a key lasts 31 ms at the least"])


@pytest.mark.parametrize("words", [["-"], ["--out", "digits.jsonl", "call.wav"]])
def test_decode_explain_when_it_cannot_be_then_one_sentence(words, capsys):
    assert main(["decode", "--explain", *words]) == 2
    assert "--explain looks at whole files" in capsys.readouterr().err
