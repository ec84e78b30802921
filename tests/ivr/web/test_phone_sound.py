"""What the worklet of a phone makes of sound, without a browser: by the Node.js that Playwright brings."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soxr
from playwright._impl._driver import compute_driver_executable

import dtmf
import ivr.web
from ivr.clock import FRAME, RATE

STATIC = Path(ivr.web.__file__).parent / "static" / "phone"
SCRIPT = Path(__file__).with_name("phone_sound.mjs")
DIGITS = "1122334455*#0987"


def asked(what, **more):
    done = subprocess.run([compute_driver_executable()[0], str(SCRIPT), STATIC.as_uri()], capture_output=True,
                          check=True, input=json.dumps({"what": what, **more}).encode())
    return json.loads(done.stdout)


def heard(samples, rate=RATE):
    """Return the keys that our ear hears."""
    sound = np.clip(np.rint(np.array(samples) * 32_767), -32_768, 32_767).astype(np.int16)
    return "".join(tone.digit for tone in dtmf.decode(sound, rate))


def test_keys_that_are_typed_at_once_then_each_is_heard_once_and_long_enough():
    presses = [[0.1 + 0.01 * n, key] for n, key in enumerate(DIGITS)]
    assert heard(asked("keyed", rate=RATE, seconds=4, presses=[*presses, [0.5, ""]])) == DIGITS


def test_a_key_that_is_held_then_one_as_long_as_it_is_down_and_ten_seconds_at_most():
    made = np.array(asked("keyed", rate=RATE, seconds=14, presses=[[0, "5"], [1, ""], [2, "6"]]))
    sounds = np.flatnonzero(np.abs(made) > 0.02)
    assert heard(made) == "56"
    assert np.isclose(np.max(sounds[sounds < 1.5 * RATE]) / RATE, 1, atol=0.01)
    assert np.isclose(np.max(sounds) / RATE, 12, atol=0.01)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_a_microphone_at_any_rate_then_the_same_keys_at_8_khz_and_nothing_of_what_is_above(rate):
    said = dtmf.encode(DIGITS, RATE) / 32_768
    hiss = 0.3 * np.sin(2 * np.pi * 6000 * np.arange(round(len(said) * rate / RATE)) / rate)
    microphone = soxr.resample(said, RATE, rate)
    made = asked("decimated", rate=rate, samples=(microphone + hiss[:len(microphone)]).round(5).tolist())
    assert abs(len(made) - len(said)) < 20
    assert heard(made) == DIGITS
    quiet = np.array(asked("decimated", rate=rate, samples=hiss[:rate].round(5).tolist()))
    assert np.abs(quiet[100:]).max() < 0.003


def played(delays, *, rate=48_000, faster=1.0, keys=DIGITS):
    """Play keys whose frames come late by delays in seconds; return what was heard and how it went."""
    said = np.append(dtmf.encode(keys, RATE), np.zeros(RATE, np.int16)) / 32_768
    count = len(said) // FRAME
    due = np.maximum.accumulate([0.02 * n * faster + delays[n % len(delays)] for n in range(count)])
    return asked("played", rate=rate, seconds=count * 0.02 * faster + 1, samples=said.round(6).tolist(),
                 frames=[[float(at), n] for n, at in enumerate(due)])


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_frames_that_come_evenly_then_all_is_played_soon_and_nothing_stalls(rate):
    found = played([0.0], rate=rate)
    assert heard(soxr.resample(np.array(found["made"]), rate, RATE)) == DIGITS
    assert found["stalls"] == 1  # the end
    first = np.flatnonzero(np.abs(found["made"]) > 0.01)[0]
    assert first / rate < 0.015


def test_frames_that_come_unevenly_then_each_key_once_and_it_stalls_less_and_less():
    drawn = np.random.default_rng(5).uniform(0, 0.06, 97)
    found = played(drawn.tolist())
    assert heard(soxr.resample(np.array(found["made"]), 48_000, RATE)) == DIGITS
    assert found["stalls"] < 9
    assert found["skips"] == 0


def test_a_line_that_holds_back_half_a_second_then_it_goes_on_with_the_newest_and_no_key_twice():
    found = played([0.0] * 60 + [0.5] * 25 + [0.0] * 1000)
    keys = heard(soxr.resample(np.array(found["made"]), 48_000, RATE))
    assert found["skips"] >= 1
    assert found["delay"] < 0.06 * RATE
    at = 0
    for key in keys:  # in their order, and none that was not sent
        at = DIGITS.index(key, at) + 1


def test_a_delay_that_has_grown_then_it_shrinks_within_seconds_where_it_is_quiet_and_every_key_stays():
    found = played([0.0] * 20 + [0.16] * 8 + [0.0] * 10_000, keys=2 * DIGITS)
    assert heard(soxr.resample(np.array(found["made"]), 48_000, RATE)) == 2 * DIGITS
    first = np.flatnonzero(np.abs(found["made"]) > 0.01)
    assert found["skips"] == 0
    assert (first[-1] - first[0]) / 48_000 < 0.4 * len(DIGITS) - 0.1 + 0.06  # it had grown by 160 ms


@pytest.mark.parametrize("faster", [0.9985, 1.0015])
def test_a_clock_that_runs_differently_then_all_keys_and_no_delay_that_grows(faster):
    found = played([0.0, 0.004, 0.002], faster=faster)
    assert heard(soxr.resample(np.array(found["made"]), 48_000, RATE)) == DIGITS
    assert found["skips"] == 0


def test_a_page_of_words_then_every_word_that_a_phone_shows_is_there():
    known = json.loads((STATIC.parent / "words" / "en-US.json").read_text("utf-8"))
    shown = {key for key in known if key.startswith("phone.")}
    text = "".join(path.read_text("utf-8") for path in [*STATIC.glob("*.js"), *STATIC.parents[1].glob(
        "templates/phone.html.j2")])
    for key in shown:
        last = key.rpartition(".")[2]
        assert f'"{key}"' in text or f'"{last}"' in text, key
