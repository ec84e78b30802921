"""What a caller can do with keys in a meeting, and which keys mean what (A5)."""

import enum
from collections.abc import Iterable, Mapping


class Command(enum.Enum):
    """A command; the value is its name in profiles and journals. Help tells them in this order."""

    HELP = "help"
    MUTE = "mute"
    HAND = "hand"
    ROLL_CALL = "roll-call"
    ADMIT_ALL = "admit-all"
    MUTE_ALL = "mute-all"
    ANNOUNCEMENTS = "announcements"
    LOCK = "lock"
    OPERATOR = "operator"


FOR_ORGANIZERS = frozenset({Command.ADMIT_ALL, Command.MUTE_ALL, Command.ANNOUNCEMENTS, Command.LOCK})
"""What only an organizer or presenter may do."""

LONGEST = 3
"""Digits a command can have."""


class Typed(enum.Enum):
    """What digits after the command key amount to when they are no command."""

    MORE = "another digit may follow"
    NOTHING = "no command begins so"


def meaning(digits: str, keys: Mapping[Command, str], *, over: bool) -> Command | Typed:
    """Return what the digits after the command key mean.

    Parameters
    ----------
    digits : str
        At least one, unless `over`.
    keys : mapping
        The digits of each command that has some.
    over : bool
        Whether the time for another digit is over; a command that others begin with is then meant.
    """
    exact = next((command for command, own in keys.items() if own == digits), None)
    longer = any(own.startswith(digits) and own != digits for own in keys.values())
    if longer and not over:
        return Typed.MORE
    return exact or Typed.NOTHING


def wrong(keys: Mapping[Command, str]) -> str:
    """Return what is wrong with an assignment of keys, or nothing: each has its own digits (A5)."""
    taken: dict[str, Command] = {}
    for command, digits in keys.items():
        if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST):
            return f"{digits!r} is no key for {command.value}: it takes 1 to {LONGEST} digits, or none"
        if digits in taken:
            return (f"{taken[digits].value} and {command.value} cannot both have the key {digits}: "
                    "give each its own, or none")
        taken[digits] = command
    return ""


def in_order(keys: Mapping[Command, str], *, organizer: bool) -> Iterable[tuple[Command, str]]:
    """Give the commands that somebody can use, and their digits, in the order in which help tells them."""
    for command in Command:
        if command in keys and (organizer or command not in FOR_ORGANIZERS):
            yield command, keys[command]
