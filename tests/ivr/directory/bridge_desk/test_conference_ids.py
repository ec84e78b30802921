"""Conference IDs at the desk: one a meeting or one an organizer, shown, and reset (C-2 to C-13, S1)."""

from inspect import signature

import pytest

from ivr.directory.errors import (
    BadConferenceId,
    BadValue,
    BridgeFull,
    DuplicateId,
    NotAllowed,
    NotEnabled,
    NotFound,
)
from ivr.directory.letters import Mailing

AMOS = "amos.marble@contoso.com"
ADA = "ada@contoso.com"


@pytest.fixture
def static(desk_of, enable):
    """A desk where each organizer has one ID for all meetings, and Amos Marble, who has 1234567."""
    desk = desk_of("sfb2017", unique_conference_ids="no")
    enable(desk, conference_id="1234567")
    return desk


# One a meeting, or one an organizer


def test_c_2_s1_3_s3_4_ids_when_nothing_is_set_then_every_meeting_gets_its_own(desk, enable, meeting):
    assert enable(desk).conference_id == ""
    first, second = meeting(desk), meeting(desk)
    assert first.conference_id != second.conference_id
    assert [desk.checks.find(one.conference_id).organizer for one in (first, second)] == [AMOS, AMOS]


@pytest.mark.parametrize("profile", ["online", "sfbserver", "um"])
def test_c_4_s1_4_static_ids_when_the_product_has_none_then_they_cannot_be_set(desk_of, profile):
    desk = desk_of(profile)
    with pytest.raises(NotAllowed, match=f"with the administration '{profile}' every meeting has its own"):
        desk.settings.set("settings", {"UseUniqueConferenceIds": "$false"})
    assert desk.settings.values()["unique-conference-ids"] is True


def test_c_3_static_ids_when_the_profile_is_chosen_with_them_then_both_are_set(desk):
    desk.settings.set("settings", {"unique-conference-ids": "no", "administration": "sfb2017"})
    assert desk.settings.values()["unique-conference-ids"] is False


def test_s1_4_static_ids_when_set_together_with_a_profile_that_has_none_then_neither_is(desk_of):
    desk = desk_of("sfb2017")
    with pytest.raises(NotAllowed, match="'online' every meeting has its own"):
        desk.settings.set("settings", {"administration": "online", "unique-conference-ids": "no"})
    assert desk.settings.values()["administration"] == "sfb2017"


def test_c_3_static_id_when_meetings_are_scheduled_then_all_have_their_organizers(static, enable, meeting):
    assert [meeting(static).conference_id for _ in range(2)] == ["1234567"] * 2
    assert static.organizers.show(AMOS).conference_id == "1234567"
    assert static.conference_ids.of(AMOS) == [("1234567", None)]
    assert enable(static, ADA).conference_id != "1234567"


def test_c_3_static_ids_when_the_product_is_changed_then_old_meetings_keep_theirs_and_new_ones_get_their_own(
        static, meeting):
    old = meeting(static)
    static.settings.set("settings", {"administration": "online"})
    new = meeting(static)
    assert new.conference_id != "1234567"
    assert static.meetings.show(str(old.number)).conference_id == "1234567"
    assert static.checks.find("1234567").organizer == AMOS


def test_c_3_dynamic_ids_when_static_ones_are_chosen_then_each_organizer_gets_his_with_his_next_meeting(
        desk_of, enable, meeting):
    desk = desk_of("sfb2017")
    enable(desk)
    before = meeting(desk)
    desk.settings.set("settings", {"unique-conference-ids": "no"})
    after = [meeting(desk) for _ in range(2)]
    assert after[0].conference_id == after[1].conference_id != before.conference_id
    assert desk.meetings.show(str(before.number)).conference_id == before.conference_id


