"""Key presses of audio that is still coming in, measured as `decode` measures those of a whole recording."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtmf.blocks import Source
from dtmf.channels import Channel, check_channel, picked
from dtmf.decode import MEASURED_S, Tone, tone
from dtmf.detector import Detector, DigitHeard, Event
from dtmf.errors import AudioError, RateError
from dtmf.keys import check_rate

_KEPT_S = MEASURED_S + 1
"""Seconds that are kept: the part of a tone that is measured, and what an end is told late."""


@dataclass(frozen=True, slots=True)
class ToneEnded:
    """A key press that is over, on one channel."""

    channel: int
    tone: Tone


class Listener:
    """A `Detector` that remembers enough of the sound to measure each tone when it is over.

    What it tells is the same, to the last bit, however the samples are cut.

    Parameters
    ----------
    channels : int
    rate : int
        Samples a second, 4000 to 96000.
    setting : str
        As for `Detector`.
    """

    def __init__(self, channels: int, rate: int, *, setting: str = "default") -> None:
        self._detector = Detector(channels, rate, setting=setting)
        self._rate = rate
        self._came = 0
        self._kept: deque[NDArray[np.int16]] = deque()
        self._length = 0
        self._on: dict[tuple[int, int], NDArray[np.int16] | None] = {}
        """The tones that are on, by channel and start: their first seconds, once these are whole."""

    def feed(self, samples: NDArray[np.int16]) -> list[DigitHeard | ToneEnded]:
        """Take the next samples of every channel and return what was heard.

        Parameters
        ----------
        samples : int16 array [shape=(channels, n)]
        """
        events = self._detector.feed(samples)
        self._came += samples.shape[1]
        self._length += samples.shape[1]
        self._kept.append(samples.copy())
        told = self._told(events)
        whole = MEASURED_S * self._rate
        for (channel, start), begin in self._on.items():
            if begin is None and self._came - start >= whole:
                self._on[channel, start] = self._cut(channel, start, start + whole)
        while self._length - self._kept[0].shape[1] >= _KEPT_S * self._rate:
            self._length -= self._kept.popleft().shape[1]
        return told

    def flush(self) -> list[DigitHeard | ToneEnded]:
        """End the input: close the tones that are on."""
        return self._told(self._detector.flush())

    def _told(self, events: list[Event]) -> list[DigitHeard | ToneEnded]:
        told: list[DigitHeard | ToneEnded] = []
        for event in events:
            if isinstance(event, DigitHeard):
                self._on[event.channel, event.start] = None
                told.append(event)
                continue
            samples = self._on.pop((event.channel, event.start), None)
            last = min(event.end, event.start + MEASURED_S * self._rate)
            if samples is None:
                samples = self._cut(event.channel, event.start, last)
            told.append(ToneEnded(event.channel, tone(event, samples[: last - event.start], self._rate)))
        return told

    def _cut(self, channel: int, begin: int, end: int) -> NDArray[np.int16]:
        """Return samples [`begin`, `end`) of a channel."""
        if len(self._kept) > 1:
            together = np.concatenate(self._kept, axis=1)
            self._kept.clear()
            self._kept.append(together)
        first = self._came - self._length
        return self._kept[0][channel, begin - first : end - first].copy()


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
        raise AudioError(f"{name}: {error}") from None


def listen(
    source: Source, channel: Channel, name: object, *, setting: str = "default"
) -> Iterator[tuple[int, list[DigitHeard | ToneEnded]]]:
    """Listen to a source block by block.

    Parameters
    ----------
    source : Source
    channel : int, "all" or None
        As for `picked`.
    name : object
        The file's name, for the errors.
    setting : str
        As for `Detector`.

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
    listener = Listener(source.channels if channel == "all" else 1, source.rate, setting=setting)
    came = 0
    for block in source.blocks():
        came += len(block)
        yield came, listener.feed(picked(block, channel))
    yield came, listener.flush()
