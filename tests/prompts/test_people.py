"""Voices of people."""

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import yaml

from prompts import Prompts
from prompts.people import MANNERS, manner_of, read
from prompts.voice import VARIANTS

ROOT = Path(__file__).parents[2]
ALIKE = {"en-us+f5": "en-us+f2", "en-us+f4": "en-us+f1"}


def alike(one, other):
    """Whether an ear may confuse two people: one voice, less than a semitone and less than 6 % of size apart."""
    first, second = (manner_of(name, "en-us") for name in (one, other))
    pitches = [(1 + (one.pitch - 50) * .0103) * one.size for one in (first, second)]
    return (ALIKE.get(first.voice, first.voice) == ALIKE.get(second.voice, second.voice)
            and abs(np.log2(pitches[0] / pitches[1])) < 1 / 12 and abs(first.size - second.size) < 6)


def people():
    """The people of each story that ships; groups left out."""
    for path in (*ROOT.glob("scenarios/*.yaml"), *ROOT.glob("examples/**/*.yaml")):
        story = yaml.load(path.read_bytes(), yaml.BaseLoader)  # noqa: S506
        if isinstance(story, dict):
            yield path.name, [name for name in (*story.get("callers", ()), *story.get("participants", ()))
                              if not name[0].isdigit()]


def test_voices_of_people_when_they_are_in_one_story_that_ships_then_no_ear_takes_one_for_another():
    stories = dict(people())
    assert max(map(len, stories.values())) >= 6
    pairs = ((story, *pair) for story, names in stories.items() for pair in combinations(names, 2))
    assert [(story, one, other) for story, one, other in pairs if alike(one, other)] == []


def test_voices_of_people_when_they_have_any_names_then_few_are_alike_and_none_the_same():
    pairs = list(combinations((f"waiters {n}" for n in range(1, 121)), 2))
    assert sum(alike(*pair) for pair in pairs) / len(pairs) < 0.01
    assert len({manner_of(name, "en-us") for name, _ in pairs}) == 119


def test_voice_of_somebody_when_it_is_spoken_then_at_its_pitch_size_and_pace_each_time(tmp_path):
    spoken, how = Prompts(), read(Prompts().voice_of("zoe"))
    assert str(how) == spoken.voice_of("zoe")
    assert how.voice.removeprefix("en-us") in MANNERS
    said = {name: spoken.say("Good morning.", voice=spoken.voice_of(name)) for name in ("zoe", "Zoe", "bela")}
    assert np.array_equal(said["zoe"], Prompts(cache=tmp_path).say("Good morning.", voice=str(how)))
    assert len({one.tobytes() for one in said.values()}) == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="espeak-ng has these voices, which is Linux's")
def test_voices_of_people_then_the_engine_has_them_and_those_to_choose_from_are_among_them():
    import espeakng_loader

    there = {path.name for path in (Path(espeakng_loader.get_data_path()) / "voices" / "!v").iterdir()}
    assert {manner.removeprefix("+") for manner in MANNERS} <= there
    assert {*VARIANTS} - {*MANNERS} == {""}
