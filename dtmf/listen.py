"""Key presses of audio that is still coming in, measured as `decode` measures those of a whole recording."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtmf.blocks import Source, opened
from dtmf.channels import Channel, check_channel, picked
from dtmf.detector import Detector, DigitHeard, Event
from dtmf.errors import AudioError, RateError
from dtmf.keys import check_rate
from dtmf.recording import Tone, tone


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
    setting : str
        As for `Detector`.
    """

    def __init__(self, channels: int, rate: int, *, setting: str = "default") -> None:
        self._detector = Detector(channels, rate, setting=setting)

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
        raise AudioError(f"{name}: {error}") from None


def decode_file(
    path: str | os.PathLike[str], *, channel: int | None = None, setting: str = "default"
) -> list[Tone]:
    """Return the key presses of an audio file of any format, as `dtmf decode` hears them.

    Parameters
    ----------
    path : str or path
    channel : int, optional
        As for `listen`.
    setting : str
        As for `Detector`.

    Returns
    -------
    list of Tone
        Their places are samples of the file.

    Raises
    ------
    AudioError
        If the file cannot be heard.
    UnknownSetting
        If there is no such setting.
    """
    with opened(path) as source:
        told = [one for _, more in listen(source, channel, path, setting=setting) for one in more]
    return sorted((one.tone for one in told if isinstance(one, ToneEnded)), key=lambda tone: tone.start)


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
