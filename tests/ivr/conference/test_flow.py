"""The flow of the conference: complete, in its words, and refused where it could not be walked."""

from itertools import product

import pytest

from ivr.conference.caller import Caller
from ivr.conference.commands import Command
from ivr.conference.flow import Does, Told, conference_flow
from ivr.conference.profile import PROFILES
from ivr.engine.call import Impossible
from ivr.mailbox.states import STATES as MAILBOX_STATES
from ivr.scenario.words import STATES
from prompts import load

FLOWS = {name: conference_flow(profile) for name, profile in PROFILES.items()}
FLOW = FLOWS["teams2021"]


def caller_at(node):
    call = Caller(serial=3, caller="anna", row=0, profile=PROFILES["teams2021"], flows={FLOW.name: FLOW})
    call.node, call.state = FLOW.nodes[node], FLOW.nodes[node].state or node
    return call


@pytest.mark.parametrize("name", FLOWS)
def test_every_prompt_of_a_flow_then_in_every_language(name):
    for language in ("en-US", "fr-FR", "de-DE", "es-ES", "zh-CN"):
        FLOWS[name].check_prompts(load(language).slots)


@pytest.mark.parametrize(("node", "event"), [*product(FLOW.nodes, Told)])
def test_every_event_at_every_node_then_led_on_or_refused_with_call_node_and_event(node, event):
    possible = node not in FLOW.impossible[event]
    assert (event in FLOW.nodes[node].on) is possible
    call = caller_at(node)
    if possible:
        call.told(event)
        assert call.state == (FLOW.nodes[node].on[event].node or node)
    else:
        with pytest.raises(Impossible, match=f"^call 3 at {node}: '{event}' cannot happen there$"):
            call.told(event)


def test_coming_into_a_meeting_or_the_lobby_then_the_room_is_told():
    for name in FLOW.nodes:
        for what, to in FLOW.ways(name):
            if to.node == "meeting":
                assert {Does.START, Does.JOIN} & set(to.does), (name, what)
            if to.node == "lobby":
                assert Does.WAIT in to.does, (name, what)


def test_a_story_s_states_then_those_of_the_flow_that_take_time():
    shown = {node.state for node in FLOW.nodes.values()} - {None}
    assert set(STATES) - set(MAILBOX_STATES) <= shown | {"idle"}


def test_a5_commands_then_none_has_the_name_of_anything_the_flow_does():
    assert not {command.value for command in Command} & {does.value for does in Does}
