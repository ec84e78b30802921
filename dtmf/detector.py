"""The streaming detector: many channels, any chunks, events as soon as they are sure.

A window of 20 ms ends every 10 ms. `dtmf.follow` takes every channel through its windows in compiled code; Python
runs only for what was found.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtmf.ear import Ear, Findings
from dtmf.finding import DOWN, REFUSED, UP
from dtmf.keys import KEYS, RATE


@dataclass(frozen=True, slots=True)
class DigitHeard:
    """A key went down: told once, as early as it is convincing."""

    channel: int
    digit: str
    at: int
    start: int


@dataclass(frozen=True, slots=True)
class DigitRefused:
    """Something like a key that did not convince."""

    channel: int
    digit: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DigitEnded:
    """The tone of a key that was heard is over: from when until when, and what it was like.

    `level_dbm0` is the mean of the two tones (a full-scale sine is +3.14 dBm0), `twist_db` the high tone over the
    low one, `snr_db` one tone (their mean) over the noise between 0 and 4 kHz, 60 at the most.
    """

    channel: int
    digit: str
    start: int
    end: int
    at: int
    level_dbm0: float
    twist_db: float
    low_hz: float
    high_hz: float
    snr_db: float


Event = DigitHeard | DigitEnded


class Detector:
    """Hears keys on many channels at once.

    The events are the same bit for bit however the samples are cut into chunks, and whoever else is on the
    other channels.

    Parameters
    ----------
    channels : int
    rate : int
        Samples a second of what comes in, 4000 to 192000. All times are samples at this rate since the
        detector, or the channel's `reset`, began.
    setting : str
        "default", "wide" or "strict": see `dtmf.limits.SETTINGS`.
    near_misses : bool
        Follow what is almost a key too, quieter and more hidden than keys are, and keep it in `refused`. What is a
        key and what is none stays the same but at the very edge of what is heard.
    clamp : bool
        Whether `clamped` is wanted; at 8000 samples a second only.
    longest_break_ms : float
        Break within a key that is bridged, as of a worn key that drops out; 23 if it is less, 400 at the most. Two
        presses of one key that follow each other as closely are one then.

    Attributes
    ----------
    refused : list of DigitRefused
        In the order in which they were over; whoever listens for long takes out what has been read.

    Raises
    ------
    RateError
        If `rate` is outside 4 to 192 kHz, or not 8 kHz where keys are clamped.
    UnknownSetting
        If there is no such setting.
    BreakError
        If breaks so long cannot be bridged.
    """

    def __init__(
        self, channels: int, rate: int = RATE, *, setting: str = "default", near_misses: bool = False,
        clamp: bool = False, longest_break_ms: float = 0
    ) -> None:  # fmt: skip
        self._ear = Ear(channels, rate, setting, near_misses=near_misses, clamp=clamp,
                        longest_break_ms=longest_break_ms)  # fmt: skip
        self.refused: list[DigitRefused] = []

    @property
    def channels(self) -> int:
        """How many there are."""
        return self._ear.channels

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self._ear.rate

    def feed(self, samples: NDArray[np.int16], missing: NDArray[np.bool_] | None = None) -> list[Event]:
        """Take the next samples of every channel and return what was heard.

        Parameters
        ----------
        samples : int16 array [shape=(channels, n)]
        missing : bool array [shape=(channels,)], optional
            Channels whose samples did not come: time passes there, and what is in `samples` is not looked at.

        Returns
        -------
        list of DigitHeard and DigitEnded
            Ordered by (at, channel).

        Raises
        ------
        ShapeError
            If an array is not of the shape or type above.
        """
        return self._told(self._ear.feed(samples, missing))

    def skim(self, samples: NDArray[np.int16], frame: int) -> int:
        """Take samples as `feed` does, as long as nothing is heard in them.

        Parameters
        ----------
        samples : int16 array [shape=(channels, n)]
        frame : int
            Samples are taken in whole frames of this length; `n` is a multiple of it.

        Returns
        -------
        int
            How many samples were taken: those of the frames before the first in which `feed` has something to tell.

        Raises
        ------
        ShapeError
            If the array is not of the shape or type above.
        """
        return self._ear.skim(samples, frame)

    def clamped(self, count: int) -> NDArray[np.int16]:
        """Return what came, without keys, `dtmf.clamp.DELAY` samples late.

        Where two tones of a key may stand the sound is silent, from before the first of them to after the last.

        Parameters
        ----------
        count : int
            How many samples: as many as were fed last, 640 at most.

        Returns
        -------
        int16 array [shape=(channels, count)]
        """
        return self._ear.clamped(count)

    def reset(self, channel: int) -> None:
        """Forget what was on `channel` and begin its time at 0: a new call uses it."""
        self._ear.reset(channel)

    def resize(self, channels: int) -> None:
        """Have `channels` channels, more or fewer than now.

        States are kept, but for those of the channels that go; the time of a new channel begins at 0.
        """
        self._ear.resize(channels)

    def flush(self) -> list[Event]:
        """End the input: close the tones that are on. The detector is then as new."""
        return self._told(self._ear.flush())

    def _told(self, findings: Findings) -> list[Event]:
        events: list[Event] = []
        for kind, channel, key, at, start, end, *like in findings.tolist():
            digit, begin, over = KEYS[key], int(start), int(end)
            if kind == DOWN:
                events.append(DigitHeard(channel, digit, at, begin))
            elif kind == UP:
                events.append(DigitEnded(channel, digit, begin, over, at, *like))
            elif kind == REFUSED:
                self.refused.append(DigitRefused(channel, digit, begin, over))
        return events
