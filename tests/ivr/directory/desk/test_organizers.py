"""Organizers at the desk: enabled, changed, shown, disabled (B1.6, C-5, C-13, D7, D8, D10, E)."""

import pytest

from ivr.directory.errors import BadValue, DuplicateAddress, NotAllowed, NotEnabled, NotFound
from ivr.directory.letters import Mailing
from ivr.directory.organizers import NewOrganizer

AMOS, ADA, BEA = "amos.marble@contoso.com", "ada@contoso.com", "bea@contoso.com"
SEATTLE, PARIS, FREE = "+14255550100", "+33199000100", "+18005550100"


# enabling


def test_s0_1_s4_1_b1_6_enabled_then_a_pin_of_digits_a_number_and_a_letter(desk, enable, letters):
    enabled = enable(desk)
    assert enabled.changed
    assert enabled.service_number == SEATTLE
    assert enabled.pin.pin.isdigit()
    (recipient, kind, text), = letters(desk)
    assert (recipient, kind) == (AMOS, "enabled") == (enabled.pin.mailed_to, kind)
    assert enabled.pin.pin in text
    assert SEATTLE in text


def test_s0_1_each_of_several_then_a_pin_of_his_own(desk, enable):
    pins = {enable(desk, f"o{n}@contoso.com").pin.pin for n in range(5)}
    assert len(pins) == 5


def test_e_enabled_twice_then_nothing_changes_nothing_is_sent_and_no_error(desk, enable, letters, dial):
    first = enable(desk, country="US")
    try_pin = dial(desk)
    before = desk.organizers.show(AMOS)
    again = enable(desk, name="Somebody Else", country="FR", pstn_only=True)
    assert (again.changed, again.pin) == (False, None)
    assert desk.organizers.show(AMOS) == before
    assert len(letters(desk)) == 1
    assert try_pin(first.pin.pin)


def test_e_enabled_twice_in_other_letters_then_the_same_organizer(desk, enable):
    enable(desk)
    assert not enable(desk, "Amos.MARBLE@Contoso.COM").changed
    assert [shown.address for shown in desk.organizers.list()] == [AMOS]


def test_s1_3_s3_4_c_5_enabled_with_dynamic_ids_then_none_until_a_meeting_is_scheduled(desk, enable, meeting):
    assert enable(desk).conference_id == ""
    assert desk.organizers.show(AMOS).conference_id == ""
    assert len(meeting(desk).conference_id) == 7


def test_s1_5_c_5_a_meeting_of_somebody_who_is_not_enabled_then_refused(desk, enable, meeting):
    enable(desk)
    desk.organizers.disable(AMOS)
    with pytest.raises(NotEnabled, match=f"'ivr organizer enable {AMOS}' first"):
        meeting(desk)


def test_c_3_enabled_with_static_ids_then_his_own_at_once(desk_of, enable, meeting):
    desk = desk_of("sfb2017", unique_conference_ids="no")
    enabled = enable(desk, conference_id="0123456")
    assert enabled.conference_id == desk.organizers.show(AMOS).conference_id == "0123456"
    assert meeting(desk).conference_id == meeting(desk).conference_id == "0123456"


def test_d7_a_new_organizers_number_then_a_toll_one_of_his_country_or_else_the_bridges(desk, enable):
    desk.numbers.set_bridge(default_number=PARIS)
    numbers = {country: enable(desk, f"o{n}@contoso.com", country=country).service_number
               for n, country in enumerate(("us", "FR", "CN", ""))}
    assert numbers == {"us": SEATTLE, "FR": PARIS, "CN": PARIS, "": PARIS}


def test_d7_no_country_known_then_the_default_of_the_moment_and_d8_it_stays_his(desk, enable):
    enable(desk)
    desk.numbers.set_bridge(default_number=PARIS)
    assert enable(desk, ADA).service_number == PARIS
    assert desk.organizers.show(AMOS).service_number == SEATTLE


def test_e_the_settings_default_for_pstn_only_then_for_newly_enabled_organizers_alone(desk, enable):
    enable(desk)
    desk.settings.set("settings", {"AllowPSTNOnlyMeetingsByDefault": "true"})
    enable(desk, ADA)
    enable(desk, BEA, pstn_only=False)
    assert [(shown.address, shown.pstn_only) for shown in desk.organizers.list()] == [
        (ADA, True), (AMOS, False), (BEA, False)]


def test_s0_16_s4_14_whether_callers_without_a_pin_may_start_then_no_by_default(desk, enable):
    enable(desk)
    assert not desk.organizers.show(AMOS).pstn_only


