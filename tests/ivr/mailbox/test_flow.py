"""The flow of voice mail: what it may not be, whatever the dial plan."""

import inspect

import numpy as np
import pytest

from ivr.engine.flow import Flow
from ivr.engine.nodes import Collect, Play
from ivr.mailbox import flow as table
from ivr.mailbox.flows import attendant_flow, mailbox_flow
from ivr.mailbox.states import STATES
from ivr.secrecy import Secrecy
from ivr.voicemail import Attendant, DialPlan, KeyChoice
from prompts import languages, load

SOUND = np.zeros(800, np.int16)
PLANS = {"as it comes": DialPlan(), "recordings": DialPlan(welcome=SOUND, announcement=SOUND),
         "not to be cut": DialPlan(announcement=SOUND, announcement_cut=False, extension_digits=20,
                                   input_failures=1)}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_flow_of_any_dial_plan_then_can_be_walked_and_all_languages_say_it(plan):
    flow = mailbox_flow(plan)
    assert isinstance(flow, Flow)
    for language in languages():
        flow.check_prompts(load(language).slots)


def test_states_then_those_of_the_flows():
    plan = DialPlan(attendants={"": Attendant("", (KeyChoice("1", "file", "a file"),))})
    flows = (mailbox_flow(plan), attendant_flow(plan, ""))
    assert {node.state for flow in flows for node in flow.nodes.values() if node.state} == STATES


def test_flow_then_data_of_at_most_250_lines():
    assert len(inspect.getsource(table).splitlines()) <= 250


def test_pins_then_hidden_wherever_one_is_keyed():
    for name, node in mailbox_flow(DialPlan()).nodes.items():
        if isinstance(node, Collect) and "PIN" in node.label:
            assert node.secrecy is Secrecy.HIDDEN, name


def test_announcement_when_it_is_not_to_be_cut_then_no_key_does():
    (node,) = (one for one in mailbox_flow(PLANS["not to be cut"]).nodes.values() if one.state == "announcement")
    assert isinstance(node, Play)
    assert node.keys == {}  # F1.2
