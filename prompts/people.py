"""Voices of people: another for every name, whoever else there is.

Each is one of the engine's voices at a pitch, a size and a pace of its own. They are drawn by the name alone, so
nobody sounds otherwise because somebody comes or goes; and from so many (250,000) that of 150 pairs of names one
has voices that an ear may confuse, and hardly any the same.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

MANNERS = ("+f1", "+f2", "+f3", "+f4", "+f5", "+m1", "+m3", "+m5", "+m7", "+m8", "+antonio", "+ed", "+pablo",
           "+paul", "+quincy", "+robert", "+victor")
"""Those of the engine's variants that can be told apart, and be understood, on a telephone."""

_SIZES = {"f": range(86, 105), "m": range(90, 115)}
"""Per cent by which a throat's resonances are higher, women's and men's: beyond these a telephone cuts them off."""
_PITCHES = range(30, 79)
"""As the engine counts them, one by about a per cent; 50 is as the voice is by itself, which is amid them."""
_PACES = range(94, 107)
"""Per cent of the language's pace."""

_SALT = "9419"
"""With this one nobody in the stories that ship is taken for another in his story."""

_FORM = re.compile(r"(\S+) pitch ([0-9]+) size ([0-9]+) pace ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Manner:
    """How somebody speaks.

    Attributes
    ----------
    voice : str
        The engine's name of it.
    pitch : int
        From 0 to 99, as the engine counts.
    size, pace : int
        In per cent of how the voice is by itself.
    """

    voice: str
    pitch: int = 50
    size: int = 100
    pace: int = 100

    def __str__(self) -> str:
        return f"{self.voice} pitch {self.pitch} size {self.size} pace {self.pace}"


def manner_of(name: str, voice: str) -> Manner:
    """Return how somebody of this name speaks; `voice` is the engine's of his language."""
    drawn = int.from_bytes(sha256(f"{_SALT} {name}".encode()).digest())

    def of(choices: range) -> int:
        nonlocal drawn
        drawn, one = divmod(drawn, len(choices))
        return choices[one]

    variant = MANNERS[of(range(len(MANNERS)))]
    sizes = _SIZES["f" if variant.startswith("+f") else "m"]
    return Manner(voice + variant, of(_PITCHES), of(sizes), of(_PACES))


def read(written: str) -> Manner:
    """Return how a voice speaks that is written as `Manner` is, or as the engine's name alone."""
    if found := _FORM.fullmatch(written):
        return Manner(found[1], *map(int, found.groups()[1:]))
    return Manner(written)
