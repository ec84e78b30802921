"""Letters put into a Maildir: whole, once, for their owner's eyes, or not at all."""

import email
import mailbox
import subprocess
import sys
from email import policy

import pytest

from ivr.mail.delivery import MaildirCarrier, Undelivered

AMOS = "amos.marble@contoso.com"


def read(folder):
    """Return the letters of a folder as a mail reader sees them."""
    def opened_by_python(file):
        return email.message_from_binary_file(file, policy=policy.default)

    opened = mailbox.Maildir(folder, factory=opened_by_python, create=False)
    try:
        return list(opened.values())
    finally:
        opened.close()


def files(folder):
    return sorted(path.relative_to(folder).parts[0] for path in folder.rglob("*") if path.is_file())


def test_a_letter_when_carried_then_a_mail_reader_opens_it(tmp_path, letter, pin):
    folder = tmp_path / "some" / "mail"
    with MaildirCarrier(folder) as carrier:
        carrier.carry(letter("<7@bridge.test>"), "u@hotmail.com")
    [found] = read(folder)
    assert found["Message-ID"] == "<7@bridge.test>"
    assert found["Delivered-To"] == "u@hotmail.com"
    assert found["To"].addresses[0].addr_spec == AMOS
    assert found["Subject"] == letter()["Subject"]
    assert found.get_body(("plain",)).get_content() == f"Grüße! 您的新 PIN:{pin}\n.\nFrom now on\n"
    assert pin in found.get_body(("html",)).get_content()


def test_an_address_beyond_ascii_then_kept_as_it_is(tmp_path, letter):
    with MaildirCarrier(tmp_path) as carrier:
        carrier.carry(letter(to="amösé@contoso.com"), "amösé@contoso.com")
    [path] = (tmp_path / "new").iterdir()
    assert "To: Amos Märble <amösé@contoso.com>\n" in path.read_text("utf-8")


def test_folder_and_letters_then_for_their_owner_only(tmp_path, letter):
    folder = tmp_path / "mail"
    with MaildirCarrier(folder) as carrier:
        carrier.carry(letter(), AMOS)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes == {"mail": 0o700, "tmp": 0o700, "new": 0o700, "cur": 0o700}
    assert [path.stat().st_mode & 0o777 for path in (folder / "new").iterdir()] == [0o600]


def test_a_folder_that_exists_then_keeps_its_rights_and_letters(tmp_path, letter):
    folder = tmp_path / "mail"
    mailbox.Maildir(folder).add("Subject: an old one\n\nHello\n")
    folder.chmod(0o750)
    with MaildirCarrier(folder) as carrier:
        carrier.carry(letter(), AMOS)
    assert folder.stat().st_mode & 0o777 == 0o750
    assert sorted(found["Subject"] for found in read(folder)) == [letter()["Subject"], "an old one"]


@pytest.mark.parametrize("where", ["new", "cur", "cur, marked as seen"])
def test_a_letter_carried_twice_then_stands_there_once(tmp_path, letter, where):
    with MaildirCarrier(tmp_path) as carrier:
        carrier.carry(letter(), AMOS)
    if where != "new":
        [path] = (tmp_path / "new").iterdir()
        path.rename(tmp_path / "cur" / (path.name + (":2,S" if "seen" in where else "")))
    with MaildirCarrier(tmp_path) as carrier:
        carrier.carry(letter(), AMOS)
        carrier.carry(letter(), AMOS)
    assert len(read(tmp_path)) == 1
    assert files(tmp_path) == [where[:3]]


def test_letters_of_other_message_ids_then_stand_beside_each_other(tmp_path, letter):
    with MaildirCarrier(tmp_path) as carrier:
        for message_id in (message_ids := [f"<{number}@bridge.test>" for number in range(3)]):
            carrier.carry(letter(message_id), AMOS)
    assert sorted(found["Message-ID"] for found in read(tmp_path)) == message_ids


@pytest.mark.parametrize("arrived", [False, True])
def test_half_a_letter_left_by_a_crash_then_replaced(tmp_path, letter, pin, arrived):
    with MaildirCarrier(tmp_path) as carrier:
        carrier.carry(letter(), AMOS)
    [path] = (tmp_path / "new").iterdir()
    (tmp_path / "tmp" / path.name).write_bytes(path.read_bytes()[:100])
    if not arrived:
        path.unlink()
    with MaildirCarrier(tmp_path) as carrier:
        carrier.carry(letter(), AMOS)
    assert files(tmp_path) == ["new"]
    assert pin in read(tmp_path)[0].get_body(("plain",)).get_content()


def test_what_others_write_in_tmp_then_left_alone(tmp_path, letter):
    with MaildirCarrier(tmp_path) as carrier:
        carrier.carry(letter(), AMOS)
        (tmp_path / "tmp" / "1700000000.42.elsewhere").write_text("half")
        carrier.carry(letter("<2@bridge.test>"), AMOS)
    assert files(tmp_path) == ["new", "new", "tmp"]


