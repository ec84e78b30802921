"""Recordings that somebody made as callers: who they are, when they dial, and what is to be heard of each."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from dtmf.channels import One
from dtmf.reader.pipe import Bytes
from ivr.cli.faults import UsageError
from ivr.cli.saying import remark
from ivr.clock import samples
from ivr.lines.wav import samples_of

PIPE = Path("-")
"""What comes from a pipe."""

ALONE = "caller"
"""What a caller is called who is the only one."""

_MOST_S = 3600
_CHANNEL = re.compile("[0-9]{1,4}")
_SECONDS = re.compile("[0-9]{1,4}([.][0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class RecordedCaller:
    """A recording that dials in at a sample of the bridge's clock."""

    name: str
    path: Path
    says: NDArray[np.int16]
    dials_at: int


def recorded(paths: Sequence[Path], at: str, channel: str, *, mix: bool) -> list[RecordedCaller]:
    """Return the callers, each by a name of its own: that of its file, or `ALONE`.

    Parameters
    ----------
    paths : sequence of Path
    at : str
        Seconds at which they dial, with commas between; all at once if empty.
    channel : str
        The channel that each is heard on, or one for all of them.
    mix : bool
        Whether their channels are mixed down instead.

    Raises
    ------
    UsageError
        If a second or a channel is none, or there is not one for each recording.
    dtmf.AudioError
        If a recording cannot be read, or its channels hold different keys and none was chosen.
    """
    if not paths:
        raise UsageError("no recording is named: name one audio file at least, as in 'ivr answer call.wav'")
    moments = [samples(_second(one)) for one in at.split(",")] if at else [0] * len(paths)
    if len(moments) != len(paths):
        raise UsageError(f"--at {at} gives {len(moments)} times for {len(paths)} recordings: give each one, with "
                         "commas between")
    chosen = _channels(channel, len(paths), mix=mix)
    pipe = _pipe(paths)
    says = [samples_of(path, which, remark=remark, stream=pipe if path == PIPE else None)
            for path, which in zip(paths, chosen, strict=True)]
    return [RecordedCaller(*one) for one in zip(_names(paths), paths, says, moments, strict=True)]


def _pipe(paths: Sequence[Path]) -> Bytes | None:
    """Return what a hyphen among the recordings stands for.

    Raises
    ------
    UsageError
        If there is nothing to hear, or it is to be two callers.
    """
    if PIPE not in paths:
        return None
    if paths.count(PIPE) > 1:
        raise UsageError("'-' is named twice, and what comes from a pipe is one caller: name it once")
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("'-' has nothing to hear: pipe audio into it, such as from arecord")
    return cast("Bytes", sys.stdin.buffer)


def stem(path: Path) -> str:
    """Return what a recording's caller, and the file of what he hears, are named by."""
    return "stdin" if path == PIPE else path.stem


def _second(text: str) -> float:
    if not _SECONDS.fullmatch(text.strip()) or float(text) > _MOST_S:
        raise UsageError(f"--at {text!r} is no time to dial: it takes 0 to {_MOST_S} seconds, one a recording, "
                         "with commas between")
    return float(text)


def _channels(text: str, count: int, *, mix: bool) -> list[One]:
    if mix and text:
        raise UsageError(f"--channel {text} and --mix are two things to hear: give one of them")
    if mix:
        return ["mix"] * count
    if not text:
        return [None] * count
    words = [word.strip() for word in text.split(",")]
    for word in words:
        if not _CHANNEL.fullmatch(word):
            raise UsageError(f"--channel {word!r} is no channel: give a number from 0, for all recordings, or one "
                             "each with commas between")
    if len(words) not in (1, count):
        raise UsageError(f"--channel {text} gives {len(words)} channels for {count} recordings: give one, or one "
                         "each")
    return [int(word) for word in (words if len(words) == count else words * count)]


def _names(paths: Sequence[Path]) -> list[str]:
    """Return a name for each: that of its file, numbered from the second of that name on."""
    if len(paths) == 1:
        return [ALONE]
    names: list[str] = []
    for path in paths:
        first = legible(stem(path))
        name, number = first, 1
        while name in names:
            number += 1
            name = f"{first}-{number}"
        names.append(name)
    return names


def legible(name: str) -> str:
    """Return the name of a file, which need be no text, as what a journal and a page can hold."""
    return name.encode("utf-8", "backslashreplace").decode()
