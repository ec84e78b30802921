"""Whose fault an error is, as an exit code: the one place where all trees of errors meet."""

import re
import sys

from ivr.journal import MASK


class UsageError(Exception):
    """The command's words are off: what they say cannot be meant."""


class Declined(Exception):
    """The user was asked, and said no."""


_CODES = (
    ("prompts", "NoVoice", 3),
    ("ivr.cli.faults", "UsageError", 2),
    ("ivr.scenario.errors", "ScenarioError", 2),
    ("ivr.cli.faults", "Declined", 1),
    ("ivr.directory.errors", "DirectoryError", 2),
    ("ivr.directory.errors", "NotADatabase", 2),
    ("ivr.directory.errors", "StoreError", 3),
    ("ivr.mail.errors", "MailError", 2),
    ("dtmf", "DtmfError", 2),
    ("ivr.screen.showing", "ScreenError", 3),
    ("ivr.lines.soundcard.errors", "AmbiguousDevice", 2),
    ("ivr.lines.soundcard.errors", "SoundCardError", 3),
    ("ivr.call.profile", "UnknownProfile", 2),
    ("prompts", "PromptError", 2),
    ("ivr.report", "ReportError", 2),
)
"""Module, error and code. A module that was not loaded has raised nothing, so none is loaded for its errors."""


def code_of(error: Exception) -> int | None:
    """Return the exit code for an error of the user's or the machine's; None for one of ours."""
    return next((code for module, kind, code in _CODES
                 if module in sys.modules and isinstance(error, getattr(sys.modules[module], kind))), None)


def masked(text: str) -> str:
    """Return text in which whatever may be a PIN is masked: numbers by themselves, of 4 to 24 digits."""
    return re.sub(r"(?<![\w+.-])[0-9]{4,24}(?![\w.-])", MASK, text)
