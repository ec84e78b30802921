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
