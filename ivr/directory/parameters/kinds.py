"""What a value can be: how it is read from what a person types, and shown to one.

A kind refuses with `NoneOfThese`; the parameter that has the kind makes a whole sentence of it (`BadValue`).
Text of several forms, phone numbers too, is in `ivr.directory.parameters.texts`.
"""

import re
from dataclasses import dataclass
from typing import Protocol

from ivr.directory.errors import BadValue, nearest
from ivr.directory.parameters.languages import language, nearest_language
from ivr.directory.parameters.words import NO, NOTHING, YES

Value = bool | int | str | None | tuple[str, ...]
"""What a parameter can hold; each can be kept as JSON."""


class NoneOfThese(Exception):
    """The text is no value of this kind; the message, if any, is a hint to add."""


class ParameterKind(Protocol):
    """A kind of value; `read(show(value))` is the value again."""

    @property
    def wanted(self) -> str:
        """Return what it takes, to follow "it takes"."""

    def read(self, text: str) -> Value:
        """Return the value a person has typed; raises NoneOfThese."""

    def show(self, value: Value) -> str:
        """Return the value as a person reads it."""

    def holds(self, value: Value) -> bool:
        """Return whether a value is one of this kind, in the form in which it is kept."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    wanted: str = "yes or no"

    def read(self, text: str) -> bool:
        """Read yes, no, true, false, $true, $false, on, off, 1 or 0."""
        word = text.strip().casefold()
        if word in YES or word in NO:
            return word in YES
        raise NoneOfThese

    def show(self, value: Value) -> str:
        """Show yes or no."""
        return "yes" if value else "no"

    def holds(self, value: Value) -> bool:
        """Tell whether it is a bool."""
        return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number in a range, ends included.

    Attributes
    ----------
    words : tuple of (str, int or None)
        Words that stand for a value, which may lie outside the range; the first word of a value is how it is shown.
    """

    low: int
    high: int
    words: tuple[tuple[str, int | None], ...] = ()

    @property
    def wanted(self) -> str:
        """Name the range, and the first word of each value that has one."""
        firsts = {value: word for word, value in reversed(self.words)}
        return f"a whole number from {self.low} to {self.high}" + "".join(f", or {w!r}" for w in firsts.values())

    def read(self, text: str) -> int | None:
        """Read a number in decimal digits, or one of the words."""
        word = text.strip().casefold()
        for known, value in self.words:
            if word == known:
                return value
        if not re.fullmatch(r"[0-9]{1,9}", word) or not self.holds(int(word)):
            raise NoneOfThese
        return int(word)

    def show(self, value: Value) -> str:
        """Show the value's word, else its digits."""
        return next((word for word, of in self.words if of == value), str(value))

    def holds(self, value: Value) -> bool:
        """Tell whether it is in the range or has a word."""
        if isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high:
            return True
        return any(value is of or (value == of and type(value) is type(of)) for _, of in self.words)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words, in any case.

    Attributes
    ----------
    words : tuple of tuple of str
        Each value's spellings: ours, which is kept and shown, then those of the cmdlets.
    """

    words: tuple[tuple[str, ...], ...]

    @property
    def wanted(self) -> str:
        """List our words."""
        *most, last = (spellings[0] for spellings in self.words)
        return f"{', '.join(most)} or {last}"

    def read(self, text: str) -> str:
        """Read any spelling."""
        word = text.strip().casefold()
        for spellings in self.words:
            if word in (one.casefold() for one in spellings):
                return spellings[0]
        raise NoneOfThese(nearest(word, [spellings[0] for spellings in self.words]))

    def show(self, value: Value) -> str:
        """Show our word."""
        return str(value)

    def holds(self, value: Value) -> bool:
        """Tell whether it is one of our words."""
        return any(value == spellings[0] for spellings in self.words)


@dataclass(frozen=True, slots=True)
class LanguageId:
    """One of the languages a bridge speaks (A1.8)."""

    wanted: str = "a language such as en-US or fr-FR"

    def read(self, text: str) -> str:
        """Read an id, or the language's name, in any case."""
        try:
            return language(text)
        except BadValue:
            raise NoneOfThese(nearest_language(text)) from None

    def show(self, value: Value) -> str:
        """Show the id."""
        return str(value)

    def holds(self, value: Value) -> bool:
        """Tell whether it is an id, spelt as it is listed."""
        try:
            return isinstance(value, str) and language(value) == value
        except BadValue:
            return False


@dataclass(frozen=True, slots=True)
class Key:
    """A digit key, or None for a command that is switched off (A5)."""

    wanted: str = "a key from 0 to 9, or 'none'"

    def read(self, text: str) -> str | None:
        """Read a digit."""
        word = text.strip().casefold()
        if word in NOTHING:
            return None
        if not self.holds(word):
            raise NoneOfThese
        return word

    def show(self, value: Value) -> str:
        """Show the digit, or "none"."""
        return "none" if value is None else str(value)

    def holds(self, value: Value) -> bool:
        """Tell whether it is None or a digit."""
        return value is None or (isinstance(value, str) and re.fullmatch(r"[0-9]", value) is not None)
