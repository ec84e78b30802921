"""Prompts, tones and music of noise: short ones, to be put at any place and cut at any moment."""

import re

import numpy as np
import pytest

from ivr.scenario.correlate import flattened, likeness, loud, power_of
from ivr.scenario.hearing import CallerEar
from ivr.scenario.references import References
from ivr.scenario.sounds import HoldMusic, PromptSound, Silence, ToneSound

RATE = 8000


def noise(seconds, dbm0=-16.0, seed=1):
    return np.random.default_rng(seed).normal(0, np.sqrt(power_of(dbm0)), round(seconds * RATE)).astype(np.int16)


def nothing(seconds):
    return np.zeros(round(seconds * RATE), np.int16)


ONE, LIKE_IT = noise(1.2, seed=2), np.concatenate([noise(1.2, seed=2)[:5600], noise(0.6, seed=3)])
TWO, AND_MORE = noise(0.9, seed=4), noise(0.4, seed=5)
FADING = np.concatenate([noise(0.9, seed=6), noise(0.5, -46)])
LOOP = np.concatenate([noise(2, seed=7), nothing(1), noise(1, seed=8)])
CHIME, OTHER = noise(0.28, seed=9), noise(0.28, seed=10)


@pytest.fixture(scope="module")
def references():
    return References({"one": [ONE], "like-it": [LIKE_IT], "two": [TWO, AND_MORE], "fading": [FADING]}, LOOP,
                      {"chime": CHIME, "other": OTHER})


def ear_of(references, *sounds, began_at=0):
    ear = CallerEar(references, caller="anna", began_at=began_at)
    ear.hear(np.concatenate(sounds))
    return ear


def spans(ear, *sounds):
    """Return begin and end of what is found, None for what is not."""
    return [found and (found.start, found.end) for found in (ear.find(sound, ear.began_at) for sound in sounds)]


@pytest.mark.parametrize("step", [160, 100000])
def test_prompt_when_it_begins_at_any_place_then_found_there_and_no_other(references, step):
    for delay in (*range(0, 200, 19), *range(3700, 4400, 61), *range(7700, 8400, 61)):
        story = np.concatenate([nothing(delay / RATE), ONE, nothing(0.5)])
        ear = CallerEar(references, caller="anna", began_at=0)
        for begin in range(0, len(story), step):
            ear.hear(story[begin:begin + step])
            if begin % 800 == 0:
                ear.find(PromptSound("one"), 0)
        assert spans(ear, PromptSound("one", whole=True), PromptSound("like-it"), PromptSound("two")) == [
            (delay, delay + len(ONE)), None, None]


def test_prompt_when_another_begins_like_it_then_told_apart_as_soon_as_they_differ(references):
    for said, name, other in ((ONE, "one", "like-it"), (LIKE_IT, "like-it", "one")):
        ear = ear_of(references, nothing(0.3), said, nothing(0.5))
        found, none = (ear.find(PromptSound(which), 0) for which in (name, other))
        assert (found.start, none) == (2400, None)
        assert 2400 + 5600 < found.at <= 2400 + 8000 + 96
    ear = ear_of(references, ONE[:5000], nothing(2))
    assert spans(ear, PromptSound("one"), PromptSound("like-it")) == [None, None]


@pytest.mark.parametrize(("heard", "whole"), [
    ([TWO, AND_MORE], True), ([TWO, nothing(19), AND_MORE], True), ([TWO, nothing(20), AND_MORE], True),
    ([TWO, nothing(20.1), AND_MORE], False), ([TWO, nothing(2)], False), ([AND_MORE, TWO, nothing(2)], False),
    ([TWO, AND_MORE[:-900], nothing(2)], False), ([TWO[:-900], AND_MORE, nothing(2)], False),
    ([TWO, AND_MORE[:-200], nothing(2)], True)])
def test_prompt_of_two_pieces_when_one_is_cut_or_late_then_not_whole(references, heard, whole):
    ear = ear_of(references, nothing(0.2), *heard, nothing(0.1))
    assert bool(ear.find(PromptSound("two", whole=True), 0)) is whole


def test_prompt_when_all_but_its_faint_end_is_heard_then_whole(references):
    for kept, whole in ((7200, True), (7000, True), (6300, False)):
        ear = ear_of(references, FADING[:kept], nothing(2))
        assert bool(ear.find(PromptSound("fading", whole=True), 0)) is whole


