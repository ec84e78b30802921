"""What the delivery's tests stand on: a letter, an outbox in memory, and real mail servers on this machine."""

import asyncio
import datetime
import ssl
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ivr.mail.delivery import Parcel

PIN = "48215"
USER, PASSWORD = "desk", "correct horse"


@pytest.fixture
def pin():
    """The PIN that the letters hold."""
    return PIN


@pytest.fixture
def account():
    """User and password that the mail servers let in."""
    return USER, PASSWORD


@pytest.fixture
def letter():
    """Make a letter that holds a PIN, in text and HTML, with signs beyond ASCII."""
    def made(message_id="<1@bridge.test>", to="amos.marble@contoso.com", sender="desk@bridge.test"):
        message = EmailMessage()
        message["From"] = f"Konferenz-Brücke <{sender}>"
        message["To"] = f"Amos Märble <{to}>"
        message["Subject"] = "Your PIN has changed · 您的 PIN 已更改"
        message["Message-ID"] = message_id
        message.set_content(f"Grüße! 您的新 PIN:{PIN}\n.\nFrom now on\n")
        message.add_alternative(f"<p>Grüße! <b>{PIN}</b></p>", subtype="html")
        return message
    return made


@dataclass
class Kept:
    """A letter in the outbox of the tests."""

    message: EmailMessage
    recipient: str
    due_at: int | None = 0
    claimed_until: int = 0
    tries: int = 0
    delivered_at: int | None = None
    reasons: list = field(default_factory=list)


class MemoryOutbox:
    """An outbox that keeps its letters in memory and remembers what it was told."""

    def __init__(self):
        self.letters = {}
        self.out_of_order = False
        self.withdrawn = set()

    def put(self, message, recipient="amos.marble@contoso.com", due_at=0, tries=0):
        number = len(self.letters) + 1
        self.letters[number] = Kept(message, recipient, due_at, tries=tries)
        return number

    def claim(self, now, until, limit):
        due = [(number, kept) for number, kept in self.letters.items()
               if kept.due_at is not None and kept.due_at <= now and kept.claimed_until <= now][:limit]
        for _, kept in due:
            kept.claimed_until = until
        return [Parcel(number, kept.tries, kept.recipient, kept.message) for number, kept in due]

    def wanted(self, number):
        return number not in self.withdrawn

    def delivered(self, number, now):
        if self.out_of_order:
            raise OSError("the database is out of reach")
        kept = self.letters[number]
        kept.delivered_at, kept.due_at, kept.claimed_until = now, None, 0

    def failed(self, number, now, reason, again_at):
        kept = self.letters[number]
        kept.tries, kept.due_at, kept.claimed_until = kept.tries + 1, again_at, 0
        kept.reasons.append(reason)


@pytest.fixture
def outbox():
    return MemoryOutbox()


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now=1_600_000_000):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


class Authority:
    """Signs certificates; `file` is its own, which makes a client trust them."""

    def __init__(self, folder):
        self.file = folder / "authority.pem"
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        usage = x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
                              key_encipherment=False, data_encipherment=False, key_agreement=False,
                              encipher_only=False, decipher_only=False)
        own = self._blank(self._name, self._key).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        self.file.write_bytes(_pem(own.add_extension(usage, True).sign(self._key, hashes.SHA256())))

    def context(self, address="127.0.0.1"):
        """Return what a server at this address needs for TLS."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server")])
        signed = self._blank(name, key).add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), False)
        file = self._folder / f"{address}.pem"
        file.write_bytes(_pem(signed.sign(self._key, hashes.SHA256())) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _blank(self, name, key):
        today = datetime.datetime.now(datetime.UTC)
        return (x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(today - datetime.timedelta(days=1))
                .not_valid_after(today + datetime.timedelta(days=1))
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
                .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False))


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


class Inbox:
    """What a mail server does with letters: takes them, unless it is given answers for a recipient or sender.

    An answer is a text such as "450 later", or None to end the connection. Answers to a recipient are used up one
    by one; after the last one he is accepted.
    """

    def __init__(self):
        self.utf8 = True
        self.envelopes = []
        self.connections = 0
        self.logged_in = []
        self.to_recipient, self.to_sender, self.to_content = {}, {}, []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if answer := self.to_sender.get(address):
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if answers := self.to_recipient.get(address):
            answer = answers.pop(0)
            if answer is None:
                server.transport.close()
                return "421 gone"
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.to_content:
            answer = self.to_content.pop(0)
            if answer is None:
                server.transport.abort()
                return "421 gone"
            return answer
        self.envelopes.append(envelope)
        return "250 OK"

    def login(self, server, session, envelope, mechanism, given):
        right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        if right:
            self.logged_in.append(given.login.decode())
        return AuthResult(success=right, handled=right)


class Servers:
    """Mail servers on free ports of this machine, all on one loop in a thread."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._servers = []

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *error):
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __call__(self, inbox, *, tls=None, **options):
        """Start a server and return its port; `tls` is for TLS from the first byte, `tls_context` for STARTTLS."""
        def connected():
            inbox.connections += 1
            return SMTP(inbox, hostname="mail.test", loop=self._loop, enable_SMTPUTF8=inbox.utf8, **options)

        server = asyncio.run_coroutine_threadsafe(
            self._loop.create_server(connected, "127.0.0.1", 0, ssl=tls), self._loop).result(60)
        self._servers.append(server)
        return server.sockets[0].getsockname()[1]

    async def _stop(self):
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture
def serve():
    """Start mail servers; each is stopped at the end of the test."""
    with Servers() as servers:
        yield servers


@pytest.fixture
def inbox():
    return Inbox()
