"""The bridge and its numbers: whose is which, what they speak, added, removed and exchanged (D7-D11)."""

import pytest

from ivr.directory.errors import BadValue, NotAllowed, NotFound

AMOS = "amos.marble@contoso.com"
ADA = "ada@contoso.com"

REDMOND, PARIS, FREE = "+14255550100", "+33199000100", "+18005550100"
"""What a new bridge has: a dedicated toll number, a shared one, and a dedicated one that is free to call."""


# Whose number is which


@pytest.mark.parametrize(("country", "number"), [
    pytest.param("FR", PARIS, id="of his country"),
    pytest.param("us", REDMOND, id="in any case"),
    pytest.param("DE", REDMOND, id="none there: the bridge's default"),
    pytest.param("", REDMOND, id="no country: the bridge's default"),
])
def test_d7_default_number_when_an_organizer_is_enabled_then_a_toll_one_of_his_country_else_the_bridges(
        desk, enable, country, number):
    assert enable(desk, country=country).service_number == number


def test_d7_default_number_when_his_country_has_a_toll_free_one_only_then_the_bridges(desk, enable):
    desk.numbers.add("+448005550100", toll_free=True, country="GB")
    assert enable(desk, country="GB").service_number == REDMOND


def test_d7_invitation_when_made_then_one_toll_number_and_at_most_one_toll_free(desk, enable, meeting):
    enable(desk)
    number = str(meeting(desk).number)
    plain = desk.meetings.invite(number)
    assert (REDMOND in plain, FREE in plain, PARIS in plain) == (True, False, False)
    desk.organizers.set(AMOS, {"toll_free_number": FREE})
    assert FREE in desk.meetings.invite(number)
    desk.organizers.set(AMOS, {"toll_free_dial_in": False})
    assert FREE not in desk.meetings.invite(number)


def test_d7_default_number_when_taken_away_from_an_organizer_then_refused(desk, enable):
    enable(desk)
    with pytest.raises(BadValue, match="needs a default number"):
        desk.organizers.set(AMOS, {"service_number": ""})
    assert desk.organizers.show(AMOS).service_number == REDMOND


def test_d8_default_of_the_bridge_when_changed_then_organizers_keep_theirs_and_new_ones_get_it(desk, enable, kinds):
    enable(desk)
    before = kinds(desk)
    assert desk.numbers.set_bridge(default_number=PARIS).default_number == PARIS
    assert desk.organizers.show(AMOS).service_number == REDMOND
    assert kinds(desk) == before
    assert enable(desk, ADA).service_number == PARIS


def test_d9_number_when_written_in_any_form_then_the_one_number_is_meant(desk, enable):
    enable(desk)
    for written in (REDMOND, REDMOND[1:], f"tel:{REDMOND}", "+1 425 555 0100", "1 (425) 555-0100"):
        desk.organizers.set(AMOS, {"service_number": PARIS})
        assert desk.organizers.set(AMOS, {"service_number": written}).service_number == REDMOND
        assert desk.numbers.show(written).number == REDMOND


def test_d9_number_when_it_is_none_then_one_sentence_with_an_example(desk):
    for written in ("555-HELP", "0", "++14255550100", "tel:", ""):
        with pytest.raises(BadValue, match=r"is no phone number: .*such as \+14255550123"):
            desk.numbers.add(written)
    assert len(desk.numbers.list()) == 3


def test_d10_s3_5_number_of_an_organizer_when_changed_then_m2_without_a_pin_and_invitations_are_stale(
        desk, enable, meeting, letters):
    pin = enable(desk).pin.pin
    number = str(meeting(desk).number)
    desk.meetings.invite(number)
    desk.organizers.set(AMOS, {"service_number": PARIS})
    recipient, kind, text = letters(desk)[-1]
    assert (recipient, kind) == (AMOS, "info-changed")
    assert PARIS in text
    assert pin not in text
    assert desk.meetings.show(number).stale


# What numbers speak


@pytest.mark.parametrize("others", [(), ("fr-FR",), ("fr-FR", "zh-CN", "de-DE", "es-ES")],
                         ids=["no other", "one other", "four others"])
