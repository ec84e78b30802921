"""How loud something is heard, voices that are hardly heard, and what is cut off."""

import numpy as np
import pytest

from ivr.cli.kit import prompts, stage
from ivr.scenario.errors import ScenarioError
from ivr.scenario.hearing import CallerEar
from ivr.scenario.loudness import cut_off, level_of
from ivr.scenario.player import play
from ivr.scenario.references import Sent
from ivr.scenario.sounds import HoldMusic, PromptSound, VoiceSound
from lobby import hold_music
from tests.ivr.scenario.reading import steps, story
from tests.ivr.scenario.test_badline import MEETING

LATE = 400


@pytest.fixture(scope="module")
def spoken():
    """What Amos says, four seconds of it."""
    said = prompts().say("Good morning, this is Amos. I would like to speak about the budget, if you have time.")
    return said[:32000]


def ear(heard, sent):
    references = stage().references(("en-US",))
    references.sent["amos"] = Sent(0)
    references.sent["amos"].append(sent)
    one = CallerEar(references, caller="anna", began_at=0)
    one.hear(np.clip(np.rint(heard), -32768, 32767).astype(np.int16))
    return one


def softer(sound, db):
    return np.concatenate([np.zeros(LATE), sound])[:len(sound)] * 10 ** (-db / 20)


@pytest.mark.parametrize("db", [0, 12, 30])
def test_voice_when_it_is_alone_then_found_and_its_level_told(spoken, db):
    anna = ear(softer(spoken, db), spoken)
    found = anna.find(VoiceSound("amos"), 0)
    level = anna.level(VoiceSound("amos"), found.start, found.end)
    assert level == pytest.approx(level_of(spoken) - db, abs=1)


@pytest.mark.parametrize("ducked", [1, .25])
def test_voice_when_hold_music_plays_then_found_down_to_forty_db_below(spoken, ducked):
    music = hold_music()[4000:4000 + len(spoken)] * ducked
    assert ear(softer(spoken, 40) + music, spoken).find(VoiceSound("amos"), 0)
    assert ear(music, spoken).find(VoiceSound("amos"), 0) is None


@pytest.mark.parametrize("db", [0, 6, 20])
def test_music_when_somebody_speaks_over_it_then_its_own_level_told(spoken, db):
    music = hold_music()[:len(spoken)] * 10 ** (-db / 20)
    anna = ear(music + softer(spoken, 20), spoken)
    found = anna.find(HoldMusic(), 0)
    assert anna.level(HoldMusic(), found.start, 32000) == pytest.approx(-16 - db, abs=1)


def test_prompt_then_its_level_told():
    clip = prompts().fixed("enter-conference-id")[0]
    anna = ear(clip / 2, clip)
    found = anna.find(PromptSound("enter-conference-id"), 0)
    assert anna.level(PromptSound("enter-conference-id"), found.start, len(clip)) == pytest.approx(-22, abs=1)


@pytest.mark.parametrize(("by", "told"), [
    (1, ""), (8, "it was cut off at full scale: too loud"), (.125, "")])
def test_sound_when_it_is_made_louder_then_whether_it_was_cut_off(spoken, by, told):
    assert cut_off(np.clip(spoken.astype(int) * by, -32768, 32767).astype(np.int16)) == told


def test_sound_when_it_was_cut_off_and_made_softer_then_known_all_the_same(spoken):
    assert cut_off((np.clip(spoken.astype(int) * 8, -32768, 32767) // 8).astype(np.int16)) == "it was cut off"


def failures(callers):
    return [str(failure) for failure in play(story(f"{MEETING}callers:\n{callers}"), stage()).failures]


WELCOME = "  anna:\n    - hear: welcome\n      level: {level}\n    - wait: 3 s\n"


@pytest.mark.parametrize(("level", "wrong"), [
    ("-16 dBm0 +- 3", []),
    ("-28 dBm0 +- 3 dB", ["line 5: anna: 'hear: welcome, level -28 dBm0 +- 3 dB' at 2.6 s: it was at -16.0 dBm0"])])
def test_story_when_a_level_is_written_then_it_is_judged(level, wrong):
    assert failures(WELCOME.format(level=level)) == wrong


def test_story_when_a_line_is_bad_then_only_the_level_that_is_written_counts():
    bad = WELCOME.replace("anna:\n", "anna:\n    - line: {{hears: {{level: -14 dB}}}}\n")
    assert failures(bad.format(level="-30 dBm0 +- 2")) == []
    assert "it was at -30.0 dBm0" in failures(bad.format(level="-16 dBm0 +- 3"))[0]


@pytest.mark.parametrize(("step", "sentence"), [
    ("hear: welcome\n      level: -16", "'-16' is no level: write how loud, and how many dB it may be off, as in "
                                        "'-16 dBm0 +- 3'"),
    ("hear: silence\n      level: -60 +- 3", "'level' is said of what sounds: a prompt, music, a tone, a voice"),
    ("hear: speech\n      at: 3 s +- 20 ms", "'at' is said of what begins at one moment: a prompt, music, a tone, "
                                            "silence"),
])
def test_step_when_its_level_or_moment_cannot_be_meant_then_a_sentence(step, sentence):
    with pytest.raises(ScenarioError) as caught:
        steps(step)
    assert str(caught.value).partition(": ")[2] == sentence


IN = "    - press: 1234567#\n    - in: meeting\n    - wait: 6 s\n"
ONLY = (f"  anna:\n{IN}    - hear only: [{{only}}]\n      for: 4 s\n"
        f"  bela:\n{IN}    - say: Good morning, this is Bela.\n")


@pytest.mark.parametrize(("only", "wrong"), [
    ("{voice: bela}, joined", ""), ("silence", "bela's voice was heard too, at ")])
def test_story_when_something_else_is_heard_than_it_says_then_it_fails(only, wrong):
    told = failures(ONLY.format(only=only))
    assert [wrong in one for one in told] == [True] * bool(wrong)


def test_story_when_something_else_is_heard_while_steps_are_done_then_it_fails():
    steps_ = "    - hear only: [welcome{}]\n      while:\n        - wait: 5 s\n"
    assert failures(f"  anna:\n    - dial\n{steps_.format(', enter-conference-id')}") == []
    told, = failures(f"  anna:\n    - dial\n{steps_.format('')}")
    assert told.endswith("the prompt enter-conference-id was heard too, at 2.6 s")
