"""Digits: a number, an ID, a PIN."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.engine.call import Call
from ivr.engine.entry import BEGIN_AGAIN, TERMINATOR
from ivr.engine.flow import FlowError
from ivr.engine.keys import Typed, sequence
from ivr.engine.nodes.counted import Counted
from ivr.engine.requests import Cut, Listen, Note, Request, Said
from ivr.secrecy import Secrecy


@dataclass(frozen=True, kw_only=True)
class Collect(Counted):
    """Collect digits (A1.10 to A1.13, A2.8 to A2.13).

    ======================================  =======================================================================
    typed                                   what it is
    ======================================  =======================================================================
    `terminator` alone, or nothing in time  exit "nothing heard": one try; the key is ignored where not `ends_empty`
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
    keys of `instead` before any digit      the exit that they lead to
    ======================================  =======================================================================

    Where "too short" and "too long" lead nowhere both are "wrong". A prompt is cut by a key (`barge_in`), or
    keys are kept until it is over. With `confirm` an entry is read out first, and counts when `yes` is pressed,
    else it costs a try and is asked for again; a secret is never read out. Digits that the call has brought along
    (`Call.brought`) are taken without a question.

    Attributes
    ----------
    prompts : tuple of str
        The question.
    lengths : range
        How many digits are taken.
    first, next_ : int
        How long the first key, and each one after it, is waited for.
    instead : mapping of keys to exit
        What can be pressed instead of an entry; where keys begin others, as # begins ##, time decides.
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
    ends_empty: bool = True
    language_key: str = ""
    instead: Mapping[str, str] = field(default_factory=dict)
    offer: str = ""
    confirm: str = ""
    yes: str = "1"

    def __post_init__(self) -> None:
        if self.confirm and self.secrecy is Secrecy.HIDDEN:
            raise FlowError(f"what is keyed at the node {self.state!r} is secret, so it is not read out: leave out "
                            "'confirm'", where=self.state or "")

    def needs(self) -> frozenset[str]:
        refusals = {"too short", "too long"} if {"too short", "too long"} & self.exits.keys() else {"wrong"}
        return frozenset({"entered", "nothing heard", "gave up", *refusals, *self.instead.values()})

    def may(self) -> frozenset[str]:
        return frozenset({"overfull", "other language"})

    def own_prompts(self) -> tuple[str, ...]:
        return (*self.prompts, *filter(None, (self.offer, self.confirm)))

    def asks(self, call: Call) -> list[Said]:
        if self.label in call.brought:
            return []
        offered = (self.offer,) if self.offer and len(call.languages) > 1 else ()
        return [call.said_as(prompt) for prompt in (*self.prompts, *offered)]

    def begin(self, call: Call) -> list[Request]:
        digits = call.brought.pop(self.label, "")
        if not digits:
            return []
        call.entry.digits = digits
        return call.leave_by("entered")

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
        if call.confirming:
            return self._confirmed(call, yes=False)
        typed, call.typed = call.typed or "", None
        if typed in self.instead:
            return call.leave_by(self.instead[typed])
        taken = self._begun(call, typed)
        return taken if typed and not typed.isdigit() else [*taken, *self._ended(call, silence=True)]

    def _begun(self, call: Call, keys: str) -> list[Request]:
        """Take keys for what they are in an entry, as they turn out to be nothing else."""
        return [request for key in keys for request in self._as_digit(call, key, call.typed_at)]

    def _taken(self, call: Call, key: str, at: int) -> list[Request]:
        if not self.instead or call.entry.digits:
            return self._as_digit(call, key, at)
        before, call.typed = call.typed or "", None
        meant = sequence(before + key, self.instead, over=False)
        if meant is Typed.MORE:
            call.typed, call.typed_at = before + key, call.typed_at if before else at
            return [Listen(self.next_)]
        if meant is not Typed.NOTHING:
            return [self.noted(key, valid=True), *call.leave_by(self.instead[meant])]
        if before in self.instead:
            return [*call.leave_by(self.instead[before]), *call.key(key, at)]
        return [*self._begun(call, before), *self._as_digit(call, key, at)]

    def _as_digit(self, call: Call, key: str, at: int) -> list[Request]:
        digits = call.entry.digits
        if self.language_key and not digits and key == self.language_key and len(call.languages) > 1:
            return [self.noted(key, valid=True), *call.leave_by("other language")]
        if key == self.terminator and not digits and not self.ends_empty:
            return [self.noted(key, ignored=True), Listen(self.first)]
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
