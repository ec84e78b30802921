"""Voice mail on a bridge, with a directory that answers as a test says."""

import numpy as np
import pytest

from ivr.clock import samples
from ivr.lines.memory import MemoryLine
from ivr.mailbox.application import leads_of
from ivr.voicemail import DialPlan, Failed, Find, HearGreeting, Mailbox, WhichPlan
from tests.ivr.worlds import World

TONY = Mailbox(1, "Tony Smith", "36697", phone="+14255550136")


class Told:
    """A directory of one mailbox, whose dial plan changes from call to call."""

    def __init__(self, *plans):
        self.plans, self.asked, self._come = list(plans), [], []

    def ask(self, call, about, question):
        self.asked.append(question)
        answer = None
        match question:
            case WhichPlan():
                answer = self.plans.pop(0)
            case Find(phone=TONY.phone) | Find(extension=TONY.extension):
                answer = TONY
            case HearGreeting():
                answer = None
        self._come.append((call, about, answer))

    def answers(self):
        come, self._come = self._come, []
        return come

    def awaits(self):
        return bool(self._come)


def caller(name, number, at=0):
    return MemoryLine(name, np.zeros(samples(2), np.int16), dials_at=samples(at), number=number)


@pytest.fixture
def calls():
    """Callers of numbers that lead to voice mail: ``calls(directory, [line], seconds)``."""
    def run(mail, lines, seconds):
        leads = leads_of({"1": "mailbox", "2": "mailbox north", TONY.phone: "mailbox"}, mail, ["en-US"])
        return World(lines, [], leads=leads).run(seconds)
    return run


def test_call_when_the_directory_is_out_of_order_then_told_so_and_let_go(calls):
    world = calls(Told(Failed()), [caller("anna", "1")], 2)
    assert world.prompts("anna") == ["mailbox-out-of-order"]
    assert world.states("anna") == ["goodbye", "ended"]
    assert not world.bridge.calls


def test_call_when_it_comes_then_goes_by_the_plan_that_holds_then_and_is_of_its_number(calls):
    mail = Told(DialPlan(), DialPlan(welcome=np.zeros(800, np.int16)), DialPlan(name="north"))
    world = calls(mail, [caller("anna", "1"), caller("bela", "1", 1), caller("carl", "2", 2)], 3)
    assert [question for question in mail.asked if isinstance(question, WhichPlan)] == [
        WhichPlan(), WhichPlan(), WhichPlan("north")]
    assert "mailbox-welcome" in world.prompts("anna")
    assert "mailbox-welcome" not in world.prompts("bela")  # the recording instead


def test_call_to_somebodys_own_number_when_nobody_can_be_dialled_then_comes_to_his_mailbox_at_once(calls):
    world = calls(Told(DialPlan()), [caller("anna", TONY.phone)], 1)
    assert world.states("anna") == ["mailbox-greeting", "recording"]
    assert [entry.facts["to"] for entry in world.bridge.journal.of("dialling")] == [TONY.phone, TONY.extension]
    assert not world.bridge.journal.of("fault")
