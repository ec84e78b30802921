"""Which prompts an agent hears: those of this bridge, told by their sound alone."""

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.scenario.hearing import CallerEar
from ivr.scenario.references import References
from ivr.scenario.sounds import HoldMusic, PromptSound, Sound
from lobby import arrival, beep, departure, hold_music
from prompts import Prompts

MUSIC = "hold-music"
_EVERY = 5  # frames between two looks at what was heard


class PromptRecogniser:
    """Tells prompts by their first half second, and hold music.

    Parameters
    ----------
    names : iterable of str
        The prompts that matter (`ivr prompts`), or "hold-music"; the fewer, the quicker.
    language : str
        Which is spoken.

    Raises
    ------
    KeyError
        If there is no such prompt.
    """

    def __init__(self, names: Iterable[str], *, language: str = "en-US") -> None:
        self._sounds: dict[str, Sound] = {
            name: HoldMusic() if name == MUSIC else PromptSound(name) for name in names}
        references = _references(language)
        if unknown := self._sounds.keys() - {MUSIC} - references.prompts.keys():
            raise KeyError(f"there is no prompt {min(unknown)!r}")
        self._ear = CallerEar(references.afresh(), caller="", began_at=0)
        self._since = dict.fromkeys(self._sounds, 0)
        self._at = 0
        self._plays = False

    def feed(self, samples: NDArray[np.int16]) -> list[str]:
        """Hear more; return what was recognised by now and was not told before, in its order.

        Parameters
        ----------
        samples : int16 array [shape=(n,)]
            At 8,000 samples a second; looked at every 100 ms.
        """
        self._ear.hear(samples)
        before, self._at = self._at, self._at + len(samples)
        if before // (_EVERY * FRAME) == self._at // (_EVERY * FRAME):
            return []
        found = []
        for name, sound in self._sounds.items():
            match = self._ear.find(sound, self._since[name])
            if name == MUSIC:
                began, self._plays = match is not None and not self._plays, match is not None
                self._since[name] = self._at - 4 * FRAME * _EVERY
                if match is not None and began:
                    found.append((match.start, name))
            elif match is not None:
                self._since[name] = match.at
                found.append((match.start, name))
        return [name for _, name in sorted(found)]


@cache
def _references(language: str) -> References:
    spoken = Prompts(language)
    return References(spoken.all_fixed(), hold_music(),
                      {"arrival": arrival(), "departure": departure(), "record": beep()})
