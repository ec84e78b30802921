"""The desks of the products, as data."""

from dataclasses import fields, replace

import pytest

from ivr.conference.profile import UnknownProfile
from ivr.directory.administration import ADMINISTRATIONS, Limit, Lockout, PinRules, administration, rules_with

ONLINE, SFB2017, SERVER, UM = (ADMINISTRATIONS[name] for name in ("online", "sfb2017", "sfbserver", "um"))


@pytest.mark.parametrize(("desk", "rule", "value"), [
    pytest.param(ONLINE, "shortest", 4, id="S0.20"),
    pytest.param(ONLINE, "longest", 12, id="S0.20"),
    pytest.param(ONLINE, "length", 5, id="S0.20"),
    pytest.param(SFB2017, "shortest", 4, id="S4.16"),
    pytest.param(SFB2017, "longest", 12, id="S4.16"),
    pytest.param(SFB2017, "length", 5, id="S4.16"),
    pytest.param(ONLINE, "at_enabling", True, id="S0.1"),
    pytest.param(SFB2017, "at_enabling", True, id="S4.1"),
    pytest.param(SERVER, "at_enabling", False, id="B4: no PIN at enabling"),
    pytest.param(UM, "at_enabling", True, id="F3: generated when enabled"),
    pytest.param(ONLINE, "typed", False, id="B1.5"),
    pytest.param(SFB2017, "typed", False, id="B1.5"),
    pytest.param(SERVER, "typed", True, id="B4"),
    pytest.param(UM, "typed", True, id="S2.4, S2.14"),
    pytest.param(ONLINE, "self_service", True, id="S0.4, S0.9, C4"),
    pytest.param(SFB2017, "self_service", False, id="S4.4, C4"),
    pytest.param(SERVER, "self_service", True, id="B4: from the web page"),
    pytest.param(UM, "self_service", True, id="S2.7"),
    pytest.param(ONLINE, "self_typed", False, id="B1.5, B1.10"),
    pytest.param(UM, "self_typed", False, id="S2.13, S2.15"),
    pytest.param(UM, "by_phone", True, id="F1.11, S2.14"),
    pytest.param(ONLINE, "lifetime_days", 0, id="B1.16"),
    pytest.param(SERVER, "lifetime_days", 0, id="B2"),
    pytest.param(UM, "lifetime_days", 60, id="F2"),
    pytest.param(ONLINE, "history", 0, id="B1.16"),
    pytest.param(SERVER, "history", 0, id="B2"),
    pytest.param(UM, "history", 5, id="F2"),
    pytest.param(SERVER, "history_binds_administrator", False, id="B2"),
    pytest.param(UM, "history_binds_administrator", True, id="F3: checked against the policy"),
    pytest.param(SERVER, "common_patterns", False, id="B2"),
    pytest.param(UM, "common_patterns", False, id="F2"),
    pytest.param(SERVER, "shortest", 5, id="B2"),
    pytest.param(SERVER, "longest", 24, id="B2"),
    pytest.param(UM, "shortest", 6, id="F2"),
    pytest.param(UM, "longest", 24, id="F2"),
    pytest.param(UM, "length", 6, id="F3"),
    pytest.param(UM, "change_at_first_use", True, id="S2.6, S2.16"),
    pytest.param(ONLINE, "change_at_first_use", False, id="B1.16"),
    pytest.param(ONLINE, "length_binds_existing", False, id="S0.21, C15"),
    pytest.param(SFB2017, "length_binds_existing", False, id="S4.16, C15"),
    pytest.param(UM, "length_binds_existing", True, id="F2, C15"),
    pytest.param(SERVER, "unlock_before_set", True, id="B4"),
    pytest.param(UM, "unlock_before_set", False, id="S2.3, F3"),
    pytest.param(ONLINE, "lockout", Lockout(), id="B1.16: none"),
    pytest.param(SFB2017, "lockout", Lockout(), id="B1.16: none in 2017"),
    pytest.param(SERVER, "lockout", Lockout(window=1800, lock=3600, limits=(
        Limit(4, 10, 100), Limit(5, 25, 1000), Limit(6, 25, 5000))), id="B3"),
    pytest.param(UM, "lockout", Lockout(reset_after=5, lock_after=15, forgiven=True), id="F2, C11"),
])
def test_a_rule_for_pins_then_as_the_product_has_it(desk, rule, value):
    assert getattr(desk.pin, rule) == value


@pytest.mark.parametrize(("desk", "conference_ids", "static_allowed", "id_typed"), [
    pytest.param(ONLINE, "dynamic", False, False, id="S1.3, S1.4"),
    pytest.param(SFB2017, "dynamic", True, True, id="C-3"),
])
def test_conference_ids_then_dynamic_and_static_only_where_the_product_has_it(desk, conference_ids, static_allowed,
                                                                              id_typed):
    assert (desk.conference_ids, desk.static_allowed, desk.id_typed) == (conference_ids, static_allowed, id_typed)


