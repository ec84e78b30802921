"""Reaching a mail server: connection, encryption, login; and what went wrong, told in one sentence.

None of these sentences quotes what the server says to a login, as it could repeat the password, and none of the
errors that smtplib raises is chained to ours, as some of them hold it.
"""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ivr.mail.delivery.errors import Undelivered, one_line

Security = Literal["starttls", "tls", "none"]

FAILURES = (OSError, ValueError)
"""What smtplib raises: its SMTPException is an OSError, and a ValueError is text that it cannot encode."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how it is spoken to; see `SmtpCarrier`."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    timeout_s: float
    ca_file: Path | None

    def __str__(self) -> str:
        return f"the mail server {self.host}:{self.port}"


def reach(to: Server) -> smtplib.SMTP:
    """Return a connection that is ready for letters.

    Raises
    ------
    Undelivered
        If there is none; never lasting, as no letter is to blame.
    """
    if to.user and to.security == "none":
        raise Undelivered(f"no password is sent to {to} without encryption: set --smtp-security to 'starttls' or "
                          "'tls', "
                          "or log in as nobody")
    context = None if to.security == "none" else _trust(to)
    connection: smtplib.SMTP | None = None
    try:
        if context is not None and to.security == "tls":
            connection = smtplib.SMTP_SSL(to.host, to.port, timeout=to.timeout_s, context=context)
        else:
            connection = smtplib.SMTP(to.host, to.port, timeout=to.timeout_s)
        if context is not None and to.security == "starttls":
            connection.starttls(context=context)
        connection.ehlo_or_helo_if_needed()
        reason = _not_let_in(to, connection) if to.user else ""
    except FAILURES as error:
        reason = _why(to, error)
    if connection is not None and not reason:
        return connection
    if connection is not None:
        connection.close()
    raise Undelivered(reason)


def _trust(to: Server) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=to.ca_file)
    except OSError as error:  # an ssl.SSLError is one
        why = "it holds no certificate" if isinstance(error, ssl.SSLError) else str(error.strerror).lower()
        raise Undelivered(f"the certificates in {str(to.ca_file)!r} cannot be read ({why}): "
                          "give a PEM file, or leave it out") from None


def _not_let_in(to: Server, connection: smtplib.SMTP) -> str:
    """Log in; return why that failed, or nothing."""
    try:
        connection.login(to.user, to.password)
    except smtplib.SMTPAuthenticationError as error:
        return (f"{to} refused the login of {to.user!r} ({codes(error.smtp_code, error.smtp_error)}): "
                "check user and password")
    except smtplib.SMTPServerDisconnected as error:
        return _why(to, error)
    except smtplib.SMTPException:
        return f"{to} has no login that is understood here: check host and port, or log in as nobody"
    except UnicodeEncodeError:
        return f"user or password for {to} is not ASCII, which this login cannot send: choose another"
    return ""


def _why(to: Server, error: Exception) -> str:
    if timed_out(error):
        return f"{to} did not answer within {to.timeout_s:g} s: check host and port, or try later"
    match error:
        case socket.gaierror() | UnicodeError():
            return f"there is no host {to.host!r}: check the mail server's name"
        case ssl.SSLCertVerificationError():
            return (f"{to} has a certificate that is not to be trusted ({one_line(error.verify_message)}): "
                    "check the host, or give the certificate that vouches for it")
        case ssl.SSLError():
            return f"{to} could not agree on encryption: check port and security"
        case smtplib.SMTPServerDisconnected():
            return f"{to} ended the connection before it took letters: check port and security, or try later"
        case smtplib.SMTPNotSupportedError():
            return (f"{to} does not offer STARTTLS: set --smtp-security to 'tls', or take another port; "
                    "with 'none' PINs travel for all to read")
        case smtplib.SMTPResponseException() if error.smtp_code > 0:
            return f"{to} takes no letters: {quoted(error.smtp_code, error.smtp_error)}"
        case OSError() if not isinstance(error, smtplib.SMTPException):  # which is an OSError, too
            why = one_line(error.strerror or "no connection").lower()
            return f"{to} is out of reach ({why}): check host and port"
    return f"{to} does not answer like a mail server: check host and port"


def timed_out(error: Exception) -> bool:
    """Tell whether the server was silent; smtplib reports that as an end of the connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def codes(code: int, said: str | bytes) -> str:
    """Return the codes of an answer alone (RFC 5321, 4.2; RFC 3463)."""
    enhanced = re.match(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b", one_line(said))
    return f"{code} {enhanced[0]}" if enhanced else f"{code}"


def quoted(code: int, said: str | bytes) -> str:
    """Return an answer as one line."""
    return f"{code} {one_line(said)}".rstrip()
