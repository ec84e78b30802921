"""Whose fault an error is, as an exit code: the one place where all trees of errors meet."""

from dtmf import DtmfError
from ivr.call.profile import UnknownProfile
from ivr.directory.errors import DirectoryError, NotADatabase, StoreError
from ivr.mail.errors import MailError
from ivr.report import ReportError
from ivr.scenario.errors import ScenarioError
from prompts import NoVoice, PromptError


class UsageError(Exception):
    """The command's words are off: what they say cannot be meant."""


class Declined(Exception):
    """The user was asked, and said no."""


_CODES: tuple[tuple[type[Exception], int], ...] = (
    (NoVoice, 3),
    (UsageError, 2),
    (ScenarioError, 2),
    (Declined, 1),
    (DirectoryError, 2),
    (NotADatabase, 2),
    (StoreError, 3),
    (MailError, 2),
    (DtmfError, 2),
    (UnknownProfile, 2),
    (PromptError, 2),
    (ReportError, 2),
)


def code_of(error: Exception) -> int | None:
    """Return the exit code for an error of the user's or the machine's; None for one of ours."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), None)
