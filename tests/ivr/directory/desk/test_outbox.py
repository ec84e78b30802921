"""The outbox: letters that wait, are carried, have been delivered or given up (section D, S0.12)."""

from dataclasses import replace

import pytest
from carriers import Server, text_of
from sqlalchemy import text

from ivr.desk.vault import KeyFile
from ivr.directory.errors import NotAllowed, NotFound
from ivr.mail.delivery.form import needs_utf8
from ivr.mail.delivery.maildir import MaildirCarrier
from ivr.mail.delivery.post import CLAIM_S, FIRST_WAIT_S, Posted, post

AMOS, ADA = "amos.marble@contoso.com", "ada@contoso.com"


def stands(desk):
    """Return how each letter stands, the oldest first: (number, state, tries)."""
    return [(letter.number, letter.state, letter.tries) for letter in reversed(desk.outbox.list())]


# claimed


def test_claimed_then_the_oldest_first_and_nobody_elses_until_the_claim_is_over(
        desk, open_desk, enable, claim, clock):
    for address in (AMOS, ADA, "bea@contoso.com"):
        enable(desk, address)
    other = open_desk()
    assert claim(desk, 2) == [1, 2]
    assert claim(other) == [3]
    assert claim(desk) == claim(other) == []
    clock.on(seconds=599)
    assert claim(other) == []
    clock.on(seconds=1)
    assert claim(other) == [1, 2, 3]


def test_written_then_due_at_once(desk, enable, clock):
    enable(desk)
    letter, = desk.outbox.list()
    assert (letter.state, letter.written_at, letter.due_at, letter.tries) == ("waiting", clock.now, clock.now, 0)
    assert desk.outbox.waiting() == 1


# delivered


def test_delivered_then_the_letter_in_its_owners_hands_holds_the_pin_and_the_outbox_no_longer_does(
        desk, enable, clock):
    pin = enable(desk, name="Amos Marble").pin.pin
    server = Server()
    posted = post(desk.outbox, server, clock)
    assert (posted.delivered, posted.postponed, posted.given_up) == (1, 0, 0)
    (recipient, message), = server.carried
    assert (recipient, message["To"]) == (AMOS, f"Amos Marble <{AMOS}>")
    assert pin in text_of(message)
    letter, = desk.outbox.list()
    assert (letter.state, letter.delivered_at, letter.due_at, letter.trouble) == ("delivered", clock.now, None, "")


def test_many_delivered_then_even_what_their_pins_were_sealed_in_is_gone_from_every_page_of_the_file(
        desk, enable, clock, everything_kept):
    cipher = b"gAAAA"  # how what the vault seals begins
    for n in range(20):
        enable(desk, f"o{n}@contoso.com")
    assert everything_kept().count(cipher) >= 20
    post(desk.outbox, Server(), clock)
    desk.close()
    assert cipher not in everything_kept()


def test_delivered_then_never_claimed_failed_or_retried_again(desk, enable, claim, clock):
    enable(desk)
    post(desk.outbox, Server(), clock)
    desk.outbox.failed(1, clock.now, "too late", clock.now)
    assert (claim(desk), desk.outbox.retry(), desk.outbox.retry(1)) == ([], 0, 0)
    assert stands(desk) == [(1, "delivered", 1)]
    assert desk.outbox.waiting() == 0


@pytest.mark.parametrize("when", ["waiting", "delivered", "given up"])
def test_s0_11_s4_9_a_letter_shown_then_its_pin_as_five_stars_before_and_after_delivery(desk, enable, clock, when):
    pin = enable(desk).pin.pin
    if when != "waiting":
        post(desk.outbox, Server(down=when == "given up", lasting=True), clock)
    shown, letter = desk.outbox.show(1)
    assert shown.state == when
    assert "PIN: *****" in letter.text
    assert pin not in letter.text + letter.html + repr(shown) + repr(letter)


def test_a_letter_without_a_pin_shown_then_no_stars(desk, enable):
    enable(desk)
    desk.organizers.send_info(AMOS)
    assert "*****" not in desk.outbox.show(2)[1].text


# failed


