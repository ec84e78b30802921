"""What excuses that a prompt was cut: a key of the caller's own that went down while it was said."""

from dataclasses import replace

import numpy as np
import pytest

from ivr.scenario.hearing import CallerEar
from ivr.scenario.judging import Judge
from ivr.scenario.others import Others
from ivr.scenario.references import References
from ivr.scenario.sounds import PromptSound
from ivr.scenario.steps import Hear
from lobby.music import hold_music
from prompts import Prompts

RATE = 8000
NAME = "organizer-question"
BEGINS = 2 * RATE
"""Where the prompt begins."""
CUT_AT = 3 * RATE + RATE // 2
STEP = Hear(line=1, said=f"hear: {NAME}", sound=PromptSound(NAME), within=30 * RATE)


@pytest.fixture(scope="module")
def clip():
    return Prompts(rate=RATE).fixed(NAME)[0]


@pytest.fixture(scope="module")
def references(clip):
    return References({NAME: [clip]}, hold_music(RATE)[:RATE], {})


def wrong(references, said, *keys, late=0):
    """Return what is wrong with what is said from `BEGINS` on, where the caller has pressed keys."""
    ear, judge = CallerEar(references, caller="anna", began_at=0), Judge()
    ear.hear(np.concatenate([np.zeros(BEGINS), said, np.zeros(3 * RATE)]).astype(np.int16))
    judge.heard(STEP, ear.find(STEP.sound, 0).start)
    judge.presses(*keys)
    return [told.wrong for _, told in judge.judged(ear, Others(), None, late=late)]


@pytest.mark.parametrize("before", [RATE // 20, RATE // 5, RATE])
def test_prompt_when_it_is_cut_and_a_key_went_down_before_it_then_that_is_told(references, clip, before):
    assert wrong(references, clip[:CUT_AT - BEGINS], BEGINS - before) != []


def test_prompt_when_the_key_before_it_has_called_up_one_said_twice_then_that_is_told(references, clip):
    assert "twice" in wrong(references, np.concatenate([clip, clip]), BEGINS - 800)[0]


def test_prompt_when_a_key_that_goes_down_in_it_cuts_it_then_nothing_is_wrong(references, clip):
    assert wrong(references, clip[:CUT_AT - BEGINS], BEGINS - 800, CUT_AT - 400) == []


def test_prompt_when_it_is_cut_before_the_key_then_that_is_told(references, clip):
    assert wrong(references, clip[:CUT_AT - BEGINS], CUT_AT + RATE) != []


def test_prompt_when_a_key_is_still_on_its_way_on_a_late_line_then_it_may_have_cut_it(references, clip):
    assert wrong(references, clip[:CUT_AT - BEGINS], BEGINS - RATE // 4, late=RATE) == []


@pytest.mark.parametrize(("half", "told"), [(1, ["it was said to its end"]), (2, [])])
def test_prompt_when_the_call_goes_out_and_it_is_to_be_cut_then_that_is_looked_at(references, clip, half, told):
    ear, judge = CallerEar(references, caller="anna", began_at=0), Judge()
    ear.hear(np.concatenate([clip[:len(clip) // half] / 8, np.zeros(3 * RATE)]).astype(np.int16))
    judge.heard(replace(STEP, cut=True), ear.find(STEP.sound, 0).start)
    assert [one.wrong for _, one in judge.as_asked(ear)] == told


def test_prompt_that_has_to_be_cut_when_the_story_is_over_in_it_then_only_a_key_of_his_has_cut_it(references, clip):
    def wrong_of(*keys):
        ear, judge = CallerEar(references, caller="anna", began_at=0), Judge()
        ear.hear(np.concatenate([np.zeros(BEGINS), clip[:CUT_AT - BEGINS]]).astype(np.int16))
        judge.heard(replace(STEP, cut=True), ear.find(STEP.sound, 0).start)
        judge.presses(*keys)
        return [told.wrong for _, told in judge.judged(ear, Others(), CUT_AT)]

    assert wrong_of() == wrong_of(BEGINS - RATE) == ["nothing had cut it when the story was over"]
    assert wrong_of(CUT_AT - 800) == []
