"""Whose fault an error is, as an exit code; and what an error's sentence must not show."""

import re

from ivr.secrecy import MASK


class UsageError(Exception):
    """The command's words are off: what they say cannot be meant."""

    exit_code = 2


class UserDeclined(Exception):
    """The user was asked, and said no."""

    exit_code = 1


def code_of(error: Exception) -> int | None:
    """Return the exit code that the error's class has, the user's fault or the machine's; None for one of ours."""
    code = getattr(error, "exit_code", None)
    return code if isinstance(code, int) else None


def masked(text: str) -> str:
    """Return text in which whatever may be a PIN is masked: numbers by themselves, of 4 to 24 digits."""
    return re.sub(r"(?<![\w+.-])[0-9]{4,24}(?![\w.-])", MASK, text)
