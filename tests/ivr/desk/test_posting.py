"""Delivering what the outbox holds, the way the settings say (section D)."""

import mailbox
from contextlib import suppress

import pytest

from ivr.desk.opening import open_desk
from ivr.desk.posting import LOOKS_EVERY_S, carrier, deliver, folder, watched
from ivr.directory.errors import Unusable
from ivr.directory.organizers import NewOrganizer
from ivr.mail.delivery.maildir import MaildirCarrier
from ivr.mail.delivery.post import Posted
from ivr.mail.delivery.smtp import SmtpCarrier

AMOS = "amos.marble@contoso.com"


def test_s0_12_enabled_and_delivered_then_any_mail_reader_finds_the_pin_beside_the_database(desk, chosen, tmp_path):
    pin = desk.organizers.enable(NewOrganizer(AMOS, name="Amos Marble")).pin.pin
    posted = deliver(desk, chosen)
    assert (posted.delivered, posted.postponed, posted.troubles) == (1, 0, ())
    message, = mailbox.Maildir(tmp_path / "data" / "mail", create=False)
    assert message["To"] == f"Amos Marble <{AMOS}>"
    assert pin in message.get_payload(0).get_payload(decode=True).decode()
    assert desk.outbox.waiting() == 0


def test_delivered_twice_then_each_letter_once(desk, chosen, tmp_path):
    desk.organizers.enable(NewOrganizer(AMOS))
    deliver(desk, chosen)
    desk.organizers.send_info(AMOS)
    assert deliver(desk, chosen).delivered == 1
    assert deliver(desk, chosen).delivered == 0
    assert len(list((tmp_path / "data" / "mail" / "new").iterdir())) == 2


def test_a_maildir_that_is_set_then_letters_go_there(desk, chosen, tmp_path):
    desk.settings.set("settings", {"maildir": str(tmp_path / "elsewhere")})
    desk.organizers.enable(NewOrganizer(AMOS))
    assert folder(desk, chosen) == tmp_path / "elsewhere"
    assert deliver(desk, chosen).delivered == 1
    assert len(list((tmp_path / "elsewhere" / "new").iterdir())) == 1


def test_a_maildir_that_takes_no_letters_then_they_wait_with_one_reason_and_the_change_stands(
        desk, chosen, tmp_path):
    (tmp_path / "data" / "mail").write_text("a file")
    for n in range(3):
        desk.organizers.enable(NewOrganizer(f"o{n}@contoso.com"))
    posted = deliver(desk, chosen)
    assert (posted.delivered, posted.postponed) == (0, 3)
    assert len(posted.troubles) == 1
    assert desk.outbox.waiting() == 3
    assert len(desk.organizers.list()) == 3


def test_a_letter_of_one_program_then_delivered_by_another_that_has_the_key(desk, chosen, tmp_path):
    pin = desk.organizers.enable(NewOrganizer(AMOS)).pin.pin
    another = open_desk(chosen)
    assert deliver(another, chosen).delivered == 1
    another.close()
    letter, = (tmp_path / "data" / "mail" / "new").iterdir()
    assert pin in letter.read_text()


def test_delivered_then_no_file_beside_the_letters_holds_the_pin(desk, chosen, tmp_path):
    desk.settings.set("settings", {"pin-length": "12"})
    pins = [desk.organizers.enable(NewOrganizer(AMOS)).pin.pin, desk.pins.reset(AMOS).pin]
    deliver(desk, chosen)
    files = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()}
    holding = {path.parent.name for path, data in files.items() if any(pin.encode() in data for pin in pins)}
    assert holding == {"new"}


@pytest.mark.parametrize(("values", "kind"), [
    ({}, MaildirCarrier), ({"delivery": "maildir"}, MaildirCarrier),
    ({"delivery": "smtp", "smtp-host": "mail.contoso.com", "smtp-security": "none"}, SmtpCarrier),
])
def test_the_way_of_delivery_then_as_it_is_set(desk, chosen, values, kind):
    if values:
        desk.settings.set("settings", values)
    assert isinstance(carrier(desk, chosen), kind)


class Ended(Exception):
    """The test has seen enough."""


def test_watched_then_each_letter_is_delivered_as_it_becomes_due_and_nothing_said_of_idle_rounds(desk, chosen):
    people = iter([f"o{n}@contoso.com" for n in range(3)])
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) % 2:
            desk.organizers.enable(NewOrganizer(next(people, None) or stop()))

    def stop():
        raise Ended

    rounds = []
    with suppress(Ended):
        for done in watched(desk, chosen, wait):
            rounds.append(done.delivered)
    assert rounds == [0, 1, 1, 1]  # the first is the sweep
    assert desk.outbox.waiting() == 0
    assert len(desk.outbox.list(state="delivered")) == 3
    assert set(waits) == {LOOKS_EVERY_S}


def test_watched_while_the_database_is_out_of_reach_then_it_says_so_and_goes_on(desk, chosen):
    desk.organizers.enable(NewOrganizer(AMOS))

    class Outbox:
        """The desk's, which cannot be reached at first."""

        def __init__(self):
            self.reached = False

        def lying(self):
            if not self.reached:
                self.reached = True
                raise Unusable("the database is busy")
            return desk.outbox.lying()

        def __getattr__(self, name):
            return getattr(desk.outbox, name)

    class Desk:
        outbox, settings = Outbox(), desk.settings

    rounds = watched(Desk, chosen, lambda _seconds: None)
    assert next(rounds) == Posted(troubles=("the database is busy",))
    assert next(rounds) == Posted(delivered=1)
