"""One key, or a few that belong together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.clock import samples
from ivr.engine.call import Call
from ivr.engine.keys import Typed, sequence
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
    """Ask for one key (A2.1, A2.8, A4.4), or for several that belong together.

    A key of `keys` leaves by its exit. Any other one, and silence, leave by "other" and "silence" where these are
    exits; else they are failures, "unknown" and "nothing heard". Where keys begin others, as 3 begins 33, time
    decides; a key that does not go on so is the first one at the node where the others led to.

    Attributes
    ----------
    keys : mapping of keys to exit
        They are shown in the journal; other keys are not.
    wait : int
        How long a key is waited for after the question; 0: its end is silence.
    next_ : int
        How long the next key of several is waited for.
    offers : tuple of Said
        What is said after the prompts, each with slots of its own: one choice after the other.
    """

    prompts: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    wait: int = 0
    next_: int = samples(1.5)
    offers: tuple[Said, ...] = ()

    def needs(self) -> frozenset[str]:
        failing = {"unknown", "nothing heard"} - {
            failure for failure, exit_ in _INSTEAD.items() if exit_ in self.exits}
        return frozenset({*self.keys.values(), *failing, *({"gave up"} if failing else ())})

    def may(self) -> frozenset[str]:
        return frozenset(_INSTEAD.values())

    def own_prompts(self) -> tuple[str, ...]:
        return (*self.prompts, *(offer.prompt for offer in self.offers))

    def asks(self, call: Call) -> list[Said]:
        return [*(call.said_as(prompt) for prompt in self.prompts),
                *(call.said_as(offer.prompt, **offer.slots) for offer in self.offers)]

    def over(self, call: Call) -> list[Request]:
        return [Listen(self.wait)] if self.wait else self._not_chosen(call, "nothing heard")

    def key(self, call: Call, key: str, at: int) -> list[Request]:
        before, call.typed = call.typed or "", None
        meant = sequence(before + key, self.keys, over=False)
        if meant is Typed.MORE:
            call.typed = before + key
            return [Cut(), self.noted(key, valid=True), Listen(self.next_)]
        if meant is not Typed.NOTHING:
            return [Cut(), self.noted(key, valid=True), *call.leave_by(self.keys[meant])]
        if before in self.keys:
            return [*call.leave_by(self.keys[before]), *call.key(key, at)]
        return [Cut(), self.noted(key, ignored="other" not in self.exits), *self._not_chosen(call, "unknown")]

    def quiet(self, call: Call) -> list[Request]:
        typed, call.typed = call.typed or "", None
        if typed:
            return call.leave_by(self.keys[typed]) if typed in self.keys else self._not_chosen(call, "unknown")
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
