"""Faults that are put into the product: shipped stories notice them by what they say, their journals left aside."""

from pathlib import Path

import pytest
import yaml

from benchmarks.product.faults import FAULTS, Fault, played
from benchmarks.product.trying import STORIES, tried
from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.scenario.grammar import load
from ivr.scenario.words import Words
from tests.ivr.scenario.test_player import LOBBY

ROOT = Path(__file__).parents[3]
CAUGHT = yaml.safe_load((ROOT / "benchmarks" / "product" / "caught.yaml").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("fault", [name for name, story in CAUGHT.items() if story])
def test_story_when_the_product_has_a_fault_then_it_fails_by_what_it_says(fault):
    assert tried(fault, ROOT / "scenarios" / f"{CAUGHT[fault]}.yaml")


@pytest.mark.slow
def test_story_when_nothing_is_put_in_then_it_comes_true():
    result = played(load(LOBBY, Words(prompts().names(), PROFILES)), stage(), Fault())
    assert [str(failure) for failure in result.failures] == []


def test_faults_when_they_are_counted_then_each_has_its_story_or_is_known_to_have_none():
    assert set(CAUGHT) == set(FAULTS)
    assert len(FAULTS) >= 40
    assert set(filter(None, CAUGHT.values())) <= {path.stem for path in STORIES}
    assert sum(map(bool, CAUGHT.values())) >= 30
