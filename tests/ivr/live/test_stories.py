"""Stories at a pace: the journal is the same to the byte."""

from pathlib import Path

import pytest

from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.engine.events import Noted
from ivr.live.pace import WallClock
from ivr.live.session import Session
from ivr.scenario.grammar import Words, load
from ivr.scenario.player import Performance, play

STORIES = Path(__file__).parents[3] / "scenarios"


@pytest.mark.parametrize("name", ["s0-15-lobby", "s0-3-started-in-the-app", "s0-4-pin-reset-on-the-line"])
def test_a_story_when_paced_in_a_thread_and_watched_then_the_same_journal_and_recordings(name):
    scenario = load(STORIES / f"{name}.yaml", Words(prompts().names(), PROFILES))
    unpaced, told = play(scenario, stage()), []
    with Performance(scenario, stage()) as performance:
        session = Session(performance.exchange, pace=WallClock(speed=1e6), step=performance.step, words=prompts(),
                          over=lambda: performance.over, observers=[told.append])
        session.start()
        while not session.join(0.05):
            session.view()
        result = performance.end()
    assert result.passed
    assert result.journal.text().encode() == unpaced.journal.text().encode()
    assert result.journal.json_lines().encode() == unpaced.journal.json_lines().encode()
    assert [take.heard.tobytes() for take in result.takes] == [take.heard.tobytes() for take in unpaced.takes]
    noted = [happening.entry for happening in told if isinstance(happening, Noted)]
    assert noted == result.journal.entries[:len(noted)] != []