def test_a1_4_c8_languages_when_one_and_up_to_four_others_then_kept_in_their_order(desk, others):
    shown = desk.numbers.set_languages(REDMOND, primary="it-IT", secondary=others)
    assert shown.languages == ("it-IT", *others)
    assert desk.numbers.show(REDMOND) == shown


@pytest.mark.parametrize(("primary", "others", "said"), [
    pytest.param("en-US", ("fr-FR", "zh-CN", "de-DE", "es-ES", "it-IT"), "a number has 4 at most", id="A1.4 five"),
    pytest.param("en-US", ("fr-FR", "FR-fr"), "each language stands once", id="one twice"),
    pytest.param("en-US", ("en-US",), "each language stands once", id="the first again"),
    pytest.param("klingon", (), "klingon", id="A1.8 none of the list"),
    pytest.param("fi-FL", (), "fi-FI", id="A1.8 the list's slip"),
])
def test_a1_4_languages_when_they_cannot_be_then_refused_and_unchanged(desk, primary, others, said):
    before = desk.numbers.show(REDMOND)
    with pytest.raises(BadValue, match=said):
        desk.numbers.set_languages(REDMOND, primary=primary, secondary=others)
    assert desk.numbers.show(REDMOND) == before


def test_a1_6_d11_languages_when_the_number_is_shared_then_refused(desk):
    with pytest.raises(NotAllowed, match="shared number, and only dedicated ones have languages"):
        desk.numbers.set_languages(PARIS, primary="fr-FR")
    with pytest.raises(NotAllowed, match="only dedicated ones have languages"):
        desk.numbers.add("+33199000101", shared=True, primary_language="fr-FR")
    assert (desk.numbers.show(PARIS).languages, len(desk.numbers.list())) == ((), 3)


def test_a1_7_languages_when_restored_then_the_default_set(desk):
    assert desk.numbers.set_languages(REDMOND, restore_default=True).languages == ()
    with pytest.raises(BadValue, match="leave one out"):
        desk.numbers.set_languages(REDMOND, restore_default=True, primary="fr-FR")


def test_languages_when_only_the_first_or_only_the_others_are_named_then_the_rest_stays(desk):
    assert desk.numbers.set_languages(REDMOND, primary="de-DE").languages == ("de-DE", "fr-FR", "zh-CN")
    assert desk.numbers.set_languages(REDMOND, secondary=("en-GB",)).languages == ("de-DE", "en-GB")
    assert desk.numbers.set_languages(REDMOND, secondary=()).languages == ("de-DE",)


def test_languages_when_there_are_others_but_no_first_then_refused(desk):
    desk.numbers.set_languages(REDMOND, restore_default=True)
    with pytest.raises(BadValue, match="begin with its first"):
        desk.numbers.set_languages(REDMOND, secondary=("fr-FR",))


# Numbers of the bridge: listed, added, removed


def test_e_numbers_when_listed_then_kind_sharing_place_and_who_has_them(desk, enable):
    enable(desk, toll_free_number=FREE)
    enable(desk, ADA, country="FR")
    assert [(n.number, n.kind, n.sharing, n.city, n.default, n.organizers) for n in desk.numbers.list()] == [
        (REDMOND, "toll", "dedicated", "Redmond", True, 1), (FREE, "toll-free", "dedicated", "", False, 1),
        (PARIS, "toll", "shared", "Paris", False, 1)]


@pytest.mark.parametrize(("only", "numbers"), [
    ({"country": "fr"}, [PARIS]), ({"country": "US"}, [REDMOND, FREE]), ({"country": "DE"}, []),
    ({"city": "REDMOND"}, [REDMOND]), ({"country": "US", "city": "Paris"}, []),
])
def test_numbers_when_listed_by_place_then_those_only(desk, only, numbers):
    assert [shown.number for shown in desk.numbers.list(**only)] == numbers


def test_numbers_when_listed_by_a_city_with_accents_then_found_in_any_case(desk):
    desk.numbers.add("+41445550100", country="CH", city="Zürich")
    assert [shown.number for shown in desk.numbers.list(city="ZÜRICH")] == ["+41445550100"]


