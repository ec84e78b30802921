"""PINs at the desk: made, shown once, reset, typed, expired (B1, B2, F2, F3, S2)."""

import pytest

from ivr.directory.errors import BadPin, BadValue, NotAllowed, NotEnabled
from ivr.directory.organizers import NewOrganizer

AMOS, ADA = "amos.marble@contoso.com", "ada@contoso.com"
ONLINE = ["online", "sfb2017"]


def kinds(desk):
    """Return the kinds of letters written so far, oldest first."""
    return [letter.kind for letter in reversed(desk.outbox.list(limit=1000))]


# how long a PIN is


@pytest.mark.parametrize("profile", ONLINE)
def test_s0_20_s4_16_b1_2_a_length_nobody_has_set_then_5_digits(desk_of, enable, profile):
    assert len(enable(desk_of(profile)).pin.pin) == 5


def test_s0_19_s0_20_b1_4_a_length_from_4_to_12_then_every_new_pin_has_it(desk, enable):
    enable(desk, ADA, country="FR")
    for length in range(4, 13):
        desk.settings.set("settings", {"PinLength": str(length)})
        pins = [enable(desk, f"o{length}@contoso.com").pin, desk.pins.reset(ADA),
                desk.pins.reset(ADA, by_owner=True)]
        assert [len(new.pin) for new in pins] == [length] * 3


@pytest.mark.parametrize("length", ["3", "13", "0", "-5", "five", "5.5", ""])
def test_s0_20_s4_16_b1_2_a_length_outside_4_to_12_then_refused_and_the_old_one_stays(still, length):
    desk = still("online")
    with pytest.raises(BadValue):
        desk.settings.set("settings", {"PinLength": length})
    assert desk.settings.values()["pin-length"] == 5


def test_s0_21_s4_16_b1_3_the_length_changed_then_old_pins_open_as_before_and_new_ones_have_it(desk, enable, dial):
    old = enable(desk).pin.pin
    try_pin = dial(desk)
    desk.settings.set("settings", {"PinLength": "8"})
    assert try_pin(old)
    assert not desk.pins.info(AMOS).change_due
    new = desk.pins.reset(AMOS).pin
    assert (len(old), len(new)) == (5, 8)
    assert try_pin(new)


def test_c15_the_policys_length_raised_in_voice_mail_then_every_owner_of_a_shorter_pin_must_change_it(
        desk_of, enable, dial):
    desk = desk_of("um")
    enable(desk)
    enable(desk, ADA)
    desk.pins.reset(AMOS, pin="940758", first_use=False)
    desk.pins.reset(ADA, pin="94075831", first_use=False)
    try_his, try_hers = dial(desk), dial(desk, ADA)
    assert try_his("940758")
    desk.settings.set("um-mailbox", {"MinPinLength": "8"})
    assert [desk.pins.info(who).change_due for who in (AMOS, ADA)] == ["too-short", ""]
    assert not try_his("940758")
    assert try_hers("94075831")
    desk.pins.change(AMOS, "940758", "82607315")
    assert try_his("82607315")


# shown once, then never


def test_s0_10_s4_9_b1_8_a_reset_then_the_pin_is_told_to_whoever_did_it_and_to_nobody_after(desk, enable, dial):
    enable(desk)
    try_pin = dial(desk)
    new = desk.pins.reset(AMOS)
    assert try_pin(new.pin)
    assert new.pin not in repr(new)
    number = desk.outbox.list()[0].number
    for shown in (desk.organizers.show(AMOS), desk.pins.info(AMOS), desk.outbox.show(number), desk.outbox.list(),
                  desk.organizers.list(), desk.meetings.list()):
        assert new.pin not in repr(shown)
    assert new.pin not in desk.outbox.show(number)[1].text


def test_b1_13_what_may_be_known_of_a_pin_then_everything_but_it(desk, enable, clock):
    enable(desk)
    clock.on(days=3)
    desk.pins.reset(AMOS)
    info = desk.pins.info(AMOS)
    assert (info.address, info.is_set, info.changed_at, info.expires_at) == (AMOS, True, clock.now, None)
    assert (info.locked_out, info.locked_until, info.change_due, info.failures) == (False, 0, "", 0)
    assert not info.changed_by_owner


@pytest.mark.parametrize(("profile", "length"), [("online", {"pin_length": "12"}), ("sfbserver", {}), ("um", {})])
def test_b1_8_whatever_is_done_to_pins_then_the_database_holds_none_of_them(
        desk_of, enable, dial, everything_kept, profile, length):
    desk = desk_of(profile, **length)
    if profile == "sfbserver":
        desk.settings.set("pin", {"shortest": "12", "history": "5"})
    if profile == "um":
        desk.settings.set("um-mailbox", {"shortest-pin": "12"})
    first = enable(desk).pin or desk.pins.welcome(AMOS)
    pins = [first.pin, desk.pins.reset(AMOS).pin, desk.pins.reset(AMOS, by_owner=True).pin]
    if profile != "online":
        pins += ["940758312607", "826073159438"]
        desk.pins.reset(AMOS, pin=pins[-2])
        desk.pins.change(AMOS, pins[-2], pins[-1])
    try_pin = dial(desk)
    entered = "600000000001"
    try_pin(entered)
    kept = everything_kept()
    assert b"scrypt$" in kept
    assert not [pin for pin in (*pins, entered) if pin.encode() in kept]


