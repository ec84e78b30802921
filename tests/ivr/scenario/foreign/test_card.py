"""Stories that call whoever is at a sound card: played in memory, at a bridge of ours on a card that is crossed."""

from pathlib import Path

import numpy as np
import pytest
from farside import story

import dtmf
from ivr.assembly import assembled
from ivr.cli.kit import prompts, stage
from ivr.clock import FRAME, RATE, samples
from ivr.conference.profile import PROFILES, profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.engine.handsets import Handsets
from ivr.lines.soundcard.band import HighPass, through
from ivr.lines.soundcard.line import SoundCardLine
from ivr.lines.soundcard.phone import CardPhone
from ivr.lines.soundcard.stretch import Stretcher
from ivr.report.redact import keyed
from ivr.scenario.foreign.calling import CallingOut
from ivr.scenario.grammar import Words, parse
from ivr.scenario.target import CardTarget

WORDS = Words(prompts().names(), PROFILES)
MEETING = "meetings:\n  - conference id: 1234567\n    pin: 48215\n"


class End:
    """One end of a cable between two cards: what is played here is heard there, so many frames later.

    The microphone there is as any, and this end's clock may be faster, or between the samples of the other one.
    """

    def __init__(self, lag_s=0.04, db=0.0, late=1, ppm=0, echo=0.0):
        self.lag_s, self.gain, self.ppm = lag_s, 10 ** (db / 20), ppm
        self.echo, self.comes_back = echo, np.zeros(FRAME, np.int16)
        self.stretcher, self.microphone = Stretcher(RATE), HighPass()
        self.heard = np.zeros(FRAME, np.int16)
        self.sound = np.zeros(FRAME * late, np.int16)

    full = False

    def play(self, frame):
        self.comes_back = (frame * self.echo).astype(np.int16)
        played = (frame * self.gain).astype(np.int16)
        played = self.stretcher.feed(played, self.ppm) if self.ppm else played
        self.sound = np.concatenate([self.sound, self.microphone.feed(played)])

    def heard_there(self):
        frame, self.sound = self.sound[:FRAME], self.sound[FRAME:]
        return np.concatenate([frame, np.zeros(FRAME - len(frame), np.int16)])


def at_card(text, *, near=None, far=None, most_s=60):
    """Play a story at a bridge of ours, whose caller is the sound card; return how it went, and the bridge."""
    near, far, phone = near or End(), far or End(), CardPhone()
    calling = CallingOut(parse(text, Path("story.yaml"), WORDS), stage(), phone, through=through)
    phone.by(near)
    bridge, exchange = assembled(stage(), Meetings([Meeting("1234567", "48215", "amos")]), profile("teams2021"),
                                 [Handsets([SoundCardLine("caller", far)], can=frozenset())])
    while not calling.over:
        assert calling.now < samples(most_s), "the story does not end"
        near.heard, far.heard = far.heard_there() + near.comes_back, near.heard_there()
        calling.step()
        exchange.step()
    return calling.end(), bridge


GETS_IN = ["dial", "answered", "hear: welcome", "hear: enter-conference-id", "press: 1234567#",
           "hear: organizer-question", 'press: "*48215#"']


def test_a_story_at_a_sound_card_when_the_bridge_does_as_it_says_then_it_comes_true_and_no_key_is_shown():
    text = story([*GETS_IN, "hear: meeting-started-by-you", "hang up"], MEETING, target="soundcard")
    result, bridge = at_card(text)
    assert result.passed
    assert bridge.journal.of("started")
    assert [entry.facts["what"] for entry in result.journal.of("heard")] == [
        "welcome", "enter-conference-id", "organizer-question", "meeting-started-by-you"]
    assert {entry.facts["by"] for entry in result.journal.of("key")} == {"audio"}
    assert "48215" not in result.journal.text() + repr(result)


def test_a_story_at_a_sound_card_when_it_expects_something_else_then_it_says_what_was_heard_instead():
    result, _ = at_card(story([*GETS_IN, "hear: wrong-pin", "within: 2 s"], MEETING, target="soundcard"))
    assert [failure.line for failure in result.failures] == [14]
    assert "the prompt meeting-started-by-you" in result.failures[0].instead


def test_keys_at_a_sound_card_when_they_come_back_through_the_room_then_in_no_recording_of_what_was_heard():
    text = story(["dial", "hear: welcome", "press: '48215#'", "wait: 1 s"], MEETING, target="soundcard")
    take = at_card(text, near=End(echo=0.5))[0].takes[0]
    assert dtmf.digits(dtmf.decode(take.spoke, RATE)) == "48215#"
    assert (keyed(take.heard), take.heard[:RATE // 2].any()) == ([], True)


@pytest.mark.parametrize(("step", "near", "far", "instead"), [
    ("hear: {prompt: welcome}\n      at: 0 s +- 10 ms", {"lag_s": 0.0}, {"late": 3}, "it began at 0.0"),
    ("hear: {prompt: welcome}\n      at: 0 s +- 10 ms", {"lag_s": 0.08}, {"late": 3}, ""),
    ("hear: {prompt: welcome}\n      at: 0 s +- 10 ms", {"lag_s": 0.08}, {"late": 7},
     "and the line is 80 ms late"),
    ("hear: welcome", {}, {"db": -25}, ""),
    ("hear: {prompt: welcome}\n      level: -16 dBm0 +- 3", {}, {}, ""),
    ("hear: {prompt: welcome}\n      level: -16 dBm0 +- 3", {}, {"db": -25}, "dBm0"),
])
def test_what_is_heard_by_a_card_when_it_is_late_or_faint_then_judged_where_the_story_says_so(
        step, near, far, instead):
    result, _ = at_card(story(["dial", step, "wait: 3 s"], target="soundcard"), near=End(**near), far=End(**far))
    told = [failure.instead for failure in result.failures]
    assert len(told) == bool(instead)
    assert not told or instead in told[0]


@pytest.mark.parametrize("ppm", [130, -950])
def test_what_is_heard_by_a_card_when_its_clock_is_another_then_recognised_whole_and_music_without_a_break(ppm):
    steps = ["dial", "hear: enter-conference-id", "press: 1234567#", "hear: record-name\n      whole: yes",
             "hear: hold-music\n      for: 4 s", "not hear: hold-music"]
    result, _ = at_card(story(steps, target="soundcard"), far=End(ppm=ppm, late=9))
    assert [failure.step for failure in result.failures] == ["not hear: hold-music"]


def test_a_sound_card_with_names_then_read():
    card = "{soundcard: {microphone: USB, speaker: '3', rate: 44100}}"
    read = parse(story(["dial"], target=card), Path("story.yaml"), WORDS)
    assert (read.target, read.card) == ("soundcard", CardTarget("USB", "3", 44100, 1))
    over = parse(story(["dial"], target=card), Path("story.yaml"), Words(WORDS.prompts, PROFILES, target="sip:a@b"))
    assert (over.target, over.card) == ("sip:a@b", None)
    bare = parse("callers:\n  anna:\n    - dial\n", Path("story.yaml"),
                 Words(WORDS.prompts, PROFILES, target="soundcard"))
    assert (bare.target, bare.card) == ("soundcard", CardTarget())


def test_a_card_when_it_has_a_caller_then_it_takes_no_other():
    phone = CardPhone()
    phone.add(object())
    with pytest.raises(ValueError, match="one caller"):
        phone.add(object())
