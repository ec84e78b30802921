"""What the application knows."""

from dataclasses import dataclass
from typing import ClassVar

from ivr.engine.call import Call
from ivr.engine.nodes.counted import Counted
from ivr.engine.requests import (
    Music,
    Question,
    Request,
    Said,
)


@dataclass(frozen=True, kw_only=True)
class Ask(Counted):
    """Ask the application something; its answer is the exit. Keys that come meanwhile are typed ahead.

    Attributes
    ----------
    question : str
    answers : frozenset of str
        The exits that it can answer with.
    of : str
        The entry that is asked about is one of this, in the journal; empty where there is none.
    part : int
        So many of its digits are asked about and shown when it is answered; of the rest only that there was one.
        0: none is ever shown.
    unshown : frozenset of str
        Answers at which nothing of the entry is shown.
    refusals : frozenset of str
        Answers that refuse the entry, and so cost a try.
    undecided : frozenset of str
        Answers that are neither: what was typed is dropped.
    hold : str
        The prompt that is said, and followed by music, when the answer takes its time; empty where it cannot.
    """

    question: str
    answers: frozenset[str]
    of: str = ""
    part: int = 0
    unshown: frozenset[str] = frozenset()
    refusals: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()
    hold: str = ""

    busy: ClassVar[bool] = True

    def needs(self) -> frozenset[str]:
        return self.answers | ({"gave up"} if self.refusals else set())

    def passes(self) -> bool:
        return True

    def own_prompts(self) -> tuple[str, ...]:
        return (self.hold,) if self.hold else ()

    def asks(self, call: Call) -> list[Said]:  # noqa: ARG002
        return []

    def begin(self, call: Call) -> list[Request]:
        call.open[self.question] = self
        return [Question(self.question)]

    def key(self, call: Call, key: str, at: int) -> list[Request]:
        call.ahead.append((key, at))
        return []

    def takes_time(self, call: Call) -> list[Request]:
        """Take it that the answer takes its time."""
        return [*call.say((self.hold,), cuts=False), Music()] if self.hold else []

    def answered(self, call: Call, answer: str) -> list[Request]:
        """Take the answer, wherever the call is by now; an answer that changes nothing there is only noted."""
        noted: list[Request] = self._noted(call, answer) if self.of else []
        here = call.node is self
        if here and answer in self.refusals:
            call.ender = None
            return [*noted, *self.fail(call, answer)]
        if self.of:
            call.entry.clear()
            ender, call.ender = call.ender, None
            if ender and answer not in self.undecided:
                call.ahead.appendleft(ender)
        if here:
            return [*noted, *call.leave_by(answer)]
        return [*noted, *call.told(answer, late=True)]

    def _noted(self, call: Call, answer: str) -> list[Request]:
        shown = call.entry.digits[:self.part] if self.part and answer not in self.unshown else ""
        first = call.entered(self.of, shown)
        more = shown and len(call.entry.digits) > len(shown)
        return [first, call.entered("more digits", begin=len(shown))] if more else [first]
