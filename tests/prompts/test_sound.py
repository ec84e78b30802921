"""What the five languages sound like: level, quiet ends, nothing clipped, nothing cut off."""

import itertools

import numpy as np
import pytest
from sampled import slow_but

from prompts import languages
from prompts.level import ACTIVE_DBM0, active_level, for_the_line
from prompts.pieces import pieces
from prompts.voice import speak

RATE = 8000
EDGE = RATE * 4 // 100


def everything(spoken, language, every):
    """Return pieces of a language, some numbers, and a prompt as a caller hears it, by name."""
    some = dict([*pieces(language).items()][::every])
    spoken.foresee(some.values(), language)
    said = {name: spoken.piece(words, language) for name, words in some.items()}
    number = spoken.clips("many-joined", language, count=21)
    whole = spoken.clips("unknown-conference-id", language, conference_id="2534815")
    return {**said, "21": number[0], "whole": np.concatenate(whole)}


EVERY = [pytest.param(40, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
"""Each piece is spoken by a process of its own."""


@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("language", languages())
def test_prompts_then_within_3_db_of_the_level_and_between_quiet_ends(spoken, language, every):
    for name, clip in everything(spoken, language, every).items():
        size = np.abs(clip.astype(int))
        assert active_level(clip, RATE) == pytest.approx(ACTIVE_DBM0, abs=1.0), name
        assert size.max() <= 30000, name
        assert clip[0] == clip[-1] == 0, name
        # silence around it: the voice begins and ends inside the clip
        for end in (size[:EDGE], size[-EDGE:]):
            assert end.max() <= 0.02 * size.max(), name
        assert size[EDGE:EDGE * 5].max() > 0.01 * size.max(), name
        assert len(clip) > 0.15 * RATE, name


@pytest.mark.parametrize("language", slow_but(["en-US", "zh-CN"], languages()))
def test_clips_when_played_one_after_the_other_then_no_step_at_a_join(spoken, language):
    clips = [*spoken.clips("unknown-conference-id", language, conference_id="2534815"),
             *spoken.clips("joined", language, names=["Anna", "+49301234", spoken.say("Bela.")]),
             *spoken.clips("help-mute", language, keys="*6"), *spoken.clips("people-here", language, count=250)]
    for before, after in itertools.pairwise(clips):
        assert abs(int(before[-1]) - int(after[0])) <= 2
        # and the ten milliseconds on both sides are as quiet
        around = np.concatenate([before[-80:], after[:80]]).astype(int)
        assert np.abs(np.diff(around)).max() < 150


@pytest.mark.parametrize("text", ["Sixty-six.", "Fifty-five?", "Sss.", "Hush, hush!"])
def test_words_with_soft_ends_then_all_that_sounds_is_kept(text):
    import soxr

    speech, rate = speak(text, "en-us")
    clip = for_the_line(speech, rate, RATE).astype(float)
    whole = soxr.resample(speech.astype(float), rate, RATE, quality="HQ")
    # the place at which the clip lies in what was spoken, and what it leaves out there
    place = int(np.argmax(np.correlate(np.pad(whole, len(clip)), clip, "valid"))) - len(clip)
    inside = np.zeros(len(whole), bool)
    inside[max(place, 0):place + len(clip)] = True
    assert np.square(whole[~inside]).sum() < 1e-4 * np.square(whole).sum()
    begin = max(place, 0)
    them, mine = whole[begin:place + len(clip)], clip[begin - place:begin - place + inside.sum()]
    gain = (them @ mine) / (them @ them)
    assert np.square(mine - gain * them).sum() < 1e-3 * np.square(mine).sum()


@pytest.mark.parametrize("seconds", [0.5, 3.0])
@pytest.mark.parametrize("dbm0", [-40, -16, 0])
def test_active_level_when_a_tone_lasts_then_its_level(seconds, dbm0):
    at = np.arange(round(seconds * RATE)) / RATE
    tone = np.sin(2 * np.pi * 500 * at) * 32768 * 10 ** ((dbm0 - 3.14) / 20)
    assert active_level(tone, RATE) == pytest.approx(dbm0, abs=0.3 if seconds > 1 else 0.8)


def test_active_level_when_there_are_pauses_then_they_do_not_count():
    rng = np.random.default_rng(4)
    burst = rng.standard_normal(6 * RATE) * 3000
    alone = active_level(burst, RATE)
    assert active_level(np.concatenate([np.zeros(3 * RATE), burst, np.zeros(9 * RATE)]), RATE) == pytest.approx(
        alone, abs=0.4)
    # 200 ms of hangover: a short gap counts as speech
    gaps = np.concatenate([np.concatenate([burst[:800], np.zeros(800)])] * 10)
    assert active_level(gaps, RATE) == pytest.approx(active_level(burst[:800].repeat(10), RATE) - 3, abs=1.0)


def test_active_level_of_a_click_then_its_own():
    assert active_level(np.full(3, 32767.0), RATE) == pytest.approx(6.15, abs=0.1)
    assert active_level(np.ones(3), RATE) == pytest.approx(6.15 - 90.3, abs=0.1)


def test_active_level_of_silence_then_minus_infinity():
    assert active_level(np.zeros(800), RATE) == -np.inf


@pytest.mark.parametrize("every", EVERY)
def test_languages_then_no_louder_than_one_another(spoken, every):
    said = {language: [clip for name in spoken.names()[::every] for clip in spoken.fixed(name, language)]
            for language in languages()}
    levels = [active_level(np.concatenate(clips), RATE) for clips in said.values()]
    assert max(levels) - min(levels) < 1.0
    assert np.mean(levels) == pytest.approx(ACTIVE_DBM0, abs=1.0)
