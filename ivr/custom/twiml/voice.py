"""What says the lines of documents, and the prompts of the catalogue besides."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

import dtmf
from ivr.clock import RATE
from ivr.custom.twiml.compiling import SpokenLine
from ivr.custom.voice import Speech
from ivr.engine.sound import Samples
from prompts.slots import Value

LINE = "line"
"""The slot that tells which line of which call is meant: what is shown of it may be masked."""

_LEAST = np.zeros(RATE // 50, np.int16)


class TwimlVoice:
    """Says what documents say.

    Parameters
    ----------
    speech : Speech
    languages : iterable of str
        Those that are spoken.

    Attributes
    ----------
    lines : dict of str to (SpokenLine, mapping of URL to int16 array [shape=(n,)])
        Each with the recordings of its document, by the names of their slots; who has a call puts them here, and
        takes them away.
    played : dict of URL to int16 array [shape=(n,)]
        Recordings that were fetched of late.
    """

    def __init__(self, speech: Speech, languages: Iterable[str]) -> None:
        self._speech, self._languages = speech, tuple(languages)
        self.lines: dict[str, tuple[SpokenLine, Mapping[str, Samples]]] = {}
        self.played: dict[str, Samples] = {}

    def language(self, asked: str) -> str:
        """Return the spoken language that is nearest to one that a document asks for; empty if none is near."""
        for near in (lambda one: one.lower() == asked.lower(),
                     lambda one: one.partition("-")[0].lower() == asked.partition("-")[0].lower()):
            if found := next(filter(near, self._languages), ""):
                return found
        return ""

    def slots(self, name: str, /) -> Iterable[str]:
        """Return the slots of a prompt; what is none of the catalogue is a line."""
        return self._speech.slots(name) if self.quoted(name) else (LINE,)

    def clips(self, name: str, language: str = "", /, **slots: Value) -> Iterable[Samples]:
        """Return the parts of a prompt. int16 arrays [shape=(n,)]."""
        if self.quoted(name):
            return self._speech.clips(name, language, **slots)
        line, played = self.lines.get(str(slots[LINE]), (SpokenLine(), {}))
        return list(self._said(line, language, played)) or [_LEAST]

    def text(self, name: str, language: str = "", /, **slots: Any) -> str:  # noqa: ANN401
        """Return the words of a prompt; of a line what may be shown of it."""
        return self._speech.text(name, language, **slots) if self.quoted(name) else name

    def quoted(self, name: str) -> bool:
        """Tell whether a prompt is one of the catalogue that a call can hear here."""
        return name in _QUOTED

    def say(self, line: SpokenLine, language: str) -> list[Samples]:
        """Return what a line says; silence is left out. int16 arrays [shape=(n,)]."""
        return [clip for clip in self._said(line, language, {}) if clip.any()]

    def _said(self, line: SpokenLine, language: str, played: Mapping[str, Samples]) -> Iterator[Samples]:
        for one in line.parts or (line,):
            if one.text:
                yield self._speech.say(one.text, language=self.language(one.language) or language)
            elif one.url:
                yield played.get(one.url, _LEAST)
            elif one.digits:
                yield dtmf.encode(one.digits, RATE)
            elif one.silence:
                yield np.zeros(one.silence * RATE, np.int16)
        if line.parts:
            yield np.zeros(RATE, np.int16)  # what goes on and on has some length


_QUOTED: Mapping[str, None] = {"fault": None}
"""Prompts of the catalogue that these calls hear."""
