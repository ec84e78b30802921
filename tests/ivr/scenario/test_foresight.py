"""Stories by steps of many frames: not a byte of journal, sounds and complaints differs from single frames."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sampled import examples

from ivr.cli.kit import stage
from ivr.scenario.errors import ScenarioError
from ivr.scenario.grammar import load
from ivr.scenario.player import Performance
from tests.ivr.scenario.reading import WORDS, story

FAILING = Path(__file__).parents[2] / "scenarios_that_fail"

HEAD = """
profile: {profile}
meetings:
  - {{conference id: 1234567, pin: 48215, organizer: amos.marble@contoso.com, options: {{lobby-timeout: 20 s}}}}
callers:
"""

SOUNDS = ("hold-music", "joining", "enter-pin", "silence", "welcome", "{voice: amos}", "{prompt: wrong-pin}",
          "music", "arrival-tone", "organizer-question")
lengths = st.integers(1, 9000).map(lambda ms: f"{ms} ms")
steps = st.one_of(
    lengths.map("wait: {}".format),
    st.sampled_from(("1234567#", "1234567#1", "1234567#*48215#", "99#", '"*1"', '"#"', "48215#")
                    ).map("press: {}".format),
    st.tuples(st.sampled_from(SOUNDS), lengths).map(lambda one: "hear: {}\n      within: {}".format(*one)),
    st.tuples(st.sampled_from(SOUNDS), lengths).map(lambda one: "not hear: {}\n      for: {}".format(*one)),
    st.tuples(st.sampled_from(("lobby", "meeting", "ended", "pin")), lengths).map(
        lambda one: "in: {}\n      within: {}".format(*one)),
    st.sampled_from(("anna", "amos")).map("wait for: {{caller: {}, hears: hold-music, within: 4 s}}".format),
    st.just("say: Good morning."), st.just("hang up"), st.just("hear: hold-music\n      for: 3 s"))
callers = st.lists(st.lists(steps, min_size=1, max_size=5), min_size=1, max_size=3)
apps = st.sampled_from(("", "app:\n  - wait: 5 s\n  - join: 1234567\n  - wait: 3 s\n  - end: 1234567\n",
                        "app:\n  - wait for: {caller: anna, hears: hold-music}\n  - join: 1234567\n"))


def told(scenario, lengths_):
    """Return all that a story leaves, and how many steps it took."""
    taken = 0
    with Performance(scenario, stage()) as performance:
        while not performance.over:
            performance.step(lengths_[taken % len(lengths_)])
            taken += 1
        result = performance.end()
    takes = [(one.caller, one.dialled_at, one.heard.tobytes(), one.spoke.tobytes()) for one in result.takes]
    return (result.journal.json_lines(), takes, [*map(str, result.failures)], result.ended_at), taken


@examples(24)
@given(does=callers, app=apps, profile=st.sampled_from(("teams2021", "teams")),
       lengths_=st.lists(st.integers(1, 1000), min_size=1, max_size=3))
def test_story_by_steps_of_any_length_then_what_single_frames_give(does, app, profile, lengths_):
    names = ("anna", "amos", "bela")
    text = HEAD.format(profile=profile) + "".join(
        f"  {name}:\n    - dial\n" + "".join(f"    - {step}\n" for step in own)
        for name, own in zip(names, does, strict=False)) + app
    try:
        scenario = story(text)
    except ScenarioError:
        assume(False)  # who waits for himself, or for nobody, is refused when it is read
    assert told(scenario, lengths_)[0] == told(scenario, [1])[0]


@pytest.mark.parametrize("name", ["hear-after-goodbye", "music-but-silence", "two-at-once"])
def test_story_that_fails_by_steps_of_many_frames_then_the_same_is_told(name):
    scenario = load(FAILING / f"{name}.yaml", WORDS)
    assert told(scenario, [1 << 20])[0] == told(scenario, [1])[0]


def test_story_that_waits_for_an_hour_then_what_happens_in_it_is_paid():
    scenario = story("""
meetings:
  - {conference id: 1234567, pin: 48215, options: {name-recording: no, lobby-timeout: 2 h}}
callers:
  anna:
    - press: 1234567#1
    - hear: joining
      within: 70 min
  amos:
    - wait: 1 h
    - press: 1234567#*48215#
    - in: meeting
    - wait: 2 s
""")
    (_, takes, failures, _), taken = told(scenario, [1 << 20])
    assert not failures
    assert len(takes[0][2]) > 2 * 3600 * 8000
    assert taken < 1500


def test_story_in_a_meeting_then_a_step_lasts_until_somebody_looks_at_what_he_hears():
    scenario = story("""
meetings:
  - {conference id: 1234567, pin: 48215, options: {name-recording: no}}
callers:
  amos:
    - press: 1234567#*48215#
    - in: meeting
    - not hear: arrival-tone
      for: 20 s
app:
  - wait for: {caller: amos, in: meeting, within: 60 s}
  - wait for: {caller: amos, hears: silence, within: 60 s}
""")
    (_, _, failures, ended_at), taken = told(scenario, [1 << 20])
    assert not failures
    assert taken < ended_at / 160 / 4
    assert told(scenario, [1])[1] == ended_at / 160


def test_crowd_by_steps_of_many_frames_then_what_single_frames_give():
    scenario = story("""
meetings:
  - {conference id: 1234567, pin: 48215, options: {name-recording: no, lobby-timeout: 12 s}}
  - {conference id: 7654321, pin: 48215, options: {name-recording: no}}
templates:
  waiter:
    - press: 1234567#1
    - hear: hold-music
    - wait: 30 s
callers:
  9 waiters: {like: waiter, every: 60 ms}
  amos:
    - press: 7654321#*48215#
    - in: meeting
    - wait: 20 s
  bela:
    - press: 7654321#*48215#
    - in: meeting
    - wait: 3 s
    - say: Good morning.
    - wait for: {caller: amos, hears: {voice: bela}, within: 20 s}
    - wait for: {caller: waiters 3, in: ended, within: 60 s}
""")
    by_many, steps_taken = told(scenario, [1 << 20])
    assert by_many == told(scenario, [1])[0]
    assert not by_many[2]
    assert steps_taken < by_many[3] // 160 // 2