# reset


def test_s0_8_s4_8_s4_19_b1_7_b1_11_a_reset_then_the_old_pin_fails_at_once_and_the_new_one_opens(
        desk, enable, dial):
    old = enable(desk).pin.pin
    try_pin = dial(desk)
    new = desk.pins.reset(AMOS).pin
    assert not try_pin(old)
    assert try_pin(new)


def test_b1_10_two_resets_in_a_row_then_two_pins_and_two_letters(desk, enable):
    enable(desk)
    first, second = desk.pins.reset(AMOS, by_owner=True), desk.pins.reset(AMOS, by_owner=True)
    assert first.pin != second.pin
    assert kinds(desk) == ["enabled", "pin-reset", "pin-reset"]


def test_b1_12_one_pin_for_all_meetings_then_the_same_in_another_profile(desk, enable, dial):
    pin = enable(desk).pin.pin
    first, second = dial(desk), dial(desk)
    desk.settings.set("settings", {"administration": "sfb2017"})
    assert first(pin)
    assert second(pin)


@pytest.mark.parametrize(("profile", "may"), [
    pytest.param("online", True, id="S0.4, S0.9, B1.9: online"),
    pytest.param("sfb2017", False, id="S4.4, C4: Skype for Business 2017"),
    pytest.param("sfbserver", True, id="B4: the server"),
    pytest.param("um", True, id="S2.7: voice mail"),
])
def test_an_owners_own_reset_then_as_the_profile_has_it(desk_of, enable, profile, may):
    desk = desk_of(profile)
    enable(desk)
    if may:
        assert desk.pins.reset(AMOS, by_owner=True).mailed_to == AMOS
        return
    before = desk.pins.info(AMOS)
    with pytest.raises(NotAllowed, match="an administrator has to"):
        desk.pins.reset(AMOS, by_owner=True)
    assert desk.pins.info(AMOS) == before
    assert kinds(desk) == ["enabled"]


@pytest.mark.parametrize(("profile", "administrator", "owner"), [
    pytest.param("online", False, False, id="B1.5: online neither"),
    pytest.param("sfb2017", False, False, id="B1.5, S4.4: 2017 neither"),
    pytest.param("sfbserver", True, True, id="B4: on the server both"),
    pytest.param("um", True, False, id="S2.4, S2.14, S2.15: in voice mail the administrator alone"),
])
def test_a_typed_pin_then_only_from_whom_the_profile_lets_type(desk_of, enable, profile, administrator, owner):
    for by_owner, may in ((False, administrator), (True, owner)):
        desk = desk_of(profile)
        enable(desk)
        if may:
            assert desk.pins.reset(AMOS, pin="940758", by_owner=by_owner).pin == "940758"
        else:
            with pytest.raises(NotAllowed) as refused:
                desk.pins.reset(AMOS, pin="940758", by_owner=by_owner)
            assert "940758" not in str(refused.value)


@pytest.mark.parametrize(("profile", "pin", "why"), [
    pytest.param("um", "94075", "6 to 24 digits", id="F2: 5 digits"),
    pytest.param("um", "9" * 25, "6 to 24 digits", id="F2: 25 digits"),
    pytest.param("um", "123456", "count up or down", id="F2: 123456"),
    pytest.param("um", "111111", "one digit throughout", id="F2: 111111"),
    pytest.param("um", "036697", "extension", id="F2, C11: the end of extension 9036697"),
    pytest.param("um", "94o758", "digits and nothing else", id="letters in a PIN"),
    pytest.param("sfbserver", "9407", "5 to 24 digits", id="B2: 4 digits"),
    pytest.param("sfbserver", "225577", "twos or more", id="B2: 225577"),
    pytest.param("sfbserver", "991234", "follow each other", id="B2: 991234"),
    pytest.param("sfbserver", "14255550173", "number or extension", id="B2: his own number"),
])
def test_a_typed_pin_that_a_rule_forbids_then_refused_without_it_and_nothing_changes(still, profile, pin, why):
    desk = still(profile, NewOrganizer(AMOS, phone="+1 (425) 555-0173", extension="9036697"))
    before, written = desk.pins.info(AMOS), kinds(desk)
    with pytest.raises(BadPin, match=why) as refused:
        desk.pins.reset(AMOS, pin=pin)
    assert pin not in str(refused.value)
    assert (desk.pins.info(AMOS), kinds(desk)) == (before, written)


def test_a_reset_for_somebody_disabled_then_refused_with_what_to_do(desk, enable):
    enable(desk)
    desk.organizers.disable(AMOS)
    with pytest.raises(NotEnabled, match=f"'ivr organizer enable {AMOS}' first"):
        desk.pins.reset(AMOS)


# voice mail (S2)


