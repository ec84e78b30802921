"""Policies for all, for a site, and for those who are granted one: the narrowest value wins (B2, F2)."""

import pytest

from ivr.directory.errors import BadPin, BadValue, NotAllowed, NotFound

AMOS = "amos.marble@contoso.com"
ADA = "ada@contoso.com"


def value(desk, group, name, *, who="", identity=""):
    """Return what stands in a policy, or what holds for somebody."""
    shown = desk.settings.for_organizer(group, who) if who else desk.settings.show(group, identity=identity)
    return {row[0]: row[1] for row in shown}[name]


@pytest.fixture
def server(desk_of, enable):
    """A desk of the server, with Amos Marble in Paris and Ada nowhere; only PINs of 6 digits and more are taken."""
    desk = desk_of("sfbserver")
    enable(desk, site="Paris")
    enable(desk, ADA)
    desk.settings.set("pin", {"MinPasswordLength": "6"})
    return desk


# Which one holds


def test_b2_policy_when_there_are_three_then_the_narrowest_that_sets_a_value_wins(server):
    settings = server.settings
    assert value(server, "pin", "shortest", who=AMOS) == "6"
    settings.set("pin", {"MinPasswordLength": "8"}, identity="site:Paris", new=True)
    assert [value(server, "pin", "shortest", who=who) for who in (AMOS, ADA)] == ["8", "6"]
    settings.set("pin", {"MinPasswordLength": "10"}, identity="Staff", new=True)
    assert value(server, "pin", "shortest", who=AMOS) == "8"
    settings.grant("pin", "Staff", AMOS)
    assert value(server, "pin", "shortest", who=AMOS) == "10"
    settings.grant("pin", "global", AMOS)
    assert value(server, "pin", "shortest", who=AMOS) == "8"


def test_b2_policy_when_it_leaves_a_value_out_then_the_wider_one_gives_it(server):
    server.settings.set("pin", {"MaximumLogonAttempts": "9"}, identity="site:Paris", new=True)
    server.settings.set("pin", {"PINHistoryCount": "4"}, identity="Staff", new=True)
    server.settings.grant("pin", "Staff", AMOS)
    assert [value(server, "pin", name, who=AMOS) for name in ("shortest", "tries", "history")] == ["6", "9", "4"]
    assert [(name, is_set) for name, _, is_set in server.settings.show("pin", identity="Staff") if is_set] == [
        ("history", True)]


@pytest.mark.parametrize(("who", "shortest"), [(AMOS, 8), (ADA, 6)])
def test_b2_policy_when_pins_are_set_then_each_organizers_own_is_asked(server, who, shortest):
    server.settings.set("pin", {"MinPasswordLength": "8"}, identity="site:Paris", new=True)
    with pytest.raises(BadPin, match=f"a PIN has {shortest} to 24 digits"):
        server.pins.reset(who, pin="739518264"[:shortest - 1])
    assert len(server.pins.reset(who, pin="739518264"[:shortest]).pin) == shortest


def test_f2_policy_of_voice_mail_when_granted_then_it_holds_for_his_pin(desk_of, enable):
    desk = desk_of("um")
    assert len(enable(desk).pin.pin) == 6
    desk.settings.set("um-mailbox", {"MinPINLength": "9", "ResetPINText": "Call <b>IT</b>"}, identity="Staff",
                      new=True)
    desk.settings.grant("um-mailbox", "Staff", AMOS)
    assert len(desk.pins.reset(AMOS).pin) == 9
    assert value(desk, "um-mailbox", "reset-pin-text", who=AMOS) == "Call <b>IT</b>"


def test_policy_of_a_site_when_somebody_moves_there_then_it_holds_for_him(server):
    server.settings.set("pin", {"MinPasswordLength": "8"}, identity="site:Oslo", new=True)
    server.organizers.set(ADA, {"site": "Oslo"})
    assert value(server, "pin", "shortest", who=ADA) == "8"


# Made, changed, removed


def test_e_policy_when_made_then_it_is_listed_and_can_be_changed(server):
    assert server.settings.policies("pin") == ["global"]
    server.settings.set("pin", {}, identity="Tag:Staff", new=True)
    server.settings.set("pin", {}, identity="SITE: Paris", new=True)
    assert server.settings.policies("pin") == ["global", "site:Paris", "Staff"]
    server.settings.set("pin", {"history": "2"}, identity="Staff")
    assert value(server, "pin", "history", identity="Staff") == "2"
    assert server.settings.policies("keys") == ["global"]


