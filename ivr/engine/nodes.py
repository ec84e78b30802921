"""The nodes of flows: the only place where keys are read.

A node says something, waits for keys, time or an answer, and leaves by one of its exits. It is a value that many calls
share; what is a call's own stands in the call. Which prompts, keys, times and tries it has is data of the flow;
sections A1, A2, A4 and A7 of BEHAVIOUR.md are served by these, for every application. Times are samples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from ivr.engine.call import ENDED, Call
from ivr.engine.entry import BEGIN_AGAIN, TERMINATOR
from ivr.engine.flow import STAY, Node, Secret
from ivr.engine.keys import Typed, meaning
from ivr.engine.requests import (
    Cut,
    Do,
    EndRecording,
    HangUp,
    Listen,
    Music,
    Note,
    PlayBack,
    Question,
    Request,
    Said,
    StartRecording,
    StopRecording,
    Transfer,
)

UNSEEN = "•"
"""Stands for a key in the journal where it may be one of a PIN."""


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
    that length, and `begin_again`, where   exit "entered"; the key is typed ahead to the next question
    `ends_with_begin_again`
    fewer, ended                            exit "too short": one try
    more, and the terminator                exit "too long": one try
    more, and silence                       exit "overfull" if it has one, else "too long"
    more, and `begin_again`                 begin again, as within any entry
    `language_key` before anything else     exit "other language", where the number has several (A1.5)
    ======================================  =======================================================================

    Where "too short" and "too long" lead nowhere both are "wrong". A prompt is cut by a key (`barge_in`), or keys are
    kept until it is over. With `confirm` an entry is read out first, and counts when `yes` is pressed, else is asked for
    again.

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
    barge_in: bool = True
    language_key: str = ""
    offer: str = ""
    confirm: str = ""
    yes: str = "1"

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

    def hides(self, call: Call) -> bool:
        overlong = len(call.entry.digits) >= self.lengths.stop
        return super().hides(call) or (self.secret is Secret.IF_VALID and overlong)

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
            return [Note("key", {"key": key}), *call.leave_by("other language")]
        if key == self.terminator:
            return self._ended(call, silence=False)
        if key == self.begin_again:
            if self.ends_with_begin_again and len(digits) in self.lengths:
                call.ender = key, at
                return self._entered(call)
            call.entry.clear()
        else:
            call.entry.add(key, at)
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
        call.entry.clear()
        return call.ask_again(self.prompts)


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
            return [Cut(), Note("key", {"key": key}), *call.leave_by(exit_)]
        ignored = {} if "other" in self.exits else {"ignored": True}
        return [Cut(), Note("key", {"key": UNSEEN, **ignored}), *self._not_chosen(call, "unknown")]

    def quiet(self, call: Call) -> list[Request]:
        return self._not_chosen(call, "nothing heard")

    def _not_chosen(self, call: Call, failure: str) -> list[Request]:
        exit_ = _INSTEAD[failure]
        return call.leave_by(exit_) if exit_ in self.exits else self.fail(call, failure)


_INSTEAD = {"unknown": "other", "nothing heard": "silence"}


@dataclass(frozen=True, kw_only=True)
class Language(Menu):
    """Offer the languages of the number that was dialled, each in itself: exits "chosen", and those of a menu (A1.5)."""

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
        return [Cut(), Note("key", {"key": key}), Note("language", {"language": call.language}),
                *call.leave_by("chosen")]


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


@dataclass(frozen=True, kw_only=True)
class Record(Node):
    """Sound a tone and record until the terminator, silence or the longest time: the application names the exit (A4.6)."""

    longest: int
    silence: int
    results: frozenset[str] = frozenset({"recorded", "nothing"})

    def needs(self) -> frozenset[str]:
        return self.results

    def begin(self, call: Call) -> list[Request]:  # noqa: ARG002
        return [StartRecording(self.longest, self.silence)]

    def key(self, call: Call, key: str, at: int) -> list[Request]:  # noqa: ARG002
        return [EndRecording()] if key == TERMINATOR else [Note("key", {"key": UNSEEN, "ignored": True})]

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
            return [Note("key", {"key": UNSEEN, "ignored": True})]
        stays = self.exits[exit_].node == STAY
        return [*([] if stays else [Cut()]), Note("key", {"key": key}), *call.leave_by(exit_)]


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


@dataclass(frozen=True, kw_only=True)
class Park(Node):
    """Let the application have the call; its keys are read here.

    Attributes
    ----------
    music : bool
        Whether hold music plays.
    commands : bool
        Whether keys are commands: the application says which (`Call.keys`). A command begins with its first key,
        which begins anew whenever it is pressed; it is over when no longer one begins so, else when the next key does
        not come in time. Which keys they were is never told, only which command: they may be a PIN that comes too
        late (A5).
    """

    music: bool = False
    commands: bool = False

    def begin(self, call: Call) -> list[Request]:
        call.typed = None
        return [Music()] if self.music else []

    def key(self, call: Call, key: str, at: int) -> list[Request]:  # noqa: ARG002
        keys = call.keys()
        if not self.commands or (call.typed is None and key != keys.first):
            ignored: list[Request] = [Cut(), Note("key", {"key": UNSEEN, "ignored": True})]
            return [*ignored, Listen(None)] if self.commands else ignored
        if key == keys.first:
            call.typed = ""
            return [Cut(), Note("key", {"key": UNSEEN}), Listen(keys.wait)]
        call.typed = (call.typed or "") + key
        meant = meaning(call.typed, keys.commands, over=False) if key.isdigit() else Typed.NOTHING
        noted: list[Request] = [Cut(), Note("key", {"key": UNSEEN})]
        return [*noted, Listen(keys.wait)] if meant is Typed.MORE else [*noted, *self._means(call, meant)]

    def quiet(self, call: Call) -> list[Request]:
        typed = call.typed
        return self._means(call, meaning(typed, call.keys().commands, over=True) if typed else Typed.NOTHING)

    @staticmethod
    def _means(call: Call, meant: str | Typed) -> list[Request]:
        call.typed = None
        return [Listen(None), Do(meant if isinstance(meant, str) else "")]
