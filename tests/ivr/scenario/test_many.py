"""What a story writes once and means many times."""

from dataclasses import replace

import pytest

from ivr.cli.faults import UsageError
from ivr.cli.kit import stage
from ivr.cli.suite.means import Means, check_given, settings
from ivr.journal import lines
from ivr.scenario.errors import ScenarioError
from ivr.scenario.grammar import parse
from ivr.scenario.player import play
from ivr.scenario.steps import Dial, Press, Wait
from tests.ivr.scenario.reading import FILE, WORDS, story
from tests.ivr.scenario.test_schema import slips

WAITERS = """\
vars: {id: 1234567, pin: 48215, for: 2 s}
templates:
  visitor:
    - press: ${id}#
    - repeat: 2
      steps:
        - wait: ${for}
        - say: I am here for the ${n}. time.
    - say: I am number ${n}.
meetings:
  - {conference id: "${id}", pin: "${pin}"}
callers:
  3 waiters: {like: visitor, every: 200 ms}
  amos:
    - press: ${id}#*${pin}#
expect:
  - waiters: never joined
"""


def given(text, **values):
    return parse(text, FILE, replace(WORDS, given=values))


def test_group_when_it_is_read_then_each_has_the_steps_of_the_template_a_little_later():
    read = story(WAITERS)
    amos, *waiters = read.callers
    assert amos.steps[1].said == "press: 1234567#*****#"
    assert [one.name for one in waiters] == ["waiters 1", "waiters 2", "waiters 3"]
    third = waiters[2].steps
    assert [type(step) for step in third[:3]] == [Wait, Dial, Press]
    assert [step.lasting for step in third if isinstance(step, Wait)] == [3200, 16000, 16000]
    assert [step.said for step in third if step.said.startswith("say")] == [
        "say: I am here for the 1. time.", "say: I am here for the 2. time.", "say: I am number 3."]
    assert [(one.caller, one.line) for one in read.expect] == [(f"waiters {n}", 17) for n in (1, 2, 3)]
    assert slips(WAITERS) == []


def test_group_when_the_journal_or_keys_of_each_are_expected_then_each_is_meant_and_one_may_be():
    told = WAITERS.replace("- waiters: never joined", """- journal: waiters refused never
  - journal: waiters 2 joined never
  - {digits of waiters: 1234567#, amos: joined}""")
    expected = story(told).expect
    assert [one.words[:3] for one in expected[:4]] == [
        ("waiters", "1", "refused"), ("waiters", "2", "refused"), ("waiters", "3", "refused"),
        ("waiters", "2", "joined")]
    assert [one.caller for one in expected[4:]] == ["waiters 1", "waiters 2", "waiters 3", "amos"]
    result = play(given(told), stage())
    assert [str(one) for one in result.failures] == []
    wrong = play(given(told.replace("waiters refused never", "waiters dialled never")), stage())
    assert len(wrong.failures) == 3


def test_variable_when_it_is_given_another_value_then_that_one_counts():
    read = given(WAITERS, id="7654321", unused="x")
    assert read.meetings[0].conference_id == "7654321"
    assert given(WAITERS.replace("id: 1234567", "id:"), id="7654321").meetings == read.meetings


BAD = {
    "no value": (WAITERS.replace("pin: 48215,", "pin: ,"),
                 ":1: the variable 'pin' has no value: write one, or give it by --set pin=VALUE"),
    "no such variable": (WAITERS.replace("${id}#\n", "${ide}#\n"),
                         ":4: there is no variable 'ide'; did you mean 'id'?"),
    "a copy's number": (WAITERS.replace("{id:", "{n: 1, id:"),
                        ":1: 'n' cannot be a variable: use letters, digits, - and _, a letter first, and not 'n', "
                        "which is the number of a copy"),
    "like nobody": (WAITERS.replace("like: visitor", "like: visiter"),
                    ":13: there is nobody 'visiter'; did you mean 'visitor'?"),
    "like one another": ("callers:\n  anna: {like: bela}\n  bela: {like: anna}\n",
                         ":3: bela is like anna, which leads back here (line 2 and line 3): one needs steps of "
                         "his own"),
    "like himself": ("callers:\n  anna: {like: anna}\n",
                     ":2: anna is like anna, which is himself: one needs steps of his own"),
    "templates in a circle": ("templates:\n  one: {like: two}\n  two: {like: one}\ncallers:\n  anna: {like: two}\n",
                              ":2: one is like two, which leads back here (line 5 and line 3 and line 2): one "
                              "needs steps of his own"),
    "nobody": (WAITERS.replace("3 waiters", "0 waiters"),
               ":13: '0 waiters' are too few: a group has 1 to 1000"),
    "no list": ("callers:\n  anna:\n    press: 1\n    hear: welcome\n",
                ":2: what anna does is a list of steps: begin each with '- '"),
    "a voice too late": ("callers:\n  anna: [{say: Hello., voice: m3}]\n",
                         ":2: 'voice' holds from here on: write it before 'say'"),
    "no such voice": ("callers:\n  anna: [{voice: m2, say: Hello.}]\n",
                      ":2: there is no voice 'm2' to speak in; did you mean 'm7'?"),
    "like no one": (WAITERS.replace("like: visitor, ", ""),
                    ":13: 3 waiters needs 'like', whose steps are done, or a list of steps"),
    "too many": (WAITERS.replace("3 waiters", "1001 waiters"),
                 ":13: '1001 waiters' are too many: a group has 1 to 1000"),
    "no rounds": (WAITERS.replace("repeat: 2", "repeat: 0"),
                  ":5: '0' is no number of rounds: write 1 to 1000"),
    "nothing repeated": (WAITERS.replace("steps:", "stops:"),
                         ":6: the step 'repeat' has no 'stops'; did you mean 'steps'?"),
    "one of them twice": (WAITERS.replace("amos:", "waiters 2:"),
                          ":13: 'waiters 2' is a caller already: name the group otherwise"),
}