@pytest.mark.parametrize(("identity", "error", "said"), [
    ("Staff", BadValue, "the policy '.*Staff' is there already: 'ivr policy set' changes it"),
    ("global", BadValue, "the global policy is always there"),
    ("", BadValue, "the global policy is always there"),
    ("site:", BadValue, "'site:' names no policy"),
    ("Tag: ", BadValue, "names no policy"),
    ("two\nlines", BadValue, "cannot be the name of a policy"),
    ("a" * 201, BadValue, "cannot be the name of a policy"),
])
def test_e_policy_when_it_cannot_be_made_then_refused_and_none_is(server, identity, error, said):
    server.settings.set("pin", {}, identity="Staff", new=True)
    with pytest.raises(error, match=said):
        server.settings.set("pin", {"history": "2"}, identity=identity, new=True)
    assert server.settings.policies("pin") == ["global", "Staff"]
    assert value(server, "pin", "history", identity="Staff") == "0"


def test_e_policy_when_it_is_made_with_a_bad_value_or_only_as_what_if_then_it_is_not_there(server):
    with pytest.raises(BadValue, match="'25' is no shortest"):
        server.settings.set("pin", {"MinPasswordLength": "25"}, identity="Staff", new=True)
    shown = server.settings.set("pin", {"history": "3"}, identity="Staff", new=True, what_if=True)
    assert ("history", "3", True) in shown
    assert server.settings.policies("pin") == ["global"]


@pytest.mark.parametrize("do", [
    pytest.param(lambda settings: settings.set("pin", {"history": "3"}, identity="Stuff"), id="set"),
    pytest.param(lambda settings: settings.show("pin", identity="Stuff"), id="show"),
    pytest.param(lambda settings: settings.reset("pin", identity="Stuff"), id="remove"),
    pytest.param(lambda settings: settings.grant("pin", "Stuff", AMOS), id="grant"),
])
def test_policy_when_there_is_none_of_that_name_then_the_nearest_is_named(server, do):
    server.settings.set("pin", {}, identity="Staff", new=True)
    with pytest.raises(NotFound, match="there is no pin policy 'Stuff'; did you mean 'Staff'"):
        do(server.settings)


def test_e_policy_when_removed_then_it_is_gone_with_what_it_set(server):
    server.settings.set("pin", {"MinPasswordLength": "8"}, identity="site:Paris", new=True)
    server.settings.reset("pin", identity="site:Paris")
    assert (server.settings.policies("pin"), value(server, "pin", "shortest", who=AMOS)) == (["global"], "6")
    server.settings.set("pin", {}, identity="site:Paris", new=True)
    assert value(server, "pin", "shortest", who=AMOS) == "6"


def test_e_global_policy_when_reset_then_its_defaults_hold_and_the_others_stay(server):
    server.settings.set("pin", {"history": "3"}, identity="Staff", new=True)
    server.settings.reset("pin")
    assert (value(server, "pin", "shortest"), value(server, "pin", "history", identity="Staff")) == ("5", "3")


# Granted


def test_policy_when_granted_then_it_cannot_be_removed_until_nobody_has_it(server):
    server.settings.set("pin", {"history": "3"}, identity="Staff", new=True)
    server.settings.grant("pin", "Staff", AMOS)
    with pytest.raises(NotAllowed, match="1 organizers have the policy 'Staff': grant them another first"):
        server.settings.reset("pin", identity="Staff")
    assert value(server, "pin", "history", who=AMOS) == "3"
    server.settings.grant("pin", "Global", AMOS)
    server.settings.reset("pin", identity="Staff")
    assert server.settings.policies("pin") == ["global"]


def test_policy_when_another_of_its_kind_is_granted_then_that_one_holds_and_other_kinds_stay(server):
    for kind, changes in (("pin", {"history": "3"}), ("keys", {"HelpCommand": "2"})):
        server.settings.set(kind, changes, identity="Staff", new=True)
        server.settings.grant(kind, "Staff", AMOS)
    server.settings.set("pin", {"history": "4"}, identity="Board", new=True)
    server.settings.grant("pin", "Board", AMOS)
    server.settings.grant("pin", "Board", AMOS)
    assert (value(server, "pin", "history", who=AMOS), value(server, "keys", "help", who=AMOS)) == ("4", "2")


