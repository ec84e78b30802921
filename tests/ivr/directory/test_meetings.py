"""The directory in memory."""

import pytest

from ivr.clock import samples
from ivr.directory.errors import BadConferenceId, BadPin, DuplicateId
from ivr.directory.meetings import Meeting, Meetings, key_of
from ivr.questions import Asker, Found, PinChecked, Slowing, Unknown

AMOS = Meeting("1234567", "48215", "amos")
RITA = Meeting("7654321", "90371", "rita", anyone_may_start=True)


def test_an_id_then_found_or_unknown_once():
    meetings = Meetings([AMOS, RITA])
    meetings.find(1, "1234567")
    meetings.find(2, "7654321")
    meetings.find(3, "0000000")
    assert meetings.answers() == [Found(1, key_of("1234567"), False), Found(2, key_of("7654321"), True),
                                  Unknown(3)]
    assert meetings.answers() == []


@pytest.mark.parametrize(("pin", "right"), [("48215", True), ("90371", False), ("4821", False), ("", False),
                                            ("048215", False)])
def test_a2_9_a_pin_then_right_for_its_own_meeting_only(pin, right):
    meetings = Meetings([AMOS, RITA])
    meetings.check_pin(1, key_of("1234567"), pin)
    assert meetings.answers() == [PinChecked(1, right, "amos")]


def test_a_meeting_without_a_pin_then_no_pin_is_right():
    meetings = Meetings([Meeting("1234567", "", "amos")])
    meetings.check_pin(1, key_of("1234567"), "")
    assert meetings.answers() == [PinChecked(1, False, "amos")]


@pytest.mark.parametrize("conference_id", ["123456", "12345678", "12345a7", "", "\uff11234567"])
def test_a1_10_an_id_that_is_not_seven_digits_then_an_error_names_it(conference_id):
    with pytest.raises(BadConferenceId, match="exactly 7 digits"):
        Meeting(conference_id, "48215", "amos")


@pytest.mark.parametrize("pin", ["987", "9876543210987", "98a45"])
def test_b1_2_a_pin_that_is_none_then_an_error_without_it(pin):
    with pytest.raises(BadPin) as caught:
        Meeting("1234567", pin, "amos")
    assert pin not in str(caught.value)


def test_two_meetings_with_one_id_then_an_error_names_it():
    with pytest.raises(DuplicateId, match="1234567"):
        Meetings([AMOS, Meeting("1234567", "90371", "rita")])


def test_wrong_pins_then_the_next_take_turns_until_those_are_old():
    meetings = Meetings([AMOS, RITA])

    def turn(at, pin="00000", conference_id="1234567", phone="+14255550123"):
        slowing = Slowing(limit=2, window=600, longest=60, waiting=5)
        meetings.check_pin(1, key_of(conference_id), pin, Asker(samples(at), phone, slowing=slowing))
        answer, = meetings.answers()
        return answer.turn and (answer.turn.after, answer.turn.because), answer.turn

    assert [turn(at)[0] for at in (0, 1)] == [None, None]
    right, given = turn(2, "48215")
    assert right == (1, ("meeting", "number"))
    meetings.given(given)  # so it was no wrong one
    waits, gone = turn(3)
    assert waits == right
    meetings.gone(gone)  # his place is free again, and his try counts
    assert turn(3)[0] == (2, ("meeting", "number"))
    assert turn(3, conference_id="7654321")[0] == (6, ("number",))
    assert turn(3, conference_id="7654321", phone="+14255550199")[0] is None
    assert turn(603)[0] is None


def test_a_meeting_shown_then_without_its_pin():
    assert "48215" not in repr(AMOS)
