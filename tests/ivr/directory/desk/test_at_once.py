"""Many at once on one database: tries counted one by one, letters carried once, nothing done by halves."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import psycopg
import pytest
from sqlalchemy import make_url

from ivr.clock import RATE
from ivr.directory.errors import DirectoryError, DuplicateAddress, NotAllowed, WrongPin
from ivr.directory.messages import KEPT_S
from ivr.voicemail import Find, Keep, Leave, Prefer, Today, WhatIsSaid

AMOS, ADA = "amos.marble@contoso.com", "ada@contoso.com"
CALLS = 20


def at_once(*acts):
    """Do all of these at the same moment, each on its own thread; return results, a `DirectoryError` being one."""
    ready = Barrier(len(acts))

    def do(act):
        ready.wait()
        try:
            return act()
        except DirectoryError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


@pytest.fixture
def desks(open_desk):
    """Two desks on one database, as a bridge and a command are."""
    return [open_desk(), open_desk()]


@pytest.fixture
def while_changing(desks, url):
    """Does what the second desk does, and before it is done what the first one does: a server has that one wait.

    On SQLite nobody may begin meanwhile.
    """
    def wait_for_who_waits():
        if make_url(url).get_backend_name() == "postgresql":
            with psycopg.connect(url, autocommit=True) as connection:
                while not connection.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                                             "datname = current_database()").fetchall():
                    connection.execute("SELECT pg_sleep(0.002)")

    def while_changing(first, second):
        with ThreadPoolExecutor(1) as thread:
            with desks[1].store.together():
                second()
                waiting = thread.submit(first)
                wait_for_who_waits()
            return waiting.result()

    return while_changing


def in_turn(desks, n):
    """Return n desks: each of these in turn."""
    return [desks[i % len(desks)] for i in range(n)]


@pytest.mark.parametrize("programs", [1, 2])
def test_20_calls_with_a_wrong_pin_at_once_then_20_are_counted(desks, programs, enable, meeting, other_than):
    desks = desks[:programs]
    first = desks[0]
    first.settings.set("settings", {"administration": "sfbserver"})
    enable(first)
    first.pins.reset(AMOS, pin="94075")
    key = first.checks.find(meeting(first).conference_id).meeting
    answers = at_once(*(lambda desk=desk, n=n: desk.checks.check_pin(key, other_than("94075", n))
                        for n, desk in enumerate(in_turn(desks, CALLS), 1)))
    assert not any(answer.right for answer in answers)
    assert [desk.pins.info(AMOS).failures for desk in desks] == [CALLS] * len(desks)
    assert not first.pins.info(AMOS).locked_out


def test_f2_20_calls_with_a_wrong_pin_at_once_then_two_resets_a_lock_and_no_more(desks, enable, meeting, letters):
    first = desks[0]
    first.settings.set("settings", {"administration": "um"})
    enable(first)
    first.pins.reset(AMOS, pin="940758", first_use=False)
    key = first.checks.find(meeting(first).conference_id).meeting
    at_once(*(lambda desk=desk: desk.checks.check_pin(key, "000000") for desk in in_turn(desks, CALLS)))
    info = first.pins.info(AMOS)
    assert (info.failures, info.locked_out) == (15, True)
    assert [letter.kind for letter in first.outbox.list()] == ["pin-reset", "pin-reset", "pin-reset", "enabled"]
    assert [kind for _, kind, _ in letters(first)] == ["pin-reset"]


def test_calls_to_different_organizers_at_once_then_each_ones_own_are_counted(desks, enable, meeting):
    first = desks[0]
    first.settings.set("settings", {"administration": "sfbserver"})
    keys = []
    for address in (AMOS, ADA):
        enable(first, address)
        first.pins.reset(address, pin="94075")
        keys.append(first.checks.find(meeting(first, address).conference_id).meeting)
    at_once(*(lambda desk=desk, n=n: desk.checks.check_pin(keys[n % 4 == 0], "82607")
              for n, desk in enumerate(in_turn(desks, CALLS))))
    assert [first.pins.info(address).failures for address in (AMOS, ADA)] == [15, 5]


def test_s0_4_ten_resets_of_one_pin_at_once_then_one_of_them_holds_and_its_letter_alone_is_on_its_way(
        desks, enable, meeting, letters):
    first = desks[0]
    enable(first)
    key = first.checks.find(meeting(first).conference_id).meeting
    made = at_once(*(lambda desk=desk: desk.pins.reset(AMOS) for desk in in_turn(desks, 10)))
    opening = [new.pin for new in made if first.checks.check_pin(key, new.pin).right]
    (_, _, text), = letters(first)
    assert len(opening) == 1
    assert opening[0] in text
    assert len(first.outbox.list(state="withdrawn")) == 10


def test_e_one_organizer_enabled_by_ten_at_once_then_once_with_one_letter(desks, enable):
    done = at_once(*(lambda desk=desk: enable(desk) for desk in in_turn(desks, 10)))
    assert sorted(enabled.changed for enabled in done) == [False] * 9 + [True]
    assert len(desks[0].outbox.list()) == 1


def test_one_sip_uri_for_ten_organizers_at_once_then_one_has_it_and_the_others_are_not_enabled(desks, enable):
    done = at_once(*(lambda desk=desk, n=n: enable(desk, f"o{n}@contoso.com", sip_uri="sip:o@contoso.com")
                     for n, desk in enumerate(in_turn(desks, 10))))
    assert [type(result) for result in done].count(DuplicateAddress) == 9
    assert len(desks[0].organizers.list(everyone=True)) == 1
    assert len(desks[0].outbox.list()) == 1


def test_one_address_for_ten_organizers_at_once_then_one_has_it_and_the_others_keep_theirs(desks, enable):
    for n in range(10):
        enable(desks[0], f"o{n}@contoso.com")
    done = at_once(*(lambda desk=desk, n=n: desk.organizers.set(f"o{n}@contoso.com", {"address": AMOS})
                     for n, desk in enumerate(in_turn(desks, 10))))
    assert [type(result) for result in done].count(DuplicateAddress) == 9
    assert [shown.address for shown in desks[0].organizers.list()].count(AMOS) == 1


def test_b4_ten_letters_of_welcome_asked_for_at_once_then_one_pin_and_nine_refusals(desks, enable):
    first = desks[0]
    first.settings.set("settings", {"administration": "sfbserver"})
    enable(first)
    done = at_once(*(lambda desk=desk: desk.pins.welcome(AMOS) for desk in in_turn(desks, 10)))
    assert [type(result) for result in done].count(NotAllowed) == 9
    assert len(first.outbox.list()) == 1


def test_f1_11_ten_changes_with_one_old_pin_at_once_then_one_is_made_and_the_others_are_wrong_tries(desks, enable):
    first = desks[0]
    first.settings.set("settings", {"administration": "um"})
    enable(first)
    first.settings.set("um-mailbox", {"LogonFailuresBeforePINReset": "0"})
    first.pins.reset(AMOS, pin="940758")
    done = at_once(*(lambda desk=desk, n=n: desk.pins.change(AMOS, "940758", f"82607{n}")
                     for n, desk in enumerate(in_turn(desks, 10))))
    assert [type(result) for result in done].count(WrongPin) == 9
    assert first.pins.info(AMOS).failures == 9


def test_letters_claimed_by_ten_at_once_then_each_by_one_alone(desks, enable, clock):
    first = desks[0]
    for n in range(CALLS):
        enable(first, f"o{n}@contoso.com")
    claimed = at_once(*(lambda desk=desk: desk.outbox.claim(clock.now, clock.now + 600, 4)
                        for desk in in_turn(desks, 10)))
    numbers = sorted(parcel.number for parcels in claimed for parcel in parcels)
    assert numbers == list(range(1, CALLS + 1))


def test_a_reset_and_a_disabling_at_once_then_no_pin_is_left_behind(desks, enable):
    first, last = desks[0], desks[-1]
    for n in range(5):
        address = f"o{n}@contoso.com"
        enable(first, address)
        at_once(lambda who=address: first.pins.reset(who), lambda who=address: last.organizers.disable(who))
        shown = first.organizers.show(address)
        assert (shown.enabled, shown.pin) == (False, "")


def test_c_10_a_letter_that_comes_while_its_ids_are_reset_then_it_has_been_delivered_and_is_not_withdrawn(
        desks, enable, meeting, claim, clock, while_changing):
    first, second = desks
    enable(first)
    meeting(first)
    first.organizers.send_info(AMOS)
    number = max(claim(first))
    while_changing(lambda: first.conference_ids.reset(AMOS), lambda: second.outbox.delivered(number, clock.now))
    letter = next(letter for letter in first.outbox.list() if letter.number == number)
    assert (letter.kind, letter.state, letter.trouble) == ("info", "delivered", "")


@pytest.mark.parametrize("restored_first", [True, False])
def test_message_when_its_owner_wants_it_back_as_it_is_taken_away_then_it_is_whole_or_gone(
        desk_of, desks, enable, clock, while_changing, restored_first):
    first, second = desks
    desk_of("um")
    enable(first, AMOS, extension="36697")
    ask, box = first.voicemail.answer, first.voicemail.answer(Find("36697")).key
    ask(Leave((box,), np.ones(RATE, np.int16)))
    number = ask(Today(box)).messages[0].number
    ask(Keep(number, "deleted"))
    clock.now += KEPT_S
    want_back, take_away = Keep(number, "new"), second.voicemail.messages.sweep
    if restored_first:
        while_changing(first.voicemail.messages.sweep, lambda: second.voicemail.answer(want_back))
    else:
        assert while_changing(lambda: ask(want_back), take_away) == 0
    assert [one.number for one in ask(Today(box)).messages] == [number] * restored_first
    assert ask(WhatIsSaid(number)).any() == restored_first


@pytest.mark.parametrize("kept_before", [True, False])
def test_mailbox_when_two_programs_change_it_at_once_then_both_changes_hold(
        desk_of, desks, enable, while_changing, kept_before):
    desk_of("um")
    enable(desks[0], AMOS, extension="36697")
    first, second = (desk.voicemail for desk in desks)
    box = first.answer(Find("36697")).key
    if kept_before:
        first.answer(Prefer(box, zone=60))
    while_changing(lambda: first.answer(Prefer(box, away=True)), lambda: second.answer(Prefer(box, hours_24=True)))
    kept = second.answer(Find("36697"))
    assert (kept.away, kept.hours_24) == (True, True)
