"""The texts of one language, by name, and how they fall into parts."""

import functools
import importlib.resources
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from prompts.errors import UnknownPrompt
from prompts.numbers import NumberForms
from prompts.reading import FileEntry, read
from prompts.slots import FORMS, KINDS, SlotKind, Value, amount, is_phone, nearest, several, wrong

_SLOT = re.compile(r"\{(\w+)\}")
_ENDS = re.compile(r"^[^\w¿¡«\"]+|[\s,:\uff0c\u3001\uff1a]+$")
CONTINUED = ","
"""At the end of words after which more is said."""
_DIGITS = "0123456789"
_HEAD = {"language": True, "name": True, "voice": True, "pace": True, "respell": False, "digits": True,
         "keys": True, "comma": True, "plus": True, "and": True, "recorded": True, "numbers": True, "prompts": True}
_PACE = range(80, 351)


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
    name : str
        What the language calls itself.
    voice : str
        The engine's name of the voice that speaks it.
    pace : int
        Words a minute, as the engine counts them.
    respell : mapping
        Words that the voice would say wrong, and what it is given instead.
    digits : mapping
        How each digit is said when digits are read out one by one.
    keys : mapping
        How each key of a telephone is called.
    comma, plus, and_, recorded : str
        What separates digits and names in a text; the + of a telephone number; what stands before the last of
        several names; what stands in a text for a name that was recorded.
    numbers : NumberForms
        How whole numbers are said.
    texts : mapping
        Prompts by name, each a mapping of forms (`zero`, `one`, `two`, `other`) to text, slots as `{slot}`.
    """

    language: str
    name: str
    voice: str
    pace: int
    respell: Mapping[str, str]
    digits: Mapping[str, str]
    keys: Mapping[str, str]
    comma: str
    plus: str
    and_: str
    recorded: str
    numbers: NumberForms
    texts: Mapping[str, Mapping[str, str]]

    @property
    def joined(self) -> str:
        """What stands between words: nothing in Chinese."""
        return " " if self.comma.endswith(" ") else ""

    def forms(self, name: str) -> Mapping[str, tuple[Part, ...]]:
        """Return the parts of each form of a prompt, in order.

        Raises
        ------
        UnknownPrompt
            If there is no such prompt.
        """
        if name not in self.texts:
            raise UnknownPrompt(f"there is no prompt {name!r}{nearest(name, self.texts)}", value=name)
        return {form: _parts(text) for form, text in self.texts[name].items()}

    def slots(self, name: str) -> tuple[str, ...]:
        """Return the names of a prompt's slots, of all its forms."""
        return tuple(dict.fromkeys(p.text for parts in self.forms(name).values() for p in parts if p.is_slot))

    def form(self, name: str, slots: Mapping[str, Value]) -> str:
        """Return which form of a prompt its slots ask for.

        Raises
        ------
        UnknownPrompt
            If a slot is missing, unknown, or holds what it cannot.
        """
        wanted = self.slots(name)
        for slot in wanted:
            if slot not in slots:
                raise UnknownPrompt(f"the prompt {name!r} needs a value for its slot {slot!r}", value=name)
            if sentence := wrong(KINDS[slot], slots[slot]):
                raise UnknownPrompt(f"the slot {slot!r} of the prompt {name!r} {sentence}", value=slot)
        for slot in slots:
            if slot not in wanted:
                raise UnknownPrompt(f"the prompt {name!r} has no slot {slot!r}{nearest(slot, wanted)}", value=name)
        counted = [n for kind in (SlotKind.NUMBER, SlotKind.NAMES) for slot in wanted if KINDS[slot] is kind
                   and (n := amount(kind, slots[slot])) is not None]
        return next((form for form in self.texts[name] if counted and FORMS.get(form) == counted[0]), "other")

    def filled(self, name: str, slots: Mapping[str, Value]) -> tuple[Part, ...]:
        """Return the parts of the form that the slots ask for."""
        form = self.form(name, slots)
        return self.forms(name)[form]

    def text(self, name: str, slots: Mapping[str, Value]) -> str:
        """Return the words of a prompt as they are said, digits one by one."""
        form = self.form(name, slots)
        return _SLOT.sub(lambda slot: self.said(KINDS[slot[1]], slots[slot[1]]), self.texts[name][form])

    def respelt(self, text: str) -> str:
        """Return a text as the engine has to be given it."""
        if not self.respell:
            return text
        words = "|".join(re.escape(word) for word in self.respell)
        return re.sub(rf"\b(?:{words})\b", lambda word: self.respell[word[0]], text)

    def said(self, kind: SlotKind, value: Value) -> str:
        """Return the words for a slot's value."""
        match kind:
            case SlotKind.DIGITS:
                return self.comma.join(self.digits[digit] for digit in str(value))
            case SlotKind.KEYS:
                return " ".join(self.keys[key] for key in str(value))
            case SlotKind.NUMBER:
                return self.numbers.text(int(str(value)))
            case SlotKind.NAME:
                if not isinstance(value, str):
                    return self.recorded
                digits = {**self.digits, "+": self.plus}
                return self.comma.join(digits[c] for c in value) if is_phone(value) else value
            case SlotKind.NAMES:
                names = [self.said(SlotKind.NAME, name) for name in several(value)]
                last = f"{self.joined}{self.and_}{self.joined}"
                return last.join(p for p in (self.comma.join(names[:-1]), names[-1]) if p)


