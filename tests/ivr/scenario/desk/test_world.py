"""The seeded world of a story's desk, and what a story without a desk does not pay for."""

import subprocess
import sys
from pathlib import Path

import pytest

from ivr.cli.kit import prompts, stage
from ivr.clock import samples
from ivr.conference.profile import PROFILES
from ivr.scenario.deskwork.world import EPOCH, Calendar, DeskChance, MemoryVault
from ivr.scenario.grammar import Words, load
from ivr.scenario.player import play

ROOT = Path(__file__).parents[4]
WORDS = Words(prompts().names(), PROFILES)


def test_chance_when_the_seed_is_the_same_then_so_are_its_numbers():
    first, again, other = (DeskChance(seed) for seed in ("one", "one", "two"))
    numbers = [first.below(10**7) for _ in range(50)]
    assert numbers == [again.below(10**7) for _ in range(50)]
    assert numbers != [other.below(10**7) for _ in range(50)]


@pytest.mark.parametrize("limit", [1, 2, 3, 10, 1000, 10**7, 1 << 128, (1 << 300) - 5])
def test_chance_when_a_number_is_drawn_then_it_is_below_its_limit(limit):
    chance = DeskChance("limits")
    drawn = {chance.below(limit) for _ in range(200)}
    assert all(0 <= number < limit for number in drawn)
    assert len(drawn) == limit if limit < 11 else len(drawn) > 150


def test_chance_when_many_are_drawn_then_each_is_as_likely():
    chance = DeskChance("fair")
    counts = [0] * 10
    for _ in range(10_000):
        counts[chance.below(10)] += 1
    assert all(900 < count < 1100 for count in counts)


def test_calendar_when_samples_and_days_go_by_then_its_moment_is_their_sum():
    calendar = Calendar()
    assert calendar.now() == EPOCH
    calendar.at, calendar.passed = samples(61.5), 3600
    assert calendar.now() == EPOCH + 61 + 3600
    assert calendar.sample_of(calendar.now() + 9) == samples(70)


def test_vault_when_a_pin_is_kept_then_what_stands_for_it_does_not_hold_it():
    vault = MemoryVault()
    sealed = [vault.seal(pin) for pin in ("48215", "90371")]
    assert "48215" not in "".join(sealed) + repr(vault)
    assert [vault.open(one) for one in sealed] == ["48215", "90371"]
    assert vault.opened == "90371"


@pytest.mark.parametrize("name", ["s1-13-conference-id-reset", "s2-2-wrong-pins-lock-a-mailbox"])
def test_story_with_a_desk_when_it_is_played_again_then_every_entry_and_every_sample_is_the_same(name):
    path = ROOT / "scenarios" / f"{name}.yaml"
    first, again = (play(load(path, WORDS), stage()) for _ in range(2))
    assert first.journal.json_lines() == again.journal.json_lines()
    for take, other in zip(first.takes, again.takes, strict=True):
        assert take.heard.tobytes() == other.heard.tobytes()
        assert take.spoke.tobytes() == other.spoke.tobytes()


PROGRAM = """
import sys
from pathlib import Path
from ivr.conference.profile import PROFILES
from ivr.cli.kit import prompts, stage
from ivr.scenario.grammar import Words, load
from ivr.scenario.player import play
scenario = load(Path(sys.argv[1]), Words(prompts().names(), PROFILES))
assert "ivr.directory.parameters" not in sys.modules, "reading it"
assert play(scenario, stage()).passed
for name in ("sqlalchemy", "alembic", "jinja2", "ivr.scenario.deskwork.clerk", "ivr.directory.desk"):
    print(name, name in sys.modules)
"""


@pytest.mark.parametrize(("name", "loaded"), [
    ("a7-type-ahead", "False"), pytest.param("s0-17-a-new-organizer", "True", marks=pytest.mark.slow)])
def test_story_when_it_has_no_desk_then_no_database_is_loaded(name, loaded):
    program = PROGRAM if loaded == "False" else PROGRAM.replace("assert \"ivr.directory.par", "\"ivr.directory.par")
    done = subprocess.run([sys.executable, "-c", program, str(ROOT / "scenarios" / f"{name}.yaml")], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {line.split()[1] for line in done.stdout.splitlines()} == {loaded}, done.stdout
