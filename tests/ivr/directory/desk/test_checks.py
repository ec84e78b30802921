"""What a call asks: which meeting has this ID, and is this its organizer's PIN (A1.12, A2.9, A1.14, A1.15)."""

import pytest

from ivr.bridge.ports import Found, PinChecked, Unknown
from ivr.directory.checks import AtOnce

AMOS, ADA = "amos.marble@contoso.com", "ada@contoso.com"
HOUR, DAY = 3600, 86_400


# the conference ID


def test_s1_2_an_id_dialled_then_its_meetings_organizer(desk, enable, meeting):
    enable(desk)
    shown = meeting(desk)
    place = desk.checks.find(shown.conference_id)
    assert (place.conference_id, place.organizer, place.anyone_may_start) == (shown.conference_id, AMOS, False)


def test_a1_12_an_id_that_nobody_has_then_unknown(desk, enable, meeting):
    enable(desk)
    assert desk.checks.find(meeting(desk).conference_id)
    for dialled in ("0000000", "", "12345678", "*21", "\u0661234567", "' OR 1=1"):
        assert desk.checks.find(dialled) is None
        assert desk.checks.check_pin(dialled, "12345") == PinChecked(0, right=False)


def test_a1_14_the_id_of_somebody_disabled_then_unknown_and_his_pin_opens_nothing(desk, enable, meeting):
    pin, conference_id = enable(desk).pin.pin, meeting(desk).conference_id
    desk.organizers.disable(AMOS)
    assert desk.checks.find(conference_id) is None
    assert not desk.checks.check_pin(conference_id, pin).right


@pytest.mark.parametrize(("prolong", "from_end"), [
    pytest.param(None, 0, id="A1.15: 60 days from its end"),
    pytest.param("started", 40 * DAY, id="A1.15: 60 days from its last start"),
    pytest.param("rescheduled", 40 * DAY, id="A1.15: 60 days from its last change"),
])
def test_a_scheduled_meeting_then_dialled_for_60_days(desk, enable, meeting, clock, prolong, from_end):
    enable(desk)
    shown = meeting(desk)
    clock.now = shown.ends_at + from_end
    if prolong == "started":
        desk.checks.started(shown.conference_id)
    if prolong == "rescheduled":
        desk.meetings.reschedule(shown.conference_id)
    clock.on(days=60, seconds=-1)
    assert desk.checks.find(shown.conference_id)
    clock.on(seconds=1)
    assert desk.checks.find(shown.conference_id) is None


def test_a1_15_a_meeting_that_was_not_scheduled_then_dialled_for_8_hours(desk, enable, clock):
    enable(desk)
    conference_id = desk.meetings.meet_now(AMOS).conference_id
    clock.on(hours=8, seconds=-1)
    assert desk.checks.find(conference_id)
    clock.on(seconds=1)
    assert desk.checks.find(conference_id) is None


def test_a1_15_a_meeting_started_long_before_its_end_then_its_life_is_not_shortened(desk, enable, meeting, clock):
    enable(desk)
    shown = meeting(desk, starts_at=clock.now + 90 * DAY, ends_at=clock.now + 90 * DAY + HOUR)
    desk.checks.started(shown.conference_id)
    assert desk.meetings.show(shown.conference_id).expires_at == shown.expires_at


def test_c_3_a_static_id_then_dialled_whatever_becomes_of_the_meetings(desk_of, enable, meeting, clock):
    desk = desk_of("sfb2017", unique_conference_ids="no")
    conference_id = enable(desk).conference_id
    desk.checks.started(conference_id)
    meeting(desk)
    clock.on(days=1000)
    assert desk.checks.find(conference_id).organizer == AMOS


def test_s0_7_s4_7_a2_2_an_organizer_who_asks_for_no_pin_then_anyone_may_start_from_the_next_call_on(
        desk, enable, meeting):
    enable(desk)
    conference_id = meeting(desk).conference_id
    assert not desk.checks.find(conference_id).anyone_may_start
    desk.organizers.set(AMOS, {"pstn_only": True})
    assert desk.checks.find(conference_id).anyone_may_start


