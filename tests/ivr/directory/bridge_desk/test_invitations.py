"""Invitations: the block at their foot, which are stale, and how those are sent again (C-11, C-12, C-14)."""

import pytest

from ivr.directory.errors import BadValue, NotEnabled
from ivr.mail.invitation import spelled

AMOS = "amos.marble@contoso.com"
ADA = "ada@contoso.com"

REDMOND, PARIS, FREE = "+14255550100", "+33199000100", "+18005550100"

REPLACES = "This replaces the dial-in details of earlier invitations"


# The block


@pytest.mark.parametrize(("language", "words"), [
    ("", ("Join by phone", "Conference ID", "Find a local number")),
    ("en-US", ("Join by phone", "For the organizer", "Meeting options")),
    ("fr-FR", ("Participer par téléphone", "Trouver un numéro local", "Options de la réunion")),
    ("zh-CN", ("会议 ID",)),
    ("fr-CA", ("Participer par téléphone",)),
    ("FRENCH (FRANCE)", ("Participer par téléphone",)),
    ("de-DE", ("Per Telefon teilnehmen", "Für den Organisator")), ("es-MX", ("Unirse por teléfono",)),
    ("it-IT", ("Join by phone",)),
])
def test_c_14_s1_1_block_when_printed_then_id_numbers_and_links_in_its_language(
        desk, enable, meeting, language, words):
    desk.settings.set("settings", {"numbers-link": "https://example.org/numbers", "options-link": "https://a.org/o",
                                   "self-service-link": "https://example.org/pin"})
    enable(desk, toll_free_number=FREE)
    made = meeting(desk)
    text = desk.meetings.invite(str(made.number), language)
    for part in (spelled(made.conference_id), REDMOND, "Redmond", FREE, "https://example.org/numbers",
                 "https://example.org/pin", "https://a.org/o", *words):
        assert part in text


def test_c_14_block_when_no_links_are_set_then_it_says_in_words_what_to_do(desk, enable, meeting):
    enable(desk)
    text = desk.meetings.invite(str(meeting(desk).number))
    assert "http" not in text
    assert "Ask the organizer for a local number" in text
    assert "You can reset it yourself" in text


def test_c4_s4_4_block_where_owners_cannot_reset_their_pins_then_it_says_who_can(desk, enable, meeting):
    desk.settings.set("settings", {"administration": "sfb2017", "self-service-link": "https://example.org/pin"})
    enable(desk)
    text = desk.meetings.invite(str(meeting(desk).number))
    assert "Your administrator can give you a new one" in text
    assert "example.org" not in text


@pytest.mark.parametrize(("own", "of_all", "begins"), [
    ("fr-FR", "zh-CN", "Participer"), ("", "fr-FR", "Participer"), ("", "en-US", "Join")])
def test_block_when_no_language_is_named_then_the_organizers_else_the_settings(
        desk, enable, meeting, own, of_all, begins):
    desk.settings.set("settings", {"language": of_all})
    enable(desk, language=own)
    assert f"\n{begins}" in desk.meetings.invite(str(meeting(desk).number))


def test_block_when_the_language_is_none_then_refused_and_nothing_counts_as_sent(desk, enable, meeting):
    enable(desk)
    number = str(meeting(desk).number)
    with pytest.raises(BadValue, match="fr-FF"):
        desk.meetings.invite(number, "fr-FF")
    assert not desk.meetings.show(number).invited


def test_s1_1_b1_8_block_when_printed_then_it_never_shows_the_pin(desk, enable, meeting):
    pin = enable(desk).pin.pin
    made = meeting(desk)
    assert pin not in desk.meetings.invite(str(made.number)).replace(spelled(made.conference_id), "")


def test_block_when_ids_are_static_then_the_organizers_own_id(desk_of, enable, meeting):
    desk = desk_of("sfb2017", unique_conference_ids="no")
    enable(desk, conference_id="0123456")
    assert "012 345 6#" in desk.meetings.invite(str(meeting(desk).number))


def test_block_when_the_organizer_is_disabled_then_refused_with_what_to_do(desk, enable, meeting):
    enable(desk)
    number = str(meeting(desk).number)
    desk.organizers.disable(AMOS)
    with pytest.raises(NotEnabled, match=f"meeting {number} has no conference ID.*'ivr organizer enable {AMOS}'"):
        desk.meetings.invite(number)


def test_a1_15_block_when_the_meeting_can_be_dialled_no_longer_then_refused_with_what_to_do(
        desk, enable, meeting, clock):
    enable(desk)
    number = str(meeting(desk).number)
    clock.on(days=70)
    with pytest.raises(BadValue, match=f"'ivr meeting reschedule {number}' first"):
        desk.meetings.invite(number)
    desk.meetings.reschedule(number)
    assert "Join by phone" in desk.meetings.invite(number)


# Stale ones


def test_c_11_s1_14_block_when_the_one_before_is_stale_then_it_replaces_that_and_is_good_again(
        desk, enable, invited):
    enable(desk)
    made = invited(desk)
    (_, new), = desk.conference_ids.reset(AMOS).conference_ids
    assert desk.meetings.show(new).stale
    text = desk.meetings.invite(new)
    assert (spelled(new) in text, spelled(made.conference_id) in text, REPLACES in text) == (True, False, True)
    assert desk.meetings.list(stale=True) == []


def test_c_11_block_when_nothing_before_it_is_stale_then_it_replaces_nothing(desk, enable, meeting):
    enable(desk)
    number = str(meeting(desk).number)
    assert all(REPLACES not in desk.meetings.invite(number) for _ in range(2))


