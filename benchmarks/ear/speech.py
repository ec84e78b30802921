"""Running speech: the project's own synthetic voices, or recordings that IVR_RECORDINGS names."""

import functools
import math
import os
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.ear import material
from benchmarks.ear.rows import Unavailable
from benchmarks.ear.signals import RATE, Floats, Samples, amplitude
from prompts import NoVoice, Prompts, languages

_FRAME = 160
_ACTIVE_DB = 25
"""Frames more than this below the loudest are pauses."""

_WORDS, _WORDS_A_SECOND = 300, 3.0
"""Words that are said in one go, and how many the voices say in a second."""


def rms_of_tone(level_dbm0: float) -> float:
    """Return the RMS of one sine at this level."""
    return amplitude(level_dbm0) / float(np.sqrt(2))


def active_rms(samples: Floats) -> float:
    """Return the RMS of the frames in which somebody speaks."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = (frames**2).mean(axis=1)
    return float(np.sqrt(power[power >= power.max() / 10 ** (_ACTIVE_DB / 10)].mean()))


def recordings() -> Path:
    """Return the folder of recordings made by others.

    Raises
    ------
    Unavailable
        If there is none.
    """
    folder = Path(os.environ.get("IVR_RECORDINGS", Path(__file__).parents[3] / "shared" / "recordings"))
    if not (folder / "MANIFEST.csv").is_file():
        raise Unavailable("no recordings here: set IVR_RECORDINGS to a folder with a MANIFEST.csv")
    return folder


@functools.cache
def running(source: str) -> Floats:
    """Return speech without long pauses, as one piece, at 8 kHz.

    Parameters
    ----------
    source : str
        `voices` or `recordings`.

    Raises
    ------
    Unavailable
        If this machine has neither a voice nor recordings.
    """
    pieces = _voices() if source == "voices" else _recorded()
    return np.concatenate([_packed(piece.astype(np.float64)) for piece in pieces])


def _packed(samples: Floats) -> Floats:
    """Return the samples at one loudness, without the pauses."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = (frames**2).mean(axis=1)
    if not len(frames) or not power.max():
        return np.zeros(0)
    speaking = np.convolve(power >= power.max() / 10 ** (_ACTIVE_DB / 10), np.ones(5), "same") > 0
    return (frames[speaking] * (1000 / active_rms(samples))).reshape(-1)


def _voices() -> list[np.ndarray]:
    """Every prompt in every language, spoken by every voice."""
    spoken = []
    try:
        for language in languages():
            speaker = Prompts(language, RATE)
            texts = [speaker.text(name) for name in speaker.names() if not speaker.slots(name)]
            for n, voice in enumerate(speaker.voices):
                spoken.append(speaker.say(" ".join(texts[n % 3 :: 3]), voice=voice))
    except NoVoice as error:
        raise Unavailable(str(error)) from None
    return spoken


def _recorded() -> list[np.ndarray]:
    """The recordings of speech, ten minutes of each."""
    import soundfile

    paths = sorted((recordings() / "talkoff").glob("speech-*"))
    if not paths:
        raise Unavailable("no recordings of speech in the folder talkoff of IVR_RECORDINGS")
    with_rates = [soundfile.read(path, frames=600 * RATE, dtype="int16") for path in paths]
    return [samples for samples, rate in with_rates if rate == RATE and samples.ndim == 1]


@functools.cache
def talkers(half: str) -> list[Floats]:
    """Return one half of every recording of speech, without pauses: `set` the first, `told` the second."""
    return [_half(packed, half) for packed in map(_packed, (one.astype(np.float64) for one in _recorded()))]


@functools.cache
def music(half: str) -> list[Floats]:
    """Return one half of every piece of hold music, at 8 kHz."""
    import soundfile

    pieces = [soundfile.read(path, dtype="int16")[0] for path in material.sounds(material.MUSIC[0])]
    return [_half(piece.astype(np.float64), half) for piece in pieces]


def _half(samples: Floats, half: str) -> Floats:
    middle = len(samples) // 2
    return samples[:middle] if half == "set" else samples[middle:]


@functools.lru_cache(maxsize=1)
def read_aloud(seconds: float) -> list[Samples]:
    """Return text read by every synthetic voice in turn, in pieces of some minutes.

    The text is the help on Python's own language, so that nothing has to be fetched. Nothing of it is kept on disk.

    Parameters
    ----------
    seconds : float
        About how much.

    Raises
    ------
    Unavailable
        If this machine has no voice.
    """
    from pydoc_data.topics import topics

    words = re.findall(r"[A-Za-z][a-z']+", " ".join(topics[name] for name in sorted(topics)))
    pieces = math.ceil(seconds * _WORDS_A_SECOND / _WORDS)
    with tempfile.TemporaryDirectory() as folder:
        speaker = Prompts("en-US", RATE, cache=Path(folder))

        def spoken(piece: int) -> Samples:
            text = " ".join(words[piece * _WORDS % len(words) :][:_WORDS])
            return speaker.say(f"{text}.", voice=speaker.voices[piece % len(speaker.voices)])

        try:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                return list(pool.map(spoken, range(pieces)))
        except NoVoice as error:
            raise Unavailable(str(error)) from None
