"""Why a key was not heard, in words."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from dtmf import encode
from dtmf.audiofile import write
from dtmf.cli import main
from dtmf.cli.decoding import hearing_of
from dtmf.cli.live import live
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
    (encode("5", level_dbm0=-52), "its weaker tone has -52 dBm0, -49 at the least"),
    (tones((770 * 1.035, 4000), (1336, 4000)), "its low tone is 3.5 % too high, 2.3 % at the most"),
    (tones((770, 4000), (1336 * 0.965, 4000)), "its high tone is 3.5 % too low, 2.3 % at the most"),
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


def test_near_misses_when_a_pair_lies_under_louder_sound_then_told_of_too():
    """A chord that begins and ends with the key, 3 dB louder than it: no press, as it is a third of the sound."""
    time = np.arange(640) / 8000
    samples = encode("5", tone_ms=80, gap_ms=0, level_dbm0=-20).astype(float)
    samples += sum(1300 * np.sin(2 * np.pi * hertz * time) for hertz in (1000, 1800, 2600))
    miss, = near_misses(between_silence(samples.astype(np.int16)), 8000)
    assert (miss.digit, miss.reasons[0].kind) == ("5", "third")


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


HINTS = {
    "quiet": ("12#", {"level_dbm0": -60}, "default",
              "quiet: -60 dBm0, 3 almost keys; make the recording louder, or see"),
    "twist": ("1", {"twist_db": 9}, "default", "twist: 9.0 dB, 1 almost key; try --setting wide, or see"),
    "twist that no setting allows": ("12", {"twist_db": -14}, "strict", "twist: 14.0 dB, 2 almost keys; see"),
    "twist that is usual": ("12", {"twist_db": 6}, "strict",
                            "twist: 6.0 dB, 2 almost keys; try --setting default, or see"),
    "short": ("55", {"tone_ms": 24}, "default", "short, 2 almost keys; see"),
}


@pytest.mark.parametrize(("keys", "like", "setting", "says"), HINTS.values(), ids=HINTS)
def test_decode_when_something_is_almost_a_key_then_one_line_says_so_and_what_helps(tmp_path, capsys, keys, like,
                                                                                    setting, says):  # fmt: skip
    path, silence = tmp_path / "call.wav", np.zeros(800, np.int16)
    write(path, np.concatenate([silence, encode(keys, **like), silence]), 8000)
    hearing = hearing_of(None, None, None, None, setting)
    assert main(["decode", str(path), "--setting", setting]) == 0
    assert live(io.BytesIO(path.read_bytes()), replace(hearing, hint=True), as_json=False) == 0
    printed = capsys.readouterr()
    assert printed.out == "\n\n"
    assert printed.err == f"dtmf: {path}: {says} --explain.\ndtmf: -: {says} --explain.\n"
    assert main(["decode", str(path), "--setting", setting, "--json"]) == 0
    printed = capsys.readouterr()
    assert (printed.err, "hint" in printed.out) == ("", False)


def test_decode_when_a_voice_or_a_whole_key_is_all_there_is_then_nothing_is_almost_one(tmp_path, capsys):
    rng, time = np.random.default_rng(7), np.arange(16000) / 8000
    vowel = sum(np.sin(2 * np.pi * 140 * n * time + rng.uniform(0, 6)) / n for n in range(1, 20))
    path = tmp_path / "call.wav"
    said = (3000 * vowel * (1 + np.sin(2 * np.pi * 3 * time))).astype(np.int16)
    write(path, np.concatenate([said, np.zeros(800, np.int16), encode("159#")]), 8000)
    assert main(["decode", str(path)]) == 0
    assert capsys.readouterr() == ("159#\n", "")
