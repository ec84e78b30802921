"""Who guesses is slowed, on real audio: right and wrong alike, and nobody is told that a right PIN is wrong."""

from itertools import pairwise

import pytest
from callers import KeypadLine

from ivr.clock import samples
from ivr.conference.profile import PROFILES
from ivr.directory.meetings import Meeting, Meetings, key_of
from ivr.questions import Asker, PinChecked, Turn

ID, PIN, WRONG = "1234567", "48215", "00000"
RIGHT_KEYS, WRONG_KEYS = f"{ID}#*{PIN}#", f"{ID}#*{WRONG}#"
SLOWING = PROFILES["teams2021"].slowing_of_pins
PHONE, SOURCE = "+14255550123", "192.0.2.7"


class Line(KeypadLine):
    """A caller with a keypad whose number, or address, is known."""

    def __init__(self, caller, *presses, phone="", source="", **more):
        super().__init__(caller, presses, **more)
        self.phone, self.source = phone, source


class Attacked(Meetings):
    """Meetings at which so many wrong PINs were tried just before, and what is told of turns."""

    def __init__(self, wrong=10, **asker):
        super().__init__(Meeting(own, PIN, whose) for own, whose in (
            (ID, "amos"), ("7654321", "amos"), ("5555555", "rita")))
        self.told = []
        for _ in range(wrong):
            self.check_pin(0, key_of(ID), WRONG, Asker(slowing=SLOWING, **asker))
            for answer in self.answers():
                if answer.turn:  # whoever hung up has tried, and does not wait
                    super().gone(answer.turn)

    def given(self, turn):
        super().given(turn)
        self.told.append("given")

    def gone(self, turn):
        super().gone(turn)
        self.told.append("gone")


def told_after(played, caller):
    """Return how long a caller waited for the answer about his PIN, in samples, and where he went then."""
    entries = played.bridge.journal.of("state", caller=caller)
    checking = next(n for n, entry in enumerate(entries) if entry.facts["state"] == "checking-pin")
    return entries[checking + 1].at - entries[checking].at, entries[checking + 1].facts["state"]


def slowed(played, caller):
    return [dict(entry.facts) for entry in played.bridge.journal.of("slowed", caller=caller)]


@pytest.mark.parametrize(("wrong", "wait"), [(9, 0), (10, 1), (13, 8), (16, 60), (30, 60)])
def test_wrong_pins_before_then_a_right_and_a_wrong_one_are_answered_at_the_same_sample(world, wrong, wait):
    right, other = (world(Line("anna", (0.1, keys)), directory=Attacked(wrong)).run(5 + wait)
                    for keys in (RIGHT_KEYS, WRONG_KEYS))
    assert told_after(right, "anna") == (samples(wait), "meeting")
    assert told_after(other, "anna") == (samples(wait), "pin")
    expected = [{"entry": "PIN", "because": "meeting", "seconds": wait}] if wait else []
    assert slowed(right, "anna") == slowed(other, "anna") == expected
    for played in (right, other):
        asked = played.prompts("anna").index("enter-pin")
        assert (played.prompts("anna")[asked + 1] == "please-hold") == (wait > 2)
        music = [entry.facts["what"] for entry in played.bridge.journal.of("music", caller="anna")]
        assert music == (["starts", "stops"] if wait > 2 else [])
        told = played.bridge.journal.text() + played.bridge.journal.json_lines()
        assert PIN not in told
        assert WRONG not in told


def test_ten_wrong_pins_of_callers_then_the_eleventh_is_slowed(world):
    lines = [Line(f"c{n}", (0.1, f"{WRONG_KEYS}{WRONG}#"), dials_at=samples(n)) for n in range(5)]
    played = world(*lines, Line("last", (0.1, WRONG_KEYS), dials_at=samples(8)), directory=Attacked(0)).run(14)
    assert [slowed(played, f"c{n}") for n in range(5)] == [[]] * 5
    assert told_after(played, "last") == (samples(1), "pin")


def test_the_other_meeting_of_the_same_organizer_then_slowed_as_well_but_not_that_of_another(world):
    one, two = (Line(caller, (0.1, f"{own}#*{PIN}#")) for caller, own in (("one", "7654321"), ("two", "5555555")))
    played = world(one, two, directory=Attacked(13)).run(12)
    assert told_after(played, "one") == (samples(8), "meeting")
    assert told_after(played, "two") == (0, "meeting")


