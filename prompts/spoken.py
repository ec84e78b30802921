"""Prompts as samples."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from prompts import cache as disk
from prompts.catalogue import Catalogue, load, nearest
from prompts.errors import UnknownPrompt
from prompts.level import VERSION, Samples, for_the_line
from prompts.speaker import SEED
from prompts.voice import VARIANTS, WORDS_A_MINUTE, identity, speak


class Prompts:
    """Everything a bridge says in one language, at one rate.

    Parameters
    ----------
    language : str
        One of `prompts.languages()`.
    rate : int
        Samples a second.
    cache : Path, optional
        Where spoken clips are kept; by default the user's cache folder.

    Raises
    ------
    UnknownPrompt
        If there is no such language.
    NoVoice
        From the methods that give samples, if something has to be spoken and nothing here can speak.
    """

    def __init__(self, language: str = "en-US", rate: int = 8000, *, cache: Path | None = None) -> None:
        self._catalogue: Catalogue = load(language)
        self._rate = rate
        self._cache = disk.folder() if cache is None else cache
        self._known: dict[tuple[str, str], Samples] = {}

    @property
    def voices(self) -> tuple[str, ...]:
        """Voices for `say`; the first is the bridge's own."""
        return tuple(self._catalogue.voice + variant for variant in VARIANTS)

    @property
    def engine(self) -> str:
        """Name and version of what speaks, and of what brings speech to the line."""
        return f"{identity()}, {self._catalogue.voice}, {VERSION}"

    def names(self) -> tuple[str, ...]:
        """Return the names of all prompts."""
        return tuple(self._catalogue.texts)

    def slots(self, name: str) -> tuple[str, ...]:
        """Return the names of a prompt's slots."""
        return self._catalogue.slots(name)

    def text(self, name: str, **slots: str) -> str:
        """Return the words of a prompt."""
        return self._catalogue.text(name, slots)

    def clips(self, name: str, **slots: str) -> list[Samples]:
        """Return a prompt's clips, to be played one after the other.

        A prompt without slots is one clip; in others each digit of a slot is a clip of its own.

        Returns
        -------
        list of int16 arrays [shape=(n,)]
        """
        clips: list[Samples] = []
        for part in self._catalogue.filled(name, slots):
            clips += [self.digit(d) for d in part.text] if part.is_slot else [self._clip(part.text)]
        return clips

    def fixed(self, name: str) -> list[Samples]:
        """Return the clips of a prompt that are the same whatever its slots hold."""
        return [self._clip(part.text) for part in self._catalogue.parts(name) if not part.is_slot]

    def digit(self, digit: str) -> Samples:
        """Return one digit, spoken."""
        return self._clip(self._catalogue.digits[digit])

    def say(self, text: str, *, voice: str | None = None) -> Samples:
        """Return any text, spoken; nothing but silence for a text without words.

        Raises
        ------
        UnknownPrompt
            If there is no such voice.
        """
        if voice is not None and voice not in self.voices:
            raise UnknownPrompt(f"there is no voice {voice!r}{nearest(voice, self.voices)}")
        if not any(character.isalnum() for character in text):
            return np.zeros(self._rate // 50, np.int16)
        return self._clip(text, voice or self._catalogue.voice)

    def all_fixed(self) -> Mapping[str, list[Samples]]:
        """Return the fixed clips of every prompt, by name."""
        return {name: self.fixed(name) for name in self.names()}

    def _clip(self, text: str, voice: str | None = None) -> Samples:
        voice = voice or self._catalogue.voice
        if (text, voice) not in self._known:
            made_of = (text, voice, str(WORDS_A_MINUTE), str(self._rate), identity(), VERSION, str(SEED))
            self._known[text, voice] = disk.kept(self._cache, made_of, lambda: self._speak(text, voice))
        return self._known[text, voice]

    def _speak(self, text: str, voice: str) -> Samples:
        speech, rate = speak(text, voice)
        return for_the_line(speech, rate, self._rate)
