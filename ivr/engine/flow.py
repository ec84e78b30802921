"""A flow: where a call can be, and where it goes from there, as data.

A flow is a table of nodes (`ivr.engine.nodes`). A node has exits, each of which leads to a node (`To`), and
says what becomes of a call at it when the application tells it something from outside (`on`). There are no
guards: what looks like a condition is an exit of a node that asks the application. A flow is checked when it is
made, so that one that cannot be walked is refused before anybody calls.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ivr.engine.requests import Note, Request, Said
from ivr.secrecy import Secrecy, mask_key
from prompts.errors import UnknownPrompt

STAY = ""
"""Of `To.node`: the call stays where it is."""


class FlowError(ValueError):
    """A flow that cannot be walked; `where` is its node, if one is at fault."""

    exit_code = 2

    def __init__(self, message: str, *, where: str = "") -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True, slots=True)
class To:
    """Where an exit leads, and what is done on the way, in this order: `does`, `says`, what the node itself asks.

    Attributes
    ----------
    node : str
        Name of the node; empty (`STAY`) where the call stays.
    says : tuple of str
        Prompts that are said on the way.
    does : tuple of str
        What the application is to do.
    cuts : bool
        Whether what is said cuts what is being said, or follows it.
    with_key : bool
        Whether the key that led here is handed on: it is the answer to what the node would have asked.
    """

    node: str
    says: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    cuts: bool = True
    with_key: bool = False


@dataclass(frozen=True, kw_only=True)
class Node:
    """What all nodes have.

    Attributes
    ----------
    state : str or None
        Its name in the journal; None: it is passed in silence.
    exits : mapping of exit to To
    on : mapping of event to To
        What becomes of a call here when the application tells it something from outside.
    secrecy : Secrecy
        How secret it is what is keyed here. Unless said otherwise it is shown only if it is what was asked for:
        anybody may have begun to type a PIN too early or too late.
    """

    state: str | None
    exits: Mapping[str, To] = field(default_factory=dict)
    on: Mapping[str, To] = field(default_factory=dict)
    secrecy: Secrecy = Secrecy.SHOWN_IF_VALID

    busy: ClassVar[bool] = False
    """Whether keys are kept for the next node."""

    def needs(self) -> frozenset[str]:
        """Return the exits that it must have."""
        return frozenset()

    def may(self) -> frozenset[str]:
        """Return exits that it can have besides."""
        return frozenset()

    def passes(self) -> bool:
        """Tell whether a call can go through without a prompt or a key."""
        return False

    def own_prompts(self) -> tuple[str, ...]:
        """Return the prompts that it says itself."""
        return ()

    def noted(self, key: str, *, valid: bool = False, ignored: bool = False) -> Note:
        """Return the journal's entry of a key.

        Parameters
        ----------
        valid : bool
            Whether it means something here, by which it is no part of a PIN.
        """
        shown = mask_key(self.secrecy, key, valid=valid)
        return Note("key", {"key": shown, "ignored": True} if ignored else {"key": shown})

    def asks(self, call: Any) -> list[Said]:
        """Return what is said when a call comes here."""
        return [call.said_as(prompt) for prompt in self.own_prompts()]

    def begin(self, call: Any) -> list[Request]:  # noqa: ARG002
        """Take a call that has come here, and been told what is said."""
        return []

    def key(self, call: Any, key: str, at: int) -> list[Request]:  # noqa: ARG002
        """Take a key that is on a caller's keypad."""
        return []

    def quiet(self, call: Any) -> list[Request]:  # noqa: ARG002
        """Take it that the time to press a key is over."""
        return []

    def over(self, call: Any) -> list[Request]:  # noqa: ARG002
        """Take it that everything is said."""
        return []

    def answered(self, call: Any, answer: str) -> list[Request]:  # noqa: ARG002
        """Take the answer to what was asked here, wherever the call is by now."""
        return []

    def takes_time(self, call: Any) -> list[Request]:  # noqa: ARG002
        """Take it that the answer takes its time."""
        return []

    def leave(self, call: Any) -> list[Request]:  # noqa: ARG002
        """Let a call go."""
        return []