def test_b4_enabled_where_nobody_gets_a_pin_by_it_then_neither_pin_nor_letter(desk_of, enable, letters):
    desk = desk_of("sfbserver")
    assert enable(desk).pin is None
    assert desk.organizers.show(AMOS).pin == ""
    assert letters(desk) == []


@pytest.mark.parametrize(("profile", "given", "why"), [
    pytest.param("online", {"pin": "94075"}, "PINs are always generated", id="B1.5: a typed PIN"),
    pytest.param("sfb2017", {"pin": "94075"}, "PINs are always generated", id="B1.5: a typed PIN in 2017"),
    pytest.param("online", {"conference_id": "1234567"}, "always drawn by chance", id="C-6: a chosen ID"),
])
def test_what_the_product_does_not_let_be_typed_then_nobody_enabled(still, enable, profile, given, why):
    desk = still(profile)
    with pytest.raises(NotAllowed, match=why) as refused:
        enable(desk, **given)
    assert "94075" not in str(refused.value)
    assert desk.organizers.list() == []


# bad and duplicate values


@pytest.mark.parametrize("values", [
    {"address": "amos.marble"}, {"address": "amos marble@contoso.com"}, {"address": "amos@con..toso.com"},
    {"address": "a@b@c"}, {"address": ""}, {"address": "\udcff@contoso.com"}, {"address": "a\0@contoso.com"},
    {"country": "USA"}, {"country": "1"}, {"extension": "12a"}, {"extension": "1" * 21},
    {"name": "Amos\nMarble"}, {"name": "A" * 201}, {"sip_uri": "sip:amos"}, {"language": "klingon"},
    {"service_number": "12"}, {"service_number": FREE}, {"toll_free_number": SEATTLE},
], ids=lambda values: " ".join(f"{name} {value[:22]!a}" for name, value in values.items()))
def test_a_value_that_is_none_of_its_kind_then_refused_and_nobody_enabled(still, values):
    desk = still("online")
    with pytest.raises(BadValue):
        desk.organizers.enable(NewOrganizer(**({"address": AMOS} | values)))
    assert desk.organizers.list(everyone=True) == []
    assert desk.outbox.list() == []


def test_e_a_service_number_that_the_bridge_does_not_have_then_refused_with_the_nearest(desk, enable):
    with pytest.raises(NotFound, match=r"does not have the number \+14255550101; did you mean '\+14255550100'\?"):
        enable(desk, service_number="+14255550101")
    assert desk.organizers.list(everyone=True) == []


def test_d9_a_number_in_any_form_then_kept_in_one(desk, enable):
    for n, number in enumerate(["+14255550100", "14255550100", "tel:+14255550100"]):
        assert enable(desk, f"o{n}@contoso.com", country="FR", service_number=number).service_number == SEATTLE


def test_a_sip_uri_of_somebody_else_then_refused_with_nothing_changed(desk, enable, letters):
    enable(desk, sip_uri="sip:amos@contoso.com")
    with pytest.raises(DuplicateAddress, match=f"sip:amos@contoso.com belongs to the organizer {AMOS}"):
        enable(desk, ADA, sip_uri="SIP:Amos@contoso.com")
    assert [shown.address for shown in desk.organizers.list(everyone=True)] == [AMOS]
    assert len(letters(desk)) == 1


@pytest.mark.parametrize("change", [{"address": AMOS}, {"address": AMOS.upper()},
                                    {"sip_uri": "sip:amos@contoso.com"}])
def test_an_address_or_sip_uri_of_somebody_else_then_not_to_be_had_by_a_change(still, change):
    desk = still("online", NewOrganizer(AMOS, sip_uri="sip:amos@contoso.com"), NewOrganizer(ADA, name="Ada"))
    before = desk.organizers.list()
    with pytest.raises(DuplicateAddress, match="give each his own"):
        desk.organizers.set(ADA, {"name": "Changed", **change})
    assert desk.organizers.list() == before


def test_his_own_address_and_sip_uri_given_again_then_no_duplicate(desk, enable):
    enable(desk, sip_uri="sip:amos@contoso.com")
    assert desk.organizers.set(AMOS, {"address": AMOS, "sip_uri": "sip:amos@contoso.com"}).address == AMOS


@pytest.mark.parametrize("wrong", [{"address": "nobody"}, {"address": "c@contoso.com", "service_number": "+15550"},
                                   {"address": "c@contoso.com", "sip_uri": "sip:ada@contoso.com"}])
