"""Several steps in one mapping are done one after the other, for whoever does them."""

import pytest

from ivr.scenario.errors import ScenarioError
from tests.ivr.scenario.reading import steps, story
from tests.ivr.scenario.test_schema import slips

STORY = """\
meetings: [{organizer: amos.marble@contoso.com, conference id: 1234567, pin: 48215}]
administrator: [{wait for: anna, in: lobby, settings: {pin-length: 6}, reset pin: amos, pin: "739214"}]
templates:
  waiter:
    - {voice: m3, line: none, wait: 1 s, press: 1234567#1, tone: 60 ms, hear: hold-music, within: 9 s, for: 2 s}
    - {repeat: 2, steps: [{say: Hello., wait: "${n} s"}], in: meeting}
callers:
  anna: {like: waiter}
  bela: {like: waiter, after: 2500 ms}
  2 more: {like: waiter, after: 3 s, every: 1 s}
app: [{wait: 5 s, join: 1234567, by: rita, lock: 1234567}, {repeat: 2, steps: [{wait: "${n} s", unlock: 1234567}]}]
participants:
  zoe: [{join: 1234567, say: I am here., wait: 2 s, leave: 1234567}]
"""


def test_mapping_when_it_has_several_steps_then_each_is_done_with_what_follows_its_word():
    read = story(STORY)
    anna, bela, *more = read.callers
    said = [step.said for step in anna.steps]
    assert said == ["voice: m3", "line: none", "wait: 1 s", "dial", "press: 1234567#1", "hear: hold-music, for 2 s",
                    "say: Hello.", "wait: 1 s", "say: Hello.", "wait: 2 s", "in: meeting"]
    assert anna.steps[4].tone_ms == 60
    assert (anna.steps[5].within, anna.steps[5].lasting) == (9 * 8000, 2 * 8000)
    assert [step.said for step in bela.steps] == ["wait: 2500 ms", *said]
    assert [one.steps[0].said for one in more] == ["wait: 3000 ms", "wait: 4000 ms"]
    assert [order.word for order in read.desk.orders] == ["wait for", "settings", "reset pin"]
    assert [step.word for step in read.app] == ["wait", "join", "lock", *["wait", "unlock"] * 2]
    assert [step.lasting for step in read.app[3::2]] == [8000, 16000]
    assert [step.word for step in read.participants[0].steps] == ["join", "say", "wait", "leave"]
    assert slips(STORY) == []


def test_mapping_when_its_steps_stand_in_lines_then_each_has_its_own():
    read = steps("press: 1234567#\n      hear: organizer-question\n      within: 9 s")
    assert [step.line for step in read[1:]] == [6, 7]


@pytest.mark.parametrize(("line", "told"), [
    ("{press: 1234567#, haer: hold-music}", "the step 'press' has no 'haer'; did you mean 'hear'?"),
    ("{press: 1234567#, within: 3 s, hear: hold-music}", "the step 'press' has no 'within'"),
    ("{hear: hold-music, tone: 60 ms, press: 1}", "the step 'hear' has no 'tone'"),
    ("{press: 1, hear: loby}", "'loby'"),
])
def test_mapping_when_a_word_is_wrong_then_told_of_the_step_that_it_follows(line, told):
    with pytest.raises(ScenarioError) as caught:
        steps(line)
    assert told in str(caught.value)
