"""What is said, recorded and played."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.clock import samples
from ivr.engine.call import Call
from ivr.engine.entry import TERMINATOR
from ivr.engine.flow import STAY, Node
from ivr.engine.keys import Typed, sequence
from ivr.engine.requests import (
    Cut,
    EndRecording,
    KeepRecording,
    Listen,
    PlayBack,
    Request,
    StartRecording,
    StopRecording,
)


@dataclass(frozen=True, kw_only=True)
class Say(Node):
    """Say prompts, then go on: exits "ended" and, with `barge_in`, "keyed", a key that cuts them short (A7)."""

    prompts: tuple[str, ...] = ()
    barge_in: bool = True

    def needs(self) -> frozenset[str]:
        return frozenset({"ended", "keyed"} if self.barge_in else {"ended"})

    def own_prompts(self) -> tuple[str, ...]:
        return self.prompts

    def key(self, call: Call, key: str, at: int) -> list[Request]:
        if not self.barge_in:
            return [self.noted(key, ignored=True)]
        return [Cut(), *call.leave_by("keyed", key=key, at=at)]

    def over(self, call: Call) -> list[Request]:
        return call.leave_by("ended")


@dataclass(frozen=True, kw_only=True)
class Record(Node):
    """Sound a tone and record until a key, silence or the longest time; the application names the exit (A4.6).

    What is to be said before stands in `prompts`; a key cuts it short, and the tone comes at once. Any key of
    `terminator` ends the recording. Without `beep` there is no tone.

    Attributes
    ----------
    keeps : bool
        Whether the application is given what there is of a recording that is broken off: its caller hangs up.
    """

    longest: int
    silence: int
    keeps: bool = False
    results: frozenset[str] = frozenset({"recorded", "nothing"})
    prompts: tuple[str, ...] = ()
    terminator: str = TERMINATOR
    beep: bool = True

    def needs(self) -> frozenset[str]:
        return self.results

    def own_prompts(self) -> tuple[str, ...]:
        return self.prompts

    def begin(self, call: Call) -> list[Request]:  # noqa: ARG002
        return [] if self.prompts else [StartRecording(self.longest, self.silence, self.beep)]

    def over(self, call: Call) -> list[Request]:  # noqa: ARG002
        return [StartRecording(self.longest, self.silence, self.beep)] if self.prompts else []

    def key(self, call: Call, key: str, at: int) -> list[Request]:  # noqa: ARG002
        if call.telling and self.prompts:
            return [Cut(), self.noted(key, ignored=True), *self.over(call)]
        return [EndRecording()] if key in self.terminator else [self.noted(key, ignored=True)]

    def leave(self, call: Call) -> list[Request]:  # noqa: ARG002
        return [KeepRecording() if self.keeps else StopRecording()]


@dataclass(frozen=True, kw_only=True)
class Play(Node):
    """Play a recording of the application's: exits "ended", and those of the keys that mean something meanwhile.

    Keys whose exit leads nowhere (`STAY`) are for the application: it is told what their exit `does`. Where keys
    begin others, as 3 begins 33, time decides; it goes on playing meanwhile.

    Attributes
    ----------
    next_ : int
        How long the next key of several is waited for.
    """

    what: str
    keys: Mapping[str, str] = field(default_factory=dict)
    next_: int = samples(1)

    def needs(self) -> frozenset[str]:
        return frozenset({"ended", *self.keys.values()})

    def begin(self, call: Call) -> list[Request]:  # noqa: ARG002
        return [PlayBack(self.what)]

    def over(self, call: Call) -> list[Request]:
        return call.leave_by("ended")

    def key(self, call: Call, key: str, at: int) -> list[Request]:
        before, call.typed = call.typed or "", None
        meant = sequence(before + key, self.keys, over=False)
        if meant is Typed.MORE:
            call.typed = before + key
            return [self.noted(key, valid=True), Listen(self.next_)]
        if meant is Typed.NOTHING and before in self.keys:
            return [Listen(None), *self._meant(call, before, at), *call.key(key, at)]
        if meant is Typed.NOTHING:
            return [self.noted(key, ignored=True)]
        return [self.noted(key, valid=True), *([Listen(None)] if before else []), *self._meant(call, meant, at)]

    def quiet(self, call: Call) -> list[Request]:
        typed, call.typed = call.typed or "", None
        return self._meant(call, typed, 0) if typed in self.keys else []

    def _meant(self, call: Call, keys: str, at: int) -> list[Request]:
        exit_ = self.keys[keys]
        stays = self.exits[exit_].node == STAY
        return [*([] if stays else [Cut()]), *call.leave_by(exit_, key=keys if at else "", at=at)]
