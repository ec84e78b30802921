"""Calls come, ring, are held, handed on and go: between trunks and the bridge."""

import numpy as np
import pytest
from callers import KeypadLine

from ivr.clock import FRAME, samples
from ivr.engine.exchange import Exchange
from ivr.engine.messages import (
    Arrived,
    Held,
    Hold,
    HungUp,
    PickUp,
    Reject,
    Release,
    Resumed,
    Ring,
    SendDigits,
    TransferTo,
    Welcome,
)
from ivr.engine.ports import FOREVER
from ivr.lines.memory import MemoryLine, MemoryTrunk

SILENT = np.zeros(0, np.int16)


def told(played, *events):
    return [(entry.event, entry.caller, entry.at, *entry.facts.values())
            for entry in played.bridge.journal.of(*events)]


class Recorded(MemoryTrunk):
    """A trunk in memory that keeps what is asked of it."""

    def __init__(self, *lines, **options):
        super().__init__(lines, **options)
        self.asked = []

    def send(self, now, rows, commands):
        self.asked += commands
        super().send(now, rows, commands)


@pytest.fixture
def received(world):
    """Makes worlds with a trunk that keeps what is asked: ``received(*lines, welcome=Welcome())``."""

    def make(*lines, welcome=Welcome(), trunk=None, **options):  # noqa: B008
        played = world(**options)
        played.recorded = Recorded(*lines, stays=True) if trunk is None else trunk
        played.exchange = Exchange(played.bridge, [played.recorded], reception=lambda _: welcome)
        return played
    return make