def test_c_5_s1_5_id_when_somebody_is_not_enabled_then_he_gets_none(desk, enable, meeting):
    with pytest.raises(NotFound):
        meeting(desk)
    enable(desk)
    desk.organizers.disable(AMOS)
    with pytest.raises(NotEnabled, match=f"{AMOS} is not enabled for audio conferencing: 'ivr organizer enable"):
        meeting(desk)
    with pytest.raises(NotEnabled):
        desk.conference_ids.reset(AMOS)


def test_c_5_s1_5_ids_when_an_organizer_is_enabled_again_then_his_coming_meetings_get_new_ones_by_themselves(
        desk, enable, meeting, clock):
    enable(desk)
    over, coming = meeting(desk, ends_at=clock.now + 3601), meeting(desk, ends_at=clock.now + 90 * 86_400)
    desk.organizers.disable(AMOS)
    assert [one.state for one in desk.meetings.list()] == ["no ID", "no ID"]
    clock.on(days=70)
    enable(desk)
    assert desk.meetings.show(str(coming.number)).state == "scheduled"
    assert desk.meetings.show(str(over.number)).conference_id == ""


def test_c_13_ids_when_their_organizer_is_disabled_then_they_lead_nowhere_and_are_free(static, enable):
    static.organizers.disable(AMOS)
    assert static.checks.find("1234567") is None
    assert enable(static, ADA, conference_id="1234567").conference_id == "1234567"
    assert static.checks.find("1234567").organizer == ADA


# Reset


def test_c_9_s1_6_s1_7_s1_12_reset_when_done_then_a_new_id_that_is_shown_and_mailed(desk, enable, invited, kinds):
    enable(desk)
    old = invited(desk)
    reset = desk.conference_ids.reset("Amos Marble")
    (before, new), = reset.conference_ids
    assert before == old.conference_id != new
    assert desk.conference_ids.of(AMOS) == [(new, old.number)]
    assert desk.meetings.show(str(old.number)).conference_id == new
    assert (reset.address, reset.mailed_to, kinds(desk)[-1]) == (AMOS, AMOS, (AMOS, "info-changed"))


def test_c_8_reset_when_looked_for_where_callers_and_owners_are_then_only_the_desk_has_it(desk):
    assert not [name for name in dir(desk.checks) if "reset" in name]
    assert "by_owner" in signature(desk.pins.reset).parameters
    assert "by_owner" not in signature(desk.conference_ids.reset).parameters


def test_c_10_s1_13_old_id_when_reset_then_callers_are_refused_at_once_whoever_asks(
        open_desk, world, enable, meeting):
    desk, bridge = open_desk(), open_desk(world)
    enable(desk)
    old = meeting(desk).conference_id
    assert bridge.checks.find(old).organizer == AMOS
    (_, new), = desk.conference_ids.reset(AMOS).conference_ids
    assert bridge.checks.find(old) is None
    assert bridge.checks.find(new).organizer == AMOS
    with pytest.raises(NotFound, match=f"no meeting '{old}'"):
        bridge.meetings.show(old)


def test_c_11_s1_14_reset_when_invitations_were_sent_then_those_are_to_be_sent_again(
        desk, enable, meeting, invited):
    enable(desk)
    sent, unsent, cancelled = invited(desk), meeting(desk), invited(desk)
    desk.meetings.cancel(str(cancelled.number))
    assert desk.conference_ids.reset(AMOS).stale == 1
    assert [one.number for one in desk.meetings.list(stale=True, everything=True)] == [sent.number]
    assert not desk.meetings.show(str(unsent.number)).stale


@pytest.mark.parametrize("by", ["number", "conference_id"])
def test_c_9_reset_when_for_one_meeting_then_the_others_keep_their_ids(desk, enable, invited, by):
    enable(desk)
    one, other = invited(desk), invited(desk)
    reset = desk.conference_ids.reset(AMOS, meeting=str(getattr(one, by)))
    assert ([old for old, _ in reset.conference_ids], reset.stale) == ([one.conference_id], 1)
    assert desk.meetings.show(str(other.number)) == other


