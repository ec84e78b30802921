"""What can go wrong on a letter's way; no message ever holds a PIN, a password or a word of the letter.

Undelivered    this letter was not delivered; its reason is one sentence, and `lasting` says whether to try again
"""

import re

_LONGEST = 200


class Undelivered(Exception):
    """A letter was not delivered.

    Attributes
    ----------
    reason : str
        One plain sentence.
    lasting : bool
        The letter itself cannot be delivered, so that trying again is in vain; else it may work later.
    """

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


def one_line(text: str | bytes) -> str:
    """Return what a stranger said as one short printable line: it goes to a terminal and into the database."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST - 3]}..."


def checked_recipient(recipient: str) -> str:
    """Return the address a letter goes to.

    Raises
    ------
    Undelivered
        If it is none: nothing that could end a line may reach a server or the head of a file.
    """
    if not recipient.isprintable() or not re.fullmatch(r"[^\s<>@]+@[^\s<>@]+", recipient):
        raise Undelivered(f"{one_line(recipient)!r} is not a mail address: send the letter to another one",
                          lasting=True)
    return recipient
