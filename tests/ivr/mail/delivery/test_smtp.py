"""Letters handed to real mail servers on this machine: encryption, login, refusals, ends of connections."""

import email
import socket
import threading
from email import policy

import pytest
from ports import refusing

from ivr.mail.delivery import SmtpCarrier, Undelivered

AMOS = "amos.marble@contoso.com"
HOST = "127.0.0.1"


@pytest.fixture
def failure(letter, pin, account):
    """Carry a letter, which must fail; check what no failure may show."""
    def failed(carrier, message=None, recipient=AMOS):
        with pytest.raises(Undelivered) as raised:
            carrier.carry(message or letter(), recipient)
        error, seen = raised.value, ""
        while error is not None:
            seen, error = f"{seen}{error!r}{error}", error.__cause__ or error.__context__
        assert pin not in seen
        assert account[1] not in seen
        assert "\n" not in raised.value.reason
        return raised.value
    return failed


def parsed(envelope):
    return email.message_from_bytes(envelope.content, policy=policy.default)


def test_a_letter_when_carried_then_arrives_whole_for_its_recipient(serve, inbox, letter, pin):
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        carrier.carry(letter("<7@bridge.test>"), AMOS)
    [envelope] = inbox.envelopes
    arrived = parsed(envelope)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("desk@bridge.test", [AMOS])
    assert arrived["Message-ID"] == "<7@bridge.test>"
    assert arrived["From"].addresses[0].display_name == "Konferenz-Brücke"
    assert arrived["Subject"] == letter()["Subject"]
    assert arrived.get_body(("plain",)).get_content().splitlines() == [
        f"Grüße! 您的新 PIN:{pin}", ".", "From now on"]
    assert pin in arrived.get_body(("html",)).get_content()


def test_a_letter_to_a_server_without_8_bits_then_is_ascii(serve, inbox, letter):
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        carrier.carry(letter(), AMOS)
    assert inbox.envelopes[0].content.isascii()


def test_another_recipient_than_the_head_says_then_gets_it(serve, inbox, letter):
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        carrier.carry(letter(), "u@hotmail.com")
    assert inbox.envelopes[0].rcpt_tos == ["u@hotmail.com"]


