"""Settings of the whole bridge: shown, set by our words or the cmdlets', refused, reset to the defaults (E)."""

import pytest

from ivr.directory.errors import BadValue, NotAllowed, NotFound
from ivr.directory.parameters import GROUPS

AMOS = "amos.marble@contoso.com"

PRODUCT_OF = {"pin": "sfbserver", "keys": "sfbserver", "joining": "sfbserver", "meetings": "sfbserver",
              "meeting": "online", "audio-conferencing": "online", "um-mailbox": "um", "um-dial-plan": "um",
              "um-auto-attendant": "um", "settings": "online"}
"""A product that has each group."""

OTHERWISE = {
    "administration": "sfb2017", "language": "fr-FR", "delivery": "maildir", "maildir": "/tmp/letters",  # noqa: S108
    "smtp-host": "mail.contoso.com", "smtp-port": "25", "smtp-security": "tls", "smtp-user": "amos",
    "entry-exit-announcements": "tones", "mask-numbers": "nobody", "sender-address": "ivr@contoso.com",
    "auto-admit": "invited", "lobby-keepers": "organizers", "invite-numbers": "+14255550100", "command": "#",
    "operator": "+14255550101", "pin-for": "organizer", "presenters": "nobody", "info-announcement": "yes",
    "search-by": "first-last", "search-by-second": "none", "unique-conference-ids": "yes",
    "business-keys": "1=extension:36697 (sales); timeout=operator", "after-hours-keys": "9=message:36697",
    "business-hours": "mon-fri 08:00-17:00; sat 09:00-12:00", "holidays": "2021-12-24..2021-12-26; 2022-01-01",
    "sender-override": "no", "lifetime-days": "0", "failures-before-reset": "4", "longest-recording-minutes": "19",
}
"""Values for those that take no number, no yes and no link; each goes with the others' defaults."""


def another(parameter):
    """Return text that a parameter takes, for most of them not its default."""
    if parameter.name in OTHERWISE:
        return OTHERWISE[parameter.name]
    if isinstance(parameter.default, bool):
        return "no" if parameter.default else "yes"
    if isinstance(parameter.default, int):
        return str(parameter.default + 1)
    if parameter.name.endswith("-link"):
        return "https://example.org/"
    return {"tries": "7", "shortest": "6", "history": "3"}.get(parameter.name, "7" if parameter.default else "text")


def values(shown):
    return {name: value for name, value, _ in shown}


# Every group


@pytest.mark.parametrize("name", GROUPS)
def test_e_group_when_shown_set_by_the_cmdlets_names_and_reset_then_every_parameter_obeys(desk_of, name):
    group, desk = GROUPS[name], desk_of(PRODUCT_OF[name])
    defaults = desk.settings.show(name)
    ours = {"administration"} if name == "settings" else set()
    assert [row[0] for row in defaults] == [parameter.name for parameter in group.parameters]
    assert {row[0] for row in defaults if row[2]} == ours
    for parameter in group.parameters:
        text = {"command": "#", "operator": "none"}.get(parameter.name) or (
            "none" if name == "keys" else another(parameter))
        shown = desk.settings.set(name, {parameter.cmdlet_name or parameter.name: text})
        assert (parameter.name, parameter.show(parameter.read(text)), True) in shown
    assert all(is_set for _, _, is_set in desk.settings.show(name))
    assert desk.settings.show(name) == shown
    desk.settings.reset(name)
    assert {row[0]: row[1] for row in desk.settings.show("settings")}["administration"] == (
        "online" if name == "settings" else PRODUCT_OF[name])
    assert values(desk.settings.show(name)) == {p.name: p.show(p.default) for p in group.parameters}
    assert not any(is_set for _, _, is_set in desk.settings.show(name))


def test_settings_when_set_by_one_then_another_process_sees_it_at_once(open_desk, world):
    desk, other = open_desk(), open_desk(world)
    desk.settings.set("settings", {"pin-length": "8"})
    assert other.settings.values()["pin-length"] == 8


# What is refused, and that nothing of it is set