def test_e_number_when_added_then_it_is_the_bridges_and_can_be_an_organizers(desk, enable):
    new = desk.numbers.add("tel:+49305550100", country="de", city="Berlin", primary_language="de-DE",
                           secondary_languages=("en-GB",))
    assert (new.number, new.country, new.languages) == ("+49305550100", "DE", ("de-DE", "en-GB"))
    assert not new.default
    assert enable(desk, country="DE").service_number == "+49305550100"


@pytest.mark.parametrize(("number", "more", "said"), [
    pytest.param("14255550100", {}, "has the number .* already", id="twice, written otherwise"),
    pytest.param("+49305550100", {"country": "Germany"}, "'Germany' is not a country", id="no country"),
    pytest.param("+49305550100", {"city": "Ber\nlin"}, "cannot be the name of a city", id="two lines"),
    pytest.param("+49305550100", {"secondary_languages": ("de-DE",)}, "begin with its first", id="no first"),
])
def test_number_when_it_cannot_be_added_then_refused_and_unchanged(desk, number, more, said):
    before = desk.numbers.list()
    with pytest.raises(BadValue, match=said):
        desk.numbers.add(number, **more)
    assert desk.numbers.list() == before


def test_e_number_when_removed_then_it_is_the_bridges_no_longer(desk):
    desk.numbers.remove(PARIS)
    assert [shown.number for shown in desk.numbers.list()] == [REDMOND, FREE]
    with pytest.raises(NotFound, match=f"does not have the number .{PARIS}"):
        desk.numbers.show(PARIS)


def test_e_number_when_organizers_have_it_then_it_stays_until_they_have_another(desk, enable):
    enable(desk, country="FR", toll_free_number=FREE)
    for number in (PARIS, FREE):
        with pytest.raises(NotAllowed, match=f"1 organizers have the number .{number}.*ivr number renumber"):
            desk.numbers.remove(number)
    desk.numbers.renumber(PARIS, REDMOND)
    desk.numbers.remove(PARIS)
    assert desk.organizers.show(AMOS).service_number == REDMOND


def test_e_default_number_when_removed_then_only_if_that_is_said_and_another_takes_its_place(desk):
    with pytest.raises(NotAllowed, match="is the bridge's default number"):
        desk.numbers.remove(REDMOND)
    desk.numbers.remove(REDMOND, remove_default=True)
    assert desk.numbers.bridge().default_number == PARIS


def test_d7_last_toll_number_when_removed_then_refused_and_the_bridge_keeps_it(desk):
    desk.numbers.remove(PARIS)
    with pytest.raises(NotAllowed, match="last toll number"):
        desk.numbers.remove(REDMOND, remove_default=True)
    assert (desk.numbers.bridge().default_number, len(desk.numbers.list())) == (REDMOND, 2)


def test_number_when_removed_while_its_organizer_was_disabled_then_he_comes_back_without_it(desk, enable):
    enable(desk, country="FR", toll_free_number=FREE)
    desk.organizers.disable(AMOS)
    desk.numbers.remove(PARIS)
    desk.numbers.remove(FREE)
    assert enable(desk).service_number == REDMOND
    assert desk.organizers.show(AMOS).toll_free_number == ""


# One number in another's place for everybody who has it


@pytest.mark.parametrize(("country", "moved"), [("", [AMOS, ADA]), ("fr", [ADA]), ("DE", [])])
def test_e_renumber_when_done_then_those_of_the_country_have_the_new_one_and_a_letter(
        desk, enable, kinds, country, moved):
    enable(desk, country="US")
    enable(desk, ADA, country="FR", service_number=REDMOND)
    enable(desk, "bob@contoso.com", service_number=PARIS)
    before = len(kinds(desk))
    new = desk.numbers.add("+14255550199").number
    assert list(desk.numbers.renumber(REDMOND, "tel:+14255550199", country=country)) == moved
    assert [one.address for one in desk.organizers.list(number=new)] == sorted(moved)
    assert kinds(desk)[before:] == [(address, "info-changed") for address in moved]


