"""What a prompt has in it: what it says is heard, and anything else is not, and told."""

import numpy as np
import pytest

from ivr.scenario.errors import ScenarioError
from ivr.scenario.hearing import CallerEar
from ivr.scenario.references import References, Sent
from ivr.scenario.sounds import PromptSound
from lobby.music import hold_music
from prompts import Prompts
from prompts.names import name_from
from tests.ivr.scenario.reading import FILE, steps, story

SPOKEN = Prompts()
NAMES = ("unknown-conference-id", "people-here", "joined", "left", "roll-call", "help-mute", "message-length",
         "confirm-digits")


@pytest.fixture(scope="module")
def references():
    return References({name: SPOKEN.fixed(name) for name in NAMES}, hold_music(8000)[:8000], {})


def a_name(text, voice, pause=0.3):
    """What a caller says after the tone: silence, his name, silence."""
    quiet = np.zeros(round(pause * 8000), np.int16)
    return np.concatenate([quiet, SPOKEN.say(text, voice=SPOKEN.voices[voice]), quiet])


def heard(references, prompt, asked, after=4000, **slots):
    """The ear of somebody to whom a prompt is said, and what is asked; rita and bela have recorded their names."""
    said = {"rita": a_name("Rita", 1), "bela": a_name("Bela Novak", 2)}
    of = references.afresh().spoken_by(SPOKEN, "en-US", lambda text: text)
    for name, samples in said.items():
        of.sent[name] = Sent(0)
        of.sent[name].append(samples)
    filled = {slot: [name_from(said[one][:-2000], 8000) if one in said else one for one in value]
              if slot == "names" else value for slot, value in slots.items()}
    ear = CallerEar(of, caller="anna", began_at=24_000)
    clips = [np.pad(clip, (0, -len(clip) % 160)) for clip in SPOKEN.clips(prompt, **filled)]
    whole = np.concatenate([np.zeros(4000, np.int16), *clips, np.zeros(after, np.int16)])
    for place in range(0, len(whole) - 159, 160):
        ear.hear(whole[place:place + 160])
    sound = steps("dial", f"hear: {{prompt: {prompt}, {asked}}}")[1].sound
    return ear, sound


@pytest.mark.parametrize(("prompt", "slots", "right", "wrong", "told"), [
    ("unknown-conference-id", {"conference_id": "9999991"}, "conference id: 9999991", "conference id: 1999999",
     "its conference id was 9999991"),
    ("people-here", {"count": 21}, "count: 21", "count: 20", "its count was 21"),
    ("message-length", {"seconds": 20}, "seconds: 20", "seconds: 21", "its seconds was 20"),
    ("help-mute", {"keys": "*6"}, "keys: '*6'", "keys: '*8'", "its keys was *6"),
    ("joined", {"names": ["rita"]}, "name: rita", "name: bela", "its name was rita's"),
    ("roll-call", {"names": ["bela", "rita", "a caller"]}, "names: [bela, rita, a-caller]",
     "names: [bela, rita]", ""),
    ("left", {"names": ["a caller"]}, "name: a-caller", "name: an-app-user", "its name was a-caller"),
    ("joined", {"names": ["+14255550199"]}, "name: '+14255550199'", "name: '+14255550198'", ""),
    ("confirm-digits", {"digits": "48216"}, "digits: 48216", "digits: 48217", "")])
def test_slot_when_a_prompt_is_said_then_heard_with_what_it_says_and_with_nothing_else(
        references, prompt, slots, right, wrong, told):
    ear, sound = heard(references, prompt, right, **slots)
    assert ear.find(sound, 24_000) is not None
    ear, sound = heard(references, prompt, wrong, **slots)
    assert ear.find(sound, 24_000) is None
    assert ear.find(PromptSound(prompt), 24_000) is not None
    assert ear.told_slots(sound, 24_000) == (f"; {told}" if told else "")


def test_slot_when_a_key_cuts_the_prompt_before_it_is_over_then_it_is_not_heard(references):
    ear, sound = heard(references, "unknown-conference-id", "conference id: 9999991", conference_id="999999")
    assert ear.find(sound, 24_000) is None


def test_slot_when_it_is_a_pin_then_no_step_shows_it():
    told = steps("dial", "hear: {prompt: confirm-digits, digits: 48215}")[1]
    assert told.said == "hear: {prompt: confirm-digits, digits: ****}"
    assert "48215" not in repr(told)


@pytest.mark.parametrize(("sound", "sentence"), [
    ("{prompt: welcome, count: 2}", "the prompt 'welcome' has no 'count': it says the same each time"),
    ("{prompt: joined, nam: anna}", "the prompt 'joined' has no 'nam'; did you mean 'name'?"),
    ("{prompt: joined, name: anna, names: anna}", "'name' and 'names' say the same: keep one of them"),
    ("{prompt: people-here, count: two}", "what a prompt says here takes a whole number from 0 to 999"),
    ("{prompt: contact-details, name: Zoe}", "the prompt 'contact-details' says digits too: write what "
     "that is to be"),
    ("{prompt: hold-music, count: 2}", "hold-music is no prompt: it is the same each time"),
    ("{count: 2}", "'count' stands beside a prompt that says one: write 'prompt' too"),
    ("{prompt: unknown-conference-id, conference id: '{conference id of bo}'}",
     "there is no organizer 'bo': list him under 'organizers', with his address")])
def test_slot_when_it_is_written_wrong_then_one_sentence_says_so(sound, sentence):
    with pytest.raises(ScenarioError) as caught:
        story(f"callers:\n  anna:\n    - hear: {sound}\n")
    assert str(caught.value) == f"{FILE}:3: {sentence}"
