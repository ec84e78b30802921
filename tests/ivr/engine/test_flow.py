"""Flows that cannot be walked are refused when they are made, each in one sentence."""

import pytest

from ivr.engine.diagram import mermaid, table
from ivr.engine.flow import STAY, Flow, FlowError, To
from ivr.engine.nodes import Ask, Collect, End, Menu, Park, Say
from prompts.errors import UnknownPrompt

END = {"end": End()}
FAULT = To("end", ("sorry",))


def say(to, **more):
    return Say(state="a", prompts=("hello",), exits={"ended": To(to), "keyed": To(to)}, **more)


def ask(question, *answers):
    exits = {answer: To(to) for answer, to in answers}
    return Ask(state=None, question=question, answers=frozenset(exits), exits=exits)


def flow(nodes, start="a", **more):
    return Flow("menu", start, {**nodes, **END}, FAULT, **more)


@pytest.mark.parametrize(("nodes", "more", "sentence"), [
    ({"a": say("b")}, {}, "menu: the node 'a' leads to 'b' at 'ended', and there is no such node"),
    ({"a": say("end")}, {"start": "b"}, "menu: there is no node 'b' to begin with or to go to after a fault"),
    ({"a": say("end"), "b": say("end")}, {}, "menu: nothing leads to the node 'b'"),
    ({"a": Say(state="a", exits={"ended": To("end")})}, {}, "menu: the node 'a' has no exit 'keyed'"),
    ({"a": Say(state="a", exits={one: To("end") for one in ("ended", "keyed", "left")})}, {},
     "menu: the node 'a' has an exit 'left' that nothing there leads to"),
    ({"a": Menu(state="a", keys={"1": "one"}, exits={"one": To("end"), "other": To("end")})}, {},
     "menu: the node 'a' has no exit 'gave up'"),
    ({"a": Collect(state="a", prompts=("hello",), lengths=range(4, 5), first=1, next_=1,
                   exits={one: To("end") for one in ("entered", "nothing heard", "too short", "gave up")})}, {},
     "menu: the node 'a' has no exit 'too long'"),
    ({"a": ask("which", ("x", "b")), "b": ask("what", ("y", "a"))}, {},
     "menu: a call comes back to the node 'a' without a prompt or a key"),
    ({"a": say("end", on={"opened": To(STAY)})}, {},
     "menu: the node 'a' has 'opened', which nobody tells from outside"),
    ({"a": say("end")}, {"outside": frozenset({"opened"}), "impossible": {"opened": frozenset({"end"})}},
     "menu: the node 'a' does not say what becomes of 'opened'"),
    ({"a": say("end", on={"opened": To(STAY)})},
     {"outside": frozenset({"opened"}), "impossible": {"opened": frozenset({"a", "end"})}},
     "menu: the node 'a' says what becomes of 'opened', which cannot happen there"),
])
def test_flow_when_it_cannot_be_walked_then_refused_in_one_sentence(nodes, more, sentence):
    with pytest.raises(FlowError) as refused:
        flow(nodes, **more)
    assert str(refused.value) == sentence
    assert refused.value.where in {"", *nodes}


def test_flow_when_a_prompt_is_unknown_then_refused_with_its_node():
    walked = flow({"a": say("end")})

    def known(*names):
        def slots(name):
            if name not in names:
                raise UnknownPrompt(name)
        return slots

    walked.check_prompts(known("hello", "sorry"))
    for one in ("hello", "sorry"):
        with pytest.raises(FlowError, match=r"^menu: the node 'a' says '(hello|sorry)', which is no prompt$"):
            walked.check_prompts(known(one))


def test_flow_when_questions_come_back_after_something_is_said_or_keyed_then_taken():
    flow({"a": ask("which", ("x", "b")), "b": say("a")})
    parked = Park(state="b", on={"over": To("a"), "closed": To("end")})
    flow({"a": ask("which", ("x", "b")), "b": parked}, outside=frozenset({"over", "closed"}),
         impossible={event: frozenset({"a", "end"}) for event in ("over", "closed")})


def test_picture_then_every_node_and_every_way_of_it():
    walked = flow({"a": ask("which", ("x", "b"), ("y", "end")), "b": say("a")})
    assert mermaid(walked).splitlines() == [
        "stateDiagram-v2", "    [*] --> a", "    a: (a)", "    a --> b: x", "    a --> end: y",
        "    b --> a: ended, keyed", "    end --> [*]"]
    assert [row.split(" | ")[:4] for row in table(walked).splitlines()[2:]] == [
        ["| a", "Ask", "x", "b"], ["| a", "Ask", "y", "end"],
        ["| b", "Say", "ended", "a"], ["| b", "Say", "keyed", "a"]]