@pytest.mark.parametrize("change", [
    pytest.param(lambda desk: desk.organizers.set(AMOS, {"service_number": PARIS}), id="D10 default number"),
    pytest.param(lambda desk: desk.organizers.set(AMOS, {"toll_free_number": FREE}), id="D10 toll-free number"),
    pytest.param(lambda desk: desk.numbers.renumber(REDMOND, PARIS), id="D10 all who have a number"),
    pytest.param(lambda desk: desk.conference_ids.reset(AMOS), id="C-11 conference ID"),
    pytest.param(lambda desk: desk.organizers.disable(AMOS), id="S3.7 nothing can be dialled"),
])
def test_c_11_d10_invitation_when_what_it_says_changes_then_it_is_stale(desk, enable, invited, meeting, change):
    enable(desk)
    enable(desk, ADA, service_number=PARIS)
    sent, unsent, others = invited(desk), meeting(desk), invited(desk, ADA)
    change(desk)
    assert [desk.meetings.show(str(one.number)).stale for one in (sent, unsent, others)] == [True, False, False]


@pytest.mark.parametrize("change", [
    pytest.param(lambda desk: desk.organizers.set(AMOS, {"name": "A. Marble"}), id="name"),
    pytest.param(lambda desk: desk.organizers.set(AMOS, {"service_number": REDMOND}), id="the same number"),
    pytest.param(lambda desk: desk.pins.reset(AMOS), id="S3.6 PIN"),
    pytest.param(lambda desk: desk.numbers.set_bridge(default_number=PARIS), id="D8 the bridge's default"),
])
def test_d8_s3_6_invitation_when_what_it_says_stays_then_it_is_good(desk, enable, invited, change):
    enable(desk)
    sent = invited(desk)
    change(desk)
    assert not desk.meetings.show(str(sent.number)).stale


# Sent again by themselves


@pytest.mark.parametrize(("minutes", "state", "stale"), [
    pytest.param(0, "Pending", True, id="queued"),
    pytest.param(89, "Pending", True, id="not within 90 minutes"),
    pytest.param(90, "InProgress", True, id="after 90 minutes"),
    pytest.param(119, "InProgress", True, id="not within two hours"),
    pytest.param(120, "Succeeded", False, id="done in two hours"),
])
def test_c_12_migration_when_time_goes_by_then_pending_in_progress_and_succeeded(
        desk, enable, invited, clock, minutes, state, stale):
    enable(desk)
    number = str(invited(desk).number)
    desk.conference_ids.reset(AMOS)
    clock.on(minutes=minutes)
    assert (desk.meetings.migration(AMOS), desk.meetings.show(number).stale) == (state, stale)


@pytest.mark.parametrize(("invitees", "state"), [(250, "Succeeded"), (251, "Failed")])
def test_c_12_migration_when_more_than_250_are_invited_then_that_meeting_is_left_to_its_organizer(
        desk, enable, invited, clock, invitees, state):
    enable(desk)
    large, small = invited(desk, invitees=invitees), invited(desk)
    desk.conference_ids.reset(AMOS)
    clock.on(hours=3)
    assert desk.meetings.migration(AMOS) == state
    assert desk.meetings.show(str(large.number)).stale == (state == "Failed")
    assert not desk.meetings.show(str(small.number)).stale


def test_c_12_migration_when_switched_off_then_by_hand_only(desk, enable, invited, clock):
    desk.settings.set("settings", {"AutomaticallyMigrateUserMeetings": "$false"})
    enable(desk)
    number = str(invited(desk).number)
    desk.conference_ids.reset(AMOS)
    clock.on(days=1)
    assert (desk.meetings.migration(AMOS), desk.meetings.show(number).stale) == ("", True)
    assert desk.meetings.migrate(AMOS) == "Pending"
    clock.on(hours=2)
    assert (desk.meetings.migration(AMOS), desk.meetings.show(number).stale) == ("Succeeded", False)


def test_c_12_migration_when_no_invitation_was_sent_then_none_is_queued(desk, enable, meeting):
    enable(desk)
    meeting(desk)
    desk.conference_ids.reset(AMOS)
    assert desk.meetings.migration(AMOS) == ""


def test_c_12_migration_when_an_id_is_reset_again_then_the_two_hours_begin_anew(desk, enable, invited, clock):
    enable(desk)
    invited(desk)
    desk.conference_ids.reset(AMOS)
    clock.on(hours=1)
    desk.conference_ids.reset(AMOS)
    clock.on(hours=1, minutes=29)
    assert desk.meetings.migration(AMOS) == "Pending"


def test_c_12_migration_when_it_has_sent_invitations_then_lists_blocks_and_organizers_know_it_unasked(
        desk, enable, invited, clock):
    enable(desk)
    large, small = invited(desk, invitees=300), invited(desk)
    desk.conference_ids.reset(AMOS)
    clock.on(hours=2)
    assert [one.number for one in desk.meetings.list(stale=True)] == [large.number]
    assert desk.organizers.show(AMOS).migration == "Failed"
    assert REPLACES in desk.meetings.invite(str(large.number))
    assert REPLACES not in desk.meetings.invite(str(small.number))
    assert desk.organizers.show(AMOS).migration == "Succeeded"


def test_c_12_migration_when_done_and_invitations_become_stale_anew_then_those_only_are(
        desk, enable, invited, clock):
    enable(desk)
    moved, other = invited(desk), invited(desk)
    desk.conference_ids.reset(AMOS)
    clock.on(hours=3)
    desk.meetings.reschedule(str(moved.number), starts_at=clock.now)
    assert [one.number for one in desk.meetings.list(stale=True)] == [moved.number]
    assert desk.meetings.migration(AMOS) == "Succeeded"
    desk.conference_ids.reset(AMOS, meeting=str(other.number))
    assert [one.number for one in desk.meetings.list(stale=True)] == [moved.number, other.number]
    assert desk.meetings.migration(AMOS) == "Pending"
