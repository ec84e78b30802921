"""Keys that are commands: some begin others, and time decides."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


class Typed(enum.Enum):
    """What digits amount to when they are no command."""

    MORE = "another digit may follow"
    NOTHING = "no command begins so"


@dataclass(frozen=True, slots=True)
class CallerCommands:
    """The commands of a caller where an application has his call.

    Attributes
    ----------
    first : str
        The key that begins a command; empty: there are none.
    commands : mapping of command to digits
        The digits after it.
    wait : int
        Samples in which the next key has to come.
    """

    first: str = ""
    commands: Mapping[str, str] = field(default_factory=dict)
    wait: int = 0


def meaning(digits: str, commands: Mapping[str, str], *, over: bool) -> str | Typed:
    """Return what the digits after the first key mean.

    Parameters
    ----------
    digits : str
        At least one, unless `over`.
    commands : mapping of command to digits
    over : bool
        Whether the time for another digit is over; a command that others begin with is then meant.
    """
    exact = next((command for command, own in commands.items() if own == digits), None)
    longer = any(own.startswith(digits) and own != digits for own in commands.values())
    if longer and not over:
        return Typed.MORE
    return exact or Typed.NOTHING


def sequence(typed: str, known: Collection[str], *, over: bool) -> str | Typed:
    """Return what keys mean where some of several are meant, such as 3 and 33: themselves if they are one.

    Parameters
    ----------
    typed : str
        The keys so far, one at least.
    known : collection of str
        The sequences that mean something.
    over : bool
        Whether the time for another key is over.
    """
    return meaning(typed, {keys: keys for keys in known}, over=over)
