"""Which exits of IVRs of one's own a set of stories has taken, and which none has."""

from collections.abc import Iterable
from pathlib import Path

from ivr.cli.saying import tell, tell_json
from ivr.custom.own import OwnFile
from ivr.scenario.own import untaken, ways_of


class Coverage:
    """Gathers what stories take, by the file that they call."""

    def __init__(self) -> None:
        self._files: dict[Path, tuple[OwnFile, set[tuple[str, str]]]] = {}

    def add(self, own: OwnFile, taken: Iterable[tuple[str, str]]) -> None:
        """Take it that a story has taken these exits."""
        self._files.setdefault(own.path.resolve(), (own, set()))[1].update(taken)

    def tell(self, *, as_json: bool) -> None:
        """Tell of each file what was taken, and what never was."""
        if not self._files and not as_json:
            tell("No story calls an IVR of its own, so there is nothing to be covered.")
        for own, taken in self._files.values():
            never, all_ = untaken(own, taken), len(ways_of(own))
            if as_json:
                tell_json({"file": str(own.path), "exits": all_, "taken": all_ - len(never), "never": [
                    {"line": line, "node": node, "exit": exit_} for line, node, exit_ in never]})
                continue
            tell(f"{own.path}: {all_ - len(never)} of {all_} exits taken" + ("; no story takes:" if never else ""))
            for line, node, exit_ in never:
                tell(f"      line {line}: {node}: {exit_}")
