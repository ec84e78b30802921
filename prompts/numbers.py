"""Numbers in words, by a table in each language's catalogue.

A table has words and rules. Words are numbers that are said in a way of their own (`7: seven`), joiners
(`and: und`), `1+` for how 1 is said when something follows, and `=2` for how 2 is said when it stands alone. A
rule says how the rest is put together: its left side is digits, or a, b, c for any digit but a leading zero; its
right side names words, or is digits made of the same letters. German: `ab: b+ and a0`, so 21 is "ein und zwanzig".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_LETTERS = re.compile(r"[abc0-9]+\+?")


@dataclass(frozen=True, slots=True)
class NumberForms:
    """How a language says whole numbers.

    Attributes
    ----------
    join : str
        What stands between the words of one number: a space, a hyphen or nothing.
    words : mapping
        Numbers and joiners that are one word each, by name.
    rules : mapping
        Patterns of digits, and what they are made of; the first that fits holds.
    """

    join: str
    words: Mapping[str, str]
    rules: Mapping[str, str]

    def pieces(self, number: int) -> tuple[str, ...]:
        """Return the names of the words that a number is made of, in order.

        Raises
        ------
        KeyError
            If the table does not reach as far.
        """
        alone = f"={number}"
        return (alone,) if alone in self.words else tuple(self._made(str(number)))

    def text(self, number: int) -> str:
        """Return a number in words."""
        return self.join.join(self.words[piece] for piece in self.pieces(number))

    def _made(self, digits: str) -> Iterator[str]:
        wanted = digits.rstrip("+")
        for name in (digits, wanted):
            if name in self.words:
                yield name
                return
        for pattern, parts in self.rules.items():
            if (found := _matched(pattern, wanted)) is not None:
                for part in parts.split():
                    if part in self.words and not part[0].isdigit():
                        yield part
                    elif _LETTERS.fullmatch(part):
                        made = "".join(found.get(letter, letter) for letter in part)
                        yield from self._made(made.lstrip("0") or "0")
                    else:
                        raise KeyError(part)
                return
        raise KeyError(digits)


def _matched(pattern: str, digits: str) -> dict[str, str] | None:
    if len(pattern) != len(digits):
        return None
    found = {}
    for letter, digit in zip(pattern, digits, strict=True):
        if letter.isalpha():
            found[letter] = digit
        elif letter != digit:
            return None
    return found