def test_s4_20_several_enabled_at_once_of_whom_one_cannot_be_then_none_is(still, wrong):
    desk = still("online")
    people = [NewOrganizer(ADA, sip_uri="sip:ada@contoso.com"), NewOrganizer(BEA), NewOrganizer(**wrong)]
    with pytest.raises((BadValue, NotFound, DuplicateAddress)):
        desk.organizers.enable_all(people)
    assert desk.organizers.list(everyone=True) == []
    assert desk.outbox.list() == []


def test_several_enabled_of_whom_two_are_one_then_he_once(desk):
    first, second = desk.organizers.enable_all([NewOrganizer(ADA), NewOrganizer(ADA.upper())])
    assert (first.changed, second.changed) == (True, False)
    assert len(desk.outbox.list()) == 1


# disabling


def test_c_13_disabled_then_his_ids_are_free_and_others_may_have_them(desk_of, enable, meeting):
    desk = desk_of("sfb2017")
    enable(desk)
    enable(desk, ADA)
    was = meeting(desk, conference_id="1234567")
    desk.organizers.disable(AMOS)
    assert desk.checks.find("1234567") is None
    assert desk.meetings.show(str(was.number)).state == "no ID"
    assert meeting(desk, ADA, conference_id="1234567").conference_id == "1234567"
    assert desk.checks.find("1234567").organizer == ADA


def test_s3_7_s3_8_disabled_then_the_pin_forgotten_and_a_letter_without_it(desk, enable, letters):
    pin = enable(desk).pin.pin
    assert desk.organizers.disable(AMOS)
    assert desk.organizers.show(AMOS).pin == ""
    assert not desk.organizers.show(AMOS).enabled
    (recipient, kind, text), = letters(desk)
    assert (recipient, kind) == (AMOS, "turned-off")
    assert pin not in text
    assert SEATTLE not in text


def test_disabled_twice_then_nothing_changes_nothing_is_sent_and_no_error(desk, enable):
    enable(desk)
    desk.organizers.disable(AMOS)
    assert not desk.organizers.disable(AMOS)
    assert len(desk.outbox.list()) == 2


def test_disabled_and_enabled_again_then_a_new_pin_and_new_ids_for_the_meetings_to_come(desk, enable, meeting):
    old = enable(desk).pin.pin
    was = meeting(desk)
    desk.organizers.disable(AMOS)
    again = enable(desk)
    now = desk.meetings.show(str(was.number))
    assert again.changed
    assert len(now.conference_id) == 7
    assert desk.checks.check_pin(desk.checks.find(now.conference_id).meeting, again.pin.pin).right
    assert not desk.checks.check_pin(desk.checks.find(now.conference_id).meeting, old).right


def test_disabled_and_enabled_again_then_what_the_command_leaves_out_is_still_known(desk, enable):
    enable(desk, name="Amos Marble", country="FR", language="fr-FR", sip_uri="sip:amos@contoso.com")
    before = desk.organizers.show(AMOS)
    desk.organizers.disable(AMOS)
    enable(desk)
    assert desk.organizers.show(AMOS) == before


# changes


def test_s3_5_d10_a_new_default_number_then_a_letter_and_sent_invitations_are_stale(desk, enable, meeting, letters):
    pin = enable(desk).pin.pin
    sent, unsent = meeting(desk), meeting(desk)
    desk.meetings.invite(sent.conference_id)
    shown = desk.organizers.set(AMOS, {"service_number": PARIS})
    assert shown.service_number == PARIS
    assert [desk.meetings.show(m.conference_id).stale for m in (sent, unsent)] == [True, False]
    recipient, kind, text = letters(desk)[-1]
    assert (recipient, kind) == (AMOS, "info-changed")
    assert PARIS in text
    assert pin not in text


def test_anything_but_the_number_changed_then_no_letter_and_nothing_stale(desk, enable, meeting):
    enable(desk)
    sent = meeting(desk)
    desk.meetings.invite(sent.conference_id)
    for name, value in {"name": "Amos A. Marble", "pstn_only": True, "toll_free_dial_in": False, "country": "FR",
                        "language": "fr-FR", "service_number": SEATTLE, "site": "Paris", "extension": "36"}.items():
        assert getattr(desk.organizers.set(AMOS, {name: value}), name) == value
    assert not desk.meetings.show(sent.conference_id).stale
    assert len(desk.outbox.list()) == 1


