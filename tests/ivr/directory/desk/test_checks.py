"""What a call asks: which meeting has this ID, and is this its organizer's PIN (A1.12, A2.9, A1.14, A1.15)."""

import pytest

from ivr.directory.asking import AtOnce
from ivr.questions import Found, PinChecked, Unknown

AMOS, ADA = "amos.marble@contoso.com", "ada@contoso.com"
HOUR, DAY = 3600, 86_400


def key_of(desk, shown):
    """Return what the bridge knows a meeting by."""
    return desk.checks.find(shown.conference_id).meeting


# the conference ID


def test_s1_2_an_id_dialled_then_its_meetings_organizer(desk, enable, meeting):
    enable(desk)
    shown = meeting(desk)
    place = desk.checks.find(shown.conference_id)
    assert (place.meeting, place.organizer, place.anyone_may_start) == (f"meeting:{shown.number}", AMOS, False)


def test_a1_12_an_id_that_nobody_has_then_unknown(desk, enable, meeting):
    enable(desk)
    assert desk.checks.find(meeting(desk).conference_id)
    for dialled in ("0000000", "", "12345678", "*21", "\u0661234567", "' OR 1=1"):
        assert desk.checks.find(dialled) is None


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
        desk.checks.started(key_of(desk, shown))
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
    desk.checks.started(key_of(desk, shown))
    assert desk.meetings.show(shown.conference_id).expires_at == shown.expires_at


def test_c_3_a_static_id_then_dialled_whatever_becomes_of_the_meetings(desk_of, enable, meeting, clock):
    desk = desk_of("sfb2017", unique_conference_ids="no")
    conference_id = enable(desk).conference_id
    desk.checks.started(desk.checks.find(conference_id).meeting)
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
    pin, key = enable(desk).pin.pin, key_of(desk, meeting(desk))
    checked = desk.checks.check_pin(key, pin)
    assert checked == PinChecked(0, right=True, organizer=AMOS, name="Amos Marble")
    assert not desk.checks.check_pin(key, other_than(pin)).right


def test_a2_9_another_organizers_valid_pin_then_refused_and_counted_for_this_one(desk_of, enable, meeting):
    desk = desk_of("sfbserver")
    enable(desk)
    enable(desk, ADA)
    desk.pins.reset(AMOS, pin="94075")
    desk.pins.reset(ADA, pin="82607")
    key = key_of(desk, meeting(desk))
    assert not desk.checks.check_pin(key, "82607").right
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
    key = key_of(desk, meeting(desk))
    assert not desk.checks.check_pin(key, "").right
    assert not desk.checks.check_pin(key, "00000").right
    assert desk.pins.info(AMOS).failures == 0


def test_b1_11_a_reset_at_another_desk_then_it_counts_at_the_very_next_check(desk, open_desk, enable, meeting):
    old, key = enable(desk).pin.pin, key_of(desk, meeting(desk))
    other = open_desk()
    for _ in range(5):
        assert desk.checks.check_pin(key, old).right
        new = other.pins.reset(AMOS).pin
        assert not desk.checks.check_pin(key, old).right
        assert desk.checks.check_pin(key, new).right
        old = new


def test_c_15_an_id_dialled_as_a_pin_or_a_pin_as_an_id_then_neither_is_the_other(desk, enable, meeting):
    desk.settings.set("settings", {"pin-length": "7"})
    pin, conference_id = enable(desk).pin.pin, meeting(desk).conference_id
    assert pin != conference_id
    assert desk.checks.find(pin) is None
    assert not desk.checks.check_pin(desk.checks.find(conference_id).meeting, conference_id).right


# what becomes of an ID while a call is on its way


@pytest.mark.parametrize("static", [False, True])
def test_c_10_s1_13_an_id_reset_at_another_desk_then_the_new_one_leads_to_the_same_meeting_and_its_pin_opens_it(
        desk_of, open_desk, enable, meeting, static):
    desk = desk_of("sfb2017", unique_conference_ids="no") if static else desk_of("online")
    pin, old = enable(desk).pin.pin, meeting(desk).conference_id
    key = desk.checks.find(old).meeting
    (_, new), = open_desk().conference_ids.reset(AMOS).conference_ids
    assert desk.checks.find(old) is None
    assert desk.checks.find(new).meeting == key
    assert desk.checks.check_pin(key, pin).right


def test_c_10_an_id_reset_and_given_to_somebody_else_then_each_meeting_keeps_its_own_pin(desk_of, enable):
    desk = desk_of("sfb2017", unique_conference_ids="no")
    amos = enable(desk, conference_id="1234567").pin.pin
    key = desk.checks.find("1234567").meeting
    desk.conference_ids.reset(AMOS)
    ada = enable(desk, ADA, conference_id="1234567").pin.pin
    hers = desk.checks.find("1234567").meeting
    assert hers != key
    assert [[desk.checks.check_pin(which, pin).right for pin in (amos, ada)] for which in (key, hers)] == [
        [True, False], [False, True]]


def test_a1_15_a_meeting_started_after_its_id_was_reset_then_prolonged_all_the_same(desk, enable, meeting, clock):
    enable(desk)
    shown = meeting(desk)
    key = desk.checks.find(shown.conference_id).meeting
    (_, new), = desk.conference_ids.reset(AMOS).conference_ids
    clock.now = shown.ends_at + 40 * DAY
    desk.checks.started(key)
    clock.on(days=59)
    assert desk.checks.find(new)


@pytest.mark.parametrize(("gone", "static"), [("disabled", False), ("disabled", True), ("cancelled", False)])
def test_a1_14_a_meeting_that_is_no_more_then_its_id_leads_nowhere_and_its_pin_opens_nothing(
        desk_of, enable, meeting, gone, static):
    desk = desk_of("sfb2017", unique_conference_ids="no") if static else desk_of("online")
    pin, shown = enable(desk).pin.pin, meeting(desk)
    key = desk.checks.find(shown.conference_id).meeting
    if gone == "disabled":
        desk.organizers.disable(AMOS)
    else:
        desk.meetings.cancel(shown.conference_id)
    assert desk.checks.find(shown.conference_id) is None
    assert desk.checks.check_pin(key, pin) == PinChecked(0, right=False)


def test_an_organizer_disabled_and_enabled_again_then_his_new_pin_opens_the_meeting_and_the_old_one_does_not(
        desk, enable, meeting):
    old, key = enable(desk).pin.pin, key_of(desk, meeting(desk))
    desk.organizers.disable(AMOS)
    new = enable(desk).pin.pin
    assert [desk.checks.check_pin(key, pin).right for pin in (old, new)] == [False, True]


# for a virtual run


def test_asked_at_once_then_the_answers_are_there_in_the_order_of_asking_and_once(
        desk, enable, meeting, other_than):
    pin, conference_id = enable(desk).pin.pin, meeting(desk).conference_id
    key = desk.checks.find(conference_id).meeting
    directory = AtOnce(desk.checks)
    directory.find(7, conference_id)
    directory.check_pin(8, key, other_than(pin))
    directory.find(9, "0000000")
    directory.check_pin(7, key, pin)
    directory.started(key)
    assert directory.answers() == [Found(7, key, False), PinChecked(8, False, AMOS, "Amos Marble"),
                                   Unknown(9), PinChecked(7, True, AMOS, "Amos Marble")]
    assert directory.answers() == []
