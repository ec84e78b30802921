"""Prompts with their slots filled, as a bridge says them: to compare with what is heard."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Protocol

from ivr.clock import RATE
from ivr.engine.sound import Voice
from ivr.scenario.correlate import Samples
from ivr.scenario.errors import NothingThere
from ivr.scenario.sounds import Slot
from ivr.scenario.stretches import sounding, stretches
from prompts.errors import UnknownPrompt
from prompts.names import name_from
from prompts.slots import SlotKind, Value

_PAUSE_S, _SHORTEST_S, _AROUND_S = 0.7, 0.12, 0.5
"""A name is what is said between such pauses, as who has recorded it takes it (`prompts.names`)."""
_MOST_NAMES = 4
"""Of what a caller has said last, so much may be his name."""


class SentSoFar(Protocol):
    """What a caller has sent."""

    began_at: int

    @property
    def samples(self) -> Samples:
        """All of it. int16 array [shape=(n,)]."""


@dataclass(eq=False)
class PromptSpeaker:
    """Says prompts as a bridge does, to compare.

    Attributes
    ----------
    voice : Voice
    language : str
        That of the prompts whose names say none.
    resolve : callable
        Puts digits in the place of placeholders.
    callers : mapping of str to SentSoFar
        What each caller has sent: his name is in it if he has recorded one.
    """

    voice: Voice
    language: str
    resolve: Callable[[str], str]
    callers: Mapping[str, SentSoFar]
    _known: dict[tuple[object, ...], list[Samples]] = field(default_factory=dict, repr=False)
    _names: dict[tuple[str, int, int], Samples | None] = field(default_factory=dict, repr=False)

    def ways(self, sound: str, slots: Sequence[Slot], until: int) -> Iterator[list[Samples]]:
        """Give the clips of a prompt, once for each name that may be what a caller has recorded by then.

        Parameters
        ----------
        until : int
            A moment of the run's clock: what callers send later is not in it.
        """
        name, _, language = sound.partition(" in ")
        language = language or self.language
        try:
            held = [[(slot.name, one) for one in self._held(slot, language, until)] for slot in slots]
        except NothingThere:
            return
        for chosen in product(*held):
            known = (name, language, *((slot, key) for slot, (key, _) in chosen))
            if known not in self._known:
                try:
                    self._known[known] = [*self.voice.clips(name, language,
                                                            **{slot: value for slot, (_, value) in chosen})]
                except UnknownPrompt:
                    continue
            yield self._known[known]

    def _held(self, slot: Slot, language: str, until: int) -> Iterator[tuple[object, Value]]:
        """Give what a slot may hold: by what it is known, and the value itself."""
        if slot.kind is SlotKind.NAMES:
            for several in product(*(self._called(one, language, until) for one in slot.values)):
                yield tuple(key for key, _ in several), [name for _, name in several]
        elif slot.kind is SlotKind.NAME:
            yield from self._called(slot.values[0], language, until)
        else:
            value = self.resolve(slot.values[0])
            yield value, value

    def _called(self, who: str, language: str, until: int) -> Iterator[tuple[object, str | Samples]]:
        """Give what somebody may be called: the names that he may have recorded, and one that is spoken."""
        if who in self.callers:
            yield from self._recorded(who, self.callers[who], until)
        try:
            spoken = self.voice.text(who, language)  # a-caller, an-app-user
        except (UnknownPrompt, KeyError):
            spoken = self.resolve(who)
        yield spoken, spoken

    def _recorded(self, who: str, sent: SentSoFar, until: int) -> Iterator[tuple[object, Samples]]:
        said = sent.samples[:max(until - sent.began_at, 0)]
        around = round(_AROUND_S * RATE)
        for begin, end in stretches(said, RATE, ended=True, pause_s=_PAUSE_S,
                                    shortest_s=_SHORTEST_S)[:-_MOST_NAMES - 1:-1]:
            key = (who, begin, end)
            if key not in self._names:
                self._names[key] = name_from(said[max(begin - around, 0):end + around], RATE)
            if (recorded := self._names[key]) is not None:
                yield key, sounding(recorded)
