"""Where a flow goes on: through another one, to somebody else, to its end."""

from dataclasses import dataclass
from typing import ClassVar

from ivr.engine.call import ENDED, Call
from ivr.engine.flow import Node
from ivr.engine.requests import (
    HangUp,
    Request,
    Transfer,
)


@dataclass(frozen=True, kw_only=True)
class Sub(Node):
    """Go through another flow; how that one ends (`Return`) is the exit."""

    flow: str
    ends: frozenset[str]

    busy: ClassVar[bool] = True

    def needs(self) -> frozenset[str]:
        return self.ends

    def begin(self, call: Call) -> list[Request]:
        return call.descend(self.flow)


@dataclass(frozen=True, kw_only=True)
class Return(Node):
    """End a flow that another goes through; `how` is the exit there."""

    how: str

    busy: ClassVar[bool] = True

    def begin(self, call: Call) -> list[Request]:
        return call.ascend(self.how)


@dataclass(frozen=True, kw_only=True)
class Transferred(Node):
    """Say what is to be said, hand the call to somebody else, and go on to the end."""

    to: str
    prompts: tuple[str, ...] = ()

    def needs(self) -> frozenset[str]:
        return frozenset({"ended"})

    def own_prompts(self) -> tuple[str, ...]:
        return self.prompts

    def begin(self, call: Call) -> list[Request]:
        return [Transfer(self.to), *([] if self.prompts else call.leave_by("ended"))]

    def over(self, call: Call) -> list[Request]:
        return call.leave_by("ended")


@dataclass(frozen=True, kw_only=True)
class End(Node):
    """End the call from our side."""

    state: str | None = ENDED

    def begin(self, call: Call) -> list[Request]:  # noqa: ARG002
        return [HangUp()]
