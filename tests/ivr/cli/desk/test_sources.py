"""What the source documents tell of the administrator's doings, done with our commands."""

import email
import email.policy
import json
import re

import pytest

AMOS = "amos.marble@contoso.com"


@pytest.fixture
def new_letters(office):
    """Give the letters since the last look, by their text, each with its headers."""
    seen = set(office.letters())

    def look():
        fresh = [text for text in office.letters() if text not in seen]
        seen.update(fresh)
        read = [email.message_from_string(text, policy=email.policy.default) for text in fresh]
        return [(one, one.get_body(("plain",)).get_content()) for one in read]
    return look


def _json(result):
    code, out, err = result
    assert (code, err) == (0, "")
    return json.loads(out)


def test_s0_8_s4_8_s1_6_resets_are_confirmed_before_they_are_done(refused, office):
    for words in (("pin", "reset", AMOS), ("conference-id", "reset", AMOS)):
        assert "add --yes" in refused(*words, office.database)


def test_s0_17_s4_15_who_is_enabled_gets_his_information_and_his_pin_by_mail(desk, new_letters):
    assert desk("organizer", "enable", "ada@contoso.com", "--name", "Ada Byron")[0] == 0
    (letter, text), = new_letters()
    assert letter["To"].addresses[0].addr_spec == "ada@contoso.com"
    assert "+14255550100" in text
    assert re.search(r"(?<![\d+])\d{5}(?!\d)", text)


def test_s0_18_s0_22_s1_8_s4_17_mails_go_to_the_primary_address(desk, new_letters):
    assert desk("pin", "reset", AMOS, "--yes")[0] == 0
    (letter, _), = new_letters()
    assert letter["Delivered-To"] == AMOS


@pytest.mark.parametrize("words", [
    ("pin", "reset", AMOS, "--yes"), ("organizer", "set", AMOS, "--reset-pin", "--yes"),
    ("conference-id", "reset", AMOS, "--yes"), ("organizer", "set", AMOS, "--service-number", "+33199000100"),
    ("organizer", "disable", AMOS, "--yes"), ("organizer", "enable", "ada@contoso.com"),
], ids=" ".join)
def test_s0_23_s4_17_they_can_go_to_another_address(desk, new_letters, words):
    assert desk(*words, "--send-email", "--send-email-to", "u@hotmail.com")[0] == 0
    (letter, _), = new_letters()
    assert letter["Delivered-To"] == "u@hotmail.com"


def test_s0_21_a_new_length_holds_for_pins_made_from_now_on(desk):
    assert desk("settings", "set", "--pin-length", "8")[0] == 0
    assert re.fullmatch(r"\d{8}", _json(desk("pin", "reset", AMOS, "--yes", "--json"))["pin"])


def test_s1_1_s1_3_s3_4_every_meeting_has_its_own_id_at_the_foot_of_its_invitation(desk, office):
    second = _json(desk("meeting", "schedule", AMOS, "--json"))["conference_id"]
    assert re.fullmatch(r"\d{7}", second)
    assert second != office.ids[AMOS]
    for number, conference_id in (("1", office.ids[AMOS]), ("3", second)):
        code, out, err = desk("meeting", "invite", number)
        assert (code, err) == (0, "")
        assert conference_id in out.replace(" ", "")
        assert "+1" in out


@pytest.mark.parametrize("language", ["en-US", "fr-FR", "zh-CN"])
def test_c_14_the_foot_of_an_invitation_when_a_language_is_named_then_it_is_in_that_language(desk, language):
    texts = {name: desk("meeting", "invite", "1", "--language", name)[1] for name in ("en-US", "fr-FR", "zh-CN")}
    assert len(set(texts.values())) == 3
    assert texts[language]


def test_s1_5_s1_12_a_new_id_is_shown_and_not_masked(desk):
    new = _json(desk("conference-id", "reset", AMOS, "--yes", "--json"))["conference_ids"][0]["new"]
    assert new in desk("conference-id", "list", AMOS)[1]
    assert new in desk("meeting", "show", "1")[1]


def test_s1_7_s1_9_s3_5_a_new_id_is_mailed_without_the_pin(desk, new_letters):
    assert desk("settings", "set", "--update-link", "https://contoso.com/update")[0] == 0
    assert desk("conference-id", "reset", AMOS, "--yes")[0] == 0
    (_, text), = new_letters()
    assert "+14255550100" in text
    assert "https://contoso.com/update" in text
    assert not re.search(r"(?<![\d+/])\d{5}(?!\d)", text)


def test_s1_7_s3_13_mails_can_be_switched_off(desk, new_letters):
    assert desk("settings", "set", "--send-mails", "no")[0] == 0
    code, out, _ = desk("conference-id", "reset", AMOS, "--yes")
    assert (code, new_letters()) == (0, [])
    assert "tell the organizer yourself" in out


