"""What every story sounds like, as hashes: `python -m benchmarks.sounds > tests/ivr/scenario/sounds.txt`.

A story's journal says what happened; this says that every caller heard and sent the very same samples. To be made
anew only where a change is meant to be heard, with the reason in docs/decisions.md.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from ivr.cli.kit import prompts, stage
from ivr.conference.profile import PROFILES
from ivr.scenario.grammar import Words, load
from ivr.scenario.player import Result, play

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def header() -> str:
    """Return the first line: by whom the prompts are spoken."""
    return f"# spoken by {prompts().engine}"


def hashes(story: str, result: Result) -> Iterator[str]:
    """Give a line for every caller: the story, the caller, the hashes of what he heard and of what he sent."""
    for take in result.takes:
        heard, spoke = (hashlib.sha256(part.astype("<i2").tobytes()).hexdigest()[:32]
                        for part in (take.heard, take.spoke))
        yield f"{story} {take.caller} {heard} {spoke}"


def main() -> None:
    """Print the header and the lines of all stories."""
    print(header())
    words = Words(prompts().names(), PROFILES)
    for path in sorted(SCENARIOS.glob("*.yaml")):
        print(*hashes(path.stem, play(load(path, words), stage())), sep="\n")
        print(f"{path.stem} ...", file=sys.stderr)


if __name__ == "__main__":
    main()
