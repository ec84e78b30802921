"""PINs as people type them: on the command line, where they can be seen, or unseen when asked."""

import sys
from getpass import getpass
from typing import Annotated

from cyclopts import Parameter

from ivr.cli.desk.kit import there
from ivr.cli.faults import UsageError

TypedPin = Annotated[str, Parameter(allow_leading_hyphen=True)]
"""A PIN on the command line; the parser would take '-' for an option that lacks its name."""


def typed(pin: str) -> str:
    """Return a new PIN as it stands on the command line; for '-' it is asked for."""
    return secret("New PIN: ") if pin == "-" else pin


def told_seen(pin: str) -> None:
    """Say, once a PIN has been taken from a command line, who may have seen it there."""
    if pin not in ("", "-"):
        print("ivr: a PIN on a command line can be read by others on this machine, and stays in the shell's "
              "history; '--pin -' asks for it unseen.", file=sys.stderr)


def secret(question: str, what: str = "a PIN") -> str:
    """Ask for a secret without showing it; where nobody sits at a terminal, it is the next line of the input.

    Raises
    ------
    UsageError
        If there is none.
    """
    typed = getpass(question) if there() else sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    if not typed:
        raise UsageError(f"{what} was to be typed, and nothing was")
    return typed
