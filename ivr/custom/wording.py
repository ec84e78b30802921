"""What is said at a node of a file: texts with variables, recordings, prompts of the catalogue, by language."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ivr.reading import YamlNode, nearest
from prompts.values import As

MOST_SAID = 4000
"""Characters of one prompt at the most, some four minutes."""

VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_BLANK = re.compile(r"\{\s*([^{}\s]+)(?:\s+as\s+([^{}\s]+))?\s*\}")
_ENDINGS = (".wav", ".flac", ".ogg")
_MOST_BYTES = 20_000_000
_KINDS = ("text", "recording", "prompt")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that are always the same."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A variable in a text; `how` it is said may be left to what the variable is."""

    variable: str
    how: As | None
    line: int


@dataclass(frozen=True, slots=True)
class Played:
    """A recording of the file's folder."""

    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A prompt of the catalogue."""

    prompt: str


Utterance = Phrase | Blank | Played | Quoted


@dataclass(frozen=True, slots=True)
class Wording:
    """One prompt of a file.

    Attributes
    ----------
    by_language : mapping of language to tuple of Utterance
        One entry with the language "" where all languages say the same.
    """

    by_language: Mapping[str, tuple[Utterance, ...]]

    def of(self, language: str) -> tuple[Utterance, ...]:
        """Return what is said in a language."""
        return self.by_language.get(language) or self.by_language.get("") or next(iter(self.by_language.values()))

    def blanks(self) -> Iterator[Blank]:
        """Give its variables where they stand, of all languages."""
        for said in self.by_language.values():
            yield from (one for one in said if isinstance(one, Blank))

    def recordings(self) -> Iterator[Played]:
        """Give its recordings."""
        for said in self.by_language.values():
            yield from (one for one in said if isinstance(one, Played))

    def filled(self, kinds: Mapping[str, As]) -> "Wording":
        """Return the same with how each variable is said: as the text says, else by what the variable is."""
        return self._changed(lambda one: replace(one, how=one.how or kinds.get(one.variable, As.TEXT)))

    def renamed(self, variable: str, name: str) -> "Wording":
        """Return the same with one variable under another name."""
        return self._changed(lambda one: replace(one, variable=name) if one.variable == variable else one)

    def _changed(self, change: Callable[[Blank], Blank]) -> "Wording":
        return Wording({language: tuple(change(one) if isinstance(one, Blank) else one for one in said)
                        for language, said in self.by_language.items()})


class WordingReader:
    """Reads prompts.

    Parameters
    ----------
    languages : sequence of str
        Those of the file; a prompt that is given by language has all of them.
    catalogue : mapping of prompt to its slots

    Attributes
    ----------
    recordings : dict of name to Played
        Those that are played by themselves.
    """

    def __init__(self, languages: tuple[str, ...], catalogue: Mapping[str, Collection[str]]) -> None:
        self._languages, self._catalogue = languages, catalogue
        self.recordings: dict[str, Played] = {}

    def read(self, node: YamlNode) -> Wording:
        """Read what is said."""
        if isinstance(node.value, dict) and not set(node.value) & set(_KINDS):
            for language, value in node.value.items():
                if language not in self._languages:
                    raise value.error(f"a prompt has no {language!r}"
                                      f"{nearest(language, [*_KINDS, *self._languages])}")
            if lacking := [one for one in self._languages if one not in node.value]:
                raise node.error(f"this prompt lacks {lacking[0]!r}, one of the languages of this file: add it")
            return Wording({language: self._said(value) for language, value in node.value.items()})
        return Wording({"": self._said(node)})

    def _said(self, node: YamlNode) -> tuple[Utterance, ...]:
        if isinstance(node.value, list):
            return tuple(one for item in node.items("a prompt") for one in self._one(item))
        return self._one(node)

    def _one(self, node: YamlNode) -> tuple[Utterance, ...]:
        if isinstance(node.value, str):
            return self._text(node)
        fields = node.fields("a prompt", _KINDS)
        if len(fields) != 1:
            raise node.error("a part of a prompt is one thing: 'text', 'recording' or 'prompt'; write a list of "
                             "several")
        (kind, value), = fields.items()
        match kind:
            case "text":
                return self._text(value)
            case "recording":
                return (recording(value),)
            case _:
                return (self._quoted(value),)

    def _quoted(self, node: YamlNode) -> Quoted:
        name = node.text("the name of a prompt")
        if name not in self._catalogue:
            raise node.error(f"there is no prompt {name!r} in the catalogue{nearest(name, self._catalogue)}")
        if slots := list(self._catalogue[name]):
            raise node.error(f"the prompt {name!r} has a slot {slots[0]!r} that nothing here fills: write a text "
                             "instead")
        return Quoted(name)

    @staticmethod
    def _text(node: YamlNode) -> tuple[Utterance, ...]:
        text = re.sub(r"\s+", " ", node.text("what is said"))
        if len(text) > MOST_SAID:
            raise node.error(f"what is said has {len(text)} characters: {MOST_SAID} at most, so say it at several "
                             "nodes")
        said: list[Utterance] = []
        place = 0
        for found in _BLANK.finditer(text):
            said += _words(text[place:found.start()], node)
            said.append(_blank(found[1], found[2], node))
            place = found.end()
        return (*said, *_words(text[place:], node))


def recording(node: YamlNode) -> Played:
    """Read the name of a recording: a file in the folder of the file that names it, or below."""
    name = node.text("the name of a recording")
    if not name.lower().endswith(_ENDINGS):
        raise node.error(f"{name!r} is no recording: its name ends in {', '.join(_ENDINGS)}")
    folder = node.path.parent.resolve()
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder)
        there = inside and path.is_file()
        small = there and path.stat().st_size <= _MOST_BYTES
    except (OSError, ValueError, RuntimeError):
        inside, there, small = True, False, False
    if not inside:
        raise node.error(f"the recording {name!r} is outside the folder of this file: put it there")
    if not there:
        raise node.error(f"there is no recording {name!r} beside this file: check the path")
    if not small:
        raise node.error(f"the recording {name!r} is larger than {_MOST_BYTES // 1_000_000} MB: shorten it")
    return Played(path, node.line)


def _words(text: str, node: YamlNode) -> list[Utterance]:
    if re.search(r"[{}]", text):
        raise node.error("a variable is written as {name} or {name as date}: a brace here belongs to none")
    return [Phrase(text.strip())] if any(character.isalnum() for character in text) else []


def _blank(name: str, how: str | None, node: YamlNode) -> Blank:
    if not VARIABLE.fullmatch(name):
        raise node.error(f"{name!r} is no name of a variable: it has letters, digits, - and _, and begins with a "
                         "letter")
    kinds = {kind.value: kind for kind in As}
    if how is not None and how not in kinds:
        raise node.error(f"nothing is said as {how!r}{nearest(how, kinds)}")
    return Blank(name, kinds[how] if how else None, node.line)