def test_d7_a_toll_free_number_then_one_besides_the_toll_number_which_must_stay(desk, enable):
    enable(desk, toll_free_number=FREE)
    assert desk.organizers.show(AMOS).toll_free_number == FREE
    assert desk.organizers.set(AMOS, {"toll_free_number": ""}).toll_free_number == ""
    with pytest.raises(BadValue, match="needs a default number"):
        desk.organizers.set(AMOS, {"service_number": ""})


@pytest.mark.parametrize(("changes", "fault"), [
    pytest.param({"service_number": "+14255550199"}, NotFound, id="E: a number that is not on the bridge"),
    pytest.param({"service_number": FREE}, BadValue, id="D7: a toll-free number as the toll one"),
    pytest.param({"toll_free_number": PARIS}, BadValue, id="D7: a toll number as the toll-free one"),
    pytest.param({"service_number": "letters"}, BadValue, id="D9: no number"),
    pytest.param({"country": "France"}, BadValue, id="a country in words"),
    pytest.param({"address": ""}, BadValue, id="no address at all"),
])
def test_a_change_of_which_a_part_cannot_be_then_none_of_it(still, changes, fault):
    desk = still("online", NewOrganizer(AMOS))
    before = desk.organizers.show(AMOS)
    with pytest.raises(fault):
        desk.organizers.set(AMOS, {"name": "Changed"} | changes)
    assert desk.organizers.show(AMOS) == before
    assert len(desk.outbox.list()) == 1


def test_what_only_enabled_organizers_have_then_not_to_be_set_for_others(desk, enable):
    enable(desk)
    desk.organizers.disable(AMOS)
    assert desk.organizers.set(AMOS, {"name": "A. Marble"}).name == "A. Marble"
    with pytest.raises(NotEnabled):
        desk.organizers.set(AMOS, {"pstn_only": True})


# the letter on demand


def test_s1_10_the_information_asked_for_then_a_letter_without_the_pin(desk, enable, letters):
    pin = enable(desk).pin.pin
    assert desk.organizers.send_info(AMOS) == AMOS
    recipient, kind, text = letters(desk)[-1]
    assert (recipient, kind) == (AMOS, "info")
    assert SEATTLE in text
    assert pin not in text


def test_s1_10_the_information_with_a_static_id_then_the_id_is_in_it(desk_of, enable, letters):
    desk = desk_of("sfb2017", unique_conference_ids="no")
    conference_id = enable(desk).conference_id
    desk.organizers.send_info(AMOS)
    assert conference_id in letters(desk)[-1][2]


def test_s1_10_the_information_while_letters_are_off_then_sent_all_the_same(desk_of, enable, letters):
    desk = desk_of("online", send_mails="no")
    enable(desk)
    assert desk.organizers.send_info(AMOS) == AMOS
    assert desk.organizers.send_info(AMOS, mailing=Mailing(send=True, to="amos@hotmail.com")) == "amos@hotmail.com"
    assert [(recipient, kind) for recipient, kind, _ in letters(desk)] == [
        (AMOS, "info"), ("amos@hotmail.com", "info")]


# shown and listed


def test_s0_11_s4_9_c5_a_pin_once_shown_then_five_stars_whatever_its_length(desk, enable):
    enable(desk)
    for length in (4, 5, 9, 12):
        desk.settings.set("settings", {"pin-length": str(length)})
        assert len(desk.pins.reset(AMOS).pin) == length
        assert desk.organizers.show(AMOS).pin == desk.organizers.list()[0].pin == "*****"


def test_a_list_then_by_address_in_pages_and_of_enabled_organizers_alone(desk, enable):
    addresses = [f"o{n}@contoso.com" for n in range(7)]
    for address in reversed(addresses):
        enable(desk, address)
    desk.organizers.disable(addresses[3])
    pages = [[shown.address for shown in desk.organizers.list(offset=offset, limit=3)] for offset in (0, 3, 6)]
    assert pages == [[addresses[0], addresses[1], addresses[2]], addresses[4:], []]
    assert [shown.address for shown in desk.organizers.list(everyone=True)] == addresses
    assert desk.organizers.list(limit=0) == []


def test_e_a_list_for_a_number_then_those_whose_default_it_is(desk, enable):
    enable(desk)
    enable(desk, ADA, country="FR")
    assert [shown.address for shown in desk.organizers.list(number="33199000100")] == [ADA]
    with pytest.raises(NotFound, match="the bridge does not have the number"):
        desk.organizers.list(number="+33199000101")
