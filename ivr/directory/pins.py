"""PINs: what may be one, how one is generated, when it must be changed.

What counts as each pattern is our reading wherever the products give an example only; such a reading is marked [U].
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ivr.directory.administration import Pattern, PinRules
from ivr.directory.errors import BadPin

MASK_STARS = "*****"
"""What stands for any PIN once it has been shown: five stars, whatever its length (C5, B1.8, S4.9)."""

DAY = 86400
"""Seconds in a day of a PIN's life."""

DRAWS = 1000
"""PINs drawn before the rules are held to leave none; rules that forbid nine PINs in ten fail once in 10^45."""

Due = Literal["first-use", "expired", "too-short"]
"""Why a PIN must be changed before it opens anything else."""


@dataclass(frozen=True, slots=True)
class Owner:
    """What an owner's PIN must not be: his own numbers and extension, in any way of writing (B2, F2)."""

    numbers: tuple[str, ...] = ()


def never(pin: str) -> bool:  # noqa: ARG001
    """Answer that no PIN was used before."""
    return False


def generated(rules: PinRules, randbelow: Callable[[int], int], owner: Owner,
              used: Callable[[str], bool] = never) -> str:
    """Return a new PIN, every allowed one as likely as any other; it may begin with zeros.

    Parameters
    ----------
    randbelow : callable
        Gives a whole number below its argument, each as likely.
    used : callable
        Tells whether a PIN is in its owner's history; asked last, since it may have to hash.

    Raises
    ------
    BadPin
        If the rules leave no PIN of this length, or hardly any.
    """
    digits = min(max(rules.length, rules.shortest), rules.longest)
    for _ in range(DRAWS):
        pin = f"{randbelow(10**digits):0{digits}}"
        if _fault(pin, rules, owner) is None and not used(pin):
            return pin
    raise BadPin(f"the rules leave hardly a PIN of {digits} digits: make PINs longer or their history shorter")


def check(pin: str, rules: PinRules, owner: Owner, used: Callable[[str], bool] = never) -> None:
    """Make sure that somebody may choose this PIN.

    Parameters
    ----------
    used : callable
        Tells whether a PIN is in its owner's history; asked last, since it may have to hash.

    Raises
    ------
    BadPin
        If a rule is broken; the message says which, never the PIN.
    """
    if re.fullmatch("[0-9]*", pin) is None:
        raise BadPin("a PIN has digits and nothing else: leave out letters, spaces and signs")
    if not rules.shortest <= len(pin) <= rules.longest:
        raise BadPin(f"a PIN has {rules.shortest} to {rules.longest} digits, and this one has {len(pin)}: "
                     "choose another", rule="length")
    fault = _fault(pin, rules, owner)
    if fault is not None:
        raise BadPin(f"the PIN is easily guessed: {_PATTERNS[fault][1]}; choose another", rule=fault)
    if used(pin):
        raise BadPin("the PIN was used before and is still in the history: choose another", rule="used")


def expires_at(set_at: int, rules: PinRules) -> int | None:
    """Return the moment at which a PIN that was set at another expires; None is never."""
    return set_at + rules.lifetime_days * DAY if rules.lifetime_days else None


def change_due(rules: PinRules, *, digits: int, set_at: int, first_use: bool, now: int) -> Due | None:
    """Return why a PIN must be changed before it opens anything else (F1.10), or None.

    Parameters
    ----------
    digits : int
        Its length.
    set_at, now : int
        When it was set and what time it is, in seconds since 1970, UTC.
    first_use : bool
        Whether it was set to be changed at its first use, and has not been (S2.16, S2.18).
    """
    if first_use:
        return "first-use"
    end = expires_at(set_at, rules)
    if end is not None and now >= end:
        return "expired"
    return "too-short" if rules.length_binds_existing and digits < rules.shortest else None


def _fault(pin: str, rules: PinRules, owner: Owner) -> Pattern | None:
    """Return what is easily guessed about a PIN under these rules, or None."""
    refused = rules.patterns_always if rules.common_patterns else rules.patterns_always | rules.patterns
    numbers = [re.sub("[^0-9]", "", number) for number in owner.numbers]
    return next((pattern for pattern, (is_in, _) in _PATTERNS.items()
                 if pattern in refused and is_in(pin, numbers)), None)


def _steps(pin: str) -> list[int]:
    """Return how far each digit is from the one before; 9 and 0 are far from each other [U]."""
    return [int(after) - int(before) for before, after in pairwise(pin)]


def _is_repeating(pin: str, _: Iterable[str]) -> bool:
    """Tell whether every digit has its like beside it, as in 225577; one pair alone is no fault [U] (B2)."""
    return re.fullmatch(r"(?:(.)\1+)+", pin) is not None


def _has_consecutive(pin: str, _: Iterable[str]) -> bool:
    """Tell whether four digits follow each other, as in 991234, up or, as we choose [U], down (B2)."""
    steps = _steps(pin)
    return any(steps[at:at + 3] in ([1, 1, 1], [-1, -1, -1]) for at in range(len(steps)))


def _is_own_number(pin: str, numbers: Iterable[str]) -> bool:
    """Tell whether the PIN is a number or an extension of its owner (B2)."""
    return pin in numbers


def _is_sequential(pin: str, _: Iterable[str]) -> bool:
    """Tell whether the whole PIN counts up or down, as 1234 and 65432 do (F2)."""
    return set(_steps(pin)) in ({1}, {-1})


def _is_repeated(pin: str, _: Iterable[str]) -> bool:
    """Tell whether it is one digit throughout, as 11111 is (F2)."""
    return len(set(pin)) == 1


def _is_of_extension(pin: str, numbers: Iterable[str]) -> bool:
    """Tell whether it ends an extension, as 6697 ends 36697, or holds one, as 3669712 does (F2, C11).

    An extension of one or two digits is not looked for inside a PIN: that would forbid most of them [U].
    """
    return any(number.endswith(pin) or (len(number) > 2 and number in pin) for number in numbers)


_PATTERNS: Mapping[Pattern, tuple[Callable[[str, list[str]], bool], str]] = {
    "repeating": (_is_repeating, "its digits come in twos or more of a kind"),
    "consecutive": (_has_consecutive, "four of its digits follow each other"),
    "own-number": (_is_own_number, "it is its owner's number or extension"),
    "sequential": (_is_sequential, "its digits count up or down"),
    "repeated": (_is_repeated, "it is one digit throughout"),
    "extension": (_is_of_extension, "it holds its owner's extension, or the end of it"),
}
