"""What is said, recorded and played."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.engine.call import Call
from ivr.engine.entry import TERMINATOR
from ivr.engine.flow import STAY, Node
from ivr.engine.requests import (
    Cut,
    EndRecording,
    PlayBack,
    Request,
    StartRecording,
    StopRecording,
)


@dataclass(frozen=True, kw_only=True)
class Say(Node):
    """Say prompts, then go on: exits "ended" and "keyed", a key that cuts them short (A7)."""

    prompts: tuple[str, ...] = ()

    def needs(self) -> frozenset[str]:
        return frozenset({"ended", "keyed"})

    def own_prompts(self) -> tuple[str, ...]:
        return self.prompts

    def key(self, call: Call, key: str, at: int) -> list[Request]:
        return [Cut(), *call.leave_by("keyed", key=key, at=at)]

    def over(self, call: Call) -> list[Request]:
        return call.leave_by("ended")


@dataclass(frozen=True, kw_only=True)
class Record(Node):
    """Sound a tone and record until a key, silence or the longest time; the application names the exit (A4.6).

    What is to be said before stands in `prompts`; a key cuts it short, and the tone comes at once.
    """

    longest: int
    silence: int
    results: frozenset[str] = frozenset({"recorded", "nothing"})
    prompts: tuple[str, ...] = ()
    terminator: str = TERMINATOR

    def needs(self) -> frozenset[str]:
        return self.results

    def own_prompts(self) -> tuple[str, ...]:
        return self.prompts

    def begin(self, call: Call) -> list[Request]:  # noqa: ARG002
        return [] if self.prompts else [StartRecording(self.longest, self.silence)]

    def over(self, call: Call) -> list[Request]:  # noqa: ARG002
        return [StartRecording(self.longest, self.silence)] if self.prompts else []

    def key(self, call: Call, key: str, at: int) -> list[Request]:  # noqa: ARG002
        if call.telling and self.prompts:
            return [Cut(), self.noted(key, ignored=True), *self.over(call)]
        return [EndRecording()] if key == self.terminator else [self.noted(key, ignored=True)]

    def leave(self, call: Call) -> list[Request]:  # noqa: ARG002
        return [StopRecording()]


@dataclass(frozen=True, kw_only=True)
class Play(Node):
    """Play a recording of the application's: exits "ended", and those of the keys that mean something meanwhile.

    Keys whose exit leads nowhere (`STAY`) are for the application: it is told what their exit `does`.
    """

    what: str
    keys: Mapping[str, str] = field(default_factory=dict)

    def needs(self) -> frozenset[str]:
        return frozenset({"ended", *self.keys.values()})

    def begin(self, call: Call) -> list[Request]:  # noqa: ARG002
        return [PlayBack(self.what)]

    def over(self, call: Call) -> list[Request]:
        return call.leave_by("ended")

    def key(self, call: Call, key: str, at: int) -> list[Request]:  # noqa: ARG002
        exit_ = self.keys.get(key)
        if exit_ is None:
            return [self.noted(key, ignored=True)]
        stays = self.exits[exit_].node == STAY
        return [*([] if stays else [Cut()]), self.noted(key, valid=True), *call.leave_by(exit_)]
