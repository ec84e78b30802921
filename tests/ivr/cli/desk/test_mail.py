"""Letters that lie: tried at once, whoever has claimed them, or delivered as each becomes due (section D)."""

import signal
import subprocess

import pytest

from ivr.desk.opening import now, open_desk
from tests.ivr.cli.conftest import ROOT

AMOS, TONY = "amos.marble@contoso.com", "tonysmith@contoso.com"
WATCH = "mail", "deliver", "--watch"


@pytest.fixture
def outside(office):
    """A desk on the office's directory beside the commands."""
    desk = open_desk(str(office.file))
    yield desk
    desk.close()


def test_retry_when_a_killed_command_has_claimed_the_letters_then_they_are_delivered_at_once(ivr, office, outside):
    for who in (AMOS, TONY):
        outside.organizers.send_info(who)
    assert len(outside.outbox.claim(now(), now() + 600, 10)) == 2
    code, out, err = ivr("mail", "deliver", office.database)
    assert (code, out) == (0, "0 delivered, 0 put back for later, 0 given up.\n")
    assert err.startswith("ivr: 2 letters wait; the first is tried at ")
    code, out, err = ivr("mail", "retry", office.database)
    assert (code, err) == (0, "")
    assert "2 delivered" in out


def test_retry_when_a_letter_was_withdrawn_then_it_is_said_in_one_sentence(ivr, office, outside, refused):
    outside.pins.reset(AMOS)
    assert ivr("pin", "reset", AMOS, "--yes", office.database)[0] == 0
    number = outside.outbox.list(state="withdrawn")[0].number
    assert refused("mail", "retry", number, office.database) == (
        f"letter {number} was withdrawn, for another PIN has been in force since: 'ivr pin reset {AMOS}' writes "
        "another one.")


def test_watched_then_what_becomes_due_is_delivered_until_ctrl_c(served, office, outside):
    with subprocess.Popen([served / "ivr", *WATCH], cwd=ROOT, text=True, env=office.environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr.readline() == "ivr: delivering what becomes due, until Ctrl-C.\n"
        for who in (AMOS, TONY):
            before = len(office.letters())
            outside.organizers.send_info(who)
            assert process.stdout.readline() == "1 delivered, 0 put back for later, 0 given up.\n"
            assert len(office.letters()) == before + 1
        process.send_signal(signal.SIGINT)
        assert process.communicate() == ("", "")
    assert process.returncode == 0


@pytest.mark.parametrize("words", [
    ("organizer", "enable", "jens@b_c.de"), ("organizer", "set", AMOS, "--address", "jens@b_c.de"),
    ("pin", "reset", AMOS, "--yes", "--send-email", "--send-email-to", "jens@b_c.de"),
    ("organizer", "send-info", AMOS, "--to", ".jens@contoso.com"),
    ("pin", "reset", AMOS, "--yes", "--send-email", "--send-email-from-name", "D", "--send-email-from-address",
     "desk@straße.de"),
    ("Set-CsOnlineDialInConferencingUser", "-id", AMOS, "-ResetLeaderPIN", "-SendEmail", "-SendEmailToAddress",
     "u@hotmail..com"),
    ("settings", "set", "--sender-address", "desk@b_c.de"),
], ids=" ".join)
def test_an_address_that_no_mail_can_go_to_then_refused_when_it_is_typed(unchanged, office, words):
    assert any(sign in unchanged(office, *words) for sign in ("is not a mail address", "is no sender-address",
                                                              "may be two different ones"))


@pytest.mark.parametrize("words", [
    ("organizer", "enable", "jens@münchen.de"), ("organizer", "enable", "jörg@contoso.com"),
    ("organizer", "send-info", AMOS, "--to", "jörg@münchen.de"),
    ("pin", "reset", AMOS, "--yes", "--send-email", "--send-email-from-name", "D", "--send-email-from-address",
     "desk@münchen.de"),
], ids=" ".join)
def test_an_address_in_another_script_then_its_letter_is_delivered_and_holds_up_no_other(ivr, office, words):
    before = len(office.letters())
    assert ivr(*words, office.database)[::2] == (0, "")
    assert ivr("organizer", "send-info", TONY, office.database)[::2] == (0, "")
    assert len(office.letters()) == before + 2


def test_a_sender_in_another_script_that_is_set_then_letters_come_from_it(ivr, office):
    assert ivr("settings", "set", "--sender-override", "yes", "--sender-address", "desk@münchen.de",
               "--sender-name", "D", office.database)[0] == 0
    assert ivr("organizer", "send-info", AMOS, office.database)[::2] == (0, "")
    assert any("From: D <desk@xn--mnchen-3ya.de>" in letter for letter in office.letters())
