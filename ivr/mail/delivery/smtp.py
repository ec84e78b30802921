"""Letters handed to a mail server.

A server that cannot be talked to (unknown, refusing, silent, a wrong certificate, a refused login) is no fault of a
letter: such a failure is never lasting, and it is not tried again for the other letters of the round, which fail at
once for the same reason. The refusal of one letter, its sender or its recipient concerns that letter alone, and
lasts when the server says so by a code of 500 or more (RFC 5321, 4.2.1).

What the server says to an address is quoted. What it says to a letter's content is not, as it could repeat that:
there only the codes are told.
"""

import smtplib
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

from ivr.mail.delivery.errors import Undelivered, checked_recipient
from ivr.mail.delivery.form import as_bytes, needs_utf8, sender_of
from ivr.mail.delivery.server import FAILURES, Security, Server, codes, quoted, reach, timed_out

_LOG_IN_FIRST = 530
"""RFC 4954, 6: the settings are wrong, not the letter."""


class SmtpCarrier:
    """Hands letters to a mail server, over one connection a round.

    Parameters
    ----------
    security : str
        "starttls" (RFC 3207) or "tls" (RFC 8314), both with the server's certificate checked, or "none".
    user, password : str
        For the login; none if `user` is empty. A password is never sent without encryption.
    timeout_s : float
        How long each answer of the server may take.
    ca_file : Path, optional
        Certificates (PEM) to trust instead of the system's.
    """

    def __init__(self, host: str, port: int, security: Security = "starttls", user: str = "", password: str = "",
                 timeout_s: float = 10, ca_file: Path | None = None) -> None:
        self._to = Server(host, port, security, user, password, timeout_s, ca_file)
        self._connection: smtplib.SMTP | None = None
        self._out_of_reach = ""

    def __enter__(self) -> Self:
        self._out_of_reach = ""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._hang_up()

    def carry(self, message: EmailMessage, recipient: str) -> None:
        """Hand a letter to the server, for one recipient; the letter's head does not decide who gets it.

        Raises
        ------
        Undelivered
            If the server is out of reach or refuses the letter, or if the letter is none.
        """
        sender, recipient = sender_of(message), checked_recipient(recipient)
        utf8 = needs_utf8(message, recipient)
        data = as_bytes(message, utf8=utf8, line_end="\r\n")
        connection = self._connected()
        if utf8 and not connection.has_extn("smtputf8"):
            raise Undelivered(f"{self._to} takes ASCII addresses only, and the letter from {sender} to {recipient} "
                              "has others: choose other addresses", lasting=True)
        try:
            connection.sendmail(sender, [recipient], data, ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else [])
        except FAILURES as error:
            failure = self._failure(error, sender, recipient)
        else:
            return
        raise failure  # out here, so that it is not chained to an answer that may repeat the letter

    def _failure(self, error: Exception, sender: str, recipient: str) -> Undelivered:
        """Return what became of a letter. The connection is kept if the server still speaks."""
        match error:
            case smtplib.SMTPRecipientsRefused():
                code, said = error.recipients[recipient]
                return Undelivered(f"{self._to} refused the recipient {recipient}: {quoted(code, said)}",
                                   lasting=_lasting(code))
            case smtplib.SMTPSenderRefused(smtp_code=code, smtp_error=answer):
                return Undelivered(f"{self._to} refused the sender {sender}: {quoted(code, answer)}",
                                   lasting=_lasting(code))
            case smtplib.SMTPDataError(smtp_code=code, smtp_error=answer):
                return Undelivered(f"{self._to} refused the letter to {recipient}: {codes(code, answer)}",
                                   lasting=_lasting(code))
        self._hang_up()
        if timed_out(error):
            return Undelivered(f"{self._to} did not answer within {self._to.timeout_s:g} s while it was given the "
                               f"letter to {recipient}")
        if isinstance(error, smtplib.SMTPResponseException | ValueError):
            return Undelivered(f"{self._to} did not answer like a mail server when it was given the letter to "
                               f"{recipient}: check host and port")
        return Undelivered(f"{self._to} ended the connection while it was given the letter to {recipient}")

    def _connected(self) -> smtplib.SMTP:
        if self._out_of_reach:
            raise Undelivered(self._out_of_reach)
        if self._connection is not None and not _alive(self._connection):
            self._hang_up()
        if self._connection is None:
            try:
                self._connection = reach(self._to)
            except Undelivered as failure:
                self._out_of_reach = failure.reason
                raise
        return self._connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*FAILURES):
                connection.quit()
            connection.close()


def _alive(connection: smtplib.SMTP) -> bool:
    """Tell whether the server still listens: many end a connection after some letters or a while."""
    try:
        return connection.rset()[0] == 250
    except FAILURES:
        return False


def _lasting(code: int) -> bool:
    return 500 <= code < 600 and code != _LOG_IN_FIRST