def test_letters_of_a_round_then_share_a_connection(serve, inbox, letter):
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        for number in range(5):
            carrier.carry(letter(f"<{number}@bridge.test>"), AMOS)
    assert (len(inbox.envelopes), inbox.connections) == (5, 1)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_encrypted_login_then_lets_letters_in(serve, inbox, letter, authority, account, security):
    context = authority.context(HOST)
    tls = {"tls": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    port = serve(inbox, authenticator=inbox.login, auth_required=security == "starttls",
                 auth_require_tls=security == "starttls", **tls)
    with SmtpCarrier(HOST, port, security, *account, ca_file=authority.file) as carrier:
        carrier.carry(letter(), AMOS)
    assert inbox.logged_in == [account[0]]
    assert len(inbox.envelopes) == 1


@pytest.mark.parametrize(("user", "password", "words"), [
    ("desk", "wrong horse", "refused the login of 'desk' (535 5.7.8): check user and password"),
    ("desk", "Pferd ü", "is not ASCII"),
])
def test_a_login_that_is_refused_then_waits_and_shows_no_password(serve, inbox, authority, failure, user, password,
                                                                 words):
    port = serve(inbox, tls_context=authority.context(HOST), authenticator=inbox.login, auth_required=True)
    with SmtpCarrier(HOST, port, "starttls", user, password, ca_file=authority.file) as carrier:
        error = failure(carrier)
    assert words in error.reason
    assert not error.lasting
    assert password not in repr(error)
    assert inbox.envelopes == []


def test_a_server_without_login_then_named(serve, inbox, authority, failure):
    class NoLogin(type(inbox)):
        async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
            return [line for line in responses if "AUTH" not in line]

    port = serve(NoLogin(), tls_context=authority.context(HOST))
    with SmtpCarrier(HOST, port, "starttls", "desk", "correct horse", ca_file=authority.file) as carrier:
        assert "has no login" in failure(carrier).reason


def test_a_server_that_wants_a_login_when_none_is_given_then_the_letter_waits(serve, inbox, authority, failure):
    port = serve(inbox, tls_context=authority.context(HOST), authenticator=inbox.login, auth_required=True)
    with SmtpCarrier(HOST, port, ca_file=authority.file) as carrier:
        error = failure(carrier)
    assert "refused the sender desk@bridge.test: 530" in error.reason
    assert not error.lasting


def test_a_password_without_encryption_then_never_sent(serve, inbox, failure, account):
    with SmtpCarrier(HOST, serve(inbox), "none", *account) as carrier:
        error = failure(carrier)
    assert "no password is sent" in error.reason
    assert inbox.connections == 0


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(("address", "trusted", "why"), [
    (HOST, False, "unable to get local issuer certificate"),
    ("127.0.0.9", True, "IP address mismatch"),
])
def test_a_certificate_that_does_not_fit_then_no_letter(serve, inbox, authority, failure, security, address,
                                                        trusted, why):
    context = authority.context(address)
    port = serve(inbox, **({"tls": context} if security == "tls" else {"tls_context": context}))
    with SmtpCarrier(HOST, port, security, ca_file=authority.file if trusted else None) as carrier:
        error = failure(carrier)
    assert f"has a certificate that is not to be trusted ({why}" in error.reason
    assert not error.lasting
    assert inbox.envelopes == []


def test_starttls_when_not_offered_then_no_letter(serve, inbox, failure):
    with SmtpCarrier(HOST, serve(inbox), "starttls") as carrier:
        assert "does not offer STARTTLS" in failure(carrier).reason
    assert inbox.envelopes == []


def test_tls_where_the_server_speaks_plain_then_told(serve, inbox, failure):
    with SmtpCarrier(HOST, serve(inbox), "tls") as carrier:
        assert "could not agree on encryption" in failure(carrier).reason


@pytest.mark.parametrize(("text", "words"), [(None, "no such file"), ("no certificate", "holds no certificate")])
def test_a_file_of_certificates_that_is_none_then_named(tmp_path, failure, text, words):
    file = tmp_path / "ca.pem"
    if text is not None:
        file.write_text(text)
    with SmtpCarrier(HOST, 1, ca_file=file) as carrier:
        reason = failure(carrier).reason
    assert str(file) in reason
    assert words in reason


@pytest.mark.parametrize("host", ["mail.invalid", "mail..invalid", "m" * 64 + ".invalid"])
def test_a_host_that_is_unknown_then_named(failure, host):
    with SmtpCarrier(host, 25, "none") as carrier:
        error = failure(carrier)
    assert error.reason == f"there is no host {host!r}: check the mail server's name"
    assert not error.lasting


def test_a_connection_refused_then_the_letter_waits(failure):
    with refusing() as nobody:
        port = nobody.getsockname()[1]
        with SmtpCarrier(HOST, port, "none") as carrier:
            error = failure(carrier)
    assert error.reason == (f"the mail server {HOST}:{port} is out of reach (connection refused): "
                            "check host and port")
    assert not error.lasting


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_silent_server_then_the_others_of_the_round_do_not_wait_for_it(failure, security):
    with socket.create_server((HOST, 0)) as listening:
        with SmtpCarrier(HOST, listening.getsockname()[1], security, timeout_s=0.1) as carrier:
            first, second = failure(carrier), failure(carrier)
        listening.settimeout(0)
        listening.accept()[0].close()
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert "did not answer within 0.1 s" in first.reason
    assert second.reason == first.reason
    assert not first.lasting


@pytest.mark.parametrize(("said", "words"), [
    (b"HTTP/1.1 400 Bad Request\r\n", "does not answer like a mail server"),
    (b"554 5.3.2 no \x1b[31mmail\x07 today\r\n", "takes no letters: 554 5.3.2 no [31mmail today"),
    (b"421 too busy\r\n", "takes no letters: 421 too busy"),
    (b"", "ended the connection before it took letters"),
])
def test_a_server_that_is_none_or_takes_nothing_then_the_letter_waits(failure, said, words):
    with socket.create_server((HOST, 0)) as listening:
        def answer():
            connection = listening.accept()[0]
            with connection:
                connection.sendall(said)

        thread = threading.Thread(target=answer)
        thread.start()
        with SmtpCarrier(HOST, listening.getsockname()[1], "none", timeout_s=60) as carrier:
            error = failure(carrier)
        thread.join()
    assert words in error.reason
    assert not error.lasting


@pytest.mark.parametrize(("answer", "lasting"), [
    ("450 4.2.0 greylisted, come back later", False),
    ("452 4.2.2 mailbox full", False),
    ("550 5.1.1 no such user", True),
    ("553 5.1.3 no address", True),
])
def test_a_refused_recipient_then_quoted_and_the_others_get_theirs(serve, inbox, letter, failure, answer, lasting):
    inbox.to_recipient["nobody@contoso.com"] = [answer]
    with SmtpCarrier(HOST, port := serve(inbox), "none") as carrier:
        error = failure(carrier, recipient="nobody@contoso.com")
        carrier.carry(letter(), AMOS)
    assert error.reason == f"the mail server {HOST}:{port} refused the recipient nobody@contoso.com: {answer}"
    assert error.lasting is lasting
    assert [envelope.rcpt_tos for envelope in inbox.envelopes] == [[AMOS]]
    assert inbox.connections == 1


def test_a_recipient_refused_once_then_accepted_the_next_time(serve, inbox, letter, failure):
    inbox.to_recipient[AMOS] = ["451 try again"]
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        assert not failure(carrier).lasting
        carrier.carry(letter(), AMOS)
    assert len(inbox.envelopes) == 1


@pytest.mark.parametrize(("answer", "lasting"), [("451 4.7.1 later", False), ("550 5.7.1 not you", True)])
def test_a_refused_sender_then_named(serve, inbox, letter, failure, answer, lasting):
    inbox.to_sender["desk@bridge.test"] = answer
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        error = failure(carrier)
        carrier.carry(letter(sender="other@bridge.test"), AMOS)
    assert error.reason.endswith(f"refused the sender desk@bridge.test: {answer}")
    assert error.lasting is lasting


@pytest.mark.parametrize(("answer", "codes", "lasting"), [
    ("451 4.3.0 your 48215 looks odd", "451 4.3.0", False),
    ("554 5.7.1 spam: 'PIN: 48215'", "554 5.7.1", True),
    ("554 48215", "554", True),
])
def test_refused_content_then_only_the_codes_are_told(serve, inbox, failure, answer, codes, lasting):
    inbox.to_content = [answer]
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        error = failure(carrier)
    assert error.reason.endswith(f"refused the letter to {AMOS}: {codes}")
    assert error.lasting is lasting


@pytest.mark.parametrize("where", ["recipient", "content"])
def test_a_connection_dropped_in_the_middle_then_the_next_letter_takes_another(serve, inbox, letter, failure,
                                                                               where):
    if where == "recipient":
        inbox.to_recipient[AMOS] = [None]
    else:
        inbox.to_content = [None]
    with SmtpCarrier(HOST, serve(inbox), "none", timeout_s=60) as carrier:
        error = failure(carrier)
        carrier.carry(letter(), AMOS)
    assert not error.lasting
    assert (len(inbox.envelopes), inbox.connections) == (1, 2)


def test_a_server_that_ends_the_connection_between_letters_then_none_fails(serve, inbox, letter):
    class OneEach(type(inbox)):
        async def handle_RSET(self, server, session, envelope):  # noqa: N802
            server.transport.close()
            return "421 enough"

    inbox = OneEach()
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        for _ in range(3):
            carrier.carry(letter(), AMOS)
    assert (len(inbox.envelopes), inbox.connections) == (3, 3)


def test_an_address_beyond_ascii_when_offered_then_sent_as_utf8(serve, inbox, letter):
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        carrier.carry(letter(to="amösé@contoso.com"), "amösé@contoso.com")
    [envelope] = inbox.envelopes
    assert envelope.rcpt_tos == ["amösé@contoso.com"]
    assert "SMTPUTF8" in envelope.mail_options
    assert "To: Amos Märble <amösé@contoso.com>\r\n".encode() in envelope.content


def test_an_address_beyond_ascii_when_not_offered_then_given_up(serve, inbox, letter, failure):
    inbox.utf8 = False
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        error = failure(carrier, letter(), "amösé@contoso.com")
        carrier.carry(letter(), AMOS)
    assert "takes ASCII addresses only" in error.reason
    assert error.lasting


@pytest.mark.parametrize("recipient", ["", "amos", "a@b@c", "a b@c", "a@b\r\nDATA", "<a@b>"])
def test_a_recipient_who_is_none_then_no_connection_is_made(serve, inbox, failure, recipient):
    with SmtpCarrier(HOST, serve(inbox), "none") as carrier:
        error = failure(carrier, recipient=recipient)
    assert "is not a mail address" in error.reason
    assert error.lasting
    assert inbox.connections == 0


def test_a_letter_without_sender_then_given_up(letter, failure):
    message = letter()
    del message["From"]
    with SmtpCarrier(HOST, 1, "none") as carrier:
        assert failure(carrier, message).lasting


def test_a_round_after_one_in_vain_then_tries_again(failure):
    with refusing() as late:
        carrier = SmtpCarrier(HOST, late.getsockname()[1], "none")
        with carrier:
            failure(carrier)
        late.listen()
        thread = threading.Thread(target=lambda: late.accept()[0].close())
        thread.start()
        with carrier:
            assert "ended the connection" in failure(carrier).reason
        thread.join()