def _parts(text: str) -> tuple[Part, ...]:
    pieces = _SLOT.split(text)
    parts = [Part(piece if i % 2 else words(piece, more=i + 1 < len(pieces)), bool(i % 2))
             for i, piece in enumerate(pieces)]
    return tuple(p for p in parts if re.search(r"\w", p.text))


def words(text: str, *, more: bool) -> str:
    """Return a stretch of fixed words as it is spoken by itself.

    Parameters
    ----------
    more : bool
        Whether a slot follows: then the voice must not fall as if all were said.
    """
    said = _ENDS.sub("", text)
    return f"{said}{CONTINUED}" if more else said


def languages() -> tuple[str, ...]:
    """Return the languages there are."""
    files = importlib.resources.files("prompts") / "languages"
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files.iterdir() if f.name.endswith(".yaml")))


@functools.cache
def load(language: str) -> Catalogue:
    """Read the catalogue of a language.

    Raises
    ------
    UnknownPrompt
        If there is none.
    """
    if language not in languages():
        raise UnknownPrompt(f"there is no language {language!r}{nearest(language, languages())}", value=language)
    file = importlib.resources.files("prompts") / "languages" / f"{language}.yaml"
    return parse(file.read_text(encoding="utf-8"), f"{language}.yaml")


def parse(text: str, file: str | PurePath) -> Catalogue:
    """Read a catalogue from its text.

    Raises
    ------
    BadCatalogue
        If anything in it is not as it should be; file and line are named.
    """
    head = read(text, file).mapping(_HEAD)
    numbers = head["numbers"].mapping({"join": True, "words": True, "rules": True})
    digits = _texts(head["digits"], dict.fromkeys(_DIGITS, True))
    keys = _texts(head["keys"], {**dict.fromkeys(_DIGITS, False), "*": True, "#": True})
    respell = _texts(head["respell"]) if "respell" in head else {}
    return Catalogue(
        head["language"].text(), head["name"].text(), head["voice"].text(), _pace(head["pace"]), respell, digits,
        {**digits, **keys}, head["comma"].raw(), head["plus"].text(), head["and"].text(), head["recorded"].text(),
        NumberForms(numbers["join"].raw(), _texts(numbers["words"]), _texts(numbers["rules"])),
        {name: _prompt(entry) for name, entry in head["prompts"].items()})


def _pace(entry: FileEntry) -> int:
    text = entry.text()
    if not (text.isascii() and text.isdigit() and int(text) in _PACE):
        raise entry.fault(f"{text!r} is no pace: it takes {_PACE.start} to {_PACE.stop - 1} words a minute")
    return int(text)


def _texts(entry: FileEntry, known: Mapping[str, bool] | None = None) -> dict[str, str]:
    return {name: value.text() for name, value in (entry.mapping(known).items() if known else entry.items())}


def _prompt(entry: FileEntry) -> dict[str, str]:
    forms = {"other": entry} if entry.is_text else entry.mapping({**dict.fromkeys(FORMS, False), "other": True})
    slots: set[str] = set()
    for value in forms.values():
        for slot in _SLOT.findall(value.text()):
            if slot not in KINDS:
                raise value.fault(f"there is no slot {slot!r}{nearest(slot, KINDS)}")
            slots.add(slot)
        if re.search(r"[{}]", _SLOT.sub("", value.text())):
            raise value.fault("a slot is written as {name}, without spaces: this brace belongs to none")
    if len(forms) > 1 and not any(KINDS[slot] in (SlotKind.NUMBER, SlotKind.NAMES) for slot in slots):
        raise entry.fault("forms are chosen by a number, and there is no slot that holds one")
    return {form: value.text() for form, value in forms.items()}