def test_c_9_reset_when_for_all_then_every_meeting_of_his_and_of_nobody_else(desk, enable, invited):
    enable(desk)
    enable(desk, ADA)
    his, hers = [invited(desk) for _ in range(3)], invited(desk, ADA)
    reset = desk.conference_ids.reset(AMOS)
    assert {old for old, _ in reset.conference_ids} == {one.conference_id for one in his}
    assert len({new for _, new in reset.conference_ids} - {one.conference_id for one in his}) == 3
    assert desk.meetings.show(str(hers.number)) == hers


def test_c_3_reset_when_ids_are_static_then_one_new_one_for_all_meetings(static, invited):
    made = [invited(static) for _ in range(2)]
    reset = static.conference_ids.reset(AMOS)
    (old, new), = reset.conference_ids
    assert (old, reset.stale) == ("1234567", 2)
    assert [static.meetings.show(str(one.number)).conference_id for one in made] == [new, new]


def test_c_3_reset_when_a_meeting_has_its_own_beside_the_static_one_then_it_alone_can_be_reset(static, invited):
    shared = invited(static)
    static.settings.set("settings", {"administration": "online"})
    own = invited(static)
    reset = static.conference_ids.reset(AMOS, meeting=str(own.number))
    assert ([old for old, _ in reset.conference_ids], reset.stale) == ([own.conference_id], 1)
    assert static.meetings.show(str(shared.number)) == shared


def test_c_7_reset_when_the_product_lets_the_new_id_be_chosen_then_it_is_that(static):
    assert static.conference_ids.reset(AMOS, wanted="7654321").conference_ids == (("1234567", "7654321"),)
    assert static.checks.find("1234567") is None


@pytest.mark.parametrize(("wanted", "error", "said"), [
    ("2222222", DuplicateId, "the conference ID 2222222 is taken"),
    ("1234567", DuplicateId, "is taken"),
    ("22", BadConferenceId, "'22' is not a conference ID"),
])
def test_c_7_reset_when_the_chosen_id_cannot_be_then_the_old_one_stays(static, enable, kinds, wanted, error, said):
    enable(static, ADA, conference_id="2222222")
    told = kinds(static)
    with pytest.raises(error, match=said):
        static.conference_ids.reset(AMOS, wanted=wanted)
    assert static.conference_ids.of(AMOS) == [("1234567", None)]
    assert kinds(static) == told


def test_c_6_reset_when_an_id_is_chosen_and_the_product_draws_them_then_refused(desk, enable, meeting):
    enable(desk)
    held = meeting(desk).conference_id
    with pytest.raises(NotAllowed, match="always drawn by chance"):
        desk.conference_ids.reset(AMOS, wanted="7654321")
    assert desk.checks.find(held)


def test_reset_when_one_id_is_chosen_for_several_meetings_then_the_meeting_is_asked_for(desk_of, enable, meeting):
    desk = desk_of("sfb2017")
    enable(desk)
    made = [meeting(desk) for _ in range(2)]
    with pytest.raises(BadValue, match=f"7654321 can be one ID only, and {AMOS} has 2: name the meeting"):
        desk.conference_ids.reset(AMOS, wanted="7654321")
    desk.conference_ids.reset(AMOS, meeting=str(made[1].number), wanted="7654321")
    assert [held for held, _ in desk.conference_ids.of(AMOS)] == [made[0].conference_id, "7654321"]


def test_reset_when_there_is_no_id_yet_then_one_sentence_says_when_there_is(desk, enable, kinds):
    enable(desk)
    told = kinds(desk)
    with pytest.raises(NotFound, match=f"{AMOS} has no conference ID yet: a meeting gets one when it is scheduled"):
        desk.conference_ids.reset(AMOS)
    assert kinds(desk) == told


@pytest.mark.parametrize(("which", "said"), [("0", "no meeting '0'"), ("9999999999", "no meeting"),
                                             ("budget", "no meeting 'budget'"), ("", None)])
