"""A story on its way: stepped by somebody else, it is the one that `play` plays."""

from pathlib import Path

import pytest

from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.scenario.grammar import Words, parse
from ivr.scenario.player import Performance, play


@pytest.fixture
def short_story():
    return parse("""
meetings:
  - conference id: 1234567
    pin: 48215
callers:
  anna:
    - press: 1234567#*48215#
    - in: meeting
expect:
  - anna: joined
""", Path("story.yaml"), Words(prompts().names(), PROFILES))


@pytest.fixture
def sounds():
    return stage()


def test_performance_when_stepped_to_its_end_then_the_result_is_the_one_of_play(short_story, sounds):
    with Performance(short_story, sounds) as performance:
        while not performance.over:
            performance.step()
        result = performance.end()
    played = play(short_story, sounds)
    assert result.passed
    assert result.journal.text() == played.journal.text()
    assert [take.heard.tobytes() for take in result.takes] == [take.heard.tobytes() for take in played.takes]


def test_performance_when_ended_early_then_everyone_has_hung_up_and_what_is_missing_is_told(short_story, sounds):
    with Performance(short_story, sounds) as performance:
        for _ in range(50):
            performance.step()
        result = performance.end()
    assert [entry.event for entry in result.journal][-1] == "hung-up"
    assert [failure.step for failure in result.failures] == ["anna: joined"]
