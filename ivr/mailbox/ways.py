"""How the ways of the flow are written, so that it can be read aloud."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ivr.clock import samples
from ivr.engine.flow import Flow, Node, To
from ivr.engine.nodes import Ask, Menu, Play, Say
from ivr.mailbox.words import CALL_OVER, Doing
from ivr.voicemail import DialPlan

FIRST, NEXT = samples(6), samples(3)
"""How long the first key of an answer, and each after it, is waited for [U]."""

KEYS = "0123456789*#"
END = frozenset({"goodbye", "ended"})
"""Where a call is as good as over."""


def to(node: str, *says: str, does: tuple[str, ...] = ()) -> To:
    """Return a way to a node."""
    return To(node, says, does)


LATER = to("goodbye", "mailbox-out-of-order")
HOME, MESSAGE_MENU, OPERATOR = To("home"), To("message-menu"), To("operator")


def ask(question: str, exits: Mapping[str, To], **more: Any) -> Ask:  # noqa: ANN401
    """Return a question; the directory may be out of order at any. What is said before is said to its end."""
    answers = frozenset({"failed", *(exits.keys() - {"gave up"})})
    ways = {exit_: replace(way, cuts=False) for exit_, way in {"failed": LATER, **exits}.items()}
    return Ask(**{"state": None, "question": question, "answers": answers, "exits": ways,
                  "undecided": frozenset({"failed"}), **more})


def menu(state: str, prompts: tuple[str, ...], ways: Mapping[str, To], plan: DialPlan, *, node: str = "",
         gave_up: To = OPERATOR) -> Menu:
    """Return a menu whose keys lead where they say; 0 repeats it."""
    here = node or state
    again = {"unknown": To(here), "nothing heard": To(here), "gave up": gave_up}
    return Menu(state=state, label=state, prompts=prompts, tries=plan.input_failures, wait=FIRST,
                keys={key: key for key in ("0", *ways)}, exits={"0": To(here), **ways, **again})


def say(state: str | None, then: str, *prompts: str, with_key: bool = False) -> Say:
    """Return what is said before a call goes on."""
    return Say(state=state, prompts=prompts, exits={"ended": To(then), "keyed": To(then, with_key=with_key)})


def ending(nodes: Mapping[str, Node], but: Iterable[str]) -> Mapping[str, Node]:
    """Let every call end that has lasted as long as one can; what was left in it until then is sent (F1.12)."""
    over = to("goodbye", "call-too-long", does=(Doing.FINISH,))
    return {name: node if name in but else replace(node, on={CALL_OVER: over}) for name, node in nodes.items()}


def greetings(plan: DialPlan) -> Mapping[str, Node]:
    """Return what callers hear first: a recording or our own words (F1.1), then an announcement (F1.2)."""
    then = "extension" if plan.announcement is None else "announcement"
    keys = dict.fromkeys(KEYS, "keyed")
    exits = {"ended": To("extension"), "keyed": To("extension", with_key=True)}
    greeting = (say("greeting", then, "mailbox-welcome", with_key=True) if plan.welcome is None else
                Play(state="greeting", what="welcome", keys=keys, exits={
                    "ended": To(then), "keyed": To(then, with_key=True)}))
    if plan.announcement is None:
        return {"greeting": greeting}
    cut = plan.announcement_cut
    return {"greeting": greeting, "announcement": Play(
        state="announcement", what="announcement", keys=keys if cut else {},
        exits=exits if cut else {"ended": exits["ended"]})}


def flow_of(name: str, start: str, nodes: Mapping[str, Node]) -> Flow:
    """Return a flow of what can be reached of these nodes."""
    reached: dict[str, Node] = {}
    left = [start, "goodbye"]
    while left:
        if (node := left.pop()) not in reached and node:
            reached[node] = nodes[node]
            left += [way.node for way in (*nodes[node].exits.values(), *nodes[node].on.values())]
    return Flow(name, start, {one: node for one, node in nodes.items() if one in reached},
                fault=to("goodbye", "fault"), outside=frozenset({CALL_OVER}), impossible={CALL_OVER: END})
