"""Whether hold music was heard as it should be, and what is said of music that was not."""

import re

import numpy as np
import pytest

from ivr.scenario.hearing import CallerEar
from ivr.scenario.music import Loop
from ivr.scenario.references import References
from ivr.scenario.sounds import HoldMusic
from lobby.music import hold_music
from prompts import Prompts

BEGAN, RATE = 16000, 8000


@pytest.fixture(scope="module")
def music():
    return hold_music(RATE)


@pytest.fixture(scope="module")
def question():
    return Prompts(rate=RATE).fixed("organizer-question")[0]


@pytest.fixture(scope="module")
def references(music, question):
    return References({"organizer-question": [question]}, music, {})


def told(references, sound, lasting=8 * RATE):
    """Return what is wrong with music that comes after a second of silence, which goes on so long."""
    ear = CallerEar(references, caller="anna", began_at=BEGAN)
    ear.hear(np.concatenate([np.zeros(RATE), sound]).astype(np.int16))
    match = ear.find(HoldMusic(), BEGAN)
    return ear.judge_music(match.start, match.start + lasting).wrong


def under(music, said):
    ducked = music[:10 * RATE].astype(float)
    ducked[3 * RATE:3 * RATE + len(said)] = ducked[3 * RATE:3 * RATE + len(said)] / 4 + said
    return ducked


def without(music, begin, length):
    holed = music[:10 * RATE].copy()
    holed[begin:begin + length] = 0
    return holed


def test_music_when_it_is_whole_then_nothing_is_wrong_with_it(references, music, question):
    assert told(references, music[:10 * RATE]) == ""
    assert told(references, music[:10 * RATE] * .5) == ""
    assert told(references, under(music, question)) == ""


WRONG = {
    "12 dB softer": (lambda music: music[:10 * RATE] / 4, "it was 12 dB too soft"),
    "broken off": (lambda music: without(music, 4 * RATE, RATE), "it broke off"),
    "gap of 20 ms": (lambda music: without(music, 3 * RATE + 4000, 160), "it broke off"),
    "from another place": (lambda music: music[81000:20 * RATE], r"it began \d+\.\d s after its beginning"),
    "clipped eightfold": (lambda music: np.clip(music[:10 * RATE] * 8., -32768, 32767), "it was 1\\d dB too loud"),
    "clipped and made softer": (lambda music: np.clip(music[:10 * RATE] * 8., -32768, 32767) / 8, "it was cut off"),
    "jumping": (lambda music: np.concatenate([music[:4 * RATE], music[161111:30 * RATE]]), "it broke off"),
}


@pytest.mark.parametrize("how", WRONG)
def test_music_when_it_is_not_as_it_should_be_then_told_what_is_wrong(references, music, how):
    change, wrong = WRONG[how]
    assert re.match(wrong, told(references, change(music)))


def test_sound_that_is_music_to_the_sample_then_its_place_and_no_other_is():
    music = hold_music()
    loop = Loop(music, RATE)
    around = np.resize(np.roll(music, 4000), 12_000)  # over the seam
    assert loop.place(around) == len(music) - 4000
    assert loop.is_at(around, -4000)
    around[7000] += 1
    assert loop.place(around) is None
    assert loop.place(np.zeros(8000, np.int16)) is None