@pytest.mark.parametrize("name", BAD)
def test_story_when_what_it_repeats_is_wrong_then_one_sentence_says_where(name):
    text, sentence = BAD[name]
    with pytest.raises(ScenarioError) as caught:
        story(text)
    assert str(caught.value) == f"story.yaml{sentence}"


def test_settings_when_they_are_typed_then_names_and_values_and_one_that_is_none_is_told():
    assert settings(["id=1234567", "greeting=a=b"]) == (("id", "1234567"), ("greeting", "a=b"))
    for wrong, told in (("48215", r"\*\*\*\*"), ("=48215", ""), ("1d=48215", "1d")):
        with pytest.raises(UsageError, match=f"--set {told}: write NAME=VALUE") as caught:
            settings([wrong])
        assert "48215" not in str(caught.value)


def test_settings_when_no_story_has_the_variable_then_a_sentence_names_the_nearest(tmp_path):
    path = tmp_path / "story.yaml"
    path.write_text("vars: {id: 1234567, pin: 48215}\ncallers:\n  anna:\n    - press: ${id}#${pin}#\n", "utf-8")
    check_given(Means(given=(("id", "7654321"),)), [path])
    with pytest.raises(UsageError) as caught:
        check_given(Means(given=(("id", "7654321"), ("pim", "90371"))), [path])
    assert str(caught.value) == "--set pim=...: no story here has a variable 'pim'; did you mean 'pin'?"


MEETINGS = """\
meetings:
  - {conference id: 1234567, pin: 48215, options: {name-recording: no}}
  - {conference id: 7654321, anyone may start: yes, options: {name-recording: no}}
"""
COMPANY = (
    "  anna: [press: 1234567#1, say: I am here for long., wait for: {caller: amos, in: meeting}, wait: 2 s]",
    "  bela: [line: {noise: pink 20 dB, loss: 3 %, hears: same}, wait: 40 ms, press: 1234567#1, say: I am here.]",
    "  2 waiters: {like: anna, after: 1 s, every: 40 ms}",
    "  amos: [wait: 6 s, press: 1234567#*48215#, in: meeting]")
APP = ("  rita: [wait for: {caller: amos, in: meeting}, join: 1234567, say: Good morning.]",)
ZOE = "  zoe: [press: 7654321#, in: meeting, say: I am here for long., wait: 2 s]"
EDDA = "  edda: [join: 7654321, say: Good morning.]"


def taken(callers, participants):
    """Return what each has heard and sent, and his lines of the journal."""
    parts = ("callers:", *callers, "participants:", *participants, "")
    result = play(story(MEETINGS + "\n".join(parts)), stage())
    assert result.passed, result.failures
    return {take.caller: (take.heard.tobytes(), take.spoke.tobytes(),
                          lines(entry for entry in result.journal if entry.caller == take.caller))
            for take in result.takes}


def test_caller_when_others_are_added_or_stand_elsewhere_then_nobody_else_sounds_or_fares_otherwise():
    before = taken(COMPANY, APP)
    assert len(before) == 5
    assert len({spoke for _, spoke, _ in before.values()}) == 5
    one, two, *more = COMPANY
    for callers, participants in (((ZOE, *COMPANY), APP), ((one, two, ZOE, *more), (EDDA, *APP)),
                                  ((*reversed(COMPANY), ZOE), (*APP, EDDA))):
        after = taken(callers, participants)
        assert {name: after[name] for name in before} == before


def test_caller_when_he_has_a_voice_of_his_own_then_he_does_not_sound_by_his_name():
    def said(text, who="anna"):
        return next(take.spoke.tobytes().rstrip(b"\0") for take in play(story(text), stage()).takes
                    if take.caller == who)

    own = "callers:\n  anna: [voice: m3, dial, say: I am here.]\n"
    assert said(own) == said(own.replace("anna", "bela"), "bela") != said(own.replace("voice: m3, ", ""))
    copy = "callers:\n  bela: {like: anna, voice: m3}\n  anna: [dial, say: I am here.]\n"
    assert said(own) == said(copy, "bela") != said(copy)


def test_copy_when_it_is_like_a_copy_then_it_begins_after_it_on_its_line_and_a_group_can_have_its_steps_itself():
    read = story("""\
callers:
  2 more: {like: bela, every: 1 s}
  anna: [dial, wait: 1 s]
  bela: {like: anna, after: 2 s, line: {codec: GSM}}
  2 others: [dial, {wait: "${n} s"}]
  cora: {like: bela, line: none, voice: f1}
""")
    said = {one.name: [step.said for step in one.steps] for one in read.callers}
    assert said == {"anna": ["dial", "wait: 1 s"],
                    "bela": ["wait: 2000 ms", "line: {codec: GSM}", "dial", "wait: 1 s"],
                    "cora": ["line: none", "voice: f1", "wait: 2000 ms", "dial", "wait: 1 s"],
                    "more 1": said["bela"], "more 2": ["wait: 1000 ms", *said["bela"]],
                    "others 1": ["dial", "wait: 1 s"], "others 2": ["dial", "wait: 2 s"]}
