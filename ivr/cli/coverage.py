"""Which ways through IVRs of one's own a set of stories has taken, and which none has."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ivr.cli.saying import tell, tell_json
from ivr.custom.own import OwnFile
from ivr.custom.twiml.branches import Branch
from ivr.scenario.own import untaken, ways_of


class Coverage:
    """Gathers what stories take, by the file or the address that they call."""

    def __init__(self) -> None:
        self._files: dict[Path, tuple[OwnFile, set[tuple[str, str]]]] = {}
        self._branches: dict[str, dict[Branch, bool]] = {}

    def add(self, own: OwnFile, taken: Iterable[tuple[str, str]], branches: Mapping[Branch, bool]) -> None:
        """Take it that a story has been played: which exits, or which branches at a URL, it has taken."""
        if own.twiml is not None:
            had = self._branches.setdefault(own.twiml.url, {})
            had |= {branch: was or had.get(branch, False) for branch, was in branches.items()}
        else:
            self._files.setdefault(own.path.resolve(), (own, set()))[1].update(taken)

    def tell(self, *, as_json: bool) -> None:
        """Tell of each what was taken, and what never was."""
        if not (self._files or self._branches or as_json):
            tell("No story calls an IVR of its own, so there is nothing to be covered.")
        for own, taken in self._files.values():
            never, all_ = untaken(own, taken), len(ways_of(own))
            if as_json:
                tell_json({"file": str(own.path), "exits": all_, "taken": all_ - len(never), "never": [
                    {"line": line, "node": node, "exit": exit_} for line, node, exit_ in never]})
                continue
            _told(f"{own.path}: {all_ - len(never)} of {all_} exits taken",
                  [f"line {line}: {node}: {exit_}" for line, node, exit_ in never])
        for url, branches in self._branches.items():
            missed = sorted(branch for branch, taken in branches.items() if not taken)
            if as_json:
                tell_json({"url": url, "branches": len(branches), "taken": len(branches) - len(missed), "never": [
                    {"path": one.path, "line": one.line, "verb": one.verb, "number": one.number, "exit": one.exit}
                    for one in missed]})
                continue
            _told(f"{url}: {len(branches) - len(missed)} of {len(branches)} branches taken",
                  [f"{one.path}, line {one.line}: verb {one.number}, {one.verb}: {one.exit}" for one in missed])


def _told(sentence: str, missed: list[str]) -> None:
    tell(sentence + ("; no story takes:" if missed else ""))
    for one in missed:
        tell(f"      {one}")
