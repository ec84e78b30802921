"""A number that is dialled for a call: who answers is a call of the same application; whoever goes is told of."""

import numpy as np
import pytest

from ivr.clock import FRAME, samples
from ivr.engine import dialling
from ivr.engine.bridge import Bridge
from ivr.engine.call import ENDED, Call
from ivr.engine.dialling import BUSY as BUSY_THERE
from ivr.engine.dialling import NO_ANSWER
from ivr.engine.exchange import Exchange
from ivr.engine.flow import Flow, To
from ivr.engine.messages import BUSY, FULL, NOBODY, PickUp, Reject, Release, Ring
from ivr.engine.nodes import End, Park
from ivr.engine.plain import PlainApplication
from ivr.engine.together import OVER, TOGETHER, Together
from ivr.lines.memory import MemoryLine, MemoryTrunk
from tests.ivr.engine.test_exchange import Recorded
from tests.ivr.worlds import ShortVoice, World

OUR_FLOW = Flow("dialling", "asking", {
    "asking": Park(state="asking", music=True, does=("dial",), on={"told": To("end")}), "end": End()},
    fault=To("end"), outside=frozenset({"told"}), impossible={"told": frozenset({"end"})})
TALKS = Flow("talks", "ringing", {
    "ringing": Park(state="ringing", does=("dial",), on={
        TOGETHER: To("talking"), BUSY_THERE: To("end"), NO_ANSWER: To("end")}),
    "talking": Park(state="talking", does=("meet",), on={OVER: To("end")}), "end": End()},
    fault=To("end"), outside=frozenset({TOGETHER, OVER, BUSY_THERE, NO_ANSWER}), impossible={
        OVER: frozenset({"ringing", "end"}),
        **dict.fromkeys((TOGETHER, BUSY_THERE, NO_ANSWER), frozenset({"talking", "end"}))})
LEG = Flow("leg", "there", {"there": Park(state="there"), "end": End()}, fault=To("end"))


class Dialling(PlainApplication):
    """Dials 100 for everyone who calls."""

    flows = (OUR_FLOW,)
    dials = True

    def __init__(self, host):
        super().__init__(host)
        self.legs, self.codes, self.gone = [], [], []

    def take(self, **known):
        if known["leg_of"]:
            self.legs.append((known["leg_of"], known["caller"], known["phone"]))
            return Call(flows={"leg": LEG}, **known)
        return super().take(**known)

    def do(self, call, command, at):
        self.host.place(call, "100")

    def declined(self, call, code, at):
        self.codes.append((call.serial, code))

    def over(self, call, at):
        self.gone.append(call.serial)
        self.host.place(call, "")


class Switchboard(PlainApplication):
    """Lets everyone who calls talk to 100."""

    flows = (TALKS,)
    dials = True

    def __init__(self, host):
        super().__init__(host)
        self.dialled = dialling.Dialling(host, Together(host, lambda: host.number(self), host.give_back))

    def take(self, **known):
        return Call(flows={dialling.LEG.name: dialling.LEG}, **known) if known["leg_of"] else super().take(**known)

    def ask(self, call, question, at):
        return self.dialled.connected(call, at)

    def do(self, call, command, at):
        if command == "dial":
            self.dialled.dial(call, "100", at, rings=samples(3))
        else:
            self.dialled.meet(call, at)

    def due(self, call, kind, at):
        self.dialled.give_up(call)
        self.host.queue.tell(call.serial, NO_ANSWER)

    def declined(self, call, code, at):
        if self.dialled.declined(call, code):
            self.host.queue.tell(call.serial, BUSY_THERE)

    def over(self, call, at):
        self.dialled.let_go(call, at)


def callee(**facts):
    return MemoryLine("rita", np.zeros(0, np.int16), **facts)


@pytest.fixture
def calling():
    """Runs callers and callees on a bridge: ``calling([line], {"100": line}, seconds)``; the application."""
    def run(lines, callees, seconds, *, application=Dialling, **options):
        bridge = Bridge(application=application, voice=ShortVoice(), music=World.music, tones={}, **options)
        exchange = Exchange(bridge, [MemoryTrunk(lines, callees=callees)])
        while bridge.now < samples(seconds):
            assert exchange.step(50) == 1  # who answers may do so in the next frame
        assert not bridge.journal.of("fault")
        return bridge.application, bridge
    return run


def anna(**facts):
    return MemoryLine("anna", np.zeros(0, np.int16), **facts)


def test_leg_when_it_is_answered_then_a_call_of_the_same_application_that_knows_whose_it_is(calling):
    rita = callee(answers_after=samples(1))
    application, bridge = calling([anna()], {"100": rita}, 2)
    assert application.legs == [(1, "100", "100")]
    assert [entry.facts["what"] for entry in bridge.journal.of("music")] == ["starts"]
    assert application.codes == []
    assert rita.on_the_line
    assert [entry.at for entry in bridge.journal.of("picked-up")] == [pytest.approx(samples(1), abs=3 * FRAME)]


@pytest.mark.parametrize(("callees", "code"), [({"100": callee(declines=BUSY)}, BUSY), ({}, NOBODY),
                                               ({"200": callee()}, NOBODY)])
