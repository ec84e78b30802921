"""One story in three languages: the page shows the files that are played, and counts their lines right."""

import re
from pathlib import Path

import yaml
from pages import blocks

from benchmarks.compared.playing import ASTERISK, CALLERS, OURS, SIPP, lines

PAGE = (Path(__file__).parents[2] / "docs" / "comparison.md").read_text(encoding="utf-8")


def test_page_when_a_story_on_it_is_read_then_it_is_the_file_and_has_as_many_lines_as_the_table_says():
    shown = {block.text for block in blocks(PAGE)}
    assert [path.name for path in (OURS, SIPP, CALLERS, ASTERISK)
            if path.read_text(encoding="utf-8") not in shown] == []
    told = re.search(r"^\| Lines of the story \| (\d+) \| (\d+): .*\| (\d+), ", PAGE, re.M)
    assert [*map(int, told.groups())] == [lines([OURS]), lines([SIPP, CALLERS]), lines([ASTERISK])]


def test_story_of_asterisks_when_it_is_read_then_each_caller_has_its_events_and_something_that_has_to_happen():
    said = yaml.safe_load(ASTERISK.read_text(encoding="utf-8"))
    scenario, = said[said["test-modules"]["test-object"]["config-section"]]["scenarios"]
    people = [one["channel-id"] for one in scenario["channels"]]
    events = [*scenario["events"], *(event for one in scenario["channels"] for event in one["events"])]
    done = [action for event in events for action in event["actions"]]
    assert people == ["anna", "amos"]
    assert {action["channel-id"] for action in done if "channel-id" in action} == {*people}
    assert len([1 for action in done if action["action-type"] == "set-expected-result"]) > 5