def test_several_who_wait_then_one_at_a_time_and_behind_five_one_is_to_try_later_with_a_right_pin(world):
    directory = Attacked(10)
    lines = [Line(f"c{n}", (0.1, WRONG_KEYS), dials_at=samples(n / 10)) for n in range(5)]
    last = Line("amos", (0.1, RIGHT_KEYS), dials_at=samples(0.6))
    played = world(*lines, last, directory=directory).run(40)
    told = [played.bridge.journal.of("refused", caller=f"c{n}")[0].at // samples(1) for n in range(5)]
    assert [then - first for first, then in pairwise(told)] == [2, 4, 8, 16]
    assert slowed(played, "amos") == [{"entry": "PIN", "because": "meeting", "later": True}]
    assert told_after(played, "amos") == (0, "lobby")
    assert played.prompts("amos")[-2:] == ["pin-try-later", "wait-in-lobby"]
    assert "wrong" not in played.refusals("amos")


def test_somebody_who_hangs_up_before_his_answer_then_it_was_a_wrong_one_and_his_place_is_free(world):
    directory = Attacked(12)
    gone = Line("gone", (0.1, RIGHT_KEYS), hangs_up_after=samples(6))
    played = world(gone, Line("next", (0.1, RIGHT_KEYS), dials_at=samples(7)), directory=directory).run(20)
    assert played.states("gone")[-2:] == ["checking-pin", "ended"]
    assert told_after(played, "next") == (samples(8), "meeting")
    assert directory.told == ["gone", "given"]


def test_a_right_pin_in_its_turn_then_it_was_no_wrong_try(world):
    directory = Attacked(12)
    lines = [Line(f"c{n}", (0.1, f"{own}#*{PIN}#"), dials_at=samples(15 * n)) for n, own in
             enumerate([ID, "7654321"])]
    played = world(*lines, directory=directory).run(30)
    assert [told_after(played, f"c{n}")[0] for n in range(2)] == [samples(4)] * 2
    assert directory.told == ["given"] * 2


class InTurn(Attacked):
    """Meetings where every PIN is right and has a turn, as at a desk where it was known too late to need none."""

    def __init__(self, after):
        super().__init__(0)
        self._turn, self._checked = Turn(7, after, ("meeting",) if after else ()), []

    def check_pin(self, call, meeting, pin, asker):
        self._checked = [PinChecked(call, True, "amos", turn=self._turn)]

    def answers(self):
        checked, self._checked = self._checked, []
        return [*super().answers(), *checked]


@pytest.mark.parametrize("after", [0, 1])
def test_a_turn_that_has_come_already_then_answered_at_once_and_told_of_as_any(world, after):
    directory = InTurn(after)
    played = world(Line("anna", (0.1, RIGHT_KEYS)), directory=directory).run(6)
    assert told_after(played, "anna") == (samples(after), "meeting")
    assert len(slowed(played, "anna")) == after
    assert directory.told == ["given"]


def test_the_meeting_starts_while_he_waits_then_he_joins_and_becomes_organizer_in_his_turn(world):
    late, wrong = Line("late", (0.1, RIGHT_KEYS)), Line("wrong", (0.1, WRONG_KEYS), dials_at=samples(0.2))
    played = world(late, wrong, directory=Attacked(13))
    while played.states("wrong")[-1:] != ["checking-pin"]:
        played.run(0.02)
    played.bridge.join_by_app(key_of(ID), "rita", conference_id=ID)
    played.run(1)
    assert [played.states(caller)[-1] for caller in ("late", "wrong")] == ["meeting"] * 2
    assert not played.bridge.journal.of("promoted")
    played.run(30)
    assert [entry.caller for entry in played.bridge.journal.of("promoted")] == ["late"]
    asked = played.bridge.journal.of("slowed", caller="late")[0].at
    assert played.bridge.journal.of("promoted")[0].at == asked + samples(8)
    assert played.refusals("wrong") == []


def test_keys_typed_while_he_waits_then_kept_for_the_next_question(world):
    line = Line("anna", (0.1, WRONG_KEYS), (6, f"{PIN}#"))
    played = world(line, directory=Attacked(13)).run(40)
    assert played.refusals("anna") == ["wrong"]
    assert told_after(played, "anna") == (samples(8), "pin")
    assert played.states("anna")[-1] == "meeting"


@pytest.mark.parametrize("known", [{"phone": PHONE}, {"source": SOURCE}])
def test_ten_wrong_pins_from_one_number_or_address_then_slowed_at_any_meeting_and_nobody_else(world, known):
    lines = (Line("same", (0.1, f"5555555#*{PIN}#"), **known),
             Line("other", (0.1, f"5555555#*{WRONG}#"), phone=PHONE, source="192.0.2.200"))
    played = world(*lines, directory=Attacked(13, **known)).run(12)
    assert told_after(played, "same") == (samples(8), "meeting")
    assert slowed(played, "same")[0]["because"] == {"phone": "number", "source": "source"}[next(iter(known))]
    assert told_after(played, "other") == (0, "pin")


@pytest.mark.parametrize(("known", "seconds"), [({"phone": PHONE}, 1), ({"source": SOURCE}, 1), ({}, 0)])
def test_three_unknown_ids_in_each_of_three_calls_then_the_next_id_is_slowed(world, known, seconds):
    unknown = [Line(f"c{n}", (0.1, "1111111#2222222#3333333#"), dials_at=samples(7 * n), **known) for n in range(3)]
    played = world(*unknown, Line("next", (0.1, f"{ID}#"), dials_at=samples(22), **known)).run(26)
    assert [len(played.refusals(f"c{n}")) for n in range(3)] == [3] * 3
    states = {entry.facts["state"]: entry.at for entry in played.bridge.journal.of("state", caller="next")}
    assert states["organizer-question"] - states["finding"] == samples(seconds)
    by = "number" if "phone" in known else "source"
    expected = [{"entry": "conference ID", "because": by, "seconds": 1}] if known else []
    assert slowed(played, "next") == expected


def test_two_unknown_ids_in_each_of_many_calls_then_nobody_is_slowed(world):
    keys = f"1111111#2222222#{ID}#"
    lines = [Line(f"c{n}", (0.1, keys), phone=PHONE, dials_at=samples(n / 10)) for n in range(6)]
    played = world(*lines).run(7)
    assert {played.states(f"c{n}")[-1] for n in range(6)} == {"organizer-question"}
    assert not played.bridge.journal.of("slowed")


def at_unknown_ids(tried, waiting=0):
    """Return meetings at which so many unknown IDs were tried from the number just before; some still wait."""
    directory = Attacked(0)
    asker = Asker(phone=PHONE, slowing=PROFILES["teams2021"].slowing_of_ids, counts=True)
    for call in range(tried + waiting):
        directory.find(call, "1111111", asker)
        for answer in directory.answers():
            if call < tried and answer.turn:
                directory.gone(answer.turn)
    return directory


def test_a_slowed_id_of_a_meeting_that_runs_then_the_music_is_over_when_he_joins(world):
    played = world(Line("anna", (0.1, f"{ID}#"), phone=PHONE), directory=at_unknown_ids(6))
    played.bridge.join_by_app(key_of(ID), "amos", conference_id=ID)
    played.run(12)
    assert played.prompts("anna")[-2:] == ["please-hold", "joining"]
    assert [entry.facts["what"] for entry in played.bridge.journal.of("music")] == ["starts", "stops"]
    assert not played.lines[0].heard()[-samples(1):].any()


def test_five_slowed_ids_that_wait_then_the_next_is_to_try_later_and_the_call_ends(world):
    directory = at_unknown_ids(10, waiting=10)
    played = world(Line("anna", (0.1, f"{ID}#"), phone=PHONE), directory=directory).run(5)
    assert slowed(played, "anna") == [{"entry": "conference ID", "because": "number", "later": True}]
    assert played.prompts("anna")[-1] == "conference-id-try-later"
    assert played.states("anna")[-2:] == ["goodbye", "ended"]


def test_on_a_server_then_nobody_is_slowed(world):
    played = world(Line("anna", (0.1, f"{WRONG_KEYS}{WRONG}#{PIN}#")), directory=Attacked(30),
                   product="sfbserver").run(10)
    assert played.states("anna")[-1] == "meeting"
    assert not played.bridge.journal.of("slowed")
