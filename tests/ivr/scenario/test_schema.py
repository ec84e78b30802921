"""What editors are told of the language is what the reader takes."""

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from ivr.scenario.errors import ScenarioError
from ivr.scenario.schema import schema
from tests.ivr.scenario.reading import WORDS, story
from tests.ivr.scenario.test_grammar import BAD

ROOT = Path(__file__).parents[3]
SCHEMA = schema(WORDS)
JUDGE = jsonschema.Draft7Validator(SCHEMA)
STORIES = [*(ROOT / "scenarios").glob("*.yaml"), *(ROOT / "tests" / "scenarios_that_fail").glob("*.yaml"),
           *(ROOT / "examples").glob("*/stories/*.yaml"), *(ROOT / "examples" / "agents").glob("*.yaml"),
           *(ROOT / "examples" / "language").glob("*.yaml")]
MANUAL = re.findall(r"^```yaml\n((?:(?!^```).)*?^callers:.*?)^```",
                    (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8"), re.M | re.S)


def slips(text):
    """Return what an editor would mark; it reads numbers and booleans as such."""
    return [error.json_path for error in JUDGE.iter_errors(yaml.safe_load(text))]


def test_schema_when_it_is_judged_then_one_itself():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_schema_when_stories_that_are_right_are_judged_then_nothing_is_marked():
    texts = [path.read_text(encoding="utf-8") for path in STORIES] + MANUAL
    assert len(texts) > 80
    assert [text for text in texts if slips(text)] == []


NAMES = ("unknown voice", "unknown caller is waited for",
         "unknown option", "unknown expectation", "unknown meeting", "unknown starter")
"""Of what a story names itself no schema knows."""
SLIPS = {name: text for name, (text, _) in BAD.items()
         if re.search("misspelt|unknown|another word|like no other", name) and name not in NAMES}


@pytest.mark.parametrize("name", SLIPS)
def test_schema_when_a_word_is_misspelt_then_marked_as_the_reader_does(name):
    with pytest.raises(ScenarioError):
        story(SLIPS[name])
    assert slips(SLIPS[name])


@pytest.mark.parametrize("line", [
    "wait: 2", "press: 12E", "hear: {voise: bela}", "hear: welcom", "in: loby", "hear: welcome\n      for: 3",
    "dial: {to: bela}", "press: {keys: 12, tome: 60 ms}", "not hear: welcome\n      within: 3 s", "hang up: now",
    "{press: 12E, hear: welcome}", "{press: 12, hear: welcom}", "{press: 12, haer: welcome}",
])
def test_schema_when_a_step_is_off_then_marked_as_the_reader_does(line):
    text = f"callers:\n  anna:\n    - dial\n    - {line}\n"
    with pytest.raises(ScenarioError):
        story(text)
    assert slips(text)
