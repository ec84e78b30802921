"""Emptying the outbox: at least once, nobody else's letters, waits by the table, an end to trying."""

from contextlib import AbstractContextManager

import pytest

from ivr.mail.delivery import MaildirCarrier, Posted, Undelivered, back_off, post

AMOS = "amos.marble@contoso.com"
MINUTE, HOUR, DAY = 60, 3600, 86_400


class Van(AbstractContextManager):
    """A carrier that keeps what it carries and fails as it is told."""

    def __init__(self, clock=None, takes_s=0, meanwhile=None):
        self.rounds = 0
        self.open = False
        self.carried = []
        self.failures = {}
        self.clock, self.takes_s = clock, takes_s
        self.meanwhile = meanwhile

    def __enter__(self):
        self.rounds, self.open = self.rounds + 1, True
        return self

    def __exit__(self, *error):
        self.open = False

    def carry(self, message, recipient):
        assert self.open
        if self.takes_s:
            self.clock.now += self.takes_s
        if self.meanwhile:
            self.meanwhile()
        if failure := self.failures.get(recipient):
            raise failure
        self.carried.append(message["Message-ID"])


def ids(*numbers):
    return [f"<{number}@bridge.test>" for number in numbers]


@pytest.mark.parametrize(("tries", "seconds"), [
    (1, MINUTE), (2, 2 * MINUTE), (3, 4 * MINUTE), (4, 8 * MINUTE), (5, 16 * MINUTE), (6, 32 * MINUTE),
    (7, 64 * MINUTE), (8, 128 * MINUTE), (9, 4 * HOUR), (10, 4 * HOUR), (25, 4 * HOUR), (10_000, 4 * HOUR),
])
def test_back_off_after_so_many_tries_then_exact(tries, seconds):
    assert back_off(tries) == seconds


@pytest.mark.parametrize("tries", [0, -1])
def test_back_off_after_no_try_then_told(tries):
    with pytest.raises(ValueError, match=str(tries)):
        back_off(tries)


def test_letters_that_are_due_then_delivered_in_one_round(outbox, clock, letter):
    for number in range(120):
        outbox.put(letter(f"<{number}@bridge.test>"))
    van = Van()
    assert post(outbox, van, clock) == Posted(delivered=120)
    assert van.carried == ids(*range(120))
    assert van.rounds == 1
    assert {kept.delivered_at for kept in outbox.letters.values()} == {clock.now}


def test_nothing_due_then_nothing_happens(outbox, clock, letter):
    outbox.put(letter(), due_at=clock.now + 1)
    assert post(outbox, Van(), clock) == Posted()


@pytest.mark.parametrize(("limit", "carried"), [(0, 0), (1, 1), (60, 60), (500, 70)])
def test_a_limit_then_no_more_are_taken(outbox, clock, letter, limit, carried):
    for number in range(70):
        outbox.put(letter(f"<{number}@bridge.test>"))
    assert post(outbox, Van(), clock, limit=limit).delivered == carried
    assert sum(kept.claimed_until > clock.now for kept in outbox.letters.values()) == 0


def test_one_bad_letter_then_the_others_arrive(outbox, clock, letter):
    van = Van()
    van.failures = {"bad@contoso.com": Undelivered("no such user", lasting=True),
                    "busy@contoso.com": Undelivered("come back later")}
    for number, recipient in enumerate(["bad@contoso.com", AMOS, "busy@contoso.com", "busy@contoso.com", AMOS]):
        outbox.put(letter(f"<{number}@bridge.test>"), recipient)
    assert post(outbox, van, clock) == Posted(delivered=2, postponed=2, given_up=1,
                                              troubles=("no such user", "come back later"))
    assert van.carried == ids(1, 4)
    assert outbox.letters[1].due_at is None
    assert outbox.letters[1].reasons == ["no such user"]
    assert outbox.letters[3].due_at == clock.now + MINUTE


def test_a_letter_over_which_its_carrier_breaks_down_then_tried_again_and_the_others_arrive(
        outbox, clock, letter, pin):
    van = Van()
    van.failures = {"odd@contoso.com": UnicodeEncodeError("ascii", pin, 0, 1, "ordinal not in range")}
    for number, recipient in enumerate(["odd@contoso.com", AMOS]):
        outbox.put(letter(f"<{number}@bridge.test>"), recipient)
    posted = post(outbox, van, clock)
    assert (posted.delivered, posted.postponed, van.carried) == (1, 1, ids(1))
    assert posted.troubles == ("this program broke down over the letter to odd@contoso.com (UnicodeEncodeError): "
                               "please report it",)


