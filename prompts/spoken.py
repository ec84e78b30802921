"""Prompts as samples."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from prompts import cache as disk
from prompts.catalogue import CONTINUED, Catalogue, load
from prompts.errors import UnknownPrompt
from prompts.level import VERSION, Samples, for_the_line
from prompts.pack import Pack
from prompts.people import manner_of, read
from prompts.pieces import spoken_as
from prompts.slots import KINDS, Named, SlotKind, Value, is_phone, nearest, several
from prompts.speaker import SEED
from prompts.voice import VARIANTS, identity, speak, speak_many

_PAUSE_S = 0.12
"""Between names that are said one after the other."""

_AT_ONCE = 32
"""Texts that are spoken together: of several processes that lack them one speaks them, and the others wait."""

_MOST_KNOWN = 1 << 24
"""Samples that stay in memory, half an hour at 8 kHz: all fixed words of five languages, and the names of late."""


class Prompts:
    """Everything a bridge says, at one rate: found by a prompt's name, what fills its slots, and the language.

    Where a method takes a language, none means the one given here.

    Parameters
    ----------
    language : str
        One of `prompts.languages()`.
    rate : int
        Samples a second.
    cache : Path, optional
        Where spoken clips are kept; by default the user's cache folder.
    pack : Pack, optional
        Recordings; what it lacks is spoken.
    keeps : int
        Samples of what was spoken that stay in memory; what was asked for last stays longest.

    Raises
    ------
    UnknownPrompt
        If there is no such language.
    NoVoice
        From the methods that give samples, if something has to be spoken and nothing here can speak.
    """

    def __init__(self, language: str = "en-US", rate: int = 8000, *, cache: Path | None = None,
                 pack: Pack | None = None, keeps: int = _MOST_KNOWN) -> None:
        self.language = load(language).language
        self._rate = rate
        self._pack = pack
        self._cache = disk.folder() if cache is None else cache
        self._known: dict[tuple[str, str, int], Samples] = {}
        self._known_samples, self._keeps = 0, keeps

    @property
    def voices(self) -> tuple[str, ...]:
        """Voices for `say`; the first is the bridge's own."""
        return self._voices("")

    def voice_of(self, name: str, /) -> str:
        """Return a voice for `say` that is somebody's own, by his name."""
        return str(manner_of(name, self.catalogue().voice))

    @property
    def engine(self) -> str:
        """Name and version of what speaks, and of what brings speech to the line."""
        pack = f", {self._pack.identity()}" if self._pack else ""
        return f"{identity()}, {self.catalogue().voice}, {VERSION}{pack}"

    def faults(self) -> list[str]:
        """Return a sentence for each recording of the voice pack that cannot be used, in any language."""
        if self._pack is None:
            return []
        for language in self._pack.languages():
            self._pack.clips(language, self._rate)
        return self._pack.faults

    def catalogue(self, language: str = "", /) -> Catalogue:
        """Return the texts of a language."""
        return load(language or self.language)

    def names(self) -> tuple[str, ...]:
        """Return the names of all prompts."""
        return tuple(self.catalogue().texts)

    def slots(self, name: str, /) -> tuple[str, ...]:
        """Return the names of a prompt's slots, which are the same in all languages."""
        return self.catalogue().slots(name)

    def text(self, name: str, language: str = "", /, **slots: Value) -> str:
        """Return the words of a prompt."""
        return self.catalogue(language).text(name, slots)

    def clips(self, name: str, language: str = "", /, **slots: Value) -> list[Samples]:
        """Return a prompt's clips, to be played one after the other.

        A prompt without slots is one clip; in others each digit, number, key and name is a clip of its own.

        Parameters
        ----------
        name : str
            The prompt.
        language : str, optional
            One of `prompts.languages()`.
        slots
            What each slot holds: `prompts.slots.KINDS` says which kind of value.

        Returns
        -------
        list of int16 arrays [shape=(n,)]

        Raises
        ------
        UnknownPrompt
            If there is no such prompt or language, or a slot does not hold what it should.
        """
        return [clip for part in self.catalogue(language).filled(name, slots)
                for clip in (self._filled(KINDS[part.text], slots[part.text], language) if part.is_slot
                             else [self._clip(part.text, language)])]

    def forms(self, name: str, language: str = "", /) -> dict[str, list[Samples]]:
        """Return, for each form of a prompt, the clips that are the same whatever its slots hold."""
        return {form: [self._clip(part.text, language) for part in parts if not part.is_slot]
                for form, parts in self.catalogue(language).forms(name).items()}

    def fixed(self, name: str, language: str = "", /) -> list[Samples]:
        """Return the clips of a prompt, of all its forms, that are the same whatever its slots hold."""
        forms = self.catalogue(language).forms(name).values()
        texts = dict.fromkeys(part.text for parts in forms for part in parts if not part.is_slot)
        return [self._clip(text, language) for text in texts]

    def digit(self, digit: str, language: str = "", /, *, last: bool = True) -> Samples:
        """Return one digit or +, as it is said when digits are read out: the voice falls with the last."""
        them = self.catalogue(language)
        word = them.plus if digit == "+" else them.digits[digit]
        return self._clip(word if last else f"{word}{CONTINUED}", language)

    def piece(self, words: str, language: str = "", /) -> Samples:
        """Return a stretch of fixed words, recorded or spoken."""
        return self._clip(words, language)

    def foresee(self, texts: Iterable[str], language: str = "", /) -> None:
        """Have those of these fixed words spoken that are not kept yet: many take a third of the time at once."""
        spoken = [text for text in dict.fromkeys(texts) if self._recorded(text, language) is None]
        keys = [self._key(text, language) for text in spoken]
        for first in range(0, len(keys), _AT_ONCE):
            some = [key for key in keys[first:first + _AT_ONCE] if key not in self._known]
            if not any(disk.lacks(self._cache, self._made_of(key)) for key in some):
                continue
            with disk.together(self._cache, self._made_of(some[0])):
                lacking = [key for key in some if disk.lacks(self._cache, self._made_of(key))]
                for key, speech in zip(lacking, speak_many([_asked(*key) for key in lacking]), strict=True):
                    if speech is not None:
                        line = functools.partial(self._brought, key[1], *speech)
                        self._know(key, disk.kept(self._cache, self._made_of(key), line))

    def say(self, text: str, *, voice: str | None = None, language: str = "") -> Samples:
        """Return any text, spoken; nothing but silence for a text without words.

        Raises
        ------
        UnknownPrompt
            If there is no such voice.
        """
        if voice is not None and str(read(voice)) != voice and voice not in self._voices(language):
            raise UnknownPrompt(f"there is no voice {voice!r}{nearest(voice, self._voices(language))}", value=voice)
        if not any(character.isalnum() for character in text):
            return np.zeros(self._rate // 50, np.int16)
        return self._clip(text, language, voice)

    def all_fixed(self, language: str = "", /) -> Mapping[str, list[Samples]]:
        """Return the fixed clips of every prompt, by name."""
        self.foresee([part.text for name in self.names() for parts in self.catalogue(language).forms(name).values()
                      for part in parts if not part.is_slot], language)
        return {name: self.fixed(name, language) for name in self.names()}

    def _voices(self, language: str) -> tuple[str, ...]:
        return tuple(self.catalogue(language).voice + variant for variant in VARIANTS)

    def _filled(self, kind: SlotKind, value: Value, language: str) -> Iterator[Samples]:
        match kind:
            case SlotKind.DIGITS:
                yield from self._digits(str(value), language)
            case SlotKind.KEYS:
                yield from self._keys(str(value), language)
            case SlotKind.NUMBER:
                yield from self._number(int(str(value)), language)
            case SlotKind.NAME:
                yield from self._name(value, language)
            case SlotKind.NAMES:
                yield from self._names(several(value), language)

    def _recorded(self, text: str, language: str) -> Samples | None:
        if self._pack is None:
            return None
        return self._pack.clips(language or self.language, self._rate).get(spoken_as(text))

    def _number(self, number: int, language: str) -> Iterator[Samples]:
        numbers = self.catalogue(language).numbers
        whole = numbers.text(number)
        made_of = [self._recorded(numbers.words[piece], language) for piece in numbers.pieces(number)]
        recorded = [clip for clip in made_of if clip is not None]
        # recorded words make up a number only if none lacks: no number in two voices
        if self._recorded(whole, language) is None and len(recorded) == len(made_of):
            yield from recorded
        else:
            yield self._clip(whole, language)

    def _keys(self, keys: str, language: str) -> Iterator[Samples]:
        names = self.catalogue(language).keys
        for i, key in enumerate(keys, 1):
            yield self._clip(names[key] if i == len(keys) else f"{names[key]}{CONTINUED}", language)

    def _digits(self, digits: str, language: str) -> Iterator[Samples]:
        yield from (self.digit(digit, language, last=i == len(digits)) for i, digit in enumerate(digits, 1))

    def _names(self, names: list[Named], language: str) -> Iterator[Samples]:
        for i, name in enumerate(names):
            if i:
                yield np.zeros(round(_PAUSE_S * self._rate), np.int16)
                if i == len(names) - 1:
                    yield self._clip(self.catalogue(language).and_, language)
            yield from self._name(name, language)

    def _name(self, name: object, language: str) -> Iterator[Samples]:
        if isinstance(name, np.ndarray):
            yield name
        elif is_phone(str(name)):
            yield from self._digits(str(name), language)
        else:
            yield self._clip(str(name), language)

    def _clip(self, text: str, language: str, voice: str | None = None) -> Samples:
        if voice is None and (recorded := self._recorded(text, language)) is not None:
            return recorded
        key = self._key(text, language, voice)
        known = self._known.pop(key, None)
        if known is None:
            known = disk.kept(self._cache, self._made_of(key), lambda: self._speak(*key))
        else:
            self._known_samples -= len(known)
        self._know(key, known)
        return known

    def _know(self, key: tuple[str, str, int], clip: Samples) -> None:
        self._known_samples += len(clip)
        self._known[key] = clip  # what was asked for last goes last
        while self._known_samples > self._keeps and len(self._known) > 1:
            self._known_samples -= len(self._known.pop(next(iter(self._known))))

    def _key(self, text: str, language: str, voice: str | None = None) -> tuple[str, str, int]:
        them = self.catalogue(language)
        return text if voice else them.respelt(text), voice or them.voice, them.pace

    def _made_of(self, key: tuple[str, str, int]) -> tuple[str, ...]:
        return key[0], key[1], str(key[2]), str(self._rate), identity(), VERSION, str(SEED)

    def _speak(self, text: str, voice: str, pace: int) -> Samples:
        return self._brought(voice, *speak(*_asked(text, voice, pace)))

    def _brought(self, voice: str, speech: Samples, rate: int) -> Samples:
        # played faster it is a smaller throat's, whose pace was slower by as much
        return for_the_line(speech, round(rate * read(voice).size / 100), self._rate)


def _asked(text: str, voice: str, pace: int) -> tuple[str, str, int, int]:
    """Return what the engine is asked for: the text, its own voice, its pace and its pitch."""
    how = read(voice)
    return text, how.voice, round(pace * how.pace / how.size), how.pitch
