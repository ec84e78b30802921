"""The texts of one language, by name, and how they fall into parts."""

import difflib
import importlib.resources
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from prompts.errors import UnknownPrompt

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a prompt: fixed words, or a slot."""

    text: str
    is_slot: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every prompt of one language.

    Attributes
    ----------
    language : str
        Culture ID, such as en-US (A1.8).
    voice : str
        The engine's name of the voice that speaks it.
    digits : mapping
        How each digit is said.
    texts : mapping
        Prompts by name, slots as `{slot}`.
    """

    language: str
    voice: str
    digits: Mapping[str, str]
    texts: Mapping[str, str]

    def parts(self, name: str) -> tuple[Part, ...]:
        """Return a prompt's parts in order.

        Raises
        ------
        UnknownPrompt
            If there is no such prompt.
        """
        if name not in self.texts:
            raise UnknownPrompt(f"there is no prompt {name!r}{nearest(name, self.texts)}")
        pieces = _SLOT.split(self.texts[name])
        parts = (Part(piece.strip(), bool(i % 2)) for i, piece in enumerate(pieces))
        return tuple(p for p in parts if re.search(r"\w", p.text))

    def slots(self, name: str) -> tuple[str, ...]:
        """Return the names of a prompt's slots."""
        return tuple(part.text for part in self.parts(name) if part.is_slot)

    def filled(self, name: str, slots: Mapping[str, str]) -> tuple[Part, ...]:
        """Return a prompt's parts with the slots replaced by their values.

        Raises
        ------
        UnknownPrompt
            If a slot is missing, unknown, or holds anything but digits.
        """
        wanted = self.slots(name)
        for slot in wanted:
            if slot not in slots:
                raise UnknownPrompt(f"the prompt {name!r} needs a value for its slot {slot!r}")
            if not slots[slot] or set(slots[slot]) - set(self.digits):
                raise UnknownPrompt(f"the slot {slot!r} of the prompt {name!r} takes digits only")
        for slot in slots:
            if slot not in wanted:
                raise UnknownPrompt(f"the prompt {name!r} has no slot {slot!r}{nearest(slot, wanted)}")
        return tuple(Part(slots[p.text], True) if p.is_slot else p for p in self.parts(name))

    def text(self, name: str, slots: Mapping[str, str]) -> str:
        """Return the words of a prompt as they are said, digits one by one."""
        return " ".join(", ".join(self.digits[d] for d in p.text) if p.is_slot else p.text
                        for p in self.filled(name, slots))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean X?" with the known name nearest to `name`, or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"; did you mean {near[0]!r}?" if near else ""


def languages() -> tuple[str, ...]:
    """Return the languages there are."""
    files = importlib.resources.files("prompts") / "languages"
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files.iterdir() if f.name.endswith(".yaml")))


def load(language: str) -> Catalogue:
    """Read the catalogue of a language.

    Raises
    ------
    UnknownPrompt
        If there is none.
    """
    if language not in languages():
        raise UnknownPrompt(f"there is no language {language!r}{nearest(language, languages())}")
    file = importlib.resources.files("prompts") / "languages" / f"{language}.yaml"
    # the safe loader reads "no" and 1.0 as other things than text
    read = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return Catalogue(read["language"], read["voice"], read["digits"], read["prompts"])
