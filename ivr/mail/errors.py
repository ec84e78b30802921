"""What can be wrong with a letter; no message ever holds a PIN.

MailError
├── MissingFact      an item that the letter holds was not given (section D)
├── BadFact          a fact that cannot stand in a letter
└── BadHeader        an address or a Message-ID that a mail cannot carry
"""

from ivr.errors import Valued


class MailError(Valued, ValueError):
    """Any fault of what a letter is made from."""


class MissingFact(MailError):
    """A letter would lack an item that its kind holds."""


class BadFact(MailError):
    """A fact cannot stand in a letter: a text too long, a link that is no web page."""


class BadHeader(MailError):
    """An address or a Message-ID cannot stand at the head of a mail."""