def test_prompt_when_still_being_said_then_whole_only_with_its_last_sample(references):
    ear = ear_of(references, nothing(0.1), ONE[:4800])
    for begin in range(4800, len(ONE), 160):
        assert ear.find(PromptSound("one", whole=True), 0) is None
        ear.hear(ONE[begin:begin + 160])
    assert spans(ear, PromptSound("one", whole=True)) == [(800, 800 + len(ONE))]


def test_tone_when_one_sounds_then_it_alone_is_found(references):
    ear = ear_of(references, nothing(0.1), CHIME, nothing(0.1), began_at=16000)
    assert spans(ear, ToneSound("chime"), ToneSound("other")) == [(16800, 16800 + len(CHIME)), None]


@pytest.mark.parametrize(("dbm0", "found"), [(-16, True), (-49.5, True), (-50.5, False)])
def test_music_when_as_faint_as_silence_then_not_found(references, dbm0, found):
    faint = (LOOP * 10 ** ((dbm0 + 16) / 20)).round().astype(np.int16)
    ear = ear_of(references, faint[:12000])
    assert bool(ear.find(HoldMusic(), 0)) is found


@pytest.mark.parametrize("dbm0", [-16, -40])
def test_music_when_half_a_second_is_heard_then_found_wherever_it_begins(references, dbm0):
    for position in (*range(0, 12000, 1337), *range(24001, 32000, 1337)):
        heard = np.tile(LOOP, 2)[position:position + 4000] * 10 ** ((dbm0 + 16) / 20)
        assert ear_of(references, heard.round().astype(np.int16)).find(HoldMusic(), 0), position


@pytest.mark.parametrize("position", [0, 3001, 9000, 27300, 30500, 31900])
def test_music_when_it_pauses_or_begins_again_then_one_stretch_to_its_end(references, position):
    ear = ear_of(references, nothing(1), np.tile(LOOP, 3)[position:position + 48000], noise(1, seed=11))
    assert re.fullmatch(r"silence from 0\.0 s to 1\.0 s, then hold-music from 1\.0 s to 7\.[0-2] s, "
                        r"then something unknown at -16 dBm0 from 7\.[0-2] s to 8\.0 s", ear.describe(0, 64000))


def test_music_when_only_a_hiss_comes_where_it_pauses_then_not_found(references):
    assert ear_of(references, noise(4, -47)).find(HoldMusic(), 0) is None


@pytest.mark.parametrize(("hiss_dbm0", "ends"), [(-45.7, 4), (-44.3, 2)])
def test_music_when_there_is_a_hiss_in_its_pause_then_a_soft_one_does_not_end_it(references, hiss_dbm0, ends):
    found = ear_of(references, LOOP + noise(4, hiss_dbm0, seed=12)).find(HoldMusic(), 0)
    assert (found.start, round(found.end / RATE)) == (0, ends)


@pytest.mark.parametrize(("after", "said"), [
    (noise(1, -20, seed=13), "the prompt one at 0.5 s, then something unknown at -20 dBm0 from 1.6 s to 2.6 s"),
    (nothing(2), "the prompt one at 0.5 s, then silence"), (nothing(0), "the prompt one at 0.5 s")])
def test_prompt_when_cut_then_what_comes_instead_of_the_rest_is_told(references, after, said):
    ear = ear_of(references, nothing(0.5), ONE[:8800], after)
    assert ear.describe(0, len(ear.samples)) == said


@pytest.mark.parametrize(("pause", "amplitude", "silent"), [
    (0.48, 0, False), (0.5, 0, True), (0.5, 51, True), (0.5, 52, False), (0.7, 51, True)])
def test_silence_when_below_50_dbm0_for_half_a_second_then_it_is_one(references, pause, amplitude, silent):
    hum = np.resize(np.array([amplitude, -amplitude], np.int16), round(pause * RATE))
    ear = ear_of(references, noise(0.6), hum, noise(0.6), began_at=16000)
    assert spans(ear, Silence()) == [(16000 + 4800, 16000 + 4800 + len(hum)) if silent else None]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("name", ["one", "like-it", "two", "fading"])
def test_what_a_stretch_can_be_like_at_most_then_no_less_than_what_it_is_like(references, name, share):
    """Between a piece and another one, or noise: without looking, no prompt ever passes for another."""
    everything, piece = references.all_prompts, references.prompts[name][0]
    for length in (4000, min(9600, len(piece.flat))):
        for other in (LIKE_IT, TWO, FADING, noise(1.2, seed=11), noise(1.2, -50, seed=12)):
            stretch = (1 - share) * piece.flat[:length] + share * flattened(np.resize(other, length))
            own = likeness(stretch, piece.flat[:length])
            if loud(stretch):
                assert everything.at_most(piece, length, own) >= everything.others(stretch, name) - 1e-9
