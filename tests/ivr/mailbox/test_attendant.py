"""The flow of an auto attendant's callers (F5)."""

import numpy as np

from ivr.engine.nodes import Play
from ivr.mailbox.flows import attendant_flow
from ivr.mailbox.words import Asks
from ivr.voicemail import Attendant, DialPlan, KeyChoice
from prompts import languages, load

SOUND = np.zeros(800, np.int16)


def plan(*keys, **more):
    """Return a dial plan with an attendant of these keys, and one for the night."""
    return DialPlan(attendants={"": Attendant("", keys, **more), "night": Attendant("night", by_name=False)})


def menu(flow, node="attendant, open menu"):
    return flow.nodes[node]


def test_attendant_of_every_action_then_can_be_walked_and_all_languages_say_it():
    keys = [KeyChoice(str(n), action, argument, "sales") for n, (action, argument) in enumerate((
        ("extension", "36697"), ("message", "40022"), ("attendant", "night"), ("attendant", "nobody"),
        ("operator", ""), ("location", ""), ("hours", ""), ("file", "open.wav")), 1)]
    flow = attendant_flow(plan(*keys, KeyChoice("timeout", "operator"), operator="100", greeting=SOUND), "")
    for language in languages():
        flow.check_prompts(load(language).slots)
    assert set(menu(flow).keys) == {*"012345678", "#"}
    assert flow.nodes["attendant, open menu 1"].question == f"{Asks.REACH} 36697"
    assert flow.nodes["attendant, open menu 3"].exits["on"].node == "attendant night"
    assert flow.nodes["attendant, open menu 4"].exits["on"].node == "operator"  # it leads to nobody
    assert isinstance(flow.nodes["attendant, open"], Play)


def test_attendant_then_tells_only_the_keys_that_have_a_name():
    keys = KeyChoice("1", "operator", "", "sales"), KeyChoice("2", "operator")
    flow = attendant_flow(plan(*keys, by_name=False), "")
    assert [(offer.prompt, offer.slots) for offer in menu(flow).offers] == [
        ("attendant-key", {"name": "sales", "key": "1"})]
    assert menu(flow, "attendant, closed menu").prompts == ("attendant-no-choice",)


def test_attendant_of_another_name_then_begins_there():
    flow = attendant_flow(plan(), "night")
    assert flow.start == "attendant night"
    assert "arriving" not in flow.nodes
