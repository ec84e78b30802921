"""TLS for browsers: a certificate of ours, or one that is made for this run alone.

BadCertificate    a certificate or a key that cannot be used
"""

import datetime
import hashlib
import ipaddress
import os
import socket
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SELF_SIGNED = "self-signed"
_LASTS = datetime.timedelta(days=30)


class BadCertificate(Exception):
    """A certificate or a key cannot be used."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class SecuredWeb:
    """How connections are secured.

    Attributes
    ----------
    names : tuple of str
        The host names that the certificate is for.
    fingerprint : str
        Of a certificate that nobody else vouches for: SHA-256, to be compared with what a browser shows.
    """

    context: ssl.SSLContext
    names: tuple[str, ...]
    fingerprint: str = ""


def secured_by(certificate: Path, key: Path) -> SecuredWeb:
    """Return how a certificate of ours secures connections.

    Raises
    ------
    BadCertificate
        If it cannot be used.
    """
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise BadCertificate(f"--web-tls {certificate} {key} cannot be read: {error.strerror}") from None
    except (OSError, ValueError):  # what TLS has to say of a file is an OSError
        raise BadCertificate(f"--web-tls {certificate} {key} are no certificate and its key (PEM)") from None
    return SecuredWeb(context, _names(found))


def self_signed(host: str) -> SecuredWeb:
    """Return how a certificate that is made for this run secures connections.

    Parameters
    ----------
    host : str
        The address that is listened at.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dial-in-conference-simulator")])
    names = dict.fromkeys(("localhost", socket.gethostname().lower()))
    own_addresses = () if ipaddress.ip_address(host).is_unspecified else (host,)
    addresses = dict.fromkeys(("127.0.0.1", "::1", *own_addresses))
    now = datetime.datetime.now(datetime.UTC)
    made = (x509.CertificateBuilder().subject_name(own).issuer_name(own).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + _LASTS)
            .add_extension(x509.SubjectAlternativeName(
                [*map(x509.DNSName, names), *(x509.IPAddress(ipaddress.ip_address(one)) for one in addresses)]),
                critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(key, hashes.SHA256()))
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                               serialization.NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # ssl reads keys from files only; nobody else can look into this
        path = Path(folder) / "both.pem"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(secret + pem)
        context.load_cert_chain(path)
    digest = hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest().upper()
    return SecuredWeb(context, _names(made), ":".join(digest[n:n + 2] for n in range(0, len(digest), 2)))


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    return tuple(name.lower() for name in found.value.get_values_for_type(x509.DNSName))
