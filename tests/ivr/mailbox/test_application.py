"""Voice mail on a bridge, with a directory that answers as a test says."""

import numpy as np
import pytest

import dtmf
from ivr.clock import samples
from ivr.lines.memory import MemoryLine
from ivr.mailbox.application import leads_of
from ivr.voicemail import Attendant, DialPlan, Failed, Find, HearGreeting, Mailbox, Reception, WhichPlan
from tests.ivr.worlds import World

TONY = Mailbox(1, "Tony Smith", "36697", phone="+14255550136")
ANNA = Mailbox(2, "Anna Lund", "40022", phone="+14255550137")


class Told:
    """A directory of two mailboxes, whose dial plan changes from call to call."""

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
            case Find(phone=ANNA.phone):
                answer = ANNA
            case Reception():
                answer = "open"
            case HearGreeting():
                answer = None
        self._come.append((call, about, answer))

    def answers(self):
        come, self._come = self._come, []
        return come

    def awaits(self):
        return bool(self._come)


def caller(name, number, at=0, phone="", says=None):
    says = np.zeros(samples(2), np.int16) if says is None else says
    return MemoryLine(name, says, dials_at=samples(at), number=number, phone=phone)


@pytest.fixture
def calls():
    """Callers of numbers that lead to voice mail: ``calls(directory, [line], seconds)``."""
    def run(mail, lines, seconds):
        to = {"1": "mailbox", "2": "mailbox north", "3": "attendant", TONY.phone: "mailbox"}
        return World(lines, [], leads=leads_of(to, mail, ["en-US"])).run(seconds)
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


@pytest.mark.parametrize("phone", ["", ANNA.phone], ids=["a stranger's", "another owner's"])
def test_call_to_somebodys_own_number_when_nobody_can_be_dialled_then_comes_to_his_mailbox_at_once(phone, calls):
    world = calls(Told(DialPlan()), [caller("anna", TONY.phone, phone=phone)], 1)
    assert world.states("anna") == ["mailbox-greeting", "recording"]
    assert [entry.facts["to"] for entry in world.bridge.journal.of("dialling")] == [TONY.phone, TONY.extension]
    assert not world.bridge.journal.of("fault")


@pytest.mark.parametrize("number", ["1", TONY.phone], ids=["the access number", "his own number"])
def test_call_from_an_owners_phone_when_no_other_owner_is_called_then_asked_for_his_pin(number, calls):
    world = calls(Told(DialPlan()), [caller("tony", number, phone=TONY.phone)], 1)
    assert world.prompts("tony") == ["own-mailbox"]
    assert not world.bridge.journal.of("dialling")


@pytest.mark.parametrize(("operator", "told"), [
    ("100", ["nobody-answers", "mailbox-gave-up"]), (TONY.extension, ["mailbox-transfer"])],
    ids=["nobody", "somebody whose line cannot be dialled"])
def test_operator_when_he_cannot_be_dialled_then_told_so_unless_handed_to_somebody(operator, told, calls):
    plan = DialPlan(attendants={"": Attendant("", operator=operator)})
    world = calls(Told(plan), [caller("anna", "3", says=keys("0"))], 5)
    assert world.prompts("anna")[-len(told):] == told
    assert bool(world.bridge.journal.of("transferred")) is (operator == TONY.extension)


def test_key_of_an_attendant_when_it_is_not_assigned_then_told_so_and_told_the_keys_again(calls):
    plan = DialPlan(attendants={"": Attendant("")})
    world = calls(Told(plan), [caller("anna", "3", says=keys("8"))], 4)
    assert world.prompts("anna") == [
        "attendant-welcome", "attendant-by-name", "choice-unknown", "attendant-by-name"]


def keys(pressed):
    """Return what presses keys after the greeting."""
    return np.concatenate([np.zeros(samples(0.7), np.int16), dtmf.encode(pressed, 8000)])
