"""One caller: where he is in a flow, what he has typed, and what is asked of the bridge for him.

Nothing is done here; every method returns the requests in the order in which they are to be done. No word of any
application stands here: what an application knows of a call is in the class that it derives.
"""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.engine.entry import LETTERS, DigitsTyped
from ivr.engine.flow import STAY, Flow, Node, To
from ivr.engine.keys import CallerCommands
from ivr.engine.requests import Do, Listen, Note, Request, Said, Speak
from ivr.secrecy import MASK, Secrecy

IDLE, ENDED = "idle", "ended"
"""The states of a call that is at no node: not answered yet, and over."""


class Impossible(RuntimeError):
    """Something happened to a call that cannot happen where it is: a fault of ours."""


@dataclass(slots=True, eq=False, kw_only=True)
class Call:
    """The state of one call.

    Attributes
    ----------
    serial : int
        Number of the call in the order of dialling, from 1.
    caller : str
        The name its line gave.
    row : int
        Its row in the bridge's arrays.
    flows : mapping of name to Flow
        The flows of the application that has the call, the one it begins with first.
    number, phone, source : str
        The number that was dialled, the caller's own, and the address it comes from, where the line knows them.
    leg_of : int
        The serial of the call for which this one was dialled by us; 0 for one who has called himself.
    languages : tuple of str
        The languages of the number that was dialled, the primary one first (A1.4).
    language : str
        The one that is spoken to the caller.
    state : str
        The name of its node in journals.
    entry : DigitsTyped
        The digits typed for the question that stands.
    ahead : deque of (key, sample)
        Keys typed ahead to the questions that follow.
    ender : (key, sample) or None
        A key that ended an entry and is the first one for what follows.
    rings : bool
        Whether its line has not been answered yet.
    refused : int
        The code of RFC 3261 with which one that rings is refused when it ends; 0: it is answered, and let go.
    brought : dict of what is asked for to digits
        What the call has brought along, such as an ID that was dialled: it is not asked for, the first time.
    failures : Counter
        Failed tries, by what they are of.
    open : dict of question to Node
        What was asked of the application and is not answered yet, and where.
    telling : bool
        Whether a question is being said.
    faulty : bool
        Whether a fault of ours has broken off something in it.
    """

    serial: int
    caller: str
    row: int
    flows: Mapping[str, Flow]
    dialled_at: int = 0
    number: str = ""
    phone: str = ""
    source: str = ""
    leg_of: int = 0
    languages: tuple[str, ...] = ("",)
    language: str = ""
    state: str = IDLE
    node: Node | None = None
    open: dict[str, Node] = field(default_factory=dict, repr=False)
    entry: DigitsTyped = field(default_factory=DigitsTyped)
    ahead: deque[tuple[str, int]] = field(default_factory=deque, repr=False)
    ender: tuple[str, int] | None = field(default=None, repr=False)
    brought: dict[str, str] = field(default_factory=dict, repr=False)
    failures: Counter[str] = field(default_factory=Counter)
    rings: bool = False
    refused: int = 0
    telling: bool = False
    faulty: bool = False
    confirming: bool = False
    typed: str | None = field(default=None, repr=False)
    typed_at: int = 0
    stack: list[tuple[str, Node | None]] = field(default_factory=list, repr=False)
    flow: Flow = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.flow = next(iter(self.flows.values()))

    def secrecy(self) -> Secrecy:
        """Return how secret it is what is keyed now."""
        return self.node.secrecy if self.node is not None else Secrecy.SHOWN_IF_VALID

    # what an application may have otherwise

    def slots(self) -> Mapping[str, Any]:
        """Return what fills the slots of prompts for this caller."""
        return {}

    def keys(self) -> CallerCommands:
        """Return the commands that he has where the application has his call."""
        return CallerCommands()

    # what happens

    def answered(self) -> list[Request]:
        """Take it that the call is answered."""
        return self._go(To(self.flow.start))

    def key(self, key: str, at: int) -> list[Request]:
        """Take a key that the decoder heard.

        Parameters
        ----------
        key : str
            One of the 16 keys.
        at : int
            Sample at which it was heard.
        """
        if self.node is None:
            return []
        if key in LETTERS:
            return [Note("key", {"key": key, "ignored": True})]
        return self.node.key(self, key, at)

    def quiet(self) -> list[Request]:
        """Take it that the time to press a key is over."""
        return self.node.quiet(self) if self.node else []

    def all_said(self) -> list[Request]:
        """Take it that everything is said."""
        self.telling = False
        return self.node.over(self) if self.node else []

    def answer(self, question: str, answer: str) -> list[Request]:
        """Take the application's answer to what was asked for this call."""
        asked = self.open.pop(question, None)
        if asked is None:
            raise Impossible(f"call {self.serial} at {self.state}: '{answer}' answers nothing that was asked")
        return asked.answered(self, answer)

    def takes_time(self, question: str) -> list[Request]:
        """Take it that an answer takes its time."""
        asked = self.open.get(question)
        return asked.takes_time(self) if asked is not None and asked is self.node else []

    def told(self, event: str, *, late: bool = False) -> list[Request]:
        """Take what the application tells from outside.

        Parameters
        ----------
        late : bool
            Whether it is an answer that comes after the call has moved on; where it changes nothing it is dropped.

        Raises
        ------
        Impossible
            If it cannot happen here: a fault of ours.
        """
        to = self.node.on.get(event) if self.node else None
        if to is None:
            if late:
                return []
            raise Impossible(f"call {self.serial} at {self.state}: '{event}' cannot happen there")
        return self._go(to)

    def fault(self) -> list[Request]:
        """Take it that something of ours broke off."""
        self.ahead.clear()
        self.open.clear()
        return self._go(self.flow.fault)

    def end(self) -> list[Request]:
        """Take it that the call is over."""
        left, self.node, self.state = self.node, None, ENDED
        return [Listen(None), Note("state", {"state": ENDED}), *(left.leave(self) if left else [])]

    # what nodes do

    def leave_by(self, exit_: str, *, key: str = "", at: int = 0) -> list[Request]:
        """Leave the node by an exit; `key` is the one that led there."""
        to = self.node.exits.get(exit_) if self.node else None
        if to is None:
            raise Impossible(f"call {self.serial} at {self.state}: there is no exit '{exit_}'")
        requests = self._go(to)
        if to.with_key and key and self.node is not None:
            requests += self.node.key(self, key, at)
        return requests

    def said_as(self, prompt: str, **slots: Any) -> Said:  # noqa: ANN401
        """Return a prompt as it is said to this caller."""
        return Said(prompt, {**self.slots(), **slots}, self.language)

    def say(self, prompts: tuple[str, ...], *, cuts: bool = True) -> list[Request]:
        """Say prompts."""
        self.telling = True
        return [Speak(tuple(self.said_as(prompt) for prompt in prompts), cuts)]

    def ask_again(self, prompts: tuple[str, ...], **slots: Any) -> list[Request]:  # noqa: ANN401
        """Say a question anew: the time of the entry before must not run on into it."""
        self.telling = True
        return [Listen(None), Speak(tuple(self.said_as(prompt, **slots) for prompt in prompts))]

    def entered(self, what: str, digits: str = "", *, begin: int = 0) -> Note:
        """Return the journal's entry of what was typed from digit `begin` on; without digits they are masked."""
        times = self.entry.times[begin:]
        facts: dict[str, Any] = {"entry": what, "digits": digits or MASK}
        if times:
            facts["began_at"] = times[0]
            if digits:
                facts["keys_at"] = tuple(times[:len(digits)])
        return Note("entered", facts)

    def typed_ahead(self) -> list[Request]:
        """Take the keys that were typed ahead."""
        requests: list[Request] = []
        while self.ahead and self.node is not None and not self.node.busy:
            waiting = len(self.ahead)
            requests += self.key(*self.ahead.popleft())
            if len(self.ahead) >= waiting:
                break  # the node keeps them until its question is said
        return requests

    def descend(self, flow: str) -> list[Request]:
        """Go through another flow, and come back to this node by how it ends."""
        self.stack.append((self.flow.name, self.node))
        self.flow = self.flows[flow]
        return self._go(To(self.flow.start))

    def ascend(self, how: str) -> list[Request]:
        """Come back from another flow."""
        name, self.node = self.stack.pop()
        self.flow = self.flows[name]
        return self.leave_by(how)

    def _go(self, to: To) -> list[Request]:
        before = self.node
        does: list[Request] = [Do(command) for command in to.does]
        if to.node == STAY:
            said = tuple(self.said_as(prompt) for prompt in to.says)
            return [*does, *([Speak(said, to.cuts)] if said else [])]
        node = self.flow.nodes[to.node]
        moved = node is not before
        if moved:
            self.state = node.state or to.node
            self.confirming = False
            self.typed = None
        self.node = node
        self.telling = self.telling and not to.with_key
        asked = [] if to.with_key else node.asks(self)
        spoken = (*(self.said_as(prompt) for prompt in to.says), *asked)
        requests: list[Request] = []
        # a question that is asked again is a new one: the time of the entry before must not run on into it
        if moved or (spoken and to.cuts):
            requests.append(Listen(None))
        if moved and node.state is not None:
            requests.append(Note("state", {"state": node.state}))
        if moved and before is not None:
            requests += before.leave(self)
        requests += does
        if spoken:
            self.telling = True
            requests.append(Speak(spoken, to.cuts))
        requests += node.begin(self)
        # a node may have led on at once, and then that has been done by the last it came to
        if before is not None and before.busy and self.node is node and not node.busy:
            requests += self.typed_ahead()
        return requests