def test_leg_when_nobody_answers_then_the_call_is_told_why(calling, callees, code):
    application, bridge = calling([anna()], callees, 1)
    assert application.codes == [(1, code)]
    assert [entry.facts["code"] for entry in bridge.journal.of("declined")] == [code]


def test_leg_when_the_caller_hangs_up_while_it_rings_then_it_rings_no_more(calling):
    rita = callee(answers_after=samples(2))
    application, bridge = calling([anna(hangs_up_after=samples(1))], {"100": rita}, 4)
    assert (application.legs, application.codes, application.gone) == ([], [], [1])
    assert not rita.on_the_line
    assert not bridge.calls


def test_leg_when_all_lines_are_busy_then_the_call_is_told_so(calling):
    application, _ = calling([anna()], {"100": callee()}, 1, most=1)
    assert application.codes == [(1, FULL)]


def test_leg_when_it_hangs_up_then_over_for_itself_alone(calling):
    application, bridge = calling([anna()], {"100": callee(hangs_up_after=samples(1))}, 3)
    assert application.gone == [2]
    assert [call.caller for call in bridge.calls.values()] == ["anna"]


def test_leg_when_many_callers_are_before_it_then_its_line_rings_in_a_slot_that_says_nothing_yet(calling):
    others = [MemoryLine(f"caller {n}", np.zeros(0, np.int16), hangs_up_after=samples(2)) for n in range(3)]
    application, _ = calling(others, {"100": callee(answers_after=samples(1))}, 3)
    assert application.legs


class Choosing(PlainApplication):
    """Has calls on the bridge before they are answered: answers after a second, or refuses who is called so."""

    flows = (Flow("choosing", "ringing", {
        "ringing": Park(state="ringing", does=("choose",), on={"told": To("end")}), "end": End()},
        fault=To("end"), outside=frozenset({"told"}), impossible={"told": frozenset({"end"})}),)
    early = True

    def do(self, call, command, at):
        if call.caller == "unwelcome":
            call.refused = BUSY
            self.host.queue.tell(call.serial, "told")
        elif call.caller == "brief":
            call.rings = False
            self.host.queue.tell(call.serial, "told")
        else:
            self.host.timers.set(call.serial, "choose", at + samples(1))

    def due(self, call, kind, at):
        call.rings = False


@pytest.mark.parametrize(("caller", "gone_after", "asked"), [
    ("anna", None, [Ring(0, 0), PickUp(0, samples(1) + FRAME)]),
    ("anna", samples(0.5), [Ring(0, 0)]), ("unwelcome", None, [Ring(0, 0), Reject(0, FRAME, BUSY)]),
    ("brief", None, [Ring(0, 0), PickUp(0, FRAME), Release(0, FRAME)])])
def test_an_application_that_answers_itself_then_calls_ring_until_it_does_or_refuses(caller, gone_after, asked):
    bridge = Bridge(application=Choosing, voice=ShortVoice(), music=World.music, tones={})
    trunk = Recorded(MemoryLine(caller, np.zeros(0, np.int16), hangs_up_after=gone_after), stays=True)
    exchange = Exchange(bridge, [trunk])
    while bridge.now < samples(2):
        exchange.step(10)
    assert trunk.asked == asked
    assert [entry.facts["code"] for entry in bridge.journal.of("turned-away")] == [BUSY] * (caller == "unwelcome")


class EndsAll(PlainApplication):
    """Lets everybody go when somebody does."""

    flows = (Flow("together", "there", {
        "there": Park(state="there", on={"told": To("end")}), "end": End()},
        fault=To("end"), outside=frozenset({"told"}), impossible={"told": frozenset({"end"})}),)

    def over(self, call, at):
        for other in self.host.calls.values():
            if other.state != ENDED:
                self.host.queue.tell(other.serial, "told")


def test_two_who_hang_up_in_one_tick_when_the_one_ends_the_others_call_then_both_are_over_once():
    bridge = Bridge(application=EndsAll, voice=ShortVoice(), music=World.music, tones={})
    lines = [MemoryLine(name, np.zeros(0, np.int16), hangs_up_after=samples(1)) for name in ("anna", "bela")]
    exchange = Exchange(bridge, [MemoryTrunk(lines)])
    while bridge.now < samples(1.5):
        exchange.step()
    assert [(entry.caller, entry.facts["by"]) for entry in bridge.journal.of("hung-up")] == [
        ("anna", "caller"), ("bela", "bridge")]
    assert not bridge.calls


@pytest.mark.parametrize(("facts", "states"), [
    ({"answers_after": samples(1), "hangs_up_after": samples(1)}, ["ringing", "talking", "ended"]),
    ({"declines": BUSY}, ["ringing", "ended"]), ({"answers_after": samples(9)}, ["ringing", "ended"])],
    ids=["hangs up in the frame in which the caller does", "busy", "lets it ring"])
def test_leg_when_its_end_comes_in_any_way_then_the_caller_knows_and_nothing_is_left(calling, facts, states):
    same = samples(2) + FRAME  # who is dialled is on the line a frame later
    caller = anna(hangs_up_after=same if "hangs_up_after" in facts else None)
    application, bridge = calling([caller], {"100": callee(**facts)}, 4, application=Switchboard)
    assert [entry.facts["state"] for entry in bridge.journal.of("state") if entry.call == 1] == states
    assert not bridge.calls
    assert not application.dialled.rings(1)