def test_e_renumber_when_of_the_toll_free_kind_then_that_number_is_exchanged(desk, enable):
    enable(desk, toll_free_number=FREE)
    new = desk.numbers.add("+18885550100", toll_free=True).number
    desk.numbers.renumber(FREE, new, toll_free=True)
    shown = desk.organizers.show(AMOS)
    assert (shown.toll_free_number, shown.service_number) == (new, REDMOND)


@pytest.mark.parametrize(("before", "after", "toll_free", "error", "said"), [
    (REDMOND, FREE, False, BadValue, "is a toll-free number, and a toll one is needed"),
    (FREE, PARIS, True, BadValue, "is a toll number, and a toll-free one is needed"),
    (REDMOND, "+14255550101", False, NotFound, "the number .14255550101; did you mean '.14255550100'"),
    (REDMOND, REDMOND[1:], False, BadValue, "by itself"),
])
def test_e_renumber_when_it_cannot_be_then_refused_and_nobody_is_told(
        desk, enable, kinds, before, after, toll_free, error, said):
    enable(desk, toll_free_number=FREE)
    told = kinds(desk)
    with pytest.raises(error, match=said):
        desk.numbers.renumber(before, after, toll_free=toll_free)
    assert kinds(desk) == told


@pytest.mark.parametrize(("reschedule", "state"), [(True, "Pending"), (False, "")])
def test_d10_c_12_renumber_when_rescheduling_is_asked_for_then_invitations_queue_to_be_sent_again(
        desk, enable, meeting, reschedule, state):
    desk.settings.set("settings", {"AutomaticallyMigrateUserMeetings": "$false"})
    enable(desk)
    number = str(meeting(desk).number)
    desk.meetings.invite(number)
    desk.numbers.renumber(REDMOND, PARIS, reschedule=reschedule)
    assert desk.meetings.show(number).stale
    assert desk.organizers.show(AMOS).migration == state


# The bridge


def test_e_bridge_when_named_by_its_name_or_id_in_any_case_then_it_is_meant(desk):
    bridge = desk.numbers.bridge()
    for which in ("", bridge.name, bridge.name.upper(), bridge.id, bridge.id.upper()):
        assert desk.numbers.bridge(which) == bridge
    with pytest.raises(NotFound, match=f"no bridge 'Bridge 2': this directory's is '{bridge.name}', {bridge.id}"):
        desk.numbers.bridge("Bridge 2")
    with pytest.raises(NotFound, match="no bridge"):
        desk.numbers.list(bridge="Bridge 2")


def test_e_bridge_when_renamed_then_it_answers_to_the_new_name_only_and_keeps_its_id(desk):
    before = desk.numbers.bridge()
    after = desk.numbers.set_bridge(before.name, name="  Contoso Zürich ")
    assert (after.id, after.name, after.numbers) == (before.id, "Contoso Zürich", 3)
    assert desk.numbers.bridge("contoso zürich") == after
    with pytest.raises(NotFound):
        desk.numbers.bridge(before.name)


@pytest.mark.parametrize("name", ["a" * 201, "two\nlines", "\x1b[2J"])
def test_e_bridge_when_the_name_cannot_be_one_then_refused(desk, name):
    with pytest.raises(BadValue, match="cannot be the name of a bridge"):
        desk.numbers.set_bridge(name=name)


@pytest.mark.parametrize(("number", "error", "said"), [
    ("+49305550100", NotFound, "the bridge does not have the number"),
    (FREE, BadValue, "a toll one is needed here"),
])
def test_e_default_service_number_when_not_a_toll_one_of_the_bridge_then_refused(desk, number, error, said):
    with pytest.raises(error, match=said):
        desk.numbers.set_bridge(name="New name", default_number=number)
    assert (desk.numbers.bridge().default_number, desk.numbers.bridge().name) == (REDMOND, "Conference Bridge")


def test_e_bridge_when_shown_then_its_numbers_and_enabled_organizers_are_counted(desk, enable):
    enable(desk)
    enable(desk, ADA)
    desk.organizers.disable(ADA)
    bridge = desk.numbers.bridge()
    assert (bridge.numbers, bridge.organizers) == (3, 1)
