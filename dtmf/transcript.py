"""What was heard in a file, as the facts that are printed and kept."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dtmf.blocks import Reading, Source, opened
from dtmf.channels import Channel, picked
from dtmf.explain import as_facts, near_misses
from dtmf.listen import ToneEnded, check_source, listen
from dtmf.recording import Tone, decode, digits

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hearing:
    """How files are to be heard: which channel (None mixes them, "all" hears each), and how raw ones are read."""

    channel: Channel = None
    reading: Reading = field(default_factory=Reading)
    setting: str = "default"
    explain: bool = False

    def __str__(self) -> str:
        """What a kept transcript is known by: other hearings of the same file are other transcripts."""
        raw = self.reading
        said = [raw.encoding, raw.rate and f"{raw.rate} Hz", raw.channels and f"{raw.channels} channels"]
        heard = "mixed" if self.channel is None else "all" if self.channel == "all" else f"channel {self.channel}"
        said.append("" if self.setting == "default" else f"setting {self.setting}")
        return ", ".join([heard, *(str(word) for word in said if word)])


def transcribe(
    path: str | os.PathLike[str], hearing: Hearing, progress: Callable[[float], None] | None = None
) -> list[Facts]:
    """Return the facts of a file: one object, or one a channel.

    Parameters
    ----------
    path : str or path
    hearing : Hearing
    progress : callable, optional
        Called with the part that is done, 0 to 1, where the length is known.

    Raises
    ------
    AudioError
        If the file cannot be heard.
    """
    with opened(path, hearing.reading) as source:
        return facts_of(source, hearing, str(path), progress)


def facts_of(
    source: Source, hearing: Hearing, name: str, progress: Callable[[float], None] | None = None
) -> list[Facts]:
    """Return the facts of a source that is at its beginning; see `transcribe`."""
    if hearing.explain:
        return _explained(source, hearing, name)
    every = hearing.channel == "all"
    tones: list[list[Tone]] = [[] for _ in range(source.channels if every else 1)]
    came = 0
    for came, told in listen(source, hearing.channel, name, setting=hearing.setting):
        for one in told:
            if isinstance(one, ToneEnded):
                tones[one.channel].append(one.tone)
        if progress and source.frames:
            progress(min(1.0, came / source.frames))
    return [
        facts(name, source.rate, came, heard, channel=number if every else None) | _notes(source)
        for number, heard in enumerate(tones)
    ]


def _notes(source: Source) -> Facts:
    return {"notes": source.notes} if source.notes else {}


def _explained(source: Source, hearing: Hearing, name: str) -> list[Facts]:
    """Return the facts of a source with its near misses; the whole of it is in memory."""
    check_source(source, hearing.channel, name)
    whole = np.concatenate([picked(block, hearing.channel) for block in source.blocks()], axis=1)
    found = []
    for number, samples in enumerate(whole):
        heard = decode(samples, source.rate, setting=hearing.setting)
        of = facts(name, source.rate, len(samples), heard, channel=number if hearing.channel == "all" else None)
        of["near_misses"] = [as_facts(miss, source.rate)
                             for miss in near_misses(samples, source.rate, setting=hearing.setting)]
        found.append(of | _notes(source))
    return found


def facts(name: str, rate: int, frames: int, tones: list[Tone], *, channel: int | None = None) -> Facts:
    """Return the documented object of a file, or of one `channel` of it; times in seconds."""
    which = {} if channel is None else {"channel": channel}
    return {
        "file": name,
        **which,
        "rate": rate,
        "seconds": round(frames / rate, 6),
        "digits": digits(tones),
        "tones": [
            {
                "digit": tone.digit,
                "start": round(tone.start / rate, 6),
                "end": round(tone.end / rate, 6),
                "level_dbm0": round(tone.level_dbm0, 2),
                "twist_db": round(tone.twist_db, 2) + 0.0,
                "low_hz": round(tone.low_hz, 2),
                "high_hz": round(tone.high_hz, 2),
                "low_off_percent": round(tone.low_off * 100, 2) + 0.0,
                "high_off_percent": round(tone.high_off * 100, 2) + 0.0,
                "snr_db": round(tone.snr_db, 1),
            }
            for tone in tones
        ],
    }
