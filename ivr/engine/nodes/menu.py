"""One key."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.engine.call import Call
from ivr.engine.nodes.counted import Counted
from ivr.engine.requests import (
    Cut,
    Listen,
    Note,
    Request,
    Said,
)


@dataclass(frozen=True, kw_only=True)
class Menu(Counted):
    """Ask for one key (A2.1, A2.8, A4.4).

    A key of `keys` leaves by its exit. Any other one, and silence, leave by "other" and "silence" where these are
    exits; else they are failures, "unknown" and "nothing heard".

    Attributes
    ----------
    keys : mapping of key to exit
        They are shown in the journal; other keys are not.
    wait : int
        How long a key is waited for after the question; 0: its end is silence.
    """

    prompts: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    wait: int = 0

    def needs(self) -> frozenset[str]:
        failing = {"unknown", "nothing heard"} - {
            failure for failure, exit_ in _INSTEAD.items() if exit_ in self.exits}
        return frozenset({*self.keys.values(), *failing, *({"gave up"} if failing else ())})

    def may(self) -> frozenset[str]:
        return frozenset(_INSTEAD.values())

    def own_prompts(self) -> tuple[str, ...]:
        return self.prompts

    def over(self, call: Call) -> list[Request]:
        return [Listen(self.wait)] if self.wait else self._not_chosen(call, "nothing heard")

    def key(self, call: Call, key: str, at: int) -> list[Request]:  # noqa: ARG002
        exit_ = self.keys.get(key)
        if exit_ is not None:
            return [Cut(), self.noted(key, valid=True), *call.leave_by(exit_)]
        return [Cut(), self.noted(key, ignored="other" not in self.exits), *self._not_chosen(call, "unknown")]

    def quiet(self, call: Call) -> list[Request]:
        return self._not_chosen(call, "nothing heard")

    def _not_chosen(self, call: Call, failure: str) -> list[Request]:
        exit_ = _INSTEAD[failure]
        return call.leave_by(exit_) if exit_ in self.exits else self.fail(call, failure)


_INSTEAD = {"unknown": "other", "nothing heard": "silence"}


@dataclass(frozen=True, kw_only=True)
class Language(Menu):
    """Offer the languages of the number that was dialled, each in itself (A1.5): exit "chosen", or a menu's."""

    prompt: str

    def needs(self) -> frozenset[str]:
        return super().needs() | {"chosen"}

    def own_prompts(self) -> tuple[str, ...]:
        return (self.prompt,)

    def asks(self, call: Call) -> list[Said]:
        return [Said(self.prompt, {"key": str(n)}, one) for n, one in enumerate(call.languages, 1)]

    def key(self, call: Call, key: str, at: int) -> list[Request]:
        number = int(key) if key.isdigit() else 0
        if not 1 <= number <= len(call.languages):
            return super().key(call, key, at)
        call.language = call.languages[number - 1]
        return [Cut(), self.noted(key, valid=True), Note("language", {"language": call.language}),
                *call.leave_by("chosen")]
