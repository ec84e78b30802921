"""What says the prompts of a file, and those of the catalogue besides."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dtmf import DtmfError
from dtmf.channels import One
from ivr.clock import FRAME
from ivr.custom.loading import IvrFileError
from ivr.custom.own import OwnFile
from ivr.custom.wording import Blank, Phrase, Played, Quoted, Wording
from prompts.catalogue import words as piece
from prompts.errors import UnknownPrompt
from prompts.slots import Value
from prompts.values import As, words

Samples = NDArray[np.int16]

_NOTHING = np.zeros(FRAME, np.int16)
_SAID_AT_ONCE = frozenset("0123456789+")


class Speech(Protocol):
    """What speaks: the catalogue's voice."""

    def slots(self, name: str, /) -> Iterable[str]:
        """Return the slots of a prompt of the catalogue."""

    def clips(self, name: str, language: str = "", /, **slots: Value) -> Iterable[Samples]:
        """Return the parts of a prompt of the catalogue."""

    def text(self, name: str, language: str = "", /, **slots: Value) -> str:
        """Return its words."""

    def say(self, text: str, *, language: str = "") -> Samples:
        """Return any text, spoken. int16 array [shape=(n,)]."""

    def digit(self, digit: str, language: str = "", /, *, last: bool = True) -> Samples:
        """Return one digit or +, as one of several that are read out."""


class OwnVoice:
    """Says a file's own prompts by their names, else those of the catalogue.

    Parameters
    ----------
    own : OwnFile
    speech : Speech
    recording : callable
        Gives the samples of a recording, all its channels in one.
    """

    def __init__(self, own: OwnFile, speech: Speech, recording: Callable[[Path, One], Samples]) -> None:
        played = {name: Wording({"": (one,)}) for name, one in own.recordings.items()}
        self._wordings, self._speech = {**own.wordings, **played}, speech
        self._played: dict[Path, Samples] = {}
        for one in (one for wording in self._wordings.values() for one in wording.recordings()):
            try:
                self._played[one.path] = recording(one.path, "mix")
            except DtmfError as error:
                raise IvrFileError(own.path, one.line, str(error)) from None

    def slots(self, name: str, /) -> Iterable[str]:
        """Return the variables of a prompt."""
        if name not in self._wordings:
            return self._speech.slots(name)
        return dict.fromkeys(blank.variable for blank in self._wordings[name].blanks())

    def clips(self, name: str, language: str = "", /, **slots: Value) -> Iterable[Samples]:
        """Return the parts of a prompt. int16 arrays [shape=(n,)]."""
        if name not in self._wordings:
            return self._speech.clips(name, language, **slots)
        said = [clip for part in self._parts(name, language, slots) for clip in part if len(clip)]
        return said or [_NOTHING]  # a variable that nothing has set yet may be all there is

    def fixed(self, name: str, language: str = "", /) -> list[Samples]:
        """Return the parts of a prompt of the file that are the same whatever its variables hold."""
        return [clip for part in self._parts(name, language, None) for clip in part if len(clip)]

    def text(self, name: str, language: str = "", /, **slots: Value) -> str:
        """Return the words of a prompt."""
        if name not in self._wordings:
            return self._speech.text(name, language, **slots)
        return " ".join(filter(None, (self._words(one, language, slots)
                                      for one in self._wordings[name].of(language))))

    def _parts(self, name: str, language: str, slots: Mapping[str, Value] | None) -> Iterator[Iterable[Samples]]:
        said = self._wordings[name].of(language)
        for one, next_ in zip(said, (*said[1:], None), strict=True):
            match one:
                case Phrase(text=text):
                    yield (self._speech.say(piece(text, more=isinstance(next_, Blank)), language=language),)
                case Played(path=path):
                    yield (self._played[path],)
                case Quoted(prompt=prompt):
                    yield self._speech.clips(prompt, language)
                case Blank(variable=variable) if slots is not None:
                    yield self._filled(one, str(slots[variable]), language)

    def _filled(self, blank: Blank, value: str, language: str) -> Iterator[Samples]:
        if blank.how is As.DIGITS and value and not set(value) - _SAID_AT_ONCE:
            yield from (self._speech.digit(digit, language, last=n == len(value))
                        for n, digit in enumerate(value, 1))
        elif any(character.isalnum() for character in value):
            yield self._speech.say(said(blank, value, language), language=language)

    def _words(self, one: object, language: str, slots: Mapping[str, Value]) -> str:
        match one:
            case Phrase(text=text):
                return text
            case Played(path=path):
                return f"({path.name})"
            case Quoted(prompt=prompt):
                return self._speech.text(prompt, language)
            case Blank(variable=variable):
                return said(one, str(slots[variable]), language)
        return ""


def said(blank: Blank, value: str, language: str) -> str:
    """Return a value as it is said; one that cannot be said so is said as it is."""
    if blank.how is As.DIGITS:
        return " ".join(value)
    try:
        return words(blank.how or As.TEXT, value, language)
    except UnknownPrompt:
        return value