def test_a_call_then_answered_in_the_step_in_which_it_comes_and_released_in_that_of_its_end(received):
    played = received(MemoryLine("anna", SILENT, dials_at=FRAME),
                      no_pin_limit=samples(1), first_digit_timeout=samples(0.4), conference_id_tries=1).run(4)
    ended = played.bridge.journal.of("hung-up")[0].at
    assert played.recorded.asked == [PickUp(0, FRAME), Release(0, (ended // FRAME + 1) * FRAME)]


def test_a_call_that_rings_then_on_the_bridge_when_it_is_answered(received):
    anna = MemoryLine("anna", SILENT, dials_at=FRAME)
    played = received(anna, welcome=Welcome(rings=samples(1))).run(2)
    assert played.recorded.asked == [Ring(0, FRAME), PickUp(0, FRAME + samples(1))]
    assert told(played, "dialled") == [("dialled", "anna", FRAME + samples(1))]
    assert not anna.heard()[:samples(1)].any()
    assert anna.heard()[samples(1):].any()


def test_a_call_that_is_heard_before_it_is_answered_then_on_the_bridge_at_once(received):
    anna = MemoryLine("anna", SILENT)
    played = received(anna, welcome=Welcome(rings=samples(1), early=True)).run(2)
    assert played.recorded.asked == [Ring(0, 0, early=True), PickUp(0, samples(1))]
    assert told(played, "dialled") == [("dialled", "anna", 0)]
    assert anna.heard()[:FRAME].any()


@pytest.mark.parametrize("early", [False, True])
def test_somebody_who_hangs_up_while_it_rings_then_never_answered_and_his_slot_serves_the_next(received, early):
    lines = [MemoryLine("anna", SILENT, hangs_up_after=samples(0.4)),
             MemoryLine("bela", SILENT, dials_at=samples(0.5))]
    played = received(*lines, welcome=Welcome(rings=samples(1), early=early)).run(2)
    answers = [command for command in played.recorded.asked if isinstance(command, PickUp)]
    assert answers == [PickUp(0, samples(1.5))]
    if early:
        assert [entry.caller for entry in played.bridge.journal.of("hung-up")] == ["anna"]
    else:
        assert told(played, "gave-up", "dialled") == [("gave-up", "anna", samples(0.4)),
                                                      ("dialled", "bela", samples(1.5))]
    assert next(iter(played.bridge.calls.values())).caller == "bela"


def test_a_call_that_is_refused_then_told_and_never_on_the_bridge(received):
    anna = MemoryLine("anna", SILENT)
    played = received(anna, welcome=Welcome(refused=404)).run(1)
    assert played.recorded.asked == [Reject(0, 0, 404)]
    assert told(played, "turned-away", "dialled") == [("turned-away", "anna", 0, 404)]
    assert (anna.ended_by_bridge, len(anna.heard())) == (True, 0)


def test_all_lines_busy_then_refused_with_the_code_for_it(received):
    played = received(MemoryLine("anna", SILENT), MemoryLine("bela", SILENT))
    played.bridge._most = 1
    played.run(0.1)
    assert played.recorded.asked == [PickUp(0, 0), Reject(1, 0, 503)]
    assert told(played, "busy") == [("busy", "bela", 0, 1)]


@pytest.mark.parametrize(("why", "expected"), [("", []), ("no sound for 60 s", ["no sound for 60 s"])])
def test_a_reason_for_hanging_up_then_told_where_it_says_something_new(received, why, expected):
    played = received(MemoryLine("anna", SILENT, hangs_up_after=samples(1), hangs_up_why=why)).run(2)
    assert [entry.facts["because"] for entry in played.bridge.journal.of("line-lost")] == expected
    assert told(played, "hung-up") == [("hung-up", "anna", samples(1), "caller")]


def test_a_call_that_comes_and_goes_in_one_step_then_begins_and_ends_and_the_next_has_its_slot(received):
    class Quick:
        """A trunk on which everything happens at once."""

        can, over = frozenset(), False

        def __init__(self):
            self.asked, self.left = [], [[Arrived(0, 0, "anna"), HungUp(0, 0), Arrived(0, 0, "bela")], [],
                                         [HungUp(0, 0), Arrived(0, 0, "cora"), HungUp(0, 0)]]

        def horizon(self, now):
            return FRAME

        def events(self, now):
            return self.left.pop(0) if self.left else ()

        def receive(self, now, rows):
            rows[:] = 0

        def send(self, now, rows, commands):
            self.asked.append(list(commands))

    played = received(trunk=Quick()).run(0.1)
    assert [(entry.event, entry.caller) for entry in played.bridge.journal.of("dialled", "hung-up")] == [
        ("dialled", "anna"), ("hung-up", "anna"), ("dialled", "bela"),
        ("hung-up", "bela"), ("dialled", "cora"), ("hung-up", "cora")]
    assert played.recorded.asked == [[PickUp(0, 0)], []]
    assert played.bridge.calls == {}


def test_a_call_that_is_held_then_hears_and_says_nothing_while_its_time_goes_on(received):
    rng = np.random.default_rng(3)
    loud = rng.integers(-8000, 8000, samples(20)).astype(np.int16)
    amos = KeypadLine("amos", [(0.1, "5550000#")])
    anna = KeypadLine("anna", [(0.1, "5550000#")], tells=[Held(0, samples(6)), Held(0, samples(6.5)),
                                                          Resumed(0, samples(8))])
    anna.says = np.append(anna.says, loud)
    played = received(amos, anna, keys={}).run(10)
    heard = anna.heard()
    assert not heard[samples(6):samples(8)].any()
    others = np.abs(amos.heard().astype(int))
    assert not others[samples(6.1):samples(8)].any()  # but for what was on its way
    assert others[samples(8.2):].max() > 3000
    assert told(played, "held", "resumed") == [("held", "anna", samples(6)), ("resumed", "anna", samples(8))]


def test_a_call_that_is_held_at_a_question_then_its_time_runs_out(received):
    anna = MemoryLine("anna", SILENT, tells=[Held(0, samples(1))])
    played = received(anna, first_digit_timeout=samples(3)).run(30)
    assert played.refusals("anna")[0] == "nothing heard"
    assert played.bridge.calls == {}


def test_what_is_asked_of_a_line_then_its_trunk_does_it_or_the_journal_tells_that_it_cannot(received):
    played = received(MemoryLine("anna", SILENT)).run(0.1)
    serial = played.serial("anna")
    assert played.exchange.ask(serial, SendDigits, keys="48#")
    assert played.exchange.ask(serial, Hold, on=True)
    assert not played.exchange.ask(99, Hold)
    played.run(0.1)
    now = samples(0.1)
    assert played.recorded.asked[1:] == [SendDigits(0, now, "48#"), Hold(0, now)]
    assert "48#" not in repr(played.recorded.asked)
    played.recorded.can = frozenset()
    assert not played.exchange.ask(serial, TransferTo, to="+14255550199")
    assert told(played, "cannot") == [("cannot", "anna", samples(0.2), "TransferTo")]


@pytest.mark.parametrize("can", [True, False])
def test_a5_c13_a_caller_who_asks_for_the_operator_then_his_trunk_is_to_hand_him_over(received, can):
    amos = KeypadLine("amos", [(0.1, "1234567#*48215#"), (5, "*0")])
    played = received(amos, product="sfbserver", operator="+14255550199")
    played.recorded.can = played.recorded.can if can else frozenset()
    played.run(9)
    asked = [command.to for command in played.recorded.asked if isinstance(command, TransferTo)]
    assert asked == (["+14255550199"] if can else [])
    assert [entry.event for entry in played.bridge.journal.of("transferred", "cannot")] == (
        ["transferred"] if can else ["transferred", "cannot"])
    assert isinstance(played.recorded.asked[-1], Release)


def test_somebody_whom_we_dial_then_on_the_bridge_once_he_answers(received):
    rita = KeypadLine("rita", [(0.1, "1234567#*48215#")], answers_after=samples(2))
    busy = MemoryLine("busy", SILENT, declines=486)
    played = received(trunk=Recorded(callees={"1": rita, "2": busy})).run(0.1)
    exchange, trunk = played.exchange, played.recorded
    assert [exchange.place(trunk, number, caller=f"leg {number}") for number in "123"] == [True] * 3
    assert not exchange.place(MemoryTrunk(), "1", caller="nobody")
    played.run(8)
    assert told(played, "declined") == [("declined", "leg 2", samples(0.1), 486),
                                        ("declined", "leg 3", samples(0.1), 404)]
    assert told(played, "dialled") == [("dialled", "leg 1", samples(2.1))]
    assert played.states("leg 1")[-1] == "meeting"
    assert played.bridge.calls[1].phone == "1"
    assert not exchange.place(Recorded(), "1", caller="nobody")


def test_arrivals_of_one_tick_then_numbered_in_the_order_of_trunks_and_then_of_each(world):
    played = world()
    trunks = [MemoryTrunk([MemoryLine(f"{n}{k}", SILENT, dials_at=FRAME) for k in range(3)]) for n in range(3)]
    for trunk in trunks:
        played.exchange.attach(trunk)
    played.run(0.1)
    assert [call.caller for call in played.bridge.calls.values()] == [f"{n}{k}" for n in range(3) for k in range(3)]


def test_calls_of_several_trunks_that_come_and_go_then_each_hears_what_it_would_alone(world):
    def line(n):
        return KeypadLine(f"c{n}", [(0.1, ("1234567#1", "99#", "7654321#*1#")[n % 3])], dials_at=n * 5 * FRAME,
                          hangs_up_after=samples(1 + n % 4))

    alone = [world(line(n)).run(6).lines[0].heard() for n in range(9)]
    played, lines = world(), [line(n) for n in range(9)]
    for part in range(3):
        played.exchange.attach(MemoryTrunk(lines[part::3]))
    played.run(6)
    assert [np.array_equal(line.heard(), own) for line, own in zip(lines, alone, strict=True)] == [True] * 9
    assert all(trunk.over for trunk in [line.trunk for line in lines])


def test_a_trunk_without_calls_then_knows_for_ever_what_comes():
    assert MemoryTrunk().horizon(0) == FOREVER


def test_several_hang_up_in_one_tick_on_two_trunks_then_told_in_the_order_in_which_they_dialled(received):
    first, second, third = (MemoryLine(name, SILENT, dials_at=n * FRAME, hangs_up_after=(50 - n) * FRAME)
                            for n, name in enumerate(("anna", "bela", "caro")))
    played = received(second, third)
    played.exchange.attach(MemoryTrunk([first]))
    for _ in range(60):
        played.exchange.step()
    assert [call for event, call, *_ in told(played, "hung-up")] == ["anna", "bela", "caro"]
