"""What a story says is what is taken."""



import pytest

from ivr.clock import samples
from ivr.reading import compose
from ivr.scenario.desk.words import ExpectMails
from ivr.scenario.expectations import OUTCOMES, ExpectCaller, ExpectMeeting
from ivr.scenario.sounds import HoldMusic, PromptSound, Silence, ToneSound, VoiceSound
from ivr.scenario.steps import Dial, HangUpStep, Hear, In, NotHear, Press, SayStep, Wait
from ivr.scenario.words import STATES
from ivr.scenario.writing import SCENARIO
from tests.ivr.scenario.reading import FILE, WORDS, expect, steps, story


def test_story_when_it_says_the_least_then_the_rest_has_defaults():
    told = story("callers:\n  anna:\n    - dial\n")
    assert (told.title, told.source, told.profile) == ("story", "", "teams2021")
    assert (told.meetings, told.expect) == ((), ())


def test_meeting_when_it_says_all_then_all_is_taken():
    told = story("""
callers: {anna: [dial]}
meetings:
  - conference id: 0123456
    organizer: amos
    pin: 0001
    anyone may start: yes
    started in the app at: 1.5 min
  - {conference id: 1234567}
""")
    first, second = told.meetings
    assert (first.conference_id, first.pin, first.organizer, first.line) == ("0123456", "0001", "amos", 4)
    assert (first.anyone_may_start, first.started_in_app_at) == (True, samples(90))
    assert (second.pin, second.organizer, second.anyone_may_start, second.started_in_app_at) == \
        ("", "", False, None)


@pytest.mark.parametrize(("text", "lasting"), [
    ("20 ms", 160), ("20ms", 160), ("1 s", 8000), ("0.5 s", 4000), ("0 s", 0), ("2 min", 960_000),
    ("24 h", 691_200_000), ("  3   s ", 24_000)])
def test_duration_when_it_has_a_unit_then_it_is_brought_to_samples(text, lasting):
    assert steps("dial", f"wait: {text}")[1] == Wait(line=7, said=f"wait: {text.strip()}", lasting=lasting)


def test_steps_when_each_is_written_plainly_then_defaults_fill_the_rest():
    dial, press, say, hear, silent, state, leave = steps(
        "dial", "press: 0123456#", "say: Hello", "hear: welcome", "not hear: silence", "in: lobby", "hang up")
    assert isinstance(dial, Dial)
    assert (press.keys, press.tone_ms, press.gap_ms, press.level_dbm0) == ("0123456#", 100, 100, -10)
    assert say == SayStep(line=8, said="say: Hello", text="Hello")
    assert hear == Hear(line=9, said="hear: welcome", sound=PromptSound("welcome"), within=samples(30))
    assert silent == NotHear(line=10, said="not hear: silence", sound=Silence(), lasting=samples(3))
    assert state == In(line=11, said="in: lobby", state="lobby", within=samples(30))
    assert leave == HangUpStep(line=12, said="hang up")


@pytest.mark.parametrize("lines", [
    "press: {keys: '*#0AD', tone: 60 ms, gap: 45 ms, level: -20 dBm0}",
    "press: '*#0AD'\n      tone: 60 ms\n      gap: 45 ms\n      level: -20"])
def test_press_when_tones_are_described_then_either_way_of_writing_says_the_same(lines):
    press = steps(lines)[1]
    assert isinstance(press, Press)
    assert (press.keys, press.tone_ms, press.gap_ms, press.level_dbm0) == ("*#0AD", 60, 45, -20)


@pytest.mark.parametrize(("told", "sound"), [
    ("hold-music", HoldMusic()), ("silence", Silence()), ("arrival-tone", ToneSound("arrival")),
    ("departure-tone", ToneSound("departure")), ("{voice: anna}", VoiceSound("anna")),
    ("wrong-pin", PromptSound("wrong-pin")),
    ("{prompt: wrong-pin}", PromptSound("wrong-pin"))])
def test_hear_when_a_sound_is_named_then_it_is_that_one(told, sound):
    assert steps("dial", f"hear: {told}")[1].sound == sound
    assert steps("dial", f"not hear: {told}")[1].sound == sound


@pytest.mark.parametrize("name", WORDS.prompts)
def test_hear_when_a_prompt_of_the_catalogue_is_named_then_it_can_be_heard_whole(name):
    assert steps("dial", f"hear: {name}\n      whole: yes")[1].sound == PromptSound(name, whole=True)
    assert steps("dial", f"hear: {name}\n      whole: no")[1].sound == PromptSound(name)


@pytest.mark.parametrize("first", ["press: 1", "say: Hello", "hear: welcome", "not hear: silence", "in: greeting"])
def test_caller_when_a_step_needs_the_line_then_he_dials_just_before(first):
    done = steps("wait: 2 s", first)
    assert [type(step).__name__ for step in done[:2]] == ["Wait", "Dial"]
    assert done[1].line == done[2].line == 7


def test_caller_when_he_dials_himself_then_he_dials_once():
    assert [type(step) for step in steps("wait: 2 s", "dial", "press: 1")] == [Wait, Dial, Press]


@pytest.mark.parametrize("state", STATES)
def test_in_when_a_state_is_named_then_the_bridge_knows_it(state):
    assert steps(f"in: {state}")[1].state == state


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_expect_when_an_outcome_is_named_then_it_is_taken(outcome):
    assert story(expect(f"anna: {outcome}")).expect == (
        ExpectCaller(line=7, said=f"anna: {outcome}", caller="anna", outcome=outcome),)


def test_expect_when_it_is_of_a_meeting_then_who_started_it_is_taken():
    told = story(expect("meeting 1234567: started by anna", "meeting 1234567: not started", "mails: none"))
    assert told.expect == (
        ExpectMeeting(7, "meeting 1234567: started by anna", "1234567", "anna"),
        ExpectMeeting(8, "meeting 1234567: not started", "1234567", None),
        ExpectMails(9, "mails: none", count=0))


def test_story_when_it_holds_a_pin_then_neither_said_nor_repr_shows_it():
    text = ("meetings:\n  - conference id: 1234567\n    pin: 48215\ncallers:\n  anna:\n"
            "    - press: 1234567#*48215#\n    - say: My PIN is 48215\n    - press: {keys: 48215#}\n")
    told = story(text)
    assert [s.said for s in told.callers[0].steps] == [
        "dial", "press: 1234567#*****#", "say: My PIN is ****", "press: ****#"]
    assert told.callers[0].steps[1].keys == "1234567#*48215#"
    assert "48215" not in repr(told)
    assert "48215" not in repr(compose(text, FILE, SCENARIO))


def test_story_when_a_pin_is_part_of_an_id_then_the_id_is_shown_whole():
    told = story("meetings:\n  - conference id: 1234567\n    pin: 3456\ncallers:\n  anna:\n"
                 "    - press: 1234567#*3456#\n")
    assert told.callers[0].steps[1].said == "press: 1234567#*****#"
