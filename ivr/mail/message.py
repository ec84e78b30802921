"""A letter as a mail: its head, its text and its HTML side by side."""

import email.policy
import re
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from ivr.mail.addresses import on_the_wire
from ivr.mail.errors import BadHeader
from ivr.mail.letters import Letter
from ivr.mail.wordings import one_line

_EVERYWHERE = email.policy.default.clone(cte_type="7bit")  # some servers on the way still carry ASCII alone


def email_of(letter: Letter, *, sender_name: str, sender_address: str, recipient_name: str, recipient: str,
             message_id: str, date: int, sound: bytes = b"", marks: Mapping[str, str] | None = None
             ) -> EmailMessage:
    """Return a letter as a mail, text and HTML side by side.

    Parameters
    ----------
    sender_name, recipient_name : str
        Display names; line breaks in them become spaces.
    message_id : str
        With its angle brackets. The same letter sent twice has the same one, so that readers can tell.
    date : int
        Seconds since 1970 UTC.
    sound : bytes
        A WAV file to attach; none if empty.
    marks : mapping, optional
        Further heads, such as Importance.

    Raises
    ------
    BadHeader
        If an address is not `alias@domain` (D4), or the Message-ID not `<one@two>`.
    """
    if not re.fullmatch(r"<[!-;=?A-~]+@[!-;=?A-~]+>", message_id):
        raise BadHeader(f"{message_id!r} is no Message-ID; write it as <one@two>, in ASCII and without spaces",
                        value=message_id)
    mail = EmailMessage(policy=_EVERYWHERE)
    mail["From"] = _address(sender_name, sender_address)
    mail["To"] = _address(recipient_name, recipient)
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = formatdate(date).replace("-0000", "+0000")
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in (marks or {}).items():
        mail[name] = value
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    if sound:
        mail.add_attachment(sound, maintype="audio", subtype="wav", filename="message.wav")
    if letter.language:  # last, since setting the content clears every Content- header
        mail["Content-Language"] = letter.language
    return mail


def _address(name: str, address: str) -> Address:
    alias, _, domain = on_the_wire(address).rpartition("@")
    return Address(one_line(name), alias, domain)
