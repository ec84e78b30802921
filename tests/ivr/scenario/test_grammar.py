"""What the scenario language takes, and what it says to those who mistype."""

from pathlib import Path

import pytest

from ivr.clock import samples
from ivr.scenario.errors import ScenarioError
from ivr.scenario.grammar import Words, load, parse
from ivr.scenario.sounds import HoldMusic, Prompt, Silence, Tone, Voice
from ivr.scenario.steps import Dial, ExpectCaller, ExpectMeeting, HangUp, Hear, In, NotHear, Play, Press, Say, Wait

WORDS = Words(("welcome", "enter-conference-id", "wrong-pin"), ("teams2021",))
MEETINGS = """\
meetings:
  - organizer: amos@contoso.com
    conference id: 1234567
    pin: 48215
"""
CALLERS = """\
callers:
  anna:
    - dial
"""
WHOLE = """\
title: Everything
source: S0.15
profile: teams2021
meetings:
  - organizer: amos@contoso.com
    conference id: 0123456
    pin: 48215
    anyone may start: yes
    started in the app at: 10 s
callers:
  anna:
    - wait: 500 ms
    - dial
    - hear: enter-conference-id
      whole: yes
      within: 1 min
    - press: 0123456#
    - press: {keys: "*48215#", tone: 60 ms, gap: 50 ms, level: -20 dBm0}
    - play: bela.wav
    - say: Good morning, this is Anna.
    - hear: {voice: bela}
    - not hear: hold-music
      for: 5 s
    - hear: silence
    - hear: arrival-tone
    - in: meeting
      within: 0.5 h
    - hang up
  bela:
    - hear: welcome
expect:
  - meeting 0123456: started by bela
  - anna: joined
  - mails: none
"""


def read(text, path="story.yaml"):
    return parse(text, Path(path), WORDS)


def complaint(text):
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return str(caught.value)


def steps(*lines):
    text = MEETINGS + "callers:\n  anna:\n" + "".join(f"    {line}\n" for line in lines)
    return read(text).callers[0].steps


@pytest.fixture
def story(tmp_path):
    (tmp_path / "bela.wav").write_bytes(b"")
    path = tmp_path / "story.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def test_load_when_every_word_is_used_then_each_is_a_value_with_its_line(story):
    scenario = load(story, WORDS)
    assert (scenario.title, scenario.source, scenario.profile) == ("Everything", "S0.15", "teams2021")
    meeting = scenario.meetings[0]
    assert (meeting.conference_id, meeting.pin) == ("0123456", "48215")
    assert (meeting.anyone_may_start, meeting.started_in_app_at) == (True, samples(10))
    anna = scenario.callers[0].steps
    assert [type(step) for step in anna] == [Wait, Dial, Hear, Press, Press, Play, Say, Hear, NotHear, Hear,
                                             Hear, In, HangUp]
    assert [step.line for step in anna] == [12, 13, 14, 17, 18, 19, 20, 21, 22, 24, 25, 26, 28]
    assert anna[0].lasting == samples(0.5)
    assert (anna[2].sound, anna[2].within) == (Prompt("enter-conference-id", whole=True), samples(60))
    assert anna[3].keys == "0123456#"
    assert (anna[4].keys, anna[4].tone_ms, anna[4].gap_ms, anna[4].level_dbm0) == ("*48215#", 60, 50, -20)
    assert anna[5].path == story.parent / "bela.wav"
    assert anna[7].sound == Voice("bela")
    assert (anna[8].sound, anna[8].lasting) == (HoldMusic(), samples(5))
    assert [anna[9].sound, anna[10].sound] == [Silence(), Tone("arrival")]
    assert (anna[11].state, anna[11].within) == ("meeting", samples(1800))
    assert [type(wish) for wish in scenario.expect] == [ExpectMeeting, ExpectCaller]
    assert scenario.expect[0].started_by == "bela"


def test_load_when_nothing_but_callers_is_given_then_the_rest_has_defaults():
    scenario = read(CALLERS)
    assert (scenario.title, scenario.profile, scenario.meetings, scenario.expect) == ("story", "teams2021", (), ())
    hear, absent, there = steps("- hear: welcome", "- not hear: silence", "- in: lobby")[1:]
    assert (hear.within, absent.lasting, there.within) == (samples(30), samples(3), samples(30))