# the PIN


def test_s0_2_s4_2_the_organizers_pin_then_it_proves_him(desk, enable, meeting, other_than):
    pin, conference_id = enable(desk).pin.pin, meeting(desk).conference_id
    checked = desk.checks.check_pin(conference_id, pin)
    assert checked == PinChecked(0, right=True, organizer=AMOS, name="Amos Marble")
    assert not desk.checks.check_pin(conference_id, other_than(pin)).right


def test_a2_9_another_organizers_valid_pin_then_refused_and_counted_for_this_one(desk_of, enable, meeting):
    desk = desk_of("sfbserver")
    enable(desk)
    enable(desk, ADA)
    desk.pins.reset(AMOS, pin="94075")
    desk.pins.reset(ADA, pin="82607")
    conference_id = meeting(desk).conference_id
    assert not desk.checks.check_pin(conference_id, "82607").right
    assert [desk.pins.info(who).failures for who in (AMOS, ADA)] == [1, 0]


def test_b1_1_something_like_the_pin_then_refused(desk_of, enable, dial):
    desk = desk_of("sfbserver")
    enable(desk)
    desk.pins.reset(AMOS, pin="94075")
    try_pin = dial(desk)
    for entered in ("", "9407", "940755", "094075", "94075 ", " 94075", "94075\0", "\uff19\uff14\uff10\uff17\uff15",
                    "9" * 10_000):
        assert not try_pin(entered), entered[:20]
    assert try_pin("94075")


def test_b4_an_organizer_without_a_pin_then_nothing_opens_and_nothing_counts(desk_of, enable, meeting):
    desk = desk_of("sfbserver")
    enable(desk)
    conference_id = meeting(desk).conference_id
    assert not desk.checks.check_pin(conference_id, "").right
    assert not desk.checks.check_pin(conference_id, "00000").right
    assert desk.pins.info(AMOS).failures == 0


def test_b1_11_a_reset_at_another_desk_then_it_counts_at_the_very_next_check(desk, open_desk, enable, meeting):
    old, conference_id = enable(desk).pin.pin, meeting(desk).conference_id
    other = open_desk()
    for _ in range(5):
        assert desk.checks.check_pin(conference_id, old).right
        new = other.pins.reset(AMOS).pin
        assert not desk.checks.check_pin(conference_id, old).right
        assert desk.checks.check_pin(conference_id, new).right
        old = new


def test_c_10_s1_13_an_id_reset_at_another_desk_then_the_old_one_leads_nowhere_at_once(
        desk, open_desk, enable, meeting):
    enable(desk)
    conference_id = meeting(desk).conference_id
    assert desk.checks.find(conference_id)
    open_desk().conference_ids.reset(AMOS)
    assert desk.checks.find(conference_id) is None


def test_c_15_an_id_dialled_as_a_pin_or_a_pin_as_an_id_then_neither_is_the_other(desk, enable, meeting):
    desk.settings.set("settings", {"pin-length": "7"})
    pin, conference_id = enable(desk).pin.pin, meeting(desk).conference_id
    assert pin != conference_id
    assert desk.checks.find(pin) is None
    assert not desk.checks.check_pin(conference_id, conference_id).right


# for a virtual run


def test_asked_at_once_then_the_answers_are_there_in_the_order_of_asking_and_once(
        desk, enable, meeting, other_than):
    pin, conference_id = enable(desk).pin.pin, meeting(desk).conference_id
    directory = AtOnce(desk.checks)
    directory.find(7, conference_id)
    directory.check_pin(8, conference_id, other_than(pin))
    directory.find(9, "0000000")
    directory.check_pin(7, conference_id, pin)
    directory.started(conference_id)
    assert directory.answers() == [Found(7, conference_id, False), PinChecked(8, False, AMOS, "Amos Marble"),
                                   Unknown(9), PinChecked(7, True, AMOS, "Amos Marble")]
    assert directory.answers() == []