def test_s2_11_s2_13_a_reset_in_voice_mail_then_a_pin_by_the_policy_by_default(desk_of, enable):
    desk = desk_of("um")
    enable(desk)
    assert len(desk.pins.reset(AMOS).pin) == 6
    desk.settings.set("um-mailbox", {"MinPinLength": "9"})
    assert len(desk.pins.reset(AMOS).pin) == 9


def test_s2_5_s2_14_a_typed_pin_then_mailed_like_a_generated_one(desk_of, enable, letters):
    desk = desk_of("um")
    enable(desk)
    desk.pins.reset(AMOS, pin="940758")
    recipient, kind, text = letters(desk)[-1]
    assert (recipient, kind) == (AMOS, "pin-reset")
    assert "940758" in text


@pytest.mark.parametrize(("said", "due"), [
    pytest.param(None, "first-use", id="S2.16: on by default"),
    pytest.param(True, "first-use", id="S2.6: the administrator asks for it"),
    pytest.param(False, "", id="S2.16: switched off"),
])
def test_a_reset_in_voice_mail_then_to_be_changed_at_first_use_unless_said(desk_of, enable, dial, said, due):
    desk = desk_of("um")
    enable(desk)
    pin = desk.pins.reset(AMOS, first_use=said).pin
    assert desk.pins.info(AMOS).change_due == due
    assert dial(desk)(pin) == (due == "")


def test_s2_18_1985848_set_expired_then_good_for_choosing_another_and_for_nothing_else(desk_of, enable, dial):
    desk = desk_of("um")
    enable(desk, "tonysmith@contoso.com", name="Tony Smith")
    desk.pins.reset("tonysmith@contoso.com", pin="1985848", first_use=True)
    try_pin = dial(desk, "tonysmith@contoso.com")
    assert not try_pin("1985848")
    desk.pins.change("tonysmith@contoso.com", "1985848", "940758")
    assert try_pin("940758")


def test_f3_a_reset_that_leaves_the_pin_locked_then_it_opens_nothing_until_unlocked(desk_of, enable, dial):
    desk = desk_of("um")
    enable(desk)
    pin = desk.pins.reset(AMOS, first_use=False, lock=True).pin
    try_pin = dial(desk)
    assert desk.pins.info(AMOS).locked_out
    assert not try_pin(pin)
    desk.pins.unlock(AMOS)
    assert try_pin(pin)


# expiry and history


def test_f2_60_days_in_voice_mail_then_expired_to_the_second_and_a_change_begins_anew(desk_of, enable, dial, clock):
    desk = desk_of("um")
    enable(desk)
    desk.pins.reset(AMOS, pin="940758", first_use=False)
    set_at, try_pin = clock.now, dial(desk)
    assert desk.pins.info(AMOS).expires_at == set_at + 60 * 86400
    clock.now = set_at + 60 * 86400 - 1
    assert try_pin("940758")
    clock.on(seconds=1)
    assert not try_pin("940758")
    assert desk.pins.info(AMOS).change_due == "expired"
    desk.pins.change(AMOS, "940758", "826073")
    assert try_pin("826073")
    assert desk.pins.info(AMOS).expires_at == clock.now + 60 * 86400


@pytest.mark.parametrize("profile", ONLINE)
def test_b1_16_online_after_years_and_wrong_pins_then_no_expiry_no_lock_no_change(
        desk_of, enable, dial, clock, other_than, profile):
    desk = desk_of(profile)
    pin = enable(desk).pin.pin
    clock.on(days=4000)
    try_pin = dial(desk)
    assert not any(try_pin(other_than(pin, nth)) for nth in range(1, 31))
    assert try_pin(pin)
    with pytest.raises(NotAllowed, match=r"never locked \(B1.16\)"):
        desk.pins.lock(AMOS)


def test_f2_a_pin_among_the_last_five_in_voice_mail_then_refused_even_to_the_administrator(desk_of, enable):
    desk = desk_of("um")
    enable(desk)
    latest = ["940758", "826073", "715942", "608315", "492706"]
    for pin in latest:
        desk.pins.reset(AMOS, pin=pin)
    for pin in latest:
        with pytest.raises(BadPin, match="still in the history"):
            desk.pins.reset(AMOS, pin=pin)
    desk.pins.reset(AMOS, pin="350618")
    assert desk.pins.reset(AMOS, pin=latest[0]).pin == latest[0]


def test_b2_a_history_on_the_server_then_binding_the_owner_and_not_the_administrator(desk_of, enable):
    desk = desk_of("sfbserver")
    desk.settings.set("pin", {"PINHistoryCount": "2"})
    enable(desk)
    for pin in ("94075", "82607"):
        desk.pins.reset(AMOS, pin=pin)
    for attempt in (lambda: desk.pins.reset(AMOS, pin="94075", by_owner=True),
                    lambda: desk.pins.change(AMOS, "82607", "94075")):
        with pytest.raises(BadPin, match="still in the history"):
            attempt()
    assert desk.pins.reset(AMOS, pin="94075").pin == "94075"


def test_b2_a_lifetime_on_the_server_without_a_history_then_refused(desk_of):
    desk = desk_of("sfbserver")
    with pytest.raises(BadValue, match="history"):
        desk.settings.set("pin", {"PINLifetime": "30"})
