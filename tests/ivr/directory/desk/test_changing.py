"""PINs that their owners choose, who know the old one (F1.10, F1.11); the letter of welcome (B4)."""

from dataclasses import replace

import pytest

from ivr.directory.errors import BadPin, NotAllowed, WrongPin
from ivr.directory.letters import Mailing
from ivr.directory.organizers import NewOrganizer

AMOS, ADA = "amos.marble@contoso.com", "ada@contoso.com"


def kinds(desk):
    """Return the kinds of letters written so far, oldest first."""
    return [letter.kind for letter in reversed(desk.outbox.list(limit=1000))]


def test_f1_10_f1_11_s2_12_changed_by_its_owner_then_the_new_one_opens_and_no_letter_tells_it(
        desk_of, enable, dial, clock):
    desk = desk_of("um")
    first = enable(desk).pin.pin
    try_pin = dial(desk)
    clock.on(hours=1)
    info = desk.pins.change(AMOS, first, "940758")
    assert (info.change_due, info.changed_by_owner, info.changed_at) == ("", True, clock.now)
    assert try_pin("940758")
    assert not try_pin(first)
    assert kinds(desk) == ["enabled"]


@pytest.mark.parametrize("profile", ["online", "sfb2017"])
def test_b1_5_changed_where_every_pin_is_generated_then_refused_with_what_to_do(desk_of, enable, profile):
    desk = desk_of(profile)
    pin = enable(desk).pin.pin
    with pytest.raises(NotAllowed, match=f"'{profile}' .* 'ivr pin reset {AMOS}'"):
        desk.pins.change(AMOS, pin, "94075")


def test_f2_changed_to_what_a_rule_forbids_then_the_old_one_stays(desk_of, enable, dial):
    desk = desk_of("um")
    enable(desk)
    desk.pins.reset(AMOS, pin="826073", first_use=False)
    before = desk.pins.info(AMOS)
    for new, why in (("", "this one has 0"), ("94075", "6 to 24 digits"), ("123456", "count up"),
                     ("94o758", "digits and nothing"), ("826073", "still in the history")):
        with pytest.raises(BadPin, match=why):
            desk.pins.change(AMOS, "826073", new)
    assert desk.pins.info(AMOS) == before
    assert dial(desk)("826073")


def test_changed_with_a_wrong_old_pin_then_counted_as_at_the_phone_and_the_new_one_not_looked_at(
        desk_of, enable, other_than):
    desk = desk_of("um")
    enable(desk)
    desk.pins.reset(AMOS, pin="826073", first_use=False)
    for new in ("940758", "123456", "826073"):
        with pytest.raises(WrongPin, match=f"not the PIN of {AMOS}: try again") as refused:
            desk.pins.change(AMOS, other_than("826073"), new)
        assert "8260" not in str(refused.value)
        assert new not in str(refused.value)
    assert desk.pins.info(AMOS).failures == 3
    desk.pins.change(AMOS, "826073", "940758")
    assert desk.pins.info(AMOS).failures == 0


def test_f2_changed_with_a_wrong_old_pin_once_too_often_then_reset_and_at_last_locked(desk_of, enable):
    desk = desk_of("um")
    enable(desk)
    said = []
    for _ in range(16):
        with pytest.raises(WrongPin) as refused:
            desk.pins.change(AMOS, "000000", "940758")
        said.append(str(refused.value).partition(":")[0])
    reset, lock = "the old PIN is wrong once too often", f"the PIN of {AMOS} is locked"
    assert [(n, words) for n, words in enumerate(said, 1) if words in (reset, lock)] == [
        (5, reset), (10, reset), (15, lock), (16, lock)]
    assert kinds(desk) == ["enabled", "pin-reset", "pin-reset"]


def test_changed_without_a_pin_then_refused_with_what_to_do(desk_of, enable):
    desk = desk_of("sfbserver")
    enable(desk)
    with pytest.raises(WrongPin, match=f"has no PIN yet: 'ivr pin reset {AMOS}'"):
        desk.pins.change(AMOS, "", "940758")


def test_b2_an_expired_pin_on_the_server_then_good_for_choosing_another(desk_of, enable, dial, clock):
    desk = desk_of("sfbserver")
    desk.settings.set("pin", {"PINLifetime": "30", "PINHistoryCount": "1"})
    enable(desk)
    desk.pins.reset(AMOS, pin="94075")
    try_pin = dial(desk)
    assert not try_pin("60831")  # long forgotten by then, which is all that the next try changes
    clock.on(days=30)
    assert (try_pin("94075"), desk.pins.info(AMOS).change_due) == (False, "expired")
    desk.pins.change(AMOS, "94075", "82607")
    assert try_pin("82607")


def test_reset_while_it_is_being_changed_then_the_reset_holds_and_the_change_is_a_wrong_try(
        open_desk, world, enable, dial):
    desk = open_desk()
    desk.settings.set("settings", {"administration": "sfbserver"})
    enable(desk)
    desk.pins.reset(AMOS, pin="94075")
    interrupting = iter([True])

    def randbelow(below):
        # asked for the new PIN's salt: after the old PIN was looked at, before the new one is written
        if next(interrupting, False):
            desk.pins.reset(AMOS, pin="82607")
        return world.randbelow(below)

    slower = open_desk(replace(world, randbelow=randbelow))
    with pytest.raises(WrongPin, match="this is not the PIN"):
        slower.pins.change(AMOS, "94075", "60831")
    assert desk.pins.info(AMOS).failures == 1
    assert dial(desk)("82607")


# the letter of welcome (B4)


def test_b4_welcomed_without_a_pin_then_one_is_made_and_goes_with_the_letter(desk_of, enable, letters, dial):
    desk = desk_of("sfbserver")
    enable(desk)
    new = desk.pins.welcome(AMOS)
    (recipient, kind, text), = letters(desk)
    assert (recipient, kind) == (AMOS, "enabled") == (new.mailed_to, kind)
    assert new.pin in text
    assert dial(desk)(new.pin)


def test_b4_welcomed_with_a_pin_then_only_by_force_which_makes_a_new_one(desk_of, enable, dial):
    desk = desk_of("sfbserver")
    enable(desk)
    old = desk.pins.welcome(AMOS).pin
    try_pin = dial(desk)
    with pytest.raises(NotAllowed, match=r"has a PIN, .*: add --force to replace it"):
        desk.pins.welcome(AMOS)
    assert try_pin(old)
    new = desk.pins.welcome(AMOS, force=True, pin="940758")
    assert new.pin == "940758"
    assert (try_pin(old), try_pin("940758")) == (False, True)
    assert kinds(desk) == ["enabled", "enabled"]


def test_b4_d6_a_welcome_while_letters_are_off_or_lost_then_sent_because_it_is_asked_for(desk_of, enable):
    desk = desk_of("online", send_mails="no")
    assert enable(desk).pin.mailed_to == ""
    assert desk.pins.welcome(AMOS, force=True).mailed_to == AMOS
    asked = Mailing(send=True, to="amos@hotmail.com")
    assert desk.pins.welcome(AMOS, force=True, mailing=asked).mailed_to == "amos@hotmail.com"
    assert kinds(desk) == ["enabled", "enabled"]


def test_b4_a_first_pin_by_the_web_page_or_by_the_administrator_then_the_letter_of_welcome(desk_of, enable):
    desk = desk_of("sfbserver")
    enable(desk)
    desk.organizers.enable(NewOrganizer(ADA))
    desk.pins.reset(AMOS, by_owner=True)
    desk.pins.reset(ADA)
    desk.pins.reset(ADA)
    assert kinds(desk) == ["enabled", "enabled", "pin-reset"]
