"""An application needs its own folder, its prompts, and the line that says where its number leads."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.scenario.grammar import Words, parse
from ivr.scenario.player import play
from tests.ivr.engine.own_menu import OwnMenu

NUMBER = "+14255550199"
TEXTS = {"own-menu": "Press 1 to hear the time. Press 2 to record and hear yourself.",
         "own-what": "That was nothing.", "own-goodbye": "Goodbye, then.",
         "own-first-minute": "It is the first minute.", "own-later": "It is later than that."}
STORY = f"""
meetings:
  - conference id: 1234567
    pin: 48215
callers:
  anna:
    - dial: {{number: "{NUMBER}", from: "+14255550101"}}
    - hear: own-menu
    - press: 1
    - hear: own-first-minute
    - hear: own-menu
    - press: 2
    - in: recording
    - wait: 600 ms
    - say: This is me, on this very line
    - hear: own-menu
    - press: 7
    - hear: own-what
  bela:
    - dial
    - hear: enter-conference-id
    - press: 1234567#
    - hear: organizer-question
"""


class Voice:
    """The prompts of the bridge, and those of the menu."""

    def __init__(self):
        self.common = stage().voice
        self.own = {name: [prompts().say(text)] for name, text in TEXTS.items()}

    def slots(self, name, /):
        return () if name in self.own else self.common.slots(name)

    def clips(self, name, language="", /, **slots):
        return self.own[name] if name in self.own else self.common.clips(name, language, **slots)

    def text(self, name, language="", /, **slots):
        return TEXTS[name] if name in TEXTS else self.common.text(name, language, **slots)


def test_own_menu_when_a_story_calls_its_number_then_it_is_walked_and_the_conference_is_as_ever():
    voice = Voice()
    sounds = replace(stage(), voice=voice, fixed={**stage().fixed, **voice.own}, leads={NUMBER: OwnMenu})
    words = Words((*prompts().names(), *TEXTS), PROFILES)
    result = play(parse(STORY, Path("own.yaml"), words), sounds)
    assert [str(failure) for failure in result.failures] == []
    states = [entry.facts["state"] for entry in result.journal.of("state", caller="anna")]
    assert states == ["menu", "menu", "recording", "playing", "menu", "ended"]
    # what she hears of herself is what she said after the tone
    anna = next(take for take in result.takes if take.caller == "anna")
    began, ended = ([entry.at for entry in result.journal.of("state", caller="anna")][n] - anna.dialled_at
                    for n in (3, 4))
    heard, said = (part.astype(float) for part in (anna.heard[began:ended], anna.spoke[:began]))
    found = np.fft.irfft(np.fft.rfft(said, 1 << 19) * np.conj(np.fft.rfft(heard, 1 << 19)))
    place = int(found.argmax())
    assert found.max() / np.linalg.norm(heard) / np.linalg.norm(said[place:place + len(heard)]) > 0.99
    assert np.linalg.norm(heard) > 0.95 * np.linalg.norm(said[place:place + len(heard)])
