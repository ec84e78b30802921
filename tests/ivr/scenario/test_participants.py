"""People with the app who have voices, and a desk that is set up and left in order."""

import pytest

from ivr.cli.kit import stage
from ivr.scenario.errors import ScenarioError
from ivr.scenario.player import play
from tests.ivr.scenario.reading import FILE, story
from tests.ivr.scenario.test_schema import slips

MEETING = "meetings:\n  - {conference id: 1234567, pin: 48215, options: {name-recording: no}}\n"
WITH_RITA = f"""{MEETING}callers:
  anna:
    - press: 1234567#1
    - in: meeting
    - hear: {{voice: rita}}
      within: 3 s
participants:
  rita:
    - wait for: {{caller: anna, in: lobby}}
    - join: 1234567
    - say: Good morning, this is Rita.
"""


def test_participant_when_her_step_does_not_come_true_then_it_is_told_by_her_name():
    result = play(story(WITH_RITA.replace("in: lobby}", "in: meeting, within: 1 s}")), stage())
    assert ("rita", 11, "wait for: {caller: anna, in: meeting}") in {
        (one.caller, one.line, one.step) for one in result.failures}


@pytest.mark.parametrize(("wrong", "right", "sentence"), [
    ("  anna:\n", "  rita:\n", ":10: 'rita' cannot be a participant's name: a caller is called so"),
    ("    - join: 1234567\n", "", ":12: rita is in no meeting here: write 'join' first, and which"),
    ("say:", "sy:", ":13: there is no step 'sy' of a participant; did you mean 'say'?"),
    ("join: 1234567", "join: 1234567\n      by: zoe", ":13: 'join' is done by himself here: leave out 'by'"),
    ("say: Good morning, this is Rita.", "play: rita.wav",
     ":13: there is no recording 'rita.wav' beside the scenario: check the path"),
    ("voice: rita", "voice: ritta", ":7: there is no caller 'ritta'; did you mean 'rita'?"),
    ("say: Good morning, this is Rita.", "say: Hello\n      within: 3 s",
     ":14: the step 'say' has no 'within': it stands alone")])
def test_participants_when_they_are_written_wrong_then_one_sentence_says_so(wrong, right, sentence):
    assert wrong in WITH_RITA
    with pytest.raises(ScenarioError) as caught:
        story(WITH_RITA.replace(wrong, right))
    assert str(caught.value) == f"{FILE}{sentence}"
    assert slips(WITH_RITA) == []


def test_participant_when_she_says_a_pin_then_no_step_shows_it():
    told = story(WITH_RITA.replace("this is Rita", "my PIN is 48215"))
    assert told.participants[0].steps[-1].said == "say: Good morning, my PIN is ****."


DESK = """begins: 2021-12-24 23:00 +01:00
organizers:
  - {address: amos.marble@contoso.com, name: Amos Marble, pin: 48215}
  - {address: zoe.ng@contoso.com, name: Zoe Ng}
set up:
  - reset pin: zoe
callers:
  anna:
    - hear: goodbye-no-conference-id
      within: 100 ms
tear down:
  - reset pin: {organizer: amos, pin: 1}
  - disable: zoe
"""


def test_desk_when_the_story_fails_then_it_is_torn_down_all_the_same():
    result = play(story(DESK), stage())
    done = [(entry.event, entry.facts.get("what", entry.facts.get("kind"))) for entry in result.journal.of(
        "desk", "letter", "dialled")]
    assert done == [("desk", "reset pin"), ("letter", "pin-reset"), ("dialled", None), ("desk", "reset pin"),
                    ("desk", "disable"), ("letter", "turned-off")]


def test_desk_when_it_cannot_be_set_up_then_nobody_calls():
    result = play(story(DESK.replace("reset pin: zoe", "reset pin: {organizer: zoe, pin: 1}")), stage())
    assert result.failures[0].caller == "administrator"
    assert result.failures[0].line == 6
