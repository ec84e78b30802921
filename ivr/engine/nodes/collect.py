"""Digits: a number, an ID, a PIN."""

from dataclasses import dataclass

from ivr.engine.call import Call
from ivr.engine.entry import BEGIN_AGAIN, TERMINATOR
from ivr.engine.flow import FlowError
from ivr.engine.nodes.counted import Counted
from ivr.engine.requests import Cut, Listen, Note, Request, Said
from ivr.secrecy import Secrecy


@dataclass(frozen=True, kw_only=True)
class Collect(Counted):
    """Collect digits (A1.10 to A1.13, A2.8 to A2.13).

    ======================================  =======================================================================
    typed                                   what it is
    ======================================  =======================================================================
    `terminator` alone, or nothing in time  exit "nothing heard": one try
    `begin_again` within an entry           what was typed is dropped, no try is spent
    a length that is taken, then the        exit "entered"
    terminator or silence
    the longest that is taken, where        exit "entered"
    `complete`
    that length, and `begin_again`, where   exit "entered"; the key is typed ahead to the next question
    `ends_with_begin_again`
    fewer, ended                            exit "too short": one try
    more, and the terminator                exit "too long": one try
    more, and silence                       exit "overfull" if it has one, else "too long"
    more, and `begin_again`                 begin again, as within any entry
    `language_key` before anything else     exit "other language", where the number has several (A1.5)
    ======================================  =======================================================================

    Where "too short" and "too long" lead nowhere both are "wrong". A prompt is cut by a key (`barge_in`), or
    keys are kept until it is over. With `confirm` an entry is read out first, and counts when `yes` is pressed,
    else it costs a try and is asked for again; a secret is never read out.

    Attributes
    ----------
    prompts : tuple of str
        The question.
    lengths : range
        How many digits are taken.
    first, next_ : int
        How long the first key, and each one after it, is waited for.
    offer : str
        The prompt that offers other languages, after the question, where the number has several.
    """

    prompts: tuple[str, ...]
    lengths: range
    first: int
    next_: int
    terminator: str = TERMINATOR
    begin_again: str = BEGIN_AGAIN
    ends_with_begin_again: bool = False
    complete: bool = False
    barge_in: bool = True
    language_key: str = ""
    offer: str = ""
    confirm: str = ""
    yes: str = "1"

    def __post_init__(self) -> None:
        if self.confirm and self.secrecy is Secrecy.HIDDEN:
            raise FlowError(f"what is keyed at the node {self.state!r} is secret, so it is not read out: leave out "
                            "'confirm'", where=self.state or "")

    def needs(self) -> frozenset[str]:
        refusals = {"too short", "too long"} if {"too short", "too long"} & self.exits.keys() else {"wrong"}
        return frozenset({"entered", "nothing heard", "gave up", *refusals})

    def may(self) -> frozenset[str]:
        return frozenset({"overfull", "other language"})

    def own_prompts(self) -> tuple[str, ...]:
        return (*self.prompts, *filter(None, (self.offer, self.confirm)))

    def asks(self, call: Call) -> list[Said]:
        offered = (self.offer,) if self.offer and len(call.languages) > 1 else ()
        return [call.said_as(prompt) for prompt in (*self.prompts, *offered)]

    def over(self, call: Call) -> list[Request]:
        listen: list[Request] = [Listen(self.next_ if call.entry.digits else self.first)]
        return listen if self.barge_in else [*listen, *call.typed_ahead()]

    def key(self, call: Call, key: str, at: int) -> list[Request]:
        if call.confirming:
            return [Cut(), *self._confirmed(call, yes=key == self.yes)]
        if call.telling and not self.barge_in:
            call.ahead.append((key, at))
            return []
        return [Cut(), *self._taken(call, key, at)]

    def quiet(self, call: Call) -> list[Request]:
        return self._confirmed(call, yes=False) if call.confirming else self._ended(call, silence=True)

    def _taken(self, call: Call, key: str, at: int) -> list[Request]:
        digits = call.entry.digits
        if self.language_key and not digits and key == self.language_key and len(call.languages) > 1:
            return [self.noted(key, valid=True), *call.leave_by("other language")]
        if key == self.terminator:
            return self._ended(call, silence=False)
        if key == self.begin_again:
            if self.ends_with_begin_again and len(digits) in self.lengths:
                call.ender = key, at
                return self._entered(call)
            call.entry.clear()
        else:
            call.entry.add(key, at)
            if self.complete and len(call.entry.digits) == self.lengths[-1]:
                return self._entered(call)
        return [Listen(self.next_ if call.entry.digits else self.first)]

    def _ended(self, call: Call, *, silence: bool) -> list[Request]:
        length = len(call.entry.digits)
        if length in self.lengths:
            return self._entered(call)
        # an entry of another length may be a secret given to the wrong question, so it is never shown
        noted: list[Request] = [call.entered(self.label)] if length else []
        if not length:
            exit_ = "nothing heard"
        elif "too short" not in self.exits:
            exit_ = "wrong"
        elif length < self.lengths.start:
            exit_ = "too short"
        elif silence and "overfull" in self.exits:
            return call.leave_by("overfull")
        else:
            exit_ = "too long"
        return [*noted, *self.fail(call, exit_)]

    def _entered(self, call: Call) -> list[Request]:
        if not self.confirm:
            return call.leave_by("entered")
        call.confirming = True
        return call.ask_again((self.confirm,), digits=call.entry.digits)

    def _confirmed(self, call: Call, *, yes: bool) -> list[Request]:
        call.confirming = False
        if yes:
            return call.leave_by("entered")
        call.ender = None
        call.entry.clear()
        what = self.counts or self.label
        call.failures[what] += 1
        noted = Note("refused", {"entry": self.label, "reason": "not confirmed", "try": call.failures[what]})
        over = call.failures[what] >= self.tries
        return [noted, *(call.leave_by("gave up") if over else call.ask_again(self.prompts))]
