"""Kinds of text: plain, mail addresses, hosts, links, extensions, phone numbers.

Each can be not set: that is kept as empty text, shown as "none", and read from "none", "$null" or nothing.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from ivr.directory.errors import BadValue
from ivr.directory.parameters.kinds import NoneOfThese, Value
from ivr.directory.parameters.numbers import number
from ivr.directory.parameters.words import NOTHING
from ivr.mail.addresses import on_the_wire
from ivr.mail.errors import BadHeader

_CONTROL = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories that could end a mail's header, steer a terminal or not be kept."""


@dataclass(frozen=True, slots=True)
class TextParameter:
    """Text of one form, or empty.

    Attributes
    ----------
    wanted : str
        What it takes, to follow "it takes".
    fits : callable
        Whether text, in the form in which it is kept, is one.
    plain : callable
        Brings what was typed into that form.
    hint : callable
        What to add about text that is not of this form: where it is wrong.
    """

    wanted: str
    fits: Callable[[str], bool]
    plain: Callable[[str], str] = str.strip
    hint: Callable[[str], str] = lambda _: ""

    def read(self, text: str) -> str:
        """Read text of this form, without the blanks around it."""
        if text.strip().casefold() in NOTHING:
            return ""
        try:
            plain = self.plain(text)
        except BadValue:
            raise NoneOfThese from None
        if not self.holds(plain):
            raise NoneOfThese(self.hint(plain))
        return plain

    def show(self, value: Value) -> str:
        """Show the text, or "none"."""
        return str(value or "none")

    def holds(self, value: Value) -> bool:
        """Tell whether it is empty or of this form, and would be read again as it is."""
        if not isinstance(value, str) or value != value.strip():
            return False
        return value == "" or (value.casefold() not in NOTHING and self.fits(value))


@dataclass(frozen=True, slots=True)
class PhoneNumbers:
    """Phone numbers in their order, each once."""

    wanted: str = "different phone numbers such as '+14255550123, +33155550123', or 'none'"

    def read(self, text: str) -> tuple[str, ...]:
        """Read numbers with commas or semicolons between them."""
        if text.strip().casefold() in NOTHING:
            return ()
        found = tuple(PHONE.read(part) for part in re.split(r"[,;]", text))
        if not self.holds(found):
            raise NoneOfThese
        return found

    def show(self, value: Value) -> str:
        """Show the numbers, or "none"."""
        return ", ".join(value) if isinstance(value, tuple) and value else "none"

    def holds(self, value: Value) -> bool:
        """Tell whether it is a tuple of different numbers."""
        return (isinstance(value, tuple) and all(one and PHONE.holds(one) for one in value)
                and len(set(value)) == len(value))


def line(longest: int) -> TextParameter:
    """Return the kind for text on one line, of at most so many characters."""
    return TextParameter(f"text of at most {longest} characters on one line, or 'none'",
                         lambda value: len(value) <= longest and not _controls(value))


def lines(longest: int) -> TextParameter:
    """Return the kind for text of at most so many characters on any number of lines."""
    return TextParameter(f"text of at most {longest} characters, or 'none'",
                         lambda value: len(value) <= longest and not _controls(value.replace("\n", "")),
                         lambda text: text.replace("\r\n", "\n").strip())


def one_line(text: str, what: str) -> str:
    """Return text for one line, without the blanks around it.

    Parameters
    ----------
    what : str
        What it is to be, such as "the name of a city"; for the message.

    Raises
    ------
    BadValue
        If it is too long, or has characters that steer a terminal, end a line or cannot be kept.
    """
    if len(text) > _LONGEST_LINE or _controls(text):
        raise BadValue(f"{text[:40]!r} cannot be {what}: it takes one line of up to {_LONGEST_LINE} characters",
                       value=text[:40])
    return text.strip()


def _controls(value: str) -> bool:
    return any(unicodedata.category(one) in _CONTROL for one in value)


def _form(pattern: str, longest: int) -> Callable[[str], bool]:
    return lambda value: len(value) <= longest and re.fullmatch(pattern, value) is not None


def _link(value: str) -> bool:
    if len(value) > _LONGEST_LINK or re.search(r'[\s<>"\\]', value) or not value.isprintable():
        return False  # what a letter could not hold would break every letter with it
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an address between them, or a port that is none
        return False


def _ip_address(value: str) -> bool:
    try:
        return bool(ip_address(value))
    except ValueError:
        return False


def _address(value: str) -> bool:
    try:
        return bool(on_the_wire(value))
    except BadHeader:
        return False


def _phone(value: str) -> bool:
    try:
        return number(value) == value
    except BadValue:
        return False


_LONGEST_LINE = 200
_LONGEST_LINK = 2000
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"

MAIL = TextParameter("a mail address such as amos.marble@contoso.com, or 'none'", _address)
"""The alias@domain of D4, in any script (RFC 5321, 4.1.2 and 4.5.3.1; RFC 6531)."""

HOST = TextParameter("the name or address of a host, such as mail.contoso.com, or 'none'",
                     lambda value: _form(_DOMAIN, 253)(value) or _ip_address(value))

EXTENSION = TextParameter("1 to 20 digits, or 'none'", _form(r"[0-9]{1,20}", 20))
"""An extension of a telephone system (F1.5)."""

LINK = TextParameter("a web address such as https://example.org/pin, or 'none'", _link)

PHONE = TextParameter("a phone number such as +14255550123, or 'none'", _phone, number)
"""A number as D9 has it, kept with its plus."""
