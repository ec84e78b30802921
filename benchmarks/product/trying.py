"""Which stories notice a fault."""

from fnmatch import fnmatchcase
from pathlib import Path

from benchmarks.product.faults import FAULTS, Fault, played
from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.scenario.grammar import load
from ivr.scenario.words import Words
from prompts import languages

STORIES = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


def tried(name: str, path: Path) -> bool:
    """Tell whether a story notices a fault: by what it says, its journal left aside."""
    words = Words(prompts().names(), PROFILES, languages())
    return not played(load(path, words), stage(), FAULTS[name]).passed


def order(fault: Fault) -> list[Path]:
    """Return the stories, the likely ones first."""
    likely = [path for pattern in fault.stories for path in STORIES if fnmatchcase(path.stem, pattern)]
    return list(dict.fromkeys([*likely, *STORIES]))


def noticed(name: str, most: int) -> str:
    """Return the name of a story that notices a fault; empty if none of those tried does."""
    return next((path.stem for path in order(FAULTS[name])[:most] if tried(name, path)), "")


def row(name: str) -> str:
    """Return which stories notice a fault, a sign each."""
    return "".join("x" if tried(name, path) else "." for path in STORIES)