def test_reset_when_the_meeting_is_none_then_refused(desk, enable, meeting, which, said):
    enable(desk)
    held = meeting(desk).conference_id
    if said:
        with pytest.raises(NotFound, match=said):
            desk.conference_ids.reset(AMOS, meeting=which)
        assert desk.checks.find(held)
    else:  # none named is all of them
        assert desk.conference_ids.reset(AMOS, meeting=which).conference_ids[0][0] == held


def test_reset_when_the_meeting_is_somebody_elses_then_refused(desk, enable, meeting):
    enable(desk)
    enable(desk, ADA)
    hers = meeting(desk, ADA)
    with pytest.raises(NotFound, match=f"meeting {hers.number} is not one of {AMOS}, but of {ADA}"):
        desk.conference_ids.reset(AMOS, meeting=str(hers.number))
    assert desk.checks.find(hers.conference_id)


def test_reset_when_the_bridge_is_full_then_every_old_id_still_leads_to_its_meeting(
        open_desk, world_with, enable, meeting):
    desk = open_desk(world_with(ids=4))
    enable(desk)
    held = [meeting(desk).conference_id for _ in range(4)]
    with pytest.raises(BridgeFull, match="all 4 conference IDs"):
        desk.conference_ids.reset(AMOS)
    assert all(desk.checks.find(conference_id) for conference_id in held)


def test_reset_when_the_bridge_has_room_for_one_then_those_that_get_free_on_the_way_are_given_again(
        open_desk, world_with, enable, meeting):
    desk = open_desk(world_with(ids=4))
    enable(desk)
    held = [meeting(desk).conference_id for _ in range(3)]
    made = desk.conference_ids.reset(AMOS).conference_ids
    assert [old for old, _ in made] == sorted(held)
    now = [conference_id for conference_id, _ in desk.conference_ids.of(AMOS)]
    assert len(set(now)) == 3


# The letter about it


def test_s1_9_s1_15_s3_5_m2_when_an_id_is_reset_then_new_id_number_and_how_to_update_but_no_pin(
        desk, enable, meeting, letters):
    desk.settings.set("settings", {"update-link": "https://example.org/update"})
    pin = enable(desk).pin.pin
    old = meeting(desk).conference_id
    (_, new), = desk.conference_ids.reset(AMOS).conference_ids
    text = letters(desk)[-1][2]
    for part in (new, "+14255550100", "send its", "https://example.org/update"):
        assert part in text
    assert (pin in text, old in text) == (False, False)


def test_c10_m2_when_several_ids_are_reset_then_it_names_each_new_one_and_no_old_one(
        desk, enable, meeting, letters):
    enable(desk)
    for _ in range(2):
        meeting(desk)
    made = desk.conference_ids.reset(AMOS).conference_ids
    text = letters(desk)[-1][2]
    assert [(old in text, new in text) for old, new in made] == [(False, True)] * 2


@pytest.mark.parametrize(("mailing", "recipient"), [
    pytest.param(None, "", id="S1.7 mails are off"),
    pytest.param(Mailing(send=True), AMOS, id="S1.8 the primary address"),
    pytest.param(Mailing(send=True, to="amos@hotmail.com"), "amos@hotmail.com", id="D2 another address"),
])
def test_s1_7_m2_when_mails_are_switched_off_then_none_unless_it_is_asked_for(
        desk, enable, meeting, kinds, mailing, recipient):
    desk.settings.set("settings", {"AutomaticallySendEmailsToUsers": "$false"})
    enable(desk)
    meeting(desk)
    assert desk.conference_ids.reset(AMOS, mailing=mailing).mailed_to == recipient
    assert kinds(desk) == ([(recipient, "info-changed")] if recipient else [])


def test_s1_10_info_when_asked_for_then_id_and_number_but_no_pin(static, enable, letters):
    pin = enable(static, ADA, conference_id="2345678").pin.pin
    assert static.organizers.send_info(ADA) == ADA
    recipient, kind, text = letters(static)[-1]
    assert (recipient, kind) == (ADA, "info")
    assert ("2345678" in text, "+14255550100" in text, pin in text) == (True, True, False)