@pytest.mark.parametrize(("changes", "said"), [
    pytest.param({"PinLength": "3"}, "'3' is no pin-length: it takes a whole number from 4 to 12", id="S0.20 3"),
    pytest.param({"PinLength": "13"}, "'13' is no pin-length: it takes a whole number from 4 to 12", id="S4.16 13"),
    pytest.param({"pin-length": "five"}, "'five' is no pin-length", id="S0.20 no number"),
    pytest.param({"language": "fr-FR", "pin-length": "99"}, "'99' is no pin-length", id="the second of two"),
    pytest.param({"language": "fr-FR", "pinlenght": "8"}, "did you mean 'pin-length'", id="misspelt"),
    pytest.param({"pin-length": "8", "PinLength": "9"}, "is named twice, once as 'PinLength'", id="twice"),
    pytest.param({"PinLength": "8", "pin_length": "8"}, "is named twice", id="twice alike"),
    pytest.param({"SendEmailFromOverride": "$true"}, "sender-address and sender-name are 'none'", id="D4 neither"),
    pytest.param({"SendEmailFromOverride": "$true", "SendEmailFromAddress": "a@b.com"}, "sender-name is 'none'",
                 id="D4 no name"),
    pytest.param({"SendEmailOverride": "$true", "SendEmailFromDisplayName": "IT"}, "sender-address is 'none'",
                 id="D4 no address, by its older name"),
    pytest.param({"SendEmailFromAddress": "contoso.com"}, "it takes a mail address", id="D4 not alias@domain"),
    pytest.param({"delivery": "smtp"}, "set smtp-host with it", id="no server"),
    pytest.param({"administration": "teems"}, "'teems' is no administration: it takes online", id="none such"),
])
def test_s0_20_s4_16_d4_settings_when_one_cannot_be_then_one_sentence_and_nothing_is_changed(desk, changes, said):
    before = desk.settings.show("settings")
    with pytest.raises(BadValue, match=said) as caught:
        desk.settings.set("settings", changes)
    assert "\n" not in str(caught.value)
    assert desk.settings.show("settings") == before


def test_d4_s3_10_s3_11_sender_when_all_three_are_set_then_taken_and_neither_can_be_taken_away_alone(
        desk, enable, kinds):
    desk.settings.set("settings", {"SendEmailFromOverride": "$true", "SendEmailFromAddress": "it@contoso.com",
                                   "SendEmailFromDisplayName": "Contoso IT"})
    enable(desk)
    (parcel,) = desk.outbox.claim(desk.outbox.list()[0].written_at, 0, 9)
    assert (parcel.message["From"].addresses[0].addr_spec, parcel.message["From"].addresses[0].display_name) == (
        "it@contoso.com", "Contoso IT")
    for name in ("sender-address", "sender-name"):
        with pytest.raises(BadValue, match=f"{name} is 'none'"):
            desk.settings.set("settings", {name: "none"})
    assert kinds(desk) == [(AMOS, "enabled")]


# What if


def test_e_what_if_when_said_then_it_is_shown_and_nothing_is_changed(desk):
    before = desk.settings.show("settings")
    shown = desk.settings.set("settings", {"PinLength": "8"}, what_if=True)
    assert ("pin-length", "8", True) in shown
    assert desk.settings.show("settings") == before


def test_e_what_if_when_it_could_not_be_then_refused_as_it_would_be(desk):
    with pytest.raises(BadValue, match="'13' is no pin-length"):
        desk.settings.set("settings", {"PinLength": "13"}, what_if=True)


def test_e_what_if_when_asked_among_changes_that_are_made_together_then_those_stay(desk):
    with desk.store.together():
        desk.settings.set("settings", {"language": "fr-FR"})
        assert values(desk.settings.set("settings", {"PinLength": "8"}, what_if=True))["pin-length"] == "8"
        desk.settings.set("settings", {"numbers-link": "https://example.org/"})
    kept = desk.settings.values()
    assert (kept["language"], kept["pin-length"], kept["numbers-link"]) == ("fr-FR", 5, "https://example.org/")


# What settings do