@pytest.mark.parametrize(("desk", "parameter", "value", "rules"), [
    pytest.param(ONLINE, ("settings", "pin-length"), 8, {"length": 8}, id="S0.19"),
    pytest.param(SFB2017, ("settings", "pin-length"), 12, {"length": 12}, id="S4.16"),
    pytest.param(SERVER, ("pin", "shortest"), 7, {"shortest": 7}, id="B2: MinPasswordLength"),
    pytest.param(SERVER, ("pin", "lifetime-days"), 30, {"lifetime_days": 30}, id="B2: PINLifetime"),
    pytest.param(SERVER, ("pin", "history"), 20, {"history": 20}, id="B2: PINHistoryCount"),
    pytest.param(SERVER, ("pin", "common-patterns"), True, {"common_patterns": True},
                 id="B2: AllowCommonPatterns"),
    pytest.param(UM, ("um-mailbox", "shortest-pin"), 4, {"shortest": 4}, id="F2: MinPINLength"),
    pytest.param(UM, ("um-mailbox", "pin-lifetime-days"), None, {"lifetime_days": 0},
                 id="F2: PINLifetime Unlimited"),
    pytest.param(UM, ("um-mailbox", "pin-history"), 20, {"history": 20}, id="F2: PINHistoryCount"),
    pytest.param(UM, ("um-mailbox", "common-patterns"), True, {"common_patterns": True},
                 id="F2: AllowCommonPatterns"),
])
def test_a_parameter_set_then_in_place_of_the_products_own_rule(desk, parameter, value, rules):
    assert rules_with(desk, {parameter: value}) == replace(desk.pin, **rules)


@pytest.mark.parametrize(("desk", "parameter", "value", "lockout"), [
    pytest.param(SERVER, ("pin", "tries"), 3, {"tries": 3}, id="B2: MaximumLogonAttempts"),
    pytest.param(SERVER, ("pin", "tries"), None, {"tries": 0}, id="B2: MaximumLogonAttempts automatic"),
    pytest.param(UM, ("um-mailbox", "failures-before-reset"), 0, {"reset_after": 0}, id="C11: 0"),
    pytest.param(UM, ("um-mailbox", "failures-before-reset"), None, {"reset_after": 0}, id="C11: Unlimited"),
    pytest.param(UM, ("um-mailbox", "failures-before-lock"), 999, {"lock_after": 999}, id="F2: MaxLogonAttempts"),
])
def test_a_parameter_of_the_lockout_set_then_the_rest_of_it_stays(desk, parameter, value, lockout):
    assert rules_with(desk, {parameter: value}) == replace(desk.pin, lockout=replace(desk.pin.lockout, **lockout))


@pytest.mark.parametrize("desk", ADMINISTRATIONS.values(), ids=ADMINISTRATIONS)
def test_no_parameter_of_the_product_set_then_its_own_rules(desk):
    assert rules_with(desk, {}) == desk.pin
    assert rules_with(desk, {("meeting", "anyone-may-start"): True}) == desk.pin


@pytest.mark.parametrize("desk", ADMINISTRATIONS.values(), ids=ADMINISTRATIONS)
def test_what_parameters_replace_then_rules_there_are_in_groups_the_product_has(desk):
    rules = {rule.name for rule in fields(PinRules)} | {f"lockout.{rule.name}" for rule in fields(Lockout)}
    assert set(desk.pin_from) <= rules
    assert {group for group, _ in desk.pin_from.values()} <= desk.groups
    assert "settings" in desk.groups
    assert not desk.letter_texts_from or desk.letter_texts_from in desk.groups


@pytest.mark.parametrize(("desk", "group"), [(ONLINE, ""), (SFB2017, ""), (SERVER, ""), (UM, "um-mailbox")])
def test_f2_texts_for_letters_then_in_voice_mail_only(desk, group):
    assert desk.letter_texts_from == group


def test_m4_turned_off_then_the_update_tool_is_told_of_in_2017_only():
    assert [desk.name for desk in ADMINISTRATIONS.values() if desk.mail_update_tool_at_end] == ["sfb2017"]


def test_an_unknown_name_then_the_nearest_is_offered_if_one_is_near():
    assert administration("um") is UM
    with pytest.raises(UnknownProfile, match="no administration 'sfb2016'; did you mean 'sfb2017'"):
        administration("sfb2016")
    with pytest.raises(UnknownProfile, match="no administration 'asterisk'; there are online, sfb2017"):
        administration("asterisk")
