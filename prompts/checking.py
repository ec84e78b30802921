"""Looks a voice pack over: what is brought right by itself, and what has to be recorded again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prompts.errors import BadPack
from prompts.level import ACTIVE_DBM0, Samples, active_level
from prompts.pack import FileSound, Pack, sound_of, words_of
from prompts.pieces import pieces, spoken_as

_RATE = 8000
_NEAR_DB = 3.0
_FAINT_DB = 24.0
"""More gain than this brings up the room and the hiss as well."""
_SHORT, _LONG = 0.35, 2.5
"""A recording lasts between these times what the voice takes for the same words."""
_SILENCE_S = 0.5
"""More silence than this at an end is worth a word, though it is trimmed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a file of a pack.

    Attributes
    ----------
    path : Path
    what : str
        In words, with the figure.
    wrong : bool
        Whether somebody has to do something; otherwise it is brought right by itself.
    """

    path: Path
    what: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """One language of a pack.

    Attributes
    ----------
    language : str
    used : tuple of str
        Pieces that are recorded and can be used.
    missing : tuple of str
        Pieces that are spoken.
    findings : tuple of Finding
    """

    language: str
    used: tuple[str, ...]
    missing: tuple[str, ...]
    findings: tuple[Finding, ...]


def check(pack: Pack, language: str, speak: Callable[[str], Samples]) -> Checked:
    """Look a language of a pack over.

    Parameters
    ----------
    pack : Pack
    language : str
    speak : callable
        Returns words as the language's voice says them: int16 array [shape=(n,)] at 8000 samples a second.
    """
    findings: list[Finding] = []
    used: dict[str, str] = {}
    for path, name in pack.files(language):
        try:
            words, sound = words_of(path, name, language), sound_of(path)
        except BadPack as error:
            findings.append(Finding(path, str(error).removeprefix(f"{path}: "), wrong=True))
            continue
        used[name] = words
        findings += [Finding(path, what, wrong) for what, wrong in _looked_at(sound, speak(words))]
    said = set(used.values())
    missing = tuple(name for name, words in pieces(language).items() if spoken_as(words) not in said)
    return Checked(language, tuple(used), missing, tuple(findings))


def _looked_at(sound: FileSound, spoken: Samples) -> Iterator[tuple[str, bool]]:
    one, rate = sound.samples.mean(axis=1), sound.rate
    if (channels := sound.samples.shape[1]) > 1:
        yield f"{channels} channels are mixed into one", False
    if rate < _RATE:
        yield f"{rate} samples a second are too few: a line carries {_RATE}, so it sounds dull", True
    elif rate != _RATE:
        yield f"{rate} samples a second are brought to {_RATE}", False
    if share := _clipped(sound.samples):
        yield f"it is clipped ({share:.1%} of it): record it again, more softly", True
    level = active_level(one, rate)
    if ACTIVE_DBM0 - level > _FAINT_DB:
        yield f"it is faint ({level:.0f} dBm0): record it again, nearer to the microphone", True
    elif abs(level - ACTIVE_DBM0) > _NEAR_DB:
        yield f"its level of {level:.0f} dBm0 is brought to {ACTIVE_DBM0:.0f}", False
    begin, end = _sounding(one, rate)
    for what, seconds in (("beginning", begin), ("end", len(one) / rate - end)):
        if seconds > _SILENCE_S:
            yield f"{seconds:.1f} s of silence at its {what} are cut", False
    lasts, theirs = end - begin, len(spoken) / _RATE
    if not _SHORT * theirs <= lasts <= _LONG * theirs + 0.5:
        yield f"it lasts {lasts:.1f} s where the voice takes {theirs:.1f} s: is it the right one, and whole?", True


def _clipped(samples: NDArray[np.float64]) -> float:
    """Return the share of samples that lie in flat tops: three or more in a row at the largest value."""
    flat = (np.abs(samples) >= np.abs(samples).max(axis=0) - 1.5).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flat.view(np.int8), [0]]))).reshape(-1, 2)
    runs = edges[:, 1] - edges[:, 0]
    share = float(runs[runs >= 3].sum()) / len(samples)
    return share if (runs >= 3).sum() >= 3 else 0.0


def _sounding(one: NDArray[np.float64], rate: int) -> tuple[float, float]:
    loud = np.flatnonzero(np.abs(one) > 0.02 * np.abs(one).max())
    return float(loud[0]) / rate, float(loud[-1] + 1) / rate