def test_s1_10_dial_in_information_is_sent_without_the_pin_even_when_mails_are_off(desk, new_letters):
    assert desk("settings", "set", "--send-mails", "no")[0] == 0
    assert desk("organizer", "send-info", AMOS)[0] == 0
    (_, text), = new_letters()
    assert "+14255550100" in text
    assert not re.search(r"(?<![\d+])\d{5}(?!\d)", text)


def test_s1_14_after_a_reset_sent_invitations_are_to_be_sent_again(desk):
    assert desk("meeting", "invite", "1")[0] == 0
    code, out, _ = desk("conference-id", "reset", AMOS, "--yes")
    assert code == 0
    assert "invitation" in out
    assert [one["number"] for one in _json(desk("meeting", "list", AMOS, "--stale", "--json"))] == [1]
    assert desk("meeting", "invite", "1")[0] == 0
    assert _json(desk("meeting", "list", AMOS, "--stale", "--json")) == []


def test_s2_11_s2_14_s2_16_a_pin_is_generated_or_typed_and_changed_at_first_use(ivr, office_of):
    office = office_of("um")
    made = _json(ivr("pin", "reset", AMOS, "--yes", "--json", office.database))["pin"]
    assert re.fullmatch(r"\d{6}", made)
    assert _json(ivr("pin", "info", AMOS, "--json", office.database))["change_due"] == "first-use"
    code, out, err = ivr("pin", "reset", AMOS, "--pin", "1985848", "--no-change-at-first-use", "--yes", "--json",
                         office.database)
    assert (code, json.loads(out)["pin"]) == (0, "1985848")
    assert "'--pin -' asks for it unseen" in err
    assert "1985848" not in err
    assert _json(ivr("pin", "info", AMOS, "--json", office.database))["change_due"] == ""


def test_s2_5_s2_12_the_new_pin_is_mailed(ivr, office_of):
    office = office_of("um")
    pin = _json(ivr("pin", "reset", AMOS, "--yes", "--json", office.database))["pin"]
    assert sum(pin in text for text in office.letters()) == 1


def test_s2_15_an_owner_cannot_type_his_pin_on_the_web(unchanged, office_of):
    assert "always generated" in unchanged(office_of("um"), "pin", "reset", AMOS, "--by-owner", "--pin", "1985848",
                                           "--yes")


def test_s3_6_a_reset_is_mailed_with_the_new_pin_and_the_number(desk, new_letters):
    pin = _json(desk("pin", "reset", AMOS, "--yes", "--json"))["pin"]
    (_, text), = new_letters()
    assert pin in text
    assert "+14255550100" in text


def test_s3_7_s3_8_who_is_disabled_is_told_so_without_pin_and_number(desk, new_letters):
    assert desk("organizer", "disable", AMOS, "--yes")[0] == 0
    (_, text), = new_letters()
    assert AMOS in text
    assert "+14255550100" not in text


def test_s3_10_s3_11_the_senders_address_and_name_can_be_changed(desk, new_letters):
    assert desk("settings", "set", "--sender-override", "yes", "--sender-address", "desk@contoso.com",
                "--sender-name", "The desk")[0] == 0
    assert desk("pin", "reset", AMOS, "--yes")[0] == 0
    (letter, _), = new_letters()
    assert str(letter["From"]) == "The desk <desk@contoso.com>"


def test_s3_14_the_switch_is_a_cmdlets_parameter_too(desk):
    assert desk("Set-CsOnlineDialInConferencingTenantSettings", "-AutomaticallySendEmailsToUsers", "$false")[0] == 0
    assert _json(desk("settings", "show", "send-mails", "--json")) == {"send-mails": "no"}


def test_c_13_disabling_frees_the_ids_for_others(ivr, office_of):
    office = office_of("sfb2017")
    freed = office.ids[AMOS]
    assert ivr("organizer", "disable", AMOS, "--yes", office.database)[0] == 0
    made = _json(ivr("meeting", "schedule", "tonysmith", "--conference-id", freed, "--json", office.database))
    assert made["conference_id"] == freed


def test_d7_d8_a_new_default_number_is_for_those_enabled_from_now_on(desk):
    assert desk("bridge", "set", "--default-service-number", "+33199000100")[0] == 0
    assert _json(desk("organizer", "enable", "ada@contoso.com", "--json"))["service_number"] == "+33199000100"
    assert _json(desk("organizer", "show", AMOS, "--json"))["service_number"] == "+14255550100"


def test_c_12_invitations_can_be_sent_again_by_themselves(desk):
    assert desk("meeting", "migration", AMOS)[1] == "It was never asked for.\n"
    assert desk("meeting", "migrate", AMOS)[1] == "Pending\n"
    assert _json(desk("meeting", "migration", AMOS, "--json")) == {"state": "Pending"}
