"""A whole recording at once: the streaming detector, and each tone measured."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtmf.detector import Detector, DigitEnded
from dtmf.errors import ShapeError
from dtmf.keys import check_rate
from dtmf.measure import measure

MEASURED_S = 2
"""Seconds of a tone that are measured at most: a key that is held for an hour needs no more memory."""


@dataclass(frozen=True, slots=True)
class Tone:
    """A key press in a recording.

    `start` and `end` are samples of the recording; `level_dbm0` is the mean of the two tones (a full-scale
    sine is +3.14 dBm0), `twist_db` the high tone over the low one, `low_hz` and `high_hz` what was measured.
    """

    digit: str
    start: int
    end: int
    level_dbm0: float
    twist_db: float
    low_hz: float
    high_hz: float


def decode(samples: NDArray[np.int16], rate: int, *, setting: str = "default") -> list[Tone]:
    """Return the key presses of a recording.

    Parameters
    ----------
    samples : int16 array [shape=(n,)]
    rate : int
        Samples a second, 4000 to 96000.
    setting : str
        "default", "wide" or "strict": see `dtmf.limits.SETTINGS`.

    Raises
    ------
    RateError
        If `rate` is outside 8 to 96 kHz.
    UnknownSetting
        If there is no such setting.
    ShapeError
        If `samples` is not int16 with one dimension.
    """
    check_rate(rate)
    if samples.ndim != 1 or samples.dtype != np.int16:
        raise ShapeError(f"samples are {samples.dtype} of shape {samples.shape}; give int16 of shape (n,).")
    detector = Detector(1, rate, setting=setting)
    # Ten seconds at a time: a long recording needs no more memory than a short one.
    chunks = range(0, len(samples), 10 * rate)
    events = [e for begin in chunks for e in detector.feed(samples[None, begin : begin + 10 * rate])]
    ended = [e for e in [*events, *detector.flush()] if isinstance(e, DigitEnded)]
    return [tone(e, samples[e.start : min(e.end, e.start + MEASURED_S * rate)], rate) for e in ended]


def tone(ended: DigitEnded, samples: NDArray[np.int16], rate: int) -> Tone:
    """Return a key press that is over, measured.

    Parameters
    ----------
    ended : DigitEnded
    samples : int16 array [shape=(n,)]
        The tone from its start to its end, of a long one the first `MEASURED_S` seconds.
    rate : int
    """
    return Tone(ended.digit, ended.start, ended.end, *measure(samples, rate, ended.digit))


def digits(tones: Iterable[Tone]) -> str:
    """Return the digits of `tones` as one string."""
    return "".join(tone.digit for tone in tones)