def test_a_server_that_is_down_then_the_letter_waits_for_another_try_and_says_why(desk, enable, claim, clock):
    enable(desk)
    posted = post(desk.outbox, Server(down=True), clock)
    assert (posted.postponed, posted.troubles) == (1, ("the mail server is down",))
    letter, = desk.outbox.list()
    assert (letter.state, letter.tries, letter.trouble) == ("waiting", 1, "the mail server is down")
    assert letter.due_at == clock.now + FIRST_WAIT_S
    clock.on(seconds=FIRST_WAIT_S - 1)
    assert claim(desk) == []
    clock.on(seconds=1)
    assert claim(desk) == [1]


def test_tried_several_times_then_the_same_letter_with_the_same_message_id_and_date(desk, enable, clock):
    pin = enable(desk).pin.pin
    seen = []
    for _ in range(3):
        parcel, = desk.outbox.claim(clock.now, clock.now + 60, 10)
        seen.append(bytes(parcel.message))
        assert pin in text_of(parcel.message)
        desk.outbox.failed(parcel.number, clock.now, "down", clock.now + 60)
        clock.on(minutes=1)
    # the border between text and HTML is drawn anew each time
    heads = {message.partition(b"Content-Type")[0] for message in seen}
    assert len(heads) == 1
    assert desk.outbox.list()[0].message_id.encode() in heads.pop()


def test_every_letter_then_a_message_id_of_its_own(desk, enable):
    enable(desk)
    for _ in range(5):
        desk.organizers.send_info(AMOS)
    assert len({letter.message_id for letter in desk.outbox.list()}) == 6


def test_a_letter_that_cannot_be_delivered_then_given_up_until_somebody_retries(desk, enable, claim, clock):
    enable(desk)
    post(desk.outbox, Server(down=True, lasting=True), clock)
    assert stands(desk) == [(1, "given up", 1)]
    clock.on(days=29)
    assert (claim(desk), desk.outbox.waiting()) == ([], 0)
    assert desk.outbox.retry(1) == 1
    server = Server()
    post(desk.outbox, server, clock)
    assert stands(desk) == [(1, "delivered", 2)]
    assert len(server.carried) == 1


def test_given_up_for_30_days_then_its_sealed_pin_is_erased_and_it_is_retried_no_more(
        desk, enable, claim, clock, everything_kept):
    enable(desk)
    desk.organizers.send_info(AMOS)
    post(desk.outbox, Server(down=True, lasting=True), clock)
    clock.on(days=30)
    assert claim(desk) == []
    assert stands(desk) == [(1, "withdrawn", 1), (2, "given up", 1)]
    assert desk.outbox.retry() == 1
    with pytest.raises(NotAllowed, match="letter 1 was withdrawn, for its PIN was erased 30 days after"):
        desk.outbox.retry(1)
    desk.close()
    assert b"gAAAA" not in everything_kept()


# one that cannot be written or carried

@pytest.mark.parametrize(("column", "value", "why"), [
    ("kind", "'birthday'", "makes no letter"), ("sender", "'nobody'", "'nobody' is not a mail address"),
    ("recipient", "'.a@b_c'", "is not a mail address"), ("message_id", "'<1@münchen.de>'", "is no Message-ID"),
    ("facts", """'{"of": "a newer version"}'""", "makes no letter"), ("facts", "'[]'", "makes no letter"),
    ("sealed_pin", "'spoilt'", "sealed with a key that is not here"),
])
def test_a_letter_that_cannot_be_written_then_given_up_with_the_reason_and_the_others_go(
        desk, enable, clock, column, value, why):
    for address in (AMOS, ADA):
        enable(desk, address)
    with desk.store.writing() as session:
        session.execute(text(f"UPDATE outbox SET {column} = {value} WHERE number = 1"))  # noqa: S608
    server = Server()
    posted = post(desk.outbox, server, clock)
    assert (posted.delivered, posted.given_up) == (1, 1)
    assert [recipient for recipient, _ in server.carried] == [ADA]
    assert stands(desk) == [(1, "given up", 1), (2, "delivered", 1)]
    assert why in desk.outbox.list()[1].trouble
    assert why in posted.troubles[0]


def test_a_key_file_that_is_spoilt_then_letters_with_a_pin_wait_for_it_and_the_others_go(
        open_desk, world, enable, clock, tmp_path):
    world = replace(world, vault=KeyFile(tmp_path / "key"))
    desk = open_desk(world)
    enable(desk)
    desk.organizers.send_info(AMOS)
    key = (tmp_path / "key").read_bytes()
    (tmp_path / "key").write_text("spoilt")
    desk = open_desk(replace(world, vault=KeyFile(tmp_path / "key")))
    post(desk.outbox, Server(), clock)
    assert stands(desk) == [(1, "waiting", 1), (2, "delivered", 1)]
    assert "what it holds is no key" in desk.outbox.list()[1].trouble
    (tmp_path / "key").write_bytes(key)
    desk.outbox.retry()
    assert post(desk.outbox, Server(), clock).delivered == 1


