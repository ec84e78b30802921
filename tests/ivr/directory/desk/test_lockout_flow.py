"""Wrong PINs at the desk, counted in the database: locks, resets, unlocks (B3, B4, F2, S2.2, S2.3)."""

import re

import pytest

from ivr.directory.errors import NotAllowed

AMOS = "amos.marble@contoso.com"
MINUTE, HOUR = 60, 3600


@pytest.fixture
def wrongly(other_than):
    """Tries a wrong PIN several times: ``wrongly(try_pin, pin, 5)``; none is let in."""
    def wrongly(try_pin, pin, times):
        for _ in range(times):
            assert not try_pin(other_than(pin))

    return wrongly


@pytest.fixture
def server(desk_of, enable, dial):
    """A server's desk; Amos Marble's PIN has four digits and bears 10 tries, 100 in all: (desk, try_pin, pin)."""
    desk = desk_of("sfbserver")
    desk.settings.set("pin", {"MinPasswordLength": "4"})
    enable(desk)
    desk.pins.reset(AMOS, pin="9407")
    return desk, dial(desk), "9407"


@pytest.fixture
def mailbox(desk_of, enable, dial):
    """A voice mail desk where Amos Marble's PIN need not be changed: (desk, try_pin, pin)."""
    desk = desk_of("um")
    enable(desk)
    desk.pins.reset(AMOS, pin="940758", first_use=False)
    return desk, dial(desk), "940758"


def new_pin_in(text):
    """Return the PIN that stands in a letter."""
    return re.search("PIN: ([0-9]+)", text)[1]


# the server (B3, B4)


def test_b3_the_local_limit_reached_then_locked_for_an_hour_even_to_the_right_pin(server, wrongly, clock):
    desk, try_pin, pin = server
    wrongly(try_pin, pin, 9)
    assert not desk.pins.info(AMOS).locked_out
    wrongly(try_pin, pin, 1)
    info = desk.pins.info(AMOS)
    assert (info.locked_out, info.locked_until, info.failures) == (True, clock.now + HOUR, 10)
    clock.on(seconds=HOUR - 1)
    assert not try_pin(pin)
    clock.on(seconds=1)
    assert try_pin(pin)
    assert not desk.pins.info(AMOS).locked_out


def test_b3_a_success_then_the_local_count_is_0_and_the_global_one_stays(server, wrongly):
    desk, try_pin, pin = server
    wrongly(try_pin, pin, 9)
    assert try_pin(pin)
    wrongly(try_pin, pin, 9)
    assert try_pin(pin)
    assert desk.pins.info(AMOS).failures == 18


@pytest.mark.parametrize(("later", "locks"), [(30 * MINUTE - 1, True), (30 * MINUTE, False)])
def test_b3_the_limit_reached_then_a_lock_inside_30_minutes_of_the_first_try_only(
        server, wrongly, clock, later, locks):
    desk, try_pin, pin = server
    wrongly(try_pin, pin, 9)
    clock.on(seconds=later)
    wrongly(try_pin, pin, 1)
    assert desk.pins.info(AMOS).locked_out == locks


def test_b3_the_global_limit_reached_over_many_days_then_locked_until_an_unlock(server, wrongly, clock):
    desk, try_pin, pin = server
    for _ in range(11):
        wrongly(try_pin, pin, 9)
        clock.on(days=1)
    assert try_pin(pin)
    wrongly(try_pin, pin, 1)
    info = desk.pins.info(AMOS)
    assert (info.locked_out, info.locked_until, info.failures) == (True, 0, 100)
    clock.on(days=1000)
    assert not try_pin(pin)
    info = desk.pins.unlock(AMOS)
    assert (info.locked_out, info.failures) == (False, 0)
    assert try_pin(pin)


def test_b2_a_number_of_tries_set_by_the_administrator_then_it_locks_in_place_of_the_tables(server, wrongly):
    desk, try_pin, pin = server
    desk.settings.set("pin", {"MaximumLogonAttempts": "3"})
    wrongly(try_pin, pin, 3)
    assert desk.pins.info(AMOS).locked_out


def test_b4_locked_by_the_administrator_then_it_opens_nothing_and_is_no_wrong_try(server):
    desk, try_pin, pin = server
    assert desk.pins.lock(AMOS).locked_out
    assert not try_pin(pin)
    info = desk.pins.unlock(AMOS)
    assert (info.locked_out, info.failures) == (False, 0)
    assert try_pin(pin)