@dataclass(frozen=True)
class Flow:
    """A table of nodes.

    Parameters
    ----------
    name : str
    start : str
        The node to which an answered call comes.
    nodes : mapping of name to Node
    fault : To
        Where a call goes in whose own work something of ours broke off.
    outside : frozenset of str
        What the application may tell calls.
    impossible : mapping of event to frozenset of node names
        Where it cannot happen, since the application tells it to nobody there.

    Raises
    ------
    FlowError
        If it cannot be walked, in one sentence.
    """

    name: str
    start: str
    nodes: Mapping[str, Node]
    fault: To
    outside: frozenset[str] = frozenset()
    impossible: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for refused in self._wrong():
            raise refused

    def ways(self, name: str) -> Iterator[tuple[str, To]]:
        """Give what can happen at a node, and where it leads: its exits, then what is told from outside."""
        node = self.nodes[name]
        yield from node.exits.items()
        yield from node.on.items()

    def prompts(self) -> Iterator[tuple[str, str]]:
        """Give every prompt that is said, each with the node where, in order."""
        for name, node in self.nodes.items():
            yield from ((name, prompt) for prompt in node.own_prompts())
            yield from ((name, prompt) for _, to in self.ways(name) for prompt in to.says)
        yield from ((self.start, prompt) for prompt in self.fault.says)

    def check_prompts(self, slots: Callable[[str], object]) -> None:
        """Refuse a prompt that nobody can say.

        Parameters
        ----------
        slots : callable
            Gives the slots of a prompt; raises `prompts.UnknownPrompt` if there is none of this name.

        Raises
        ------
        FlowError
            With the node and the prompt.
        """
        for name, prompt in self.prompts():
            try:
                slots(prompt)
            except UnknownPrompt:
                raise FlowError(f"{self.name}: the node {name!r} says {prompt!r}, which is no prompt",
                                where=name) from None

    def _wrong(self) -> Iterator[FlowError]:
        for named in (self.start, self.fault.node):
            if named not in self.nodes:
                yield FlowError(f"{self.name}: there is no node {named!r} to begin with or to go to after a fault")
        for name, node in self.nodes.items():
            for sentence in self._wrong_at(name, node):
                yield FlowError(f"{self.name}: the node {name!r} {sentence}", where=name)
        reached = self._reached(self.start, self.fault.node)
        for name in self.nodes:
            if name not in reached:
                yield FlowError(f"{self.name}: nothing leads to the node {name!r}", where=name)
        for name in self._turning():
            yield FlowError(f"{self.name}: a call comes back to the node {name!r} without a prompt or a key",
                            where=name)

    def _wrong_at(self, name: str, node: Node) -> Iterator[str]:
        for exit_ in sorted(node.needs() - node.exits.keys()):
            yield f"has no exit {exit_!r}"
        for exit_ in sorted(node.exits.keys() - node.needs() - node.may()):
            yield f"has an exit {exit_!r} that nothing there leads to"
        for what, to in self.ways(name):
            if to.node != STAY and to.node not in self.nodes:
                yield f"leads to {to.node!r} at {what!r}, and there is no such node"
        for event in sorted(node.on.keys() - self.outside):
            yield f"has {event!r}, which nobody tells from outside"
        for event in sorted(self.outside):
            cannot = name in self.impossible.get(event, ())
            if (event in node.on) == cannot:
                yield (f"says what becomes of {event!r}, which cannot happen there" if cannot else
                       f"does not say what becomes of {event!r}")

    def _reached(self, *starts: str) -> set[str]:
        reached: set[str] = set()
        stack = list(starts)
        while stack:
            name = stack.pop()
            if name not in reached and name in self.nodes:
                reached.add(name)
                stack += [to.node for _, to in self.ways(name) if to.node != STAY]
        return reached

    def _turning(self) -> Iterator[str]:
        """Give nodes from which a call comes round with nothing said and no key read on the way."""
        for start in self.nodes:
            seen: set[str] = set()
            stack = [start]
            while stack:
                node = self.nodes[stack.pop()]
                if not node.passes():
                    continue
                for to in node.exits.values():
                    if to.says or to.node == STAY:
                        continue
                    if to.node == start:
                        yield start
                        stack.clear()
                        break
                    if to.node not in seen:
                        seen.add(to.node)
                        stack.append(to.node)
