"""Speakers, rooms and microphones: what is measured, and what is said about it."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import dtmf
from benchmarks.rooms import (
    ROOMS,
    after,
    echo,
    gain_control,
    heard,
    hum,
    narrow,
    noise,
    overdriven,
    through,
    weak_highs,
)
from ivr.clock import FRAME, samples
from ivr.lines.soundcard.check import measured, played
from ivr.lines.soundcard.check import through as carried
from ivr.lines.soundcard.verdict import verdict


@pytest.fixture
def check():
    """Measures what a room makes of the keys: ``check(room, late_s=, level_db=)``."""
    def made(room, *, late_s=0.06, level_db=0.0, setting="default"):
        sound = played()
        late = np.concatenate([np.zeros(samples(late_s), np.int16), sound])[:len(sound)]
        return measured(sound, through(room, late, level_db=level_db), setting=setting)
    return made


def test_a_cable_then_all_keys_are_heard_as_they_were_played(check):
    found = check(noise(-60))
    assert [key.key for key in found.keys] == list(dtmf.KEYS)
    assert found.heard("default") == found.heard("wide") == found.heard("strict") == 16
    assert [key.level_dbm0 for key in found.keys] == pytest.approx([-10] * 16, abs=0.2)
    assert [key.twist_db for key in found.keys] == pytest.approx([0] * 16, abs=0.2)
    assert found.delay_ms == pytest.approx(60, abs=2)
    assert found.noise_dbm0 == pytest.approx(-60, abs=1.5)
    assert found.spare == 0
    assert verdict(found) == ["all 16 keys are heard"]


@pytest.mark.parametrize("late_s", [0.0, 0.013, 0.2, 0.7])
def test_a_delay_then_found(check, late_s):
    assert check(noise(-50), late_s=late_s).delay_ms == pytest.approx(1000 * late_s, abs=3)


@pytest.mark.parametrize(("room", "level_db", "said"), [
    (weak_highs(9), 0, ["all 16 keys are heard", "high tones 9 dB down: use a line-in, or --setting wide"]),
    (weak_highs(11), 0, ["of 16 keys are heard, and all with --setting wide: use that", "high tones 11 dB down"]),
    (weak_highs(14), 0, ["0 of 16 keys are heard", "high tones 14 dB down: use a line-in"]),
    (weak_highs(-9), 0, ["all with --setting wide", "low tones 9 dB down: use a line-in, or --setting wide"]),
    (overdriven(8), 0, ["overdriven (clipping): turn the microphone or the speaker down"]),
    (noise(-70), -30, ["the keys come in at -40 dBm0, which is quiet: turn"]),
    (hum(0), 0, ["hum at -1", "another cable"]),
    (noise(-20), 0, ["noise at -20 dBm0, only 10 dB under the keys"]),
    (after(echo(0.8, 3), noise(-60)), 0, ["echo: a key takes", "press slowly"]),
    (after(gain_control(20, attack_s=0.03), noise(-60)), 0, ["a gain control takes"]),
])
def test_a_fault_then_words_to_act_on(check, room, level_db, said):
    told = "\n".join(verdict(check(after(room, noise(-70)), level_db=level_db)))
    assert [words for words in said if words not in told] == [], told


@pytest.mark.parametrize("room", [noise(-60), after(narrow(), echo(0.3, 15), noise(-50)), weak_highs(4)])
def test_nothing_that_matters_then_nothing_is_found_fault_with(check, room):
    assert verdict(check(room)) == ["all 16 keys are heard"]


def test_a_late_or_a_broken_device_then_said(check):
    assert "prompts will stop late" in verdict(check(noise(-60), late_s=0.4))[1]
    assert verdict(replace(check(noise(-60)), glitches=3))[1].startswith("3 glitches in the sound")


@pytest.mark.parametrize(("level_dbm0", "said"), [
    (None, "nothing was heard, not even noise: the microphone is muted, or it is another one"),
    (-45, "nothing was heard of the keys, only noise at -45 dBm0: turn the speaker up")])
def test_nothing_heard_then_said_what_it_may_be(level_dbm0, said):
    silence = np.zeros_like(played())
    found = measured(played(), silence if level_dbm0 is None else through(noise(level_dbm0), silence))
    assert found.keys == ()
    assert len(verdict(found)) == 1
    assert verdict(found)[0].startswith(said)


def test_speech_instead_of_keys_then_nothing_heard_of_the_keys():
    rng = np.random.default_rng(1)
    babble = np.cumsum(rng.standard_normal(len(played()))) % 4000 - 2000
    assert measured(played(), babble.astype(np.int16)).keys == ()


def test_frames_then_carried_one_for_one():
    class Loop:
        heard = np.zeros(FRAME, np.int16)

        def wait(self):
            pass

        def play(self, frame):
            self.heard = frame

    came = carried(Loop(), played())
    assert (came[FRAME:] == played()[:-FRAME]).all()
    assert measured(played(), came).delay_ms == 20


# what docs/phone.md says of rooms

EXPECTED = {  # keys of 64 by the settings default and wide; those that are told and are none
    "a cable (line-in)": (64, 64), "speaker and microphone side by side": (64, 64),
    "across a desk in an office": (64, 64), "across a living room": (64, 64),
    "hum as loud as the keys": (64, 64), "hum 8 dB louder than the keys": (64, 64),
    "input overdriven by 6 dB": (64, 64), "input overdriven by 20 dB": (0, 0),
    "gain control, 6 dB": (64, 64), "gain control, 15 dB": (64, 64),
    "high tones 8 dB down": (64, 64), "high tones 11 dB down": (4, 64), "high tones 14 dB down": (0, 4),
    "high tones 9 dB up": (0, 64), "desk, hum, gain control, highs 6 dB down": (64, 64),
}


def test_the_manual_then_says_of_rooms_what_is_tested_here():
    manual = (Path(__file__).parents[4] / "docs" / "phone.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+) \| (\d+ of 64[^|]*\| \d+ of 64)", manual, flags=re.MULTILINE))
    assert list(rows) == list(ROOMS)
    told = {name: tuple(int(count) for count in re.findall(r"(\d+) of 64", row)) for name, row in rows.items()}
    assert {name: told[name] for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_room_then_as_many_keys_are_heard_as_the_docs_say(name):
    counts = tuple(heard(ROOMS[name], setting)[0] for setting in ("default", "wide"))
    assert counts == pytest.approx(EXPECTED[name], abs=2)


@pytest.mark.parametrize("name", ["speaker and microphone side by side", "across a desk in an office"])
@pytest.mark.parametrize("gap_ms", [60, 100, 300])
def test_a_rooms_echo_then_no_key_is_heard_twice(name, gap_ms):
    assert heard(ROOMS[name], "default", gap_ms=gap_ms)[1] == 0
