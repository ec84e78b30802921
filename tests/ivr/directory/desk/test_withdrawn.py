"""Letters that are withdrawn: a PIN or an ID in them holds no longer (B1.11, C-10)."""

from contextlib import suppress

import pytest
from carriers import Server, text_of

from ivr.directory.errors import NotAllowed, NotFound
from ivr.directory.letters import Mailing
from ivr.directory.outbox import Lying
from ivr.mail.delivery.errors import Undelivered
from ivr.mail.delivery.post import post

AMOS, ADA = "amos.marble@contoso.com", "ada@contoso.com"

MAKES_STALE = {
    "reset": lambda desk, _: desk.pins.reset(AMOS),
    "reset without a letter": lambda desk, _: desk.pins.reset(AMOS, mailing=Mailing(send=False)),
    "welcomed": lambda desk, _: desk.pins.welcome(AMOS, force=True),
    "disabled": lambda desk, _: desk.organizers.disable(AMOS),
    "changed by its owner": lambda desk, pin: desk.pins.change(AMOS, pin, "739105"),
    "reset by the system": lambda desk, _: [desk.checks.check_pin(
        desk.checks.find(desk.meetings.list()[0].conference_id).meeting, "000000") for _ in range(5)],
    "reset at another address": lambda desk, _: (
        desk.organizers.set(AMOS, {"address": "amos@contoso.com"}), desk.pins.reset("amos@contoso.com")),
}


@pytest.mark.parametrize("stood", ["waiting", "postponed", "claimed and killed", "given up"])
@pytest.mark.parametrize("act", MAKES_STALE.values(), ids=MAKES_STALE)
def test_b1_11_a_pin_that_holds_no_longer_then_its_letter_is_never_carried_and_its_seal_erased(
        desk_of, enable, meeting, claim, clock, act, stood):
    desk = desk_of("um")
    pin = enable(desk, AMOS).pin.pin
    meeting(desk)
    match stood:
        case "postponed" | "given up":
            post(desk.outbox, Server(down=True, lasting=stood == "given up"), clock)
        case "claimed and killed":
            claim(desk)
    act(desk, pin)
    clock.on(days=1)
    desk.outbox.retry()
    server = Server()
    post(desk.outbox, server, clock)
    assert all(pin not in text_of(message) for _, message in server.carried)
    assert desk.outbox.list()[-1].state == "withdrawn"
    assert desk.outbox.list()[-1].trouble
    with pytest.raises(NotAllowed, match=r"letter 1 was withdrawn, for .* 'ivr pin reset"):
        desk.outbox.retry(1)


def test_c_10_an_id_that_holds_no_longer_then_no_letter_tells_it_and_a_pin_still_comes(
        desk, enable, meeting, claim, clock):
    pin, before = enable(desk, AMOS).pin.pin, meeting(desk).conference_id
    desk.pins.reset(AMOS)  # letters 1 and 2 bring PINs, the first one withdrawn
    pin = desk.pins.reset(AMOS).pin
    desk.organizers.send_info(AMOS)
    claim(desk)
    now = desk.conference_ids.reset(AMOS).conference_ids[0][1]
    clock.on(days=1)
    desk.outbox.retry()
    server = Server()
    post(desk.outbox, server, clock)
    texts = [text_of(message) for _, message in server.carried]
    assert len(texts) == 2
    assert all(before not in text and now in text for text in texts)
    assert [pin in text for text in texts] == [True, False]
    told = desk.outbox.list()[1]
    assert (told.kind, told.state, told.trouble) == (
        "info", "withdrawn", "another conference ID has been in force since")
    with pytest.raises(NotAllowed, match=rf"letter 4 was withdrawn, .* 'ivr organizer send-info {AMOS}' writes"):
        desk.outbox.retry(4)


def test_an_id_that_cannot_be_changed_then_no_letter_is_withdrawn(desk, enable, meeting):
    enable(desk, AMOS)
    meeting(desk)
    desk.organizers.send_info(AMOS)
    with pytest.raises(NotAllowed):
        desk.conference_ids.reset(AMOS, wanted="7654321")
    assert {letter.state for letter in desk.outbox.list()} == {"waiting"}


def test_a_change_that_fails_then_its_letter_is_not_withdrawn(desk, enable, clock):
    pin = enable(desk).pin.pin
    with suppress(NotFound), desk.store.together():
        desk.pins.reset(AMOS)
        desk.meetings.show("4711")
    server = Server()
    post(desk.outbox, server, clock)
    assert [pin in text_of(message) for _, message in server.carried] == [True]


@pytest.mark.parametrize(("arrives", "state"), [(True, "delivered"), (False, "withdrawn")])
def test_a_letter_being_handed_over_while_its_pin_is_reset_then_it_stands_as_what_became_of_it(
        desk, enable, clock, arrives, state):
    enable(desk)

    class Slow(Server):
        def carry(self, message, recipient):
            if not self.carried:
                desk.pins.reset(AMOS)
            super().carry(message, recipient)
            if not arrives and len(self.carried) == 1:
                raise Undelivered("the line broke")

    server = Slow()
    post(desk.outbox, server, clock)
    post(desk.outbox, server, clock)
    assert [shown.state for shown in desk.outbox.list()] == ["delivered", state]
    assert desk.outbox.lying() == Lying(0, None, 0)


def test_a_letter_that_is_claimed_and_not_yet_in_hand_while_its_pin_is_reset_then_it_is_not_carried(
        desk, enable, clock):
    for address in (ADA, AMOS):
        enable(desk, address)

    class Slow(Server):
        def carry(self, message, recipient):
            if recipient == ADA:
                desk.pins.reset(AMOS, mailing=Mailing(send=False))
            super().carry(message, recipient)

    server = Slow()
    assert post(desk.outbox, server, clock).delivered == 1
    assert [recipient for recipient, _ in server.carried] == [ADA]