@pytest.mark.parametrize(("typed", "kept", "wire"), [
    ("Jens@MÜNCHEN.de", "jens@münchen.de", "jens@xn--mnchen-3ya.de"),
    ("jens@xn--mnchen-3ya.de", "jens@münchen.de", "jens@xn--mnchen-3ya.de"),
    ("jörg@contoso.com", "jörg@contoso.com", "jörg@contoso.com"),
    ("o'brien@contoso.com", "o'brien@contoso.com", "o'brien@contoso.com"),
])
def test_an_address_in_another_script_then_enabled_found_and_written_to(desk, enable, clock, typed, kept, wire):
    enable(desk, typed)
    assert desk.organizers.show(typed).address == desk.organizers.show(kept).address == kept
    assert not enable(desk, wire).changed
    server = Server()
    assert post(desk.outbox, server, clock) == Posted(delivered=1)
    (recipient, message), = server.carried
    assert recipient == wire
    assert needs_utf8(message, recipient) != wire.isascii()
    assert desk.outbox.list()[0].message_id.isascii()


def test_a_letter_sealed_with_another_key_then_given_up_with_what_to_do_and_the_others_go(
        open_desk, world_with, enable, clock):
    here, elsewhere = open_desk(), open_desk(world_with(seed=2, key="b"))
    enable(elsewhere)
    enable(here, ADA)
    server = Server()
    post(here.outbox, server, clock)
    assert [recipient for recipient, _ in server.carried] == [ADA]
    letter = here.outbox.list(state="given up")[0]
    assert "sealed with a key that is not here" in letter.trouble
    # where it was written it can still be delivered
    assert elsewhere.outbox.retry(letter.number) == 1
    post(elsewhere.outbox, server, clock)
    assert [recipient for recipient, _ in server.carried] == [ADA, AMOS]


# retried, listed, shown


def test_retried_then_every_letter_is_due_at_once_whoever_has_claimed_it(desk, enable, claim, clock):
    for address in (AMOS, ADA, "bea@contoso.com"):
        enable(desk, address)
    desk.outbox.failed(1, clock.now, "down", clock.now + 3600)
    desk.outbox.failed(2, clock.now, "no such address", None)
    assert claim(desk) == [3]  # and then its carrier is killed
    assert desk.outbox.retry() == 3
    assert claim(desk) == [1, 2, 3]


def test_listed_then_the_latest_first_in_pages_by_state_and_by_organizer(desk, enable, clock):
    enable(desk)
    enable(desk, ADA)
    desk.organizers.send_info(AMOS)
    desk.outbox.delivered(1, clock.now)
    desk.outbox.failed(2, clock.now, "no such address", None)

    def numbers(**how):
        return [letter.number for letter in desk.outbox.list(**how)]

    assert numbers() == [3, 2, 1]
    assert [numbers(offset=at, limit=2) for at in (0, 2, 4)] == [[3, 2], [1], []]
    assert [numbers(state=state) for state in ("waiting", "delivered", "given up")] == [[3], [1], [2]]
    assert numbers(organizer=AMOS) == [3, 1]
    assert numbers(organizer="nobody@contoso.com") == []


@pytest.mark.parametrize("act", ["show", "retry"])
def test_a_letter_that_is_not_there_then_plainly_said(desk, act):
    with pytest.raises(NotFound, match="there is no letter 17: 'ivr mail list' shows them"):
        getattr(desk.outbox, act)(17)


# to the disk


def test_s0_12_delivered_to_a_maildir_twice_after_a_crash_then_there_once(desk, enable, clock, tmp_path):
    pin = enable(desk).pin.pin
    carrier = MaildirCarrier(tmp_path / "mail")
    parcel, = desk.outbox.claim(clock.now, clock.now + CLAIM_S, 10)
    with carrier:
        carrier.carry(parcel.message, parcel.recipient)  # and then the power fails
    clock.on(seconds=CLAIM_S)
    assert post(desk.outbox, carrier, clock).delivered == 1
    letter, = (tmp_path / "mail" / "new").iterdir()
    assert pin in letter.read_text()