@pytest.mark.parametrize("line", ["- press: 1", "- say: hello", "- hear: welcome", "- not hear: welcome",
                                  "- in: lobby"])
def test_caller_when_the_first_step_needs_a_line_then_dials_there(line):
    done = steps("- wait: 2 s", line)
    assert [type(step) for step in done[:2]] == [Wait, Dial]
    assert done[1].line == done[2].line


@pytest.mark.parametrize(("pin", "line", "said"), [
    ("48215", '- press: "48215#"', "press: ****#"),
    ("48215", '- press: "1234567#*48215#"', "press: 1234567#*****#"),
    ("2345", "- press: 1234567#", "press: 1234567#"),
    ("123456789012", "- press: 123456789012#", "press: ****#"),
    ("48215", "- say: It is 48215.", "say: It is ****."),
])
def test_step_when_it_holds_a_pin_then_is_told_without_it(pin, line, said):
    text = MEETINGS.replace("48215", pin) + CALLERS + f"    {line}\n"
    scenario = read(text)
    assert scenario.callers[0].steps[1].said == said
    if "say" not in line:
        assert pin not in repr(scenario).replace("1234567", "")


@pytest.mark.parametrize("line", ["prss 48215#", "press 48215#", "press: *48215", "press: *48215#", "48215#: x",
                                  "press: 48215x"])
def test_complaint_when_a_pin_was_mistyped_then_does_not_show_it(line):
    assert "48215" not in complaint(MEETINGS + CALLERS + f"    - {line}\n")


@pytest.mark.parametrize(("text", "says"), [
    ("", "story.yaml: the file is empty"),
    ("- a", "story.yaml:1: a scenario is written as 'key: value' lines, not as a list"),
    ("hello", "not as 'hello'"),
    ("title: x", "story.yaml:1: a scenario needs 'callers'"),
    ("callers: {}", "name at least one caller"),
    ("callers:\n  anna:\n", "what anna does is a list"),
    ("callers:\n  anna:\n    - wait: 2 s\n", "anna never dials"),
    ("callers:\n  ../x:\n    - dial\n", "'../x' cannot be a caller's name"),
    ("callers:\n  mails:\n    - dial\n", "'mails' cannot be a caller's name"),
    ("? [a]\n: b\n", "a key must be a word"),
    (CALLERS + CALLERS, "story.yaml:4: 'callers' stands here twice"),
    ("caller:\n" + CALLERS, "a scenario has no 'caller'; did you mean 'callers'?"),
    ("profile: teams2012\n" + CALLERS, "there is no profile 'teams2012'; did you mean 'teams2021'?"),
    ("title: [1\n", "this is not YAML"),
    ("\ttitle: x", "this is not YAML"),
    ("title: \x00", "this is not YAML"),
    ("[" * 5000, "nested too deep"),
    ("callers: &a\n  anna: *a\n", "nested too deep"),
], ids=lambda value: repr(value)[:30])
def test_parse_when_the_file_is_no_scenario_then_one_sentence_says_where_and_why(text, says):
    told = complaint(text)
    assert says in told
    assert told.startswith("story.yaml:")
    assert "\n" not in told


@pytest.mark.parametrize(("old", "new", "says"), [
    ("1234567", "123456", "story.yaml:3: '123456' is not a conference ID: one has exactly 7 digits"),
    ("48215", "482", "story.yaml:4: this PIN has 3 characters: a PIN has 4 to 12 digits"),
    ("48215", "4821512345678", "this PIN has 13 characters"),
    ("48215", "4821a", "nothing else"),
    ("pin", "pim", "a meeting has no 'pim'; did you mean 'pin'?"),
    ("pin: 48215", "anyone may start: maybe", "'maybe' is neither 'yes' nor 'no'"),
    ("pin: 48215", "started in the app at: 10", "'10' is not a length of time"),
    ("  - org", "  - {conference id: 1234567, pin: 1111}\n  - org", "the conference ID 1234567 is already taken"),
])
def test_meeting_when_it_is_wrong_then_the_complaint_names_it(old, new, says):
    told = complaint(MEETINGS.replace(old, new) + CALLERS)
    assert says in told
    assert new.split(": ")[-1] not in told or "pin" not in old


