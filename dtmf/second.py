"""A second look at a whole recording: keys too quiet or twisted for the first one, and two that look as one.

What comes by itself is judged by itself; of a recording all is known. Keys that agree with each other in level and
twist and stand well over the recording's floor are keys of it, though one of them alone would be none. And a press
with a pause inside that cuts it into keys as long as the recording's others is as many keys.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dtmf.ear import Ear
from dtmf.keys import RATE
from dtmf.limits import LEAST_DBM0, limits
from dtmf.recording import Tone, tones_of
from dtmf.resample import Resampler
from dtmf.splitting import split

QUIETEST_DBM0 = -57.0
"""Level of a tone below which a second look hears none: 14 times the steps of 16 bits, twice those of A-law."""

_CLEAR_DB = 12.0
"""Least that a tone is over the recording's floor."""

_FEWEST = 2
"""Keys that have to agree with each other."""

_SPREAD_DB, _TWIST_SPREAD_DB = 4.0, 2.5
"""Most by which their levels and their twists may differ from the median of them all."""

_MUCH_TWIST_DB, _QUIET_DBM0 = 5.0, -42.0
"""Twist and level of a key that was heard from which on others of the recording may be beyond what is heard."""

_LONGER = 1.7
"""Times another key of the recording that one is long which may be several."""


class Again(NamedTuple):
    """What a second look adds: all keys of the channel, and what it found by which of its reasons."""

    tones: list[Tone]
    found: dict[str, int]


def worth(heard: Sequence[Tone]) -> bool:
    """Tell whether a second look may find something that the first has not."""
    if not heard:
        return True
    return any(_shorter(tone, heard) for tone in heard) or any(
        abs(tone.twist_db) > _MUCH_TWIST_DB or _weaker(tone) < _QUIET_DBM0 for tone in heard)


def look_again(blocks: Iterable[NDArray[np.int16]], rate: int, heard: Sequence[Sequence[Tone]],
               setting: str) -> list[Again]:  # fmt: skip
    """Look at a recording again.

    Parameters
    ----------
    blocks : iterable of int16 array [shape=(channels, n)]
        The recording from its beginning.
    rate : int
    heard : sequence of sequences of Tone
        What the first look heard on each channel.
    setting : str
        With which one; `strict` is left as it is.
    """
    ear = Ear(len(heard), rate, "wide", near_misses=False, least_dbm0=QUIETEST_DBM0)
    cut = [_Cuts(channel, tones) for channel, tones in enumerate(heard)]
    found, came = [], 0
    for block in blocks:
        found.append(ear.feed(np.ascontiguousarray(block)))
        for cuts in cut:
            cuts.take(block, came)
        came += block.shape[1]
    found.append(ear.flush())
    rows = np.concatenate(found)
    return [_again(tones, tones_of(rows[rows["channel"] == channel]), cut[channel].sounds, rate, setting)
            for channel, tones in enumerate(heard)]


def _again(heard: Sequence[Tone], all_of_them: Sequence[Tone], sounds: dict[int, NDArray[np.int16]], rate: int,
           setting: str) -> Again:  # fmt: skip
    found: dict[str, int] = {}
    tones = list(heard)
    for why, more in _agreeing(heard, all_of_them, setting).items():
        tones += more
        found[why] = len(more)
    for start, sound in sounds.items():
        tone = next(one for one in heard if one.start == start)
        parts = split(_at_8k(sound, rate), tone, [length * RATE / rate for length in _shorter(tone, heard)], rate)
        if len(parts) > 1:
            tones.remove(tone)
            tones += parts
            found["pause"] = found.get("pause", 0) + len(parts) - 1
    return Again(sorted(tones, key=lambda one: one.start), found)


def _agreeing(heard: Sequence[Tone], all_of_them: Sequence[Tone], setting: str) -> dict[str, list[Tone]]:
    """Return the keys that were not heard and agree with each other and with those that were, by why not."""
    allowed = limits(setting)
    new: dict[str, list[Tone]] = {}
    for tone in all_of_them:
        if tone.snr_db < _CLEAR_DB or any(tone.start < one.end and one.start < tone.end for one in heard):
            continue
        if not -allowed.low_over_high_db <= tone.twist_db <= allowed.high_over_low_db:
            new.setdefault("twist", []).append(tone)
        elif _weaker(tone) < LEAST_DBM0 + 1:
            new.setdefault("quiet", []).append(tone)
    every = [*heard, *(tone for tones in new.values() for tone in tones)]
    if len(every) < _FEWEST:
        return {}
    level, twist = (float(np.median([value(tone) for tone in every])) for value in (_weaker, _twist))
    kept = {why: [tone for tone in tones if abs(_weaker(tone) - level) < _SPREAD_DB and
                  abs(tone.twist_db - twist) < _TWIST_SPREAD_DB] for why, tones in new.items()}
    agree = sum(map(len, kept.values())) + len(heard)
    return {why: tones for why, tones in kept.items() if tones and agree >= _FEWEST}


def _weaker(tone: Tone) -> float:
    return tone.level_dbm0 - abs(tone.twist_db) / 2


def _twist(tone: Tone) -> float:
    return tone.twist_db


def _shorter(tone: Tone, heard: Sequence[Tone]) -> list[int]:
    """Return the lengths of presses that are so short that another one may be several of them."""
    return sorted({one.end - one.start for one in heard if _LONGER * (one.end - one.start) < tone.end - tone.start})


class _Cuts:
    """The sound of the presses of a channel that may be several, cut out as the recording goes by."""

    def __init__(self, channel: int, heard: Sequence[Tone]) -> None:
        self._channel = channel
        self._wanted = [tone for tone in heard if _shorter(tone, heard)]
        self.sounds: dict[int, NDArray[np.int16]] = {}

    def take(self, block: NDArray[np.int16], came: int) -> None:
        """Take the next samples; `came` have come before."""
        for tone in self._wanted:
            begin, end = max(0, tone.start - came), min(block.shape[1], tone.end - came)
            if begin < end:
                part = block[self._channel, begin:end]
                before = self.sounds.get(tone.start)
                self.sounds[tone.start] = part if before is None else np.concatenate([before, part])


def _at_8k(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    if rate == RATE:
        return samples
    resampler = Resampler(1, rate)
    rest = np.zeros((1, rate // 10), np.int16)
    both: NDArray[np.int16] = np.concatenate([resampler.feed(samples[None]), resampler.feed(rest)], axis=1)[0]
    return both
