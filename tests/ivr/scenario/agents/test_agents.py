"""Agents on lines of stories: what is expected of them, and how it is judged."""

from pathlib import Path

import pytest

from ivr.cli.kit import prompts, stage
from ivr.cli.suite.means import Means, words_of
from ivr.conference.profile import PROFILES
from ivr.scenario.agents.sides import Sides
from ivr.scenario.errors import ScenarioError
from ivr.scenario.grammar import Words, parse
from ivr.scenario.leading import NoAgent
from ivr.scenario.player import play
from tests.ivr.scenario.test_schema import slips

AGENT = """\
import asyncio
import numpy as np

NOISE = np.random.default_rng(1).integers(-3000, 3000, 8000 * 30).astype(np.int16)

async def agent(call):
    await asyncio.sleep(4)
    await call.press("{keys}")
    {then}
"""


def told(folder, *steps, keys="1234567#", then="await asyncio.sleep(20)", top="", expect="- bot: waited"):
    """Return what is said of a story whose agent presses keys after four seconds."""
    (folder / "bot.py").write_text(AGENT.format(keys=keys, then=then))
    does = "".join(f"      - {step}\n" for step in ("dial", *steps))
    text = ("meetings:\n  - {conference id: 1234567, pin: 48215}\ncallers:\n  bot:\n    agent: bot.py\n"
            f"{top}    steps:\n{does}expect:\n  {expect}\n")
    assert slips(text) == []
    result = play(parse(text, folder / "story.yaml", Words(prompts().names(), PROFILES)), stage())
    return [f"{one.caller}: {one.step}: {one.instead}" for one in result.failures], result


REPLIES = ("hear: enter-conference-id", "replies: 1 s", "presses: 1234567#", "hear: organizer-question")


def test_agent_when_it_does_what_is_expected_then_the_story_comes_true_and_says_how_quick_it_was(tmp_path):
    failures, result = told(tmp_path, *REPLIES, "in: lobby", expect='- digits of bot: "1234567#"\n  - bot: waited')
    assert failures == []
    assert result.measured == ("bot replied after 0.00 s",)  # it presses while it is asked
    again = told(tmp_path, *REPLIES, "in: lobby")[1]
    assert again.journal.text() == result.journal.text()
    assert [take.heard.tobytes() for take in again.takes] == [take.heard.tobytes() for take in result.takes]


@pytest.mark.parametrize(("steps", "options", "wrong"), [
    (["presses: 12345#"], {}, "presses: 12345#: it pressed ••••••, of which the first 5 are as expected"),
    (["presses: 1234567#"], {"keys": "1234568#"}, "of which the first 6 are as expected"),
    (["presses: 1234567##\n        within: 8 s"], {}, "it pressed •••••••#, of which the first 8 are as expected"),
    (["presses: 48215#\n        within: 2 s"], {}, "presses: ****#: it pressed nothing"),
    (["hear: enter-conference-id", "replies: 1 s"], {"keys": ",,,,,1234567#"},
     "replies: 1 s: it did not reply within 1 s, after"),
    (["presses: 1234567#", "hear: organizer-question", "yields: 400 ms\n        within: 2 s"], {},
     "the bridge never began to speak while it spoke"),
    (["presses: 1234567#", "yields: 400 ms"], {"keys": ",1234567#", "then": "await call.send(NOISE)"},
     "it spoke on for more than 0.42 s"),
    (["in: lobby"], {"top": "    silent at most: 3 s\n"}, "silent at most: 3 s: nobody said anything from"),
    (["in: lobby"], {"then": "1 / 0"}, "broke down: ZeroDivisionError: division by zero, line 9 of bot.py"),
    (["in: lobby"], {"then": "pass"}, "in: lobby: the call was in the state ended"),
    (["hear: hold-music\n        within: 9 s"], {"then": "pass"}, "then the agent ended the call"),
    (["presses: 1234567#"], {"expect": '- digits of bot: "1234#"'}, "digits of bot: 1234#: bot pressed •••••••#"),
])
def test_agent_when_it_does_otherwise_then_it_is_told_what(tmp_path, steps, options, wrong):
    failures, _ = told(tmp_path, *steps, **options)
    assert len(failures) >= 1
    assert wrong in failures[0]
    assert "48215" not in failures[0]