@pytest.mark.parametrize(("line", "says"), [
    ("- pres: 1", "there is no step 'pres'; did you mean 'press'?"),
    ("- dal", "there is no step 'dal'; did you mean 'dial'?"),
    ("- hear welcome", "the step 'hear' needs a colon"),
    ("- dial: now", "'dial' stands alone"),
    ("- dial", "anna dials twice"),
    ("- press: 12x4", "'x' is not a key: there are 0-9, *, # and A-D"),
    ("- press: #", "in quotation marks"),
    ("- press: *", "in quotation marks"),
    ("- press: {tone: 60 ms}", "needs 'keys'"),
    ("- press: {keys: 1, ton: 60 ms}", "has no 'ton'; did you mean 'tone'?"),
    ("- press: {keys: 1, tone: 5 ms}", "'5 ms' is no length for a key"),
    ("- press: {keys: 1, level: 9 dBm0}", "'9 dBm0' is not a level"),
    ("- wait: 2", "'2' is not a length of time: write a number and ms, s, min or h"),
    ("- wait: two s", "'two s' is not a length of time"),
    ("- wait: 25 h", "'25 h' is longer than a day"),
    ("- play: calls/x.wav", "there is no recording 'calls/x.wav'"),
    ("- say:", "what is said is empty"),
    ("- hear: wrong-pim", "there is no prompt or sound 'wrong-pim'; did you mean 'wrong-pin'?"),
    ("- hear: {voice: ana}", "there is no caller 'ana'; did you mean 'anna'?"),
    ("- hear: anna", "'anna' is a caller: to hear his voice, write {voice: anna}"),
    ("- {hear: silence, whole: yes}", "only a prompt can be heard whole"),
    ("- {hear: silence, withn: 2 s}", "has no 'withn'; did you mean 'within'?"),
    ("- {not hear: silence, within: 2 s}", "the step 'not hear' has no 'within'"),
    ("- in: loby", "there is no state 'loby'; did you mean 'lobby'?"),
])
def test_step_when_it_is_wrong_then_the_complaint_names_line_and_nearest_word(line, says):
    told = complaint(MEETINGS + CALLERS + f"    {line}\n")
    assert says in told
    assert told.startswith("story.yaml:8: ")


@pytest.mark.parametrize(("line", "says"), [
    ("meeting 1234568: not started", "there is no meeting '1234568'"),
    ("meeting 1234567: started by ana", "there is no caller 'ana'; did you mean 'anna'?"),
    ("meeting 1234567: begun", "'started by NAME' or 'not started', not 'begun'"),
    ("anna: joind", "there is no outcome 'joind'; did you mean 'joined'?"),
    ("ana: joined", "there is no caller 'ana'; did you mean 'anna'?"),
    ("mails: 2", "write 'mails: none'"),
])
def test_expectation_when_it_is_wrong_then_the_complaint_names_it(line, says):
    assert says in complaint(MEETINGS + CALLERS + f"expect:\n  - {line}\n")


def test_expectation_when_started_with_the_app_then_by_the_organizers_address():
    text = MEETINGS + "    started in the app at: 5 s\n" + CALLERS
    wish = read(text + "expect:\n  - meeting 1234567: started by amos@contoso.com\n").expect[0]
    assert wish.started_by == "amos@contoso.com"


@pytest.mark.parametrize(("made", "says"), [
    (lambda path: None, "there is no such file"),
    (lambda path: path.mkdir(), "this is a folder"),
    (lambda path: path.write_bytes(b"title: \xff\n"), "this is not UTF-8 text"),
    (lambda path: path.write_bytes(b""), "the file is empty"),
], ids=["missing", "folder", "latin-1", "empty"])
def test_load_when_the_file_cannot_be_read_then_says_why(tmp_path, made, says):
    path = tmp_path / "story.yaml"
    made(path)
    with pytest.raises(ScenarioError, match=says):
        load(path, WORDS)


def test_load_when_the_file_begins_with_a_byte_order_mark_then_is_read(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text("\ufeff" + CALLERS, encoding="utf-8")
    assert load(path, WORDS).callers[0].name == "anna"