def test_s0_21_s4_16_pin_length_when_changed_then_new_pins_only(desk, enable, meeting):
    old = enable(desk).pin.pin
    desk.settings.set("settings", {"PinLength": "12"})
    assert (len(old), len(enable(desk, "ada@contoso.com").pin.pin)) == (5, 12)
    assert desk.checks.check_pin(desk.checks.find(meeting(desk).conference_id).meeting, old).right


@pytest.mark.parametrize(("by_default", "said", "holds"), [
    ("$false", None, False), ("$true", None, True), ("$true", False, False)])
def test_s0_16_s4_14_allow_pstn_only_when_set_by_default_then_organizers_who_are_enabled_later_have_it(
        desk, enable, by_default, said, holds):
    enable(desk, "before@contoso.com")
    desk.settings.set("settings", {"AllowPSTNOnlyMeetingsByDefault": by_default})
    enable(desk, pstn_only=said)
    assert desk.organizers.show(AMOS).pstn_only == holds
    assert not desk.organizers.show("before@contoso.com").pstn_only


@pytest.mark.parametrize(("switch", "sent"), [("$true", 1), ("$false", 0)])
def test_s0_12_s0_13_s3_1_s3_2_s3_12_s3_14_s4_10_mails_when_switched_then_sent_or_not_even_on_enabling(
        desk, enable, kinds, switch, sent):
    desk.settings.set("settings", {"AutomaticallySendEmailsToUsers": switch})
    enabled = enable(desk)
    assert len(kinds(desk)) == sent
    assert enabled.pin.mailed_to == (AMOS if sent else "")


# Another product


@pytest.mark.parametrize(("profile", "has"), [
    ("online", {"settings", "meeting", "audio-conferencing"}),
    ("sfb2017", {"settings", "meeting", "audio-conferencing"}),
    ("sfbserver", {"settings", "pin", "keys", "joining", "meetings"}),
    ("um", {"settings", "um-mailbox", "um-dial-plan", "um-auto-attendant"}),
])
def test_e_profile_when_chosen_then_its_groups_are_there_and_no_others(desk_of, profile, has):
    desk = desk_of(profile)
    assert set(desk.settings.kinds()) == has
    for name in GROUPS:
        if name in has:
            assert desk.settings.show(name)
            continue
        for do in (desk.settings.show, desk.settings.policies, desk.settings.reset):
            with pytest.raises(NotAllowed, match=f"administration '{profile}' has no policy of the kind '{name}'"):
                do(name)
        with pytest.raises(NotAllowed, match="chooses another"):
            desk.settings.set(name, {})


def test_profile_when_changed_and_back_then_what_was_set_in_its_groups_is_there_again(desk_of):
    desk = desk_of("sfbserver")
    desk.settings.set("pin", {"MinPasswordLength": "9"})
    for profile in ("um", "sfbserver"):
        desk.settings.set("settings", {"administration": profile})
    assert values(desk.settings.show("pin"))["shortest"] == "9"


def test_profile_when_settings_are_reset_then_it_is_the_default_again(desk_of, enable):
    desk = desk_of("um", pin_length="8")
    desk.settings.reset("settings")
    assert (desk.settings.values()["administration"], len(enable(desk).pin.pin)) == ("online", 5)


@pytest.mark.parametrize(("kind", "near"), [("pinn", "'pin'"), ("um-mailboxes", "'um-mailbox'"), ("PIN", None)])
def test_group_when_there_is_none_of_that_name_then_the_nearest_is_named(desk, kind, near):
    with pytest.raises(NotFound, match=f"there is no policy of the kind '{kind}'") as caught:
        desk.settings.show(kind)
    assert near is None or f"did you mean {near}?" in str(caught.value)


def test_settings_when_another_identity_than_global_is_named_then_refused(desk):
    for identity in ("site:Paris", "Staff"):
        with pytest.raises(BadValue, match="settings are the whole bridge's: there is no other identity"):
            desk.settings.set("settings", {"PinLength": "8"}, identity=identity)
    assert values(desk.settings.set("settings", {"PinLength": "8"}, identity="Global"))["pin-length"] == "8"


def test_the_older_name_of_whose_rules_hold_then_still_taken(desk):
    desk.settings.set("settings", {"profile": "um"})
    assert desk.settings.values()["administration"] == "um"