@pytest.mark.parametrize("below", ["", "mail", "mail/deeper"])
def test_a_folder_that_is_or_lies_below_a_file_then_the_letter_waits(tmp_path, letter, pin, below):
    file = tmp_path / "letters"
    file.write_text("notes")
    with MaildirCarrier(file / below) as carrier, pytest.raises(Undelivered) as raised:
        carrier.carry(letter(), AMOS)
    assert raised.value.reason.startswith(f"the mail folder {str(file / below)!r} cannot take letters: it, or a")
    assert not raised.value.lasting
    assert pin not in raised.value.reason
    assert file.read_text() == "notes"


def test_a_part_of_the_folder_that_is_a_file_then_the_letter_waits(tmp_path, letter):
    (tmp_path / "new").write_text("notes")
    with MaildirCarrier(tmp_path) as carrier, pytest.raises(Undelivered, match="is a file; move that away"):
        carrier.carry(letter(), AMOS)
    assert files(tmp_path) == ["new"]


def test_a_folder_that_vanishes_during_a_round_then_made_again_in_the_next(tmp_path, letter):
    folder = tmp_path / "mail"
    carrier = MaildirCarrier(folder)
    with carrier:
        carrier.carry(letter(), AMOS)
        folder.rename(tmp_path / "elsewhere")
        with pytest.raises(Undelivered, match="no such file"):
            carrier.carry(letter("<2@bridge.test>"), AMOS)
    with carrier:
        carrier.carry(letter("<2@bridge.test>"), AMOS)
    assert len(read(folder)) == 1


FULL = """
import resource, sys
from email.message import EmailMessage
from pathlib import Path
from ivr.mail.delivery import MaildirCarrier, Undelivered

def letter(number, length):
    message = EmailMessage()
    message["Message-ID"] = f"<{number}@bridge.test>"
    message.set_content("48215 " * (length // 6))
    return message

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
with MaildirCarrier(Path(sys.argv[1])) as carrier:
    try:
        carrier.carry(letter(1, 100_000), "amos.marble@contoso.com")
    except Undelivered as failure:
        print(failure.reason, failure.lasting)
    carrier.carry(letter(2, 1_000), "amos.marble@contoso.com")
"""


def test_a_disk_that_takes_no_more_then_no_half_letter_stays_and_small_ones_arrive(tmp_path):
    ran = subprocess.run([sys.executable, "-W", "error", "-c", FULL, tmp_path / "mail"], capture_output=True,
                         text=True, check=False)
    assert ran.stderr == ""
    assert ran.stdout == (f"the mail folder {str(tmp_path / 'mail')!r} cannot take letters: no larger file may be "
                          "written there; raise the limit for files, or choose another folder False\n")
    assert files(tmp_path / "mail") == ["new"]
    assert [found["Message-ID"] for found in read(tmp_path / "mail")] == ["<2@bridge.test>"]


@pytest.mark.parametrize("recipient", ["amos", "a@b\nX-Added: yes"])
def test_a_recipient_who_is_none_then_given_up(tmp_path, letter, recipient):
    with MaildirCarrier(tmp_path) as carrier, pytest.raises(Undelivered, match="is not a mail address") as raised:
        carrier.carry(letter(), recipient)
    assert raised.value.lasting
    assert files(tmp_path) == []


def test_a_letter_without_message_id_then_given_up(tmp_path, letter):
    message = letter()
    del message["Message-ID"]
    with MaildirCarrier(tmp_path) as carrier, pytest.raises(Undelivered, match="no Message-ID") as raised:
        carrier.carry(message, AMOS)
    assert raised.value.lasting


def test_a_letter_that_cannot_be_written_down_then_given_up_and_not_quoted(tmp_path, letter, pin):
    message = letter()
    message.get_body(("plain",)).set_payload([pin])
    with MaildirCarrier(tmp_path) as carrier, pytest.raises(Undelivered, match="cannot carry") as raised:
        carrier.carry(message, AMOS)
    assert raised.value.lasting
    assert pin not in str(raised.value)
    assert raised.value.__context__ is None


def test_half_of_a_letter_when_its_writer_is_dead_then_gone_and_one_that_is_written_stays(tmp_path, letter):
    fcntl = pytest.importorskip("fcntl", reason="locks on files need fcntl")
    with MaildirCarrier(tmp_path / "mail") as carrier:
        carrier.carry(letter(), AMOS)
    left, written, foreign = (tmp_path / "mail" / "tmp" / name for name in ("a" * 32, "b" * 32, "a-readers-own"))
    for path in (left, written, foreign):
        path.write_text("half of a letter")
    with written.open("rb") as file, MaildirCarrier(tmp_path / "mail") as carrier:
        fcntl.flock(file, fcntl.LOCK_EX)
        carrier.carry(letter("<2@bridge.test>"), AMOS)
    assert sorted((tmp_path / "mail" / "tmp").iterdir()) == [foreign, written]
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 2
