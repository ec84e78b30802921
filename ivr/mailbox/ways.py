"""How the ways of the flow are written, so that it can be read aloud."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ivr.clock import samples
from ivr.engine.dialling import BUSY, NO_ANSWER
from ivr.engine.flow import Flow, Node, To
from ivr.engine.nodes import Ask, Collect, End, Menu, Park, Play, Record, Say, Sub
from ivr.engine.together import OVER, TOGETHER
from ivr.mailbox.words import CALL_OVER, NOBODY, RINGING, Asks, Doing
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
HOME, MESSAGE, OPERATOR = To("home"), To("message-menu"), To("operator")


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
    again = {"unknown": to(here, "choice-unknown"), "nothing heard": To(here), "gave up": gave_up}
    return Menu(state=state, label=state, prompts=prompts, tries=plan.input_failures, wait=FIRST,
                keys={key: key for key in ("0", *ways)}, exits={"0": To(here), **ways, **again})


def keyed(state: str, prompt: str, *, wrong: To, exits: Mapping[str, To], **more: Any) -> Collect:  # noqa: ANN401
    """Return what asks for digits; silence has it asked again."""
    return Collect(state=state, prompts=(prompt,), first=FIRST, next_=NEXT, **more, exits={
        "nothing heard": to(state, "nothing-heard"), "wrong": wrong, **exits})


def played(state: str, what: str, then: str, *, with_key: bool = False) -> Play:
    """Return what is played before a call goes on; any key cuts it short."""
    return Play(state=state, what=what, keys=dict.fromkeys(KEYS, "keyed"), exits={
        "ended": To(then), "keyed": To(then, with_key=with_key)})


def recorded(state: str, longest_s: int, plan: DialPlan, nothing: To, *, keeps: bool = False) -> Record:
    """Return what records a caller, who is then asked what is to become of it."""
    return Record(state=state, longest=samples(longest_s), silence=samples(plan.recording_silence), keeps=keeps,
                  exits={"recorded": To("recorded-menu"), "nothing": nothing})


def say(state: str | None, then: str, *prompts: str, with_key: bool = False) -> Say:
    """Return what is said before a call goes on."""
    return Say(state=state, prompts=prompts, exits={"ended": To(then), "keyed": To(then, with_key=with_key)})


def ringing(node: str, nobody: To, unanswered: To, *says: str) -> Mapping[str, Node]:
    """Return where somebody is dialled for a caller, and where he is while it rings there.

    Parameters
    ----------
    nobody : To
        Where he goes if nobody can be dialled by that number.
    unanswered : To
        Where he goes if nobody answers, or the line is busy.
    says : tuple of str
        What he is told when it rings; then he hears music.
    """
    on = {TOGETHER: To("talking"), BUSY: unanswered, NO_ANSWER: unanswered, NOBODY: nobody}
    return {node: Park(state=None, does=(Doing.DIAL,), on={**on, RINGING: To(f"{node}, ringing", says)}),
            f"{node}, ringing": Park(state="ringing", music=True, on=on)}


def absent(node: str, *keys: str) -> Mapping[str, To]:
    """Return the ways of keys that are not simulated, and say so."""
    return dict.fromkeys(keys, to(node, "not-simulated"))


def ending(nodes: Mapping[str, Node], but: Iterable[str]) -> Mapping[str, Node]:
    """Let every call end that has lasted as long as one can; what was left in it until then is sent (F1.12)."""
    over = to("goodbye", "call-too-long", does=(Doing.FINISH,))
    return {name: node if name in but else replace(node, on={**node.on, CALL_OVER: over})
            for name, node in nodes.items()}


def greetings(plan: DialPlan) -> Mapping[str, Node]:
    """Return what callers hear first: a recording or our own words (F1.1), then an announcement (F1.2)."""
    then = "extension" if plan.announcement is None else "announcement"
    greeting = (say("greeting", then, "mailbox-welcome", with_key=True) if plan.welcome is None else
                played("greeting", "welcome", then, with_key=True))
    if plan.announcement is None:
        return {"greeting": greeting}
    return {"greeting": greeting, "announcement": (
        played("announcement", "announcement", "extension", with_key=True) if plan.announcement_cut else
        Play(state="announcement", what="announcement", exits={"ended": To("extension")}))}


def flow_of(name: str, start: str, nodes: Mapping[str, Node]) -> Flow:
    """Return a flow of what can be reached of these nodes."""
    reached: dict[str, Node] = {}
    left = [start, "goodbye"]
    while left:
        if (node := left.pop()) not in reached and node:
            reached[node] = nodes[node]
            left += [way.node for way in (*nodes[node].exits.values(), *nodes[node].on.values())]
    there = {one: node for one, node in nodes.items() if one in reached}
    return Flow(name, start, there, fault=to("goodbye", "fault"), outside=frozenset({CALL_OVER, *_CONNECTING}),
                impossible={CALL_OVER: END, **{event: frozenset(one for one in there if event not in there[one].on)
                                               for event in _CONNECTING}})


_CONNECTING = (TOGETHER, OVER, BUSY, NO_ANSWER, NOBODY, RINGING)
"""What only those are told for whom somebody is dialled."""

WITHIN = "within"
"""The flow by the dial plan that holds as a call comes."""

RECEPTION = Flow("voice mail", "answering", {
    "answering": ask(Asks.PLAN, {"known": To("by-plan")}),
    "by-plan": Sub(state=None, flow=WITHIN, ends=frozenset()),
    "goodbye": say("goodbye", "ended"), "ended": End()}, fault=to("goodbye", "fault"))
"""What leads every call until it is known by which dial plan it goes."""
