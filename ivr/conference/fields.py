"""How the fields of a profile are written, shown and checked; and where their values come from."""

import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, ClassVar, Protocol

from ivr.clock import RATE, samples, seconds
from ivr.conference.commands import Command, wrong
from ivr.errors import Valued

_UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_NOTHING = ("none", "$null", "off")
_MOST_LANGUAGES = 5


class FieldRefused(Valued, ValueError):
    """A text is no value of a field; the message says what is taken."""


class Kind(Protocol):
    """How values of a field are read and shown; `show` gives what `read` takes."""

    def read(self, text: str) -> Any:  # noqa: ANN401  (each kind has its own type)
        """Return the value; raise `Refused`."""

    def show(self, value: Any) -> str:  # noqa: ANN401
        """Return it as text."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no."""

    def read(self, text: str) -> bool:
        """Return whether it is yes."""
        if text not in ("yes", "no"):
            raise FieldRefused(f"{text!r} is neither 'yes' nor 'no'", value=text)
        return text == "yes"

    def show(self, value: bool) -> str:
        """Return yes or no."""
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in a range."""

    least: int
    most: int

    def read(self, text: str) -> int:
        """Return the number."""
        if not re.fullmatch("[0-9]{1,6}", text) or not self.least <= int(text) <= self.most:
            only = f"only {self.least}" if self.least == self.most else f"{self.least} to {self.most}"
            raise FieldRefused(f"{text!r} is out of range: it takes {only}", value=text)
        return int(text)

    def show(self, value: int) -> str:
        """Return the number."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: samples inside, seconds and their like outside; 0 s only where that means never."""

    zero: bool = False
    most: ClassVar[float] = 48 * 3600.0

    def read(self, text: str) -> int:
        """Return the samples."""
        match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*([a-z]+)", text)
        if not match or match[2] not in _UNITS:
            raise FieldRefused(f"{text!r} is not a length of time: write a number and ms, s, min or h, "
                               "as in '20 s'", value=text)
        length = float(match[1]) * _UNITS[match[2]]
        if length > self.most:
            raise FieldRefused(f"{text!r} is too long: it takes 48 h at most", value=text)
        if not length and not self.zero:
            raise FieldRefused(f"{text!r} is too short: it takes more than no time", value=text)
        return samples(length)

    def show(self, value: int) -> str:
        """Return it in the largest unit that makes a short number of it."""
        for unit, size in (("h", 3600), ("min", 60)):
            if value and value % (size * RATE) == 0 and (unit, value) != ("min", 60 * RATE):
                return f"{value // (size * RATE)} {unit}"
        return f"{seconds(value):g} s"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some words."""

    words: tuple[str, ...]

    def read(self, text: str) -> str:
        """Return the word."""
        if text not in self.words:
            raise FieldRefused(f"{text!r} cannot stand here: it takes {', '.join(self.words)}", value=text)
        return text

    def show(self, value: str) -> str:
        """Return the word."""
        return value


@dataclass(frozen=True, slots=True)
class Several:
    """Some of some words, with commas between them; none is allowed."""

    words: tuple[str, ...]

    def read(self, text: str) -> frozenset[str]:
        """Return the words."""
        if text in _NOTHING:
            return frozenset()
        parts = [part.strip() for part in text.split(",")]
        for part in parts:
            if part not in self.words:
                raise FieldRefused(f"{part!r} cannot stand here: it takes {', '.join(self.words)}, or none",
                                   value=part)
        return frozenset(parts)

    def show(self, value: frozenset[str]) -> str:
        """Return the words in their order."""
        return ", ".join(word for word in self.words if word in value) or "none"


@dataclass(frozen=True, slots=True)
class OneKey:
    """One of the two keys that are no digits."""

    def read(self, text: str) -> str:
        """Return the key."""
        if text not in ("*", "#"):
            raise FieldRefused(f"{text!r} cannot be this key: it takes \"*\" or \"#\"", value=text)
        return text

    def show(self, value: str) -> str:
        """Return the key."""
        return value


@dataclass(frozen=True, slots=True)
class Digits:
    """Lengths from the shortest to the longest."""

    def read(self, text: str) -> range:
        """Return the lengths."""
        match = re.fullmatch(r"([0-9]{1,2})\s*(?:to|-)\s*([0-9]{1,2})", text)
        if not match or not 1 <= int(match[1]) <= int(match[2]) <= 24:
            raise FieldRefused(f"{text!r} are no lengths: write the shortest and the longest, as in '4 to 12'",
                               value=text)
        return range(int(match[1]), int(match[2]) + 1)

    def show(self, value: range) -> str:
        """Return the shortest and the longest."""
        return f"{value.start} to {value.stop - 1}"


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone number, or none."""

    def read(self, text: str) -> str:
        """Return the number with its plus; empty for none."""
        if text in _NOTHING:
            return ""
        plain = re.sub(r"[ ()-]", "", text.removeprefix("tel:"))
        if not re.fullmatch(r"\+?[0-9]{3,15}", plain):
            raise FieldRefused(f"{text!r} is no telephone number: write one such as +14255550100, or none",
                               value=text)
        return plain

    def show(self, value: str) -> str:
        """Return the number."""
        return value or "none"