def test_agent_when_it_falls_silent_as_the_bridge_speaks_then_it_yields(tmp_path):
    hush = ("call.queue(NOISE); call.skip(); [call.clear() async for frame in call "
            "if abs(frame.astype(int)).max() > 500]")
    failures, result = told(tmp_path, "presses: 1234567#", "yields: 300 ms", then=hush,
                            expect='- digits of bot: "1234567#"')
    assert failures == []
    assert result.measured[0].startswith("bot was silent after 0.")


@pytest.mark.parametrize(("story", "sentence"), [
    ("bot: {agent: nobody.py}", ":2: there is no agent 'nobody.py' beside the scenario: check the path"),
    ("bot: {agent: 'http://x'}", ":2: 'http://x' is no agent: name a file (navigator.py)"),
    ("bot: {agent: 'ws://:80/x'}", ":2: 'ws://:80/x' is no URL of a stream"),
    ("bot: {agent: 'ws://127.0.0.1:x/'}", ":2: 'ws://127.0.0.1:x/' is no URL of a stream"),
    ("bot: {agent: 'ws://user:pw@127.0.0.1/'}", ":2: the URL of a stream has no user"),
    ("bot: {agent: 'sip:'}", ":2: 'sip:' is nobody to call"),
    ("bot: {silent at most: 3 s}", ":2: what bot does has no 'silent at most'"),
    ("bot: {agent: 'a:b', silent at most: 0 s}", ":2: nobody may be silent for no time at all"),
    ("bot: {agent: 'a:b', loud: yes}", ":2: what bot is has no 'loud'"),
    ("bot: {agent: 'a:b', steps: [{press: 1}]}", ":2: the step 'press' is not for an agent, who acts by himself"),
    ("bot: {agent: 'a:b', steps: [{replies: 1 s, within: 2 s}]}", ":2: the step 'replies' has no 'within'"),
    ("bot: {agent: 'a:b', steps: [{presses: 1x}]}", ":2: 'x' is not a key"),
    ("bot: [{presses: 1}]", ":2: the step 'presses' is said of an agent, who acts by himself"),
])
def test_agent_when_it_is_written_wrongly_then_one_sentence_says_where_and_what(story, sentence):
    with pytest.raises(ScenarioError) as error:
        parse(f"callers:\n  {story}\n", Path("story.yaml"), words_of(Means()))
    assert str(error.value).startswith(f"story.yaml{sentence}")


def test_agent_when_nobody_takes_its_stream_then_the_story_is_not_played(tmp_path):
    text = "callers:\n  bot: {agent: 'ws://127.0.0.1:1/x'}\n"
    with pytest.raises(NoAgent) as error:
        play(parse(text, tmp_path / "story.yaml", words_of(Means())), stage())
    assert (error.value.exit_code, str(error.value).partition(":")[0]) == (3, "the agent ws")


def test_group_of_agents_when_it_is_read_then_each_has_the_agent_and_his_place(tmp_path):
    (tmp_path / "bot.py").write_text(AGENT)
    text = ("templates:\n  bot: {agent: bot.py, silent at most: 9 s, steps: [{presses: '${n}#'}]}\n"
            "callers:\n  3 bots: {like: bot, every: 2 s}\n")
    read = parse(text, tmp_path / "story.yaml", words_of(Means()))
    assert [one.name for one in read.callers] == ["bots 1", "bots 2", "bots 3"]
    assert {(one.agent.path, one.silent_at_most) for one in read.callers} == {(tmp_path / "bot.py", 72_000)}
    assert [one.steps[-1].said for one in read.callers] == [f"presses: {n}#" for n in (1, 2, 3)]
    assert [one.said for one in read.callers[2].steps] == ["wait: 4000 ms", "dial", "presses: 3#"]


def test_sides_when_the_far_one_begins_while_the_near_one_speaks_then_it_is_found_once():
    import numpy as np

    loud, quiet = np.full(160, 1000, np.int16), np.zeros(160, np.int16)
    sides = Sides(100)
    for said, heard, ticks in ((quiet, loud, 20), (quiet, quiet, 20), (loud, quiet, 20), (loud, loud, 7),
                               (quiet, loud, 30)):
        for _ in range(ticks):
            sides.took(said, heard)
    assert sides.talked_over(100) == 160
    assert sides.stopped(160) == 167
    assert sides.replied(100) == 140
    assert sides.heard_before(140) == 120
    assert sides.talked_over(161) is None
