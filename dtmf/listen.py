"""Key presses of audio that is still coming in, measured as `decode` measures those of a whole recording."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dtmf.blocks import Source, opened
from dtmf.channels import Channel, One, check_channel, picked, rows_of
from dtmf.choosing import choose, differing
from dtmf.detector import Detector, DigitHeard, Event
from dtmf.errors import AudioError, RateError
from dtmf.keys import check_rate
from dtmf.recording import Tone, tone


class Beside(Protocol):
    """Whoever else takes the samples that are listened to."""

    def feed(self, samples: NDArray[np.int16], /) -> object:
        """Take the next samples of every row, int16 array [shape=(rows, n)]."""
        ...


@dataclass(frozen=True, slots=True)
class ToneEnded:
    """A key press that is over, on one channel."""

    channel: int
    tone: Tone


class Listener:
    """A `Detector` that tells of tones as `decode` does.

    What it tells is the same, to the last bit, however the samples are cut.

    Parameters
    ----------
    channels : int
    rate : int
        Samples a second, 4000 to 192000.
    setting, longest_break_ms
        As for `Detector`.
    """

    def __init__(self, channels: int, rate: int, *, setting: str = "default", longest_break_ms: float = 0) -> None:
        self._detector = Detector(channels, rate, setting=setting, longest_break_ms=longest_break_ms)

    def feed(self, samples: NDArray[np.int16]) -> list[DigitHeard | ToneEnded]:
        """Take the next samples of every channel and return what was heard.

        Parameters
        ----------
        samples : int16 array [shape=(channels, n)]
        """
        return _told(self._detector.feed(samples))

    def flush(self) -> list[DigitHeard | ToneEnded]:
        """End the input: close the tones that are on."""
        return _told(self._detector.flush())


def _told(events: list[Event]) -> list[DigitHeard | ToneEnded]:
    return [e if isinstance(e, DigitHeard) else ToneEnded(e.channel, tone(e)) for e in events]


def check_source(source: Source, channel: Channel, name: object) -> None:
    """See that a source has the channel that is asked for, at a rate that can be heard.

    Raises
    ------
    AudioError
        If not; it names the file.
    """
    check_channel(source.channels, channel, name)
    try:
        check_rate(source.rate)
    except RateError as error:
        raise AudioError(f"{name}: {error}", value=name) from None


def decode_file(
    path: str | os.PathLike[str], *, channel: One = None, setting: str = "default", longest_break_ms: float = 0
) -> list[Tone]:
    """Return the key presses of an audio file of any format, as `dtmf decode` hears them.

    Parameters
    ----------
    path : str or path
    channel : int, "mix" or None
        One from 0, all of them mixed down, or the one with keys.
    setting, longest_break_ms
        As for `Detector`.

    Returns
    -------
    list of Tone
        Their places are samples of the file.

    Raises
    ------
    AudioError
        If the file cannot be heard, or its channels hold different keys and none was chosen.
    UnknownSetting, BreakError
        If there is no such setting, or breaks so long cannot be bridged.
    """
    with opened(path) as source:
        heard: list[list[Tone]] = [[] for _ in range(rows_of(source.channels, channel))]
        for _, told in listen(source, channel, path, setting=setting, longest_break_ms=longest_break_ms):
            for one in told:
                if isinstance(one, ToneEnded):
                    heard[one.channel].append(one.tone)
        choice = choose(heard, source.rate)
    if choice.differ:
        raise AudioError(f"{path}: {differing(choice.differ, 'channel={}, or channel=' + repr('mix'))}", value=path)
    return sorted(heard[choice.winner or 0], key=lambda tone: tone.start)


def listen(
    source: Source, channel: Channel, name: object, *, setting: str = "default", longest_break_ms: float = 0,
    beside: Beside | None = None
) -> Iterator[tuple[int, list[DigitHeard | ToneEnded]]]:
    """Listen to a source block by block.

    Parameters
    ----------
    source : Source
    channel : int, "all", "mix" or None
        As for `picked`.
    name : object
        The file's name, for the errors.
    setting, longest_break_ms
        As for `Detector`.
    beside : Beside, optional
        Is fed the same.

    Yields
    ------
    came : int
        Samples a channel that have come so far.
    told : list of DigitHeard and ToneEnded
        What they told; with one channel or a mix, their `channel` is 0.

    Raises
    ------
    AudioError
        If the source has no such channel, or a rate that cannot be heard.
    """
    check_source(source, channel, name)
    listener = Listener(rows_of(source.channels, channel), source.rate, setting=setting,
                        longest_break_ms=longest_break_ms)  # fmt: skip
    came = 0
    for block in source.blocks():
        came += len(block)
        rows = picked(block, channel)
        if beside is not None:
            beside.feed(rows)
        yield came, listener.feed(rows)
    yield came, listener.flush()