def test_b4_a_locked_pin_then_unlocked_before_another_is_set(server, wrongly):
    desk, try_pin, pin = server
    wrongly(try_pin, pin, 10)
    for attempt in (lambda: desk.pins.reset(AMOS), lambda: desk.pins.reset(AMOS, by_owner=True),
                    lambda: desk.pins.welcome(AMOS, force=True)):
        with pytest.raises(NotAllowed, match=f"is locked: 'ivr pin unlock {AMOS}' first"):
            attempt()
    desk.pins.unlock(AMOS)
    assert try_pin(desk.pins.reset(AMOS).pin)


def test_b4_another_pin_set_then_no_wrong_try_is_forgiven(server, wrongly):
    desk, try_pin, pin = server
    wrongly(try_pin, pin, 7)
    desk.pins.reset(AMOS, pin="8260")
    assert desk.pins.info(AMOS).failures == 7
    wrongly(try_pin, "8260", 3)
    assert desk.pins.info(AMOS).locked_out


# voice mail (F2)


def test_f2_s2_2_s2_3_the_worked_example_then_reset_after_5_and_10_wrong_pins_and_locked_after_15(
        mailbox, wrongly, letters):
    desk, try_pin, pin = mailbox
    happened = []
    for n in range(1, 17):
        before = len(desk.outbox.list())
        wrongly(try_pin, pin, 1)
        if len(desk.outbox.list()) > before:
            recipient, kind, text = letters(desk)[-1]
            pin = new_pin_in(text)
            happened.append((n, kind, recipient))
        elif desk.pins.info(AMOS).locked_out:
            happened.append((n, "locked", ""))
    assert happened == [(5, "pin-reset", AMOS), (10, "pin-reset", AMOS), (15, "locked", ""), (16, "locked", "")]
    assert not try_pin(pin)


def test_f2_reset_by_the_system_then_the_mailed_pin_is_good_for_choosing_another(mailbox, wrongly, letters):
    desk, try_pin, pin = mailbox
    wrongly(try_pin, pin, 5)
    mailed = new_pin_in(letters(desk)[-1][2])
    assert (len(mailed), desk.pins.info(AMOS).change_due) == (6, "first-use")
    assert not try_pin(pin)
    assert not try_pin(mailed)
    desk.pins.change(AMOS, mailed, "826073")
    assert try_pin("826073")


def test_f2_a_right_pin_then_the_wrong_ones_are_no_longer_in_sequence(mailbox, wrongly, letters):
    desk, try_pin, pin = mailbox
    written = len(letters(desk))
    for _ in range(5):
        wrongly(try_pin, pin, 4)
        assert try_pin(pin)
    assert (desk.pins.info(AMOS).failures, len(letters(desk))) == (0, written)


@pytest.mark.parametrize("way_out", ["reset", "unlock"])
def test_f2_a_locked_mailbox_then_opened_by_the_administrators_reset_or_unlock(mailbox, wrongly, way_out):
    desk, try_pin, pin = mailbox
    desk.settings.set("um-mailbox", {"LogonFailuresBeforePINReset": "Unlimited"})
    wrongly(try_pin, pin, 15)
    assert desk.pins.info(AMOS).locked_out
    assert not try_pin(pin)
    if way_out == "reset":
        pin = desk.pins.reset(AMOS, first_use=False).pin
    else:
        desk.pins.unlock(AMOS)
    assert try_pin(pin)
    assert desk.pins.info(AMOS).failures == 0


def test_f2_the_systems_own_reset_while_letters_are_off_then_no_letter_and_the_old_pin_is_gone_all_the_same(
        mailbox, wrongly):
    desk, try_pin, pin = mailbox
    desk.settings.set("settings", {"send-mails": "no"})
    written = len(desk.outbox.list())
    wrongly(try_pin, pin, 5)
    assert len(desk.outbox.list()) == written
    assert not try_pin(pin)


# restart


@pytest.mark.parametrize("profile", ["sfbserver", "um"])
def test_wrong_pins_then_still_counted_after_a_restart(open_desk, request, wrongly, other_than, profile):
    desk, try_pin, pin = request.getfixturevalue({"sfbserver": "server", "um": "mailbox"}[profile])
    wrongly(try_pin, pin, 3)
    desk.close()
    again = open_desk()
    assert again.pins.info(AMOS).failures == 3
    assert not try_pin(other_than(pin), again)
    assert again.pins.info(AMOS).failures == 4


def test_b3_locked_then_still_locked_after_a_restart(server, open_desk, wrongly):
    desk, try_pin, pin = server
    wrongly(try_pin, pin, 10)
    desk.close()
    again = open_desk()
    assert again.pins.info(AMOS).locked_out
    assert not try_pin(pin, again)


def test_a_meeting_that_is_nobodys_then_counts_for_nobody(server):
    desk, _, _ = server
    assert not desk.checks.check_pin("organizer:2", "9407").right
    assert desk.pins.info(AMOS).failures == 0
