"""Mail addresses, in any script: one rule for every door; how they are kept and how they travel (D2, D4, RFC 6531).

A domain in another script travels in its ASCII form, which every server takes (RFC 5890); only a part before the @
that is not ASCII needs a server with SMTPUTF8.
"""

import re
import unicodedata

from ivr.mail.errors import BadHeader

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_ALIAS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LONGEST_ALIAS, _LONGEST = 64, 254
_TWO_READINGS = "ßς\u200c\u200d"
"""What the two standards for domains read differently: nobody knows whose mailbox is meant (RFC 5894, 7.2)."""


def address(text: str) -> str:
    """Return an address as it is kept: in small letters, its domain in its own script.

    Raises
    ------
    BadHeader
        If it is none, or no mail could be sent to it.
    """
    travelling = on_the_wire(text)
    alias, _, domain = travelling.rpartition("@")
    return f"{unicodedata.normalize('NFC', alias.lower())}@{'.'.join(map(_in_its_script, domain.split('.')))}"


def plain(text: str) -> str:
    """Return an address as it is kept, and what is none as it is, in small letters: to find somebody by."""
    try:
        return address(text.strip())
    except BadHeader:
        return text.strip().casefold()


def on_the_wire(text: str) -> str:
    """Return an address as servers take it: its domain in ASCII.

    Raises
    ------
    BadHeader
        If it is none.
    """
    alias, at, domain = text.rpartition("@")
    domain = _in_ascii(domain)
    if not (at and domain and text.isprintable() and _ALIAS.fullmatch(alias)):
        raise BadHeader(f"{text!r} is not a mail address: one looks like amos.marble@contoso.com", value=text)
    travelling = f"{unicodedata.normalize('NFC', alias)}@{domain}"
    if len(alias.encode()) > _LONGEST_ALIAS or len(travelling.encode()) > _LONGEST:
        raise BadHeader(f"{text[:40]!r}... is not a mail address: one has {_LONGEST_ALIAS} bytes before the @ at "
                        f"most, and {_LONGEST} in all", value=text[:40])
    return travelling


def _in_ascii(domain: str) -> str:
    """Return a domain as it stands in the domain name system; empty if it is none."""
    if unclear := [sign for sign in _TWO_READINGS if sign in domain]:
        raise BadHeader(f"the domain {domain!r} may be two different ones because of its {unclear[0]!r}: "
                        "write it in ASCII, as xn--...", value=domain)
    try:
        travelling = domain.lower() if domain.isascii() else domain.encode("idna").decode().lower()
    except UnicodeError:
        return ""
    return travelling if _DOMAIN.fullmatch(travelling) else ""


def _in_its_script(label: str) -> str:
    try:
        return label.encode().decode("idna")
    except UnicodeError:  # of the newer standard alone: it stays as it is
        return label