@dataclass(frozen=True, slots=True)
class Languages:
    """One to five languages, the first is the primary one (A1.4)."""

    def read(self, text: str) -> tuple[str, ...]:
        """Return their ids."""
        found = tuple(part.strip() for part in text.split(","))
        for one in found:
            if not re.fullmatch(r"[a-z]{2,3}-[A-Z]{2}", one):
                raise FieldRefused(f"{one!r} is no language: write one such as en-US", value=one)
        if len(set(found)) < len(found):
            raise FieldRefused(f"{text!r} names a language twice", value=text)
        if len(found) > _MOST_LANGUAGES:
            raise FieldRefused(f"{text!r} are {len(found)} languages: a number has one and up to four more (A1.4)",
                               value=text)
        return found

    def show(self, value: tuple[str, ...]) -> str:
        """Return their ids."""
        return ", ".join(value)


@dataclass(frozen=True, slots=True)
class KeyMap:
    """The digits of each command; written as a mapping, one line a command."""

    def read(self, text: str) -> Mapping[Command, str]:
        """Return the keys; here they are written 'help 1, mute 6'."""
        keys: dict[Command, str] = {}
        for part in text.split(","):
            name, _, digits = part.strip().rpartition(" ")
            keys = self.changed(keys, name.strip(), digits)
        return keys

    def changed(self, keys: Mapping[Command, str], name: str, digits: str) -> dict[Command, str]:
        """Return the keys with one command's changed or taken away; not yet checked for being unique."""
        try:
            command = Command(name)
        except ValueError:
            known = ", ".join(one.value for one in Command)
            raise FieldRefused(f"there is no command {name!r}: there are {known}", value=name) from None
        rest = {other: own for other, own in keys.items() if other is not command}
        return rest if digits.lower() in _NOTHING else {**rest, command: digits}

    def checked(self, keys: Mapping[Command, str]) -> Mapping[Command, str]:
        """Return the keys if each command has its own."""
        if sentence := wrong(keys):
            raise FieldRefused(sentence)
        return keys

    def show(self, value: Mapping[Command, str]) -> str:
        """Return them in the order of help."""
        return ", ".join(f"{c.value} {value[c]}" for c in Command if c in value) or "none"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a field of a profile.

    Attributes
    ----------
    kind : Kind
    source : str
        Rows of BEHAVIOUR.md; "[U]" for what no document tells, "ours" for what only this program has.
    text : str
        What it is for, in one line.
    area : str
        The heading it stands under; empty for that of the field before.
    of_meeting : bool
        Whether a meeting may have its own.
    """

    kind: Kind
    source: str
    text: str
    area: str = ""
    of_meeting: bool = False


def about(default: Any, kind: Kind, source: str, text: str, *, area: str = "",  # noqa: ANN401
          of_meeting: bool = False) -> Any:  # noqa: ANN401
    """Return a field of a dataclass, and what is to be known of it."""
    known = About(kind, source, text, area, of_meeting)
    if isinstance(default, Mapping):
        return field(default_factory=lambda: default, metadata={"about": known})
    return field(default=default, metadata={"about": known})


def time(default: str, source: str, text: str, *, area: str = "", of_meeting: bool = False,
         zero: bool = False) -> Any:  # noqa: ANN401
    """Return a field that holds a length of time; `zero` if it may be none."""
    kind = Duration(zero)
    return about(kind.read(default), kind, source, text, area=area, of_meeting=of_meeting)


def described(profile: Any) -> dict[str, tuple[Field[Any], About]]:  # noqa: ANN401
    """Return the fields that can be told of, by their names outside: words with hyphens."""
    return {one.name.replace("_", "-"): (one, one.metadata["about"])
            for one in fields(profile) if "about" in one.metadata}