@pytest.mark.parametrize(("policy", "who", "error", "said"), [
    ("site:Paris", AMOS, BadValue, "'site:Paris' is a site's policy: it holds for all organizers of the site"),
    ("Staff", "amos.marbel@contoso.com", NotFound, f"did you mean '{AMOS}'"),
])
def test_policy_when_it_cannot_be_granted_then_refused(server, policy, who, error, said):
    server.settings.set("pin", {}, identity="Staff", new=True)
    server.settings.set("pin", {}, identity="site:Paris", new=True)
    with pytest.raises(error, match=said):
        server.settings.grant("pin", policy, who)


# Values of several policies that must go together


@pytest.mark.parametrize(("first", "second", "said"), [
    pytest.param(("", {"LogonFailuresBeforePINReset": "20", "MaxLogonAttempts": "30"}),
                 ("Staff", {"MaxLogonAttempts": "20"}),
                 "failures-before-reset cannot be 20 while failures-before-lock is 20", id="global and users'"),
    pytest.param(("site:Paris", {"LogonFailuresBeforePINReset": "14"}), ("Staff", {"MaxLogonAttempts": "10"}),
                 "cannot be 14 while failures-before-lock is 10: .*; the policy 'site:Paris' would hold beside it",
                 id="site's and users'"),
    pytest.param(("Staff", {"MaxLogonAttempts": "10"}), ("site:Paris", {"LogonFailuresBeforePINReset": "14"}),
                 "; the policy 'Staff' would hold beside it", id="users' and site's"),
    pytest.param(("Staff", {"MaxLogonAttempts": "6"}), ("", {"LogonFailuresBeforePINReset": "6"}),
                 "cannot be 6 while failures-before-lock is 6: .*; the policy 'Staff' would hold beside it",
                 id="users' and global"),
])
def test_f2_values_when_two_policies_break_a_rule_together_then_the_later_is_refused(
        desk_of, first, second, said):
    desk = desk_of("um")
    desk.settings.set("um-mailbox", first[1], identity=first[0], new=bool(first[0]))
    with pytest.raises(BadValue, match=said):
        desk.settings.set("um-mailbox", second[1], identity=second[0], new=bool(second[0]))
    assert desk.settings.policies("um-mailbox") == ["global", *filter(None, [first[0]])]
    assert value(desk, "um-mailbox", "failures-before-lock") in ("15", "30")


def test_f2_global_policy_when_a_users_one_would_break_a_rule_without_it_then_it_is_not_reset(desk_of):
    desk = desk_of("um")
    desk.settings.set("um-mailbox", {"MaxLogonAttempts": "99"})
    desk.settings.set("um-mailbox", {"LogonFailuresBeforePINReset": "20"}, identity="Staff", new=True)
    with pytest.raises(BadValue, match=r"cannot be 20 while failures-before-lock is 15: .*'Staff' would hold"):
        desk.settings.reset("um-mailbox")
    assert value(desk, "um-mailbox", "failures-before-lock") == "99"


def test_b2_lifetime_when_a_users_policy_takes_away_the_history_it_needs_then_refused(server):
    server.settings.set("pin", {"PINLifetime": "30", "PINHistoryCount": "5"})
    with pytest.raises(BadValue, match="lifetime-days cannot be 30 while history is 0"):
        server.settings.set("pin", {"PINHistoryCount": "0"}, identity="Staff", new=True)
    assert server.settings.policies("pin") == ["global"]


def test_a5_keys_when_a_site_and_a_users_policy_give_two_commands_one_key_then_refused(server):
    server.settings.set("keys", {"HelpCommand": "2"}, identity="site:Paris", new=True)
    with pytest.raises(BadValue, match=r"help and lock cannot both have the key 2: .*'site:Paris' would hold"):
        server.settings.set("keys", {"LockUnlockConferenceCommand": "2"}, identity="Staff", new=True)
    assert value(server, "keys", "lock", who=AMOS) == "7"


def test_a5_keys_when_the_global_policy_would_break_a_rule_with_one_of_several_then_that_one_is_named(server):
    for identity, changes in (("site:Paris", {"AdmitAll": "none"}), ("Staff", {"AdmitAll": "0"}),
                              ("Board", {"HelpCommand": "2"})):
        server.settings.set("keys", changes, identity=identity, new=True)
    with pytest.raises(BadValue, match=r"help and mute-self .* key 2: .*; the policy 'Board' would hold beside it"):
        server.settings.set("keys", {"MuteUnmuteCommand": "2"})
    assert value(server, "keys", "mute-self") == "6"
