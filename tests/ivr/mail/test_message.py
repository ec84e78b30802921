"""A letter as a mail: its head, its two parts, and what nobody can slip into it."""

import email
import email.policy
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime

import pytest

from ivr.mail.errors import BadHeader
from ivr.mail.letters import LANGUAGES, Facts, Letter, LetterKind, write
from ivr.mail.message import email_of

PIN = "904817265"
FULL = Facts(name="Amos Marble", account="amos.marble@contoso.com", conference_id="8271964",
             number="+1 425 555 0123", toll_free_number="+1 800 555 0199", pin=PIN, must_change_pin=True,
             added_text="<p>Ring the <b>helpdesk</b>.</p>", update_link="https://contoso.com/update?a=1&b=2")

MAIL = {"sender_name": "Conferencing", "sender_address": "noreply@contoso.com", "recipient_name": "Amos Marble",
        "recipient": "amos.marble@contoso.com", "message_id": "<1.abc@contoso.com>", "date": 1_600_000_000}


def read_again(mail):
    return email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)


def body(mail, kind):
    return mail.get_body((kind,)).get_content()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind, ids=lambda kind: kind.value)
def test_a_mail_read_again_from_its_bytes_then_the_same_letter(kind, language):
    letter = write(kind, FULL, language)
    mail = email_of(letter, **MAIL)
    mail.as_bytes().decode("ascii")
    back = read_again(mail)
    assert back.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in back.iter_parts()] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in back.iter_parts()} == {"utf-8"}
    assert (back["Subject"], body(back, "plain"), body(back, "html")) == (letter.subject, letter.text, letter.html)
    assert back["Content-Language"] == language
    assert back["Auto-Submitted"] == "auto-generated"
    assert back["Message-ID"] == "<1.abc@contoso.com>"
    assert back["Date"] == "Sun, 13 Sep 2020 12:26:40 +0000"
    assert parsedate_to_datetime(back["Date"]).timestamp() == MAIL["date"]
    assert (str(back["From"]), str(back["To"])) == ("Conferencing <noreply@contoso.com>",
                                                    "Amos Marble <amos.marble@contoso.com>")
    assert back.defects == []


def test_the_same_letter_twice_then_the_same_headers_so_that_readers_can_tell():
    first, second = (email_of(write(LetterKind.INFO, FULL, "fr-FR"), **MAIL) for _ in range(2))
    assert first.items()[:-1] == second.items()[:-1]


HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version",
           "Content-Type"}


@pytest.mark.parametrize("name", ["Amos\r\nBcc: eve@evil.org", "Amos\nBcc: eve@evil.org", "Amos\rX: y",
                                  "\r\n\r\nbody", "Amos\u2028Bcc: x", "Amos\x0b\x0cBcc: x", "Amos\x00", "\ud800"])
@pytest.mark.parametrize("whose", ["sender_name", "recipient_name"])
def test_a_line_break_in_a_name_then_no_header_is_added(whose, name):
    back = read_again(email_of(write(LetterKind.INFO, FULL, "en-US"), **MAIL | {whose: name}))
    assert set(back.keys()) == HEADERS
    assert {a.addr_spec for h in ("From", "To") for a in back[h].addresses} == {MAIL["sender_address"],
                                                                               MAIL["recipient"]}


@pytest.mark.parametrize("name", ["Marble, Amos", 'Amos "the" Marble', "Dupré, Hélène", "王小明" * 9, "a <b@c.org>",
                                  "(x)", "Zoë " * 30 + "end", "x" * 300, "", "🎺 Amos", "a@b"])
def test_any_display_name_then_one_recipient_with_the_same_address(name):
    mail = email_of(write(LetterKind.INFO, FULL, "en-US"), **MAIL | {"recipient_name": name})
    (to,) = read_again(mail)["To"].addresses
    assert to.addr_spec == MAIL["recipient"]
    # decoded word by word, because the parser of the standard library adds spaces between encoded words
    raw = email.message_from_bytes(mail.as_bytes())["To"]
    assert str(make_header(decode_header(parseaddr(raw)[0]))) == name


@pytest.mark.parametrize("address", ["", "amos", "@contoso.com", "amos@", "a@b@c", "a b@c.org",
                                     "a@b.org\r\nBcc: x@y.org", "Amos <a@b.org>",
                                     "a@b.org, c@d.org", "a@b.org\ud800", "a@b.org\x00", "a@b;c@d",
                                     "a@b..org", ".a@b.org", "\"a b\"@c.org"])
@pytest.mark.parametrize("whose", ["sender_address", "recipient"])
def test_d4_what_is_no_address_then_refused_in_one_sentence(whose, address):
    with pytest.raises(BadHeader, match="is not a mail address: one looks like") as refused:
        email_of(write(LetterKind.PIN_RESET, FULL, "en-US"), **MAIL | {whose: address})
    assert "\n" not in str(refused.value)
    assert PIN not in str(refused.value)


@pytest.mark.parametrize("address", ["u@hotmail.com", "first.last+tag@sub.x.com", "o'neil@x.org", "a_b-c@x.org"])
def test_s0_23_any_outside_address_then_it_is_the_recipient(address):
    back = read_again(email_of(write(LetterKind.INFO, FULL, "en-US"), **MAIL | {"recipient": address}))
    assert back["To"].addresses[0].addr_spec == address


@pytest.mark.parametrize(("address", "travels"), [
    ("hélène@exemple.fr", "hélène@exemple.fr"), ("王小明@例子.中国", "王小明@xn--fsqu00a.xn--fiqs8s"),
    ("ulla@münchen.de", "ulla@xn--mnchen-3ya.de")])
def test_an_address_outside_ascii_then_its_domain_in_ascii_and_the_rest_left_to_delivery(address, travels):
    mail = email_of(write(LetterKind.INFO, FULL, "en-US"), **MAIL | {"recipient": address})
    sent = mail.as_bytes(policy=mail.policy.clone(utf8=True))
    assert f"<{travels}>".encode() in sent
    assert read_again(mail)["To"] is not None


@pytest.mark.parametrize("message_id", ["", "abc", "<a>", "<a@b>\r\nBcc: x@y.org", "<a b@c>", "<a@b", "<é@b>"])
def test_what_is_no_message_id_then_refused(message_id):
    with pytest.raises(BadHeader, match="Message-ID"):
        email_of(write(LetterKind.INFO, FULL, "en-US"), **MAIL | {"message_id": message_id})


def test_a_long_message_id_then_unchanged():
    long = f"<{'0123456789abcdef' * 5}@bridge.contoso.com>"
    mail = email_of(write(LetterKind.INFO, FULL, "en-US"), **MAIL | {"message_id": long})
    assert read_again(mail)["Message-ID"] == long


def test_a_letter_from_elsewhere_without_a_language_then_the_mail_claims_none():
    mail = email_of(Letter("Hello\nBcc: x", "text\n", "<p>text</p>\n"), **MAIL)
    assert "Content-Language" not in mail
    assert read_again(mail)["Subject"] == "Hello Bcc: x"