def test_a_letter_withdrawn_after_it_was_claimed_then_not_carried(outbox, clock, letter):
    van = Van(meanwhile=lambda: outbox.withdrawn.add(2))
    for number in range(3):
        outbox.put(letter(f"<{number}@bridge.test>"))
    assert post(outbox, van, clock) == Posted(delivered=2)
    assert van.carried == ids(0, 2)


def test_a_letter_that_always_fails_then_given_up_after_three_days(outbox, clock, letter):
    van = Van()
    van.failures = {AMOS: Undelivered("the server is out of reach")}
    number, began, tries = outbox.put(letter()), clock.now, []
    while (due_at := outbox.letters[number].due_at) is not None:
        clock.now = max(clock.now, due_at)
        tries.append(clock.now - began)
        result = post(outbox, van, clock)
        assert post(outbox, van, clock) == Posted()
    assert tries[:10] == [minutes * MINUTE for minutes in (0, 1, 3, 7, 15, 31, 63, 127, 255, 255 + 240)]
    assert len(tries) == 26
    assert tries[-1] == 3 * DAY + 15 * MINUTE
    assert result == Posted(given_up=1, troubles=("the server is out of reach",))
    assert len(outbox.letters[number].reasons) == 26


def test_a_given_up_letter_when_asked_for_once_more_then_tried_once(outbox, clock, letter):
    van = Van()
    van.failures = {AMOS: Undelivered("still not")}
    outbox.put(letter(), tries=26)
    assert post(outbox, van, clock).given_up == 1
    van.failures = {}
    outbox.letters[1].due_at = clock.now
    assert post(outbox, van, clock).delivered == 1


def test_a_letter_put_back_during_a_long_round_then_waits_for_the_next(outbox, clock, letter):
    van = Van(clock, takes_s=50)
    van.failures = {"busy@contoso.com": Undelivered("come back later")}
    for number in range(20):
        outbox.put(letter(f"<{number}@bridge.test>"), "busy@contoso.com" if number == 0 else AMOS)
    assert post(outbox, van, clock).postponed == 1
    assert len(outbox.letters[1].reasons) == 1


def test_a_crash_between_carrying_and_marking_then_delivered_again_as_the_same(outbox, clock, letter, tmp_path):
    outbox.put(letter())
    van, folder = Van(), MaildirCarrier(tmp_path)
    for carrier in (van, folder):
        outbox.out_of_order = True
        with pytest.raises(OSError, match="out of reach"):
            post(outbox, carrier, clock)
        outbox.out_of_order = False
        assert post(outbox, carrier, clock) == Posted()
        clock.now += 600
    assert not van.open
    assert post(outbox, folder, clock) == Posted(delivered=1)
    assert len(list((tmp_path / "new").iterdir())) == 1


def test_a_crash_after_carrying_then_the_message_id_is_the_same(outbox, clock, letter):
    outbox.put(letter())
    van = Van()
    outbox.out_of_order = True
    with pytest.raises(OSError, match="out of reach"):
        post(outbox, van, clock)
    outbox.out_of_order = False
    clock.now += 600
    post(outbox, van, clock)
    assert van.carried == ids(1, 1)


def test_letters_being_carried_then_nobody_else_takes_them(outbox, clock, letter):
    other = Van()
    found = []
    van = Van(meanwhile=lambda: found.append(post(outbox, other, clock)))
    for number in range(10):
        outbox.put(letter(f"<{number}@bridge.test>"))
    assert post(outbox, van, clock) == Posted(delivered=10)
    assert found == [Posted()] * 10
    assert other.carried == []


def test_a_carrier_so_slow_that_the_claim_would_end_then_leaves_the_rest(outbox, clock, letter):
    van = Van(clock, takes_s=110)
    for number in range(10):
        outbox.put(letter(f"<{number}@bridge.test>"))
    assert post(outbox, van, clock) == Posted(delivered=3)
    claims = {kept.claimed_until for kept in outbox.letters.values() if kept.delivered_at is None}
    clock.now, van.takes_s = max(claims), 0
    assert post(outbox, van, clock) == Posted(delivered=7)
    assert sorted(van.carried) == ids(*range(10))


def test_a_clock_set_back_during_a_round_then_the_round_ends(outbox, clock, letter):
    van = Van(clock, takes_s=-HOUR)
    van.failures = {AMOS: Undelivered("come back later")}
    began = clock.now
    outbox.put(letter())
    assert post(outbox, van, clock) == Posted(postponed=1, troubles=("come back later",))
    assert outbox.letters[1].due_at == began + MINUTE


def test_parcels_and_failures_when_shown_then_hold_no_pin(outbox, clock, letter, pin):
    outbox.put(letter())
    [parcel] = outbox.claim(clock.now, clock.now + 1, 1)
    assert pin not in repr(parcel)
