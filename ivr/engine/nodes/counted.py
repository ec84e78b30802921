"""A node at which answers are refused, so many times."""

from dataclasses import dataclass

from ivr.engine.call import Call
from ivr.engine.flow import Node
from ivr.engine.requests import (
    Note,
    Request,
)


@dataclass(frozen=True, kw_only=True)
class Counted(Node):
    """A node at which an answer can be refused.

    Attributes
    ----------
    label : str
        What is asked for, in the journal.
    counts : str
        What the tries are of: nodes that name the same share them (A1.13).
    tries : int
        How many there are; the exit of the last failure is "gave up".
    """

    label: str = ""
    counts: str = ""
    tries: int = 3

    def fail(self, call: Call, exit_: str) -> list[Request]:
        """Refuse the answer: leave by this exit, or by "gave up" if that was the last try."""
        call.entry.clear()
        what = self.counts or self.label
        call.failures[what] += 1
        noted = Note("refused", {"entry": self.label, "reason": exit_, "try": call.failures[what]})
        return [noted, *call.leave_by(exit_ if call.failures[what] < self.tries else "gave up")]
