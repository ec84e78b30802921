"""Whether a prompt was heard as it should be, and what is said of one that was not."""

import re

import numpy as np
import pytest

from ivr.scenario.hearing import CallerEar
from ivr.scenario.references import References
from ivr.scenario.sounds import PromptSound
from lobby.music import hold_music
from prompts import Prompts

BEGAN, BEFORE, AFTER = 16000, 8000, 24000
NAME = "organizer-question"
NEVER = 10**9


@pytest.fixture(scope="module")
def clip():
    return Prompts(rate=8000).fixed(NAME)[0]


@pytest.fixture(scope="module")
def references(clip):
    spoken = Prompts(rate=8000)
    return References({NAME: [clip], "wait-in-lobby": spoken.fixed("wait-in-lobby")}, hold_music(8000)[:8000], {})


def told(references, sound, limit=NEVER):
    """Return what is wrong with what is said, with silence before and after."""
    ear = CallerEar(references, caller="anna", began_at=BEGAN)
    ear.hear(np.concatenate([np.zeros(BEFORE), sound, np.zeros(AFTER)]).astype(np.int16))
    match = ear.find(PromptSound(NAME), BEGAN)
    assert abs(match.start - BEGAN - BEFORE) < 2
    return ear.judge(PromptSound(NAME), match.start, limit).wrong


def with_a_gap(clip):
    holed = clip.copy()
    loud = int(np.abs(clip[6000:14000]).argmax()) + 6000
    holed[loud - 80:loud + 80] = 0
    return holed


def with_noise(clip):
    return clip + np.random.default_rng(1).normal(0, 300, len(clip))


RIGHT = {"as it is": lambda clip: clip, "8 dB softer": lambda clip: clip * .4, "with noise": with_noise,
         "with words that come again": lambda clip: np.concatenate([clip, np.zeros(14000), clip])}
WRONG = {
    "cut": (lambda clip: clip[:len(clip) * 6 // 10], "something else|not said to its end"),
    "with a gap of 20 ms": (with_a_gap, r"there was a gap in it \d\.\d s after its beginning"),
    "12 dB softer": (lambda clip: clip / 4, "it was 12 dB too soft"),
    "clipped eightfold": (lambda clip: np.clip(clip * 8., -32768, 32767), "full scale"),
    "twice": (lambda clip: np.concatenate([clip, clip]), "it was said twice, or its end was"),
    "its half twice": (lambda clip: np.concatenate([clip, clip[len(clip) // 2:]]), "it was said twice"),
    "too fast in the end": (lambda clip: np.concatenate([clip[:8000], clip[8000:-800:2], clip[-800:]]),
                            "it was something else"),
}


@pytest.mark.parametrize("how", RIGHT)
def test_prompt_when_it_is_whole_then_nothing_is_wrong_with_it(references, clip, how):
    assert told(references, RIGHT[how](clip)) == ""


@pytest.mark.parametrize("how", WRONG)
def test_prompt_when_it_is_not_as_it_should_be_then_told_what_is_wrong(references, clip, how):
    change, wrong = WRONG[how]
    assert re.search(wrong, told(references, change(clip)))


def test_prompt_when_the_caller_has_cut_it_short_then_what_came_before_is_judged(references, clip):
    key = BEGAN + BEFORE + 12000
    assert told(references, clip[:12400], key) == ""
    assert "gap" in told(references, with_a_gap(clip)[:14400], key + 2000)
