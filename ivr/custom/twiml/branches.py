"""Where calls can go different ways in documents, and which of them were taken."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.custom.twiml.compiling import Compiled
from ivr.engine.dialling import BUSY, NO_ANSWER

ANSWERED, NOTHING = "answered", "nothing"


@dataclass(frozen=True, slots=True, order=True)
class Branch:
    """One way on from a verb.

    Attributes
    ----------
    path : str
        Of the document, as it may be shown.
    line, number : int
        Where the verb stands, and which of the document it is, from 1.
    verb, exit : str
        What it is, and what became of it.
    """

    path: str
    line: int
    number: int
    verb: str
    exit: str


class Branches:
    """Those of all documents that were seen.

    Attributes
    ----------
    taken : dict of Branch to bool
    """

    def __init__(self) -> None:
        self.taken: dict[Branch, bool] = {}

    def see(self, made: Compiled, path: str) -> None:
        """Take it that a document has come."""
        for branch in _of(made, path):
            self.taken.setdefault(branch, False)

    def take(self, made: Compiled, path: str, node: str, exit_: str) -> None:
        """Take it that a call leaves a node of a document so."""
        if node not in made.gathers and node not in made.records and node not in made.dials:
            return
        for branch in _of(made, path):
            if f"{branch.number} {branch.verb.lower()}" == node and branch.exit == exit_:
                self.taken[branch] = True


def _of(made: Compiled, path: str) -> Iterator[Branch]:
    for node, gather in made.gathers.items():
        yield from (Branch(path, gather.line, _number(node), "Gather", exit_) for exit_ in (ANSWERED, NOTHING))
    for node, record in made.records.items():
        yield from (Branch(path, record.line, _number(node), "Record", exit_) for exit_ in ("recorded", NOTHING))
    for node, dial in made.dials.items():
        if dial.numbers:
            yield from (Branch(path, dial.line, _number(node), "Dial", exit_)
                        for exit_ in (ANSWERED, BUSY, NO_ANSWER))


def _number(node: str) -> int:
    return int(node.partition(" ")[0])
