"""What stories can say: each word of the table in docs/testing.md stands in a story that ships and comes true."""

import re
from pathlib import Path

import pytest

from ivr.cli.kit import stage
from ivr.scenario.grammar import load
from ivr.scenario.player import play
from ivr.scenario.table import rows_of
from tests.ivr.scenario.reading import WORDS

ROOT = Path(__file__).parents[3]
STORIES = sorted((ROOT / "examples" / "language").glob("*.yaml"))
TABLE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8").partition("## What stories can say")[2]
GAPS = [row.split(" | ") for row in re.findall(r"^\| (?!What |---)(.+) \|$", TABLE, re.M)]


def linked(cell):
    return [(ROOT / "docs" / link).resolve() for link in re.findall(r"\]\(([^)]+)\)", cell)]


@pytest.mark.parametrize("gap", GAPS, ids=[gap[0][:30] for gap in GAPS])
def test_gap_when_it_stands_in_the_table_then_a_story_says_it_and_another_has_to_fail(gap):
    what, say, fail = gap
    told = "".join(path.read_text(encoding="utf-8") for path in linked(say))
    assert [word for word in re.findall("`([^`]+)`", what) if word not in told] == []
    # those of scenarios/ and those that have to fail are played by the tests of the player
    assert {path.parent.name for path in linked(say)} <= {"scenarios", "language"}
    assert {path.parent.name for path in linked(fail)} == {"scenarios_that_fail"}
    assert all(path.is_file() for path in linked(say) + linked(fail))


@pytest.mark.parametrize(("path", "row"), [(path, row) for path in STORIES for row in rows_of(path)],
                         ids=lambda one: getattr(one, "stem", one))
def test_story_of_the_language_when_it_is_played_then_it_comes_true(path, row):
    assert [str(failure) for failure in play(load(path, WORDS, row), stage()).failures] == []


def test_gaps_when_they_are_counted_then_each_story_of_the_language_is_one_of_them():
    assert {path for gap in GAPS for path in linked(gap[1])} >= {*STORIES}
    assert len(GAPS) > 10
