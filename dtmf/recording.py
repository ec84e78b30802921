"""A whole recording at once: the streaming detector, and each tone measured."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dtmf.detector import DigitEnded
from dtmf.ear import Ear, Findings
from dtmf.errors import ShapeError
from dtmf.finding import UP
from dtmf.keys import KEYS, RATE, check_rate, frequencies
from dtmf.pcm import to_int16

_CHUNK = 1 << 18


class Tone(NamedTuple):
    """A key press in a recording.

    `start` and `end` are samples of the recording; `level_dbm0` is the mean of the two tones (a full-scale
    sine is +3.14 dBm0), `twist_db` the high tone over the low one, `low_hz` and `high_hz` what was measured,
    `snr_db` one tone over the noise between 0 and 4 kHz, 60 at the most. They are of the first 70 ms.
    """

    digit: str
    start: int
    end: int
    level_dbm0: float
    twist_db: float
    low_hz: float
    high_hz: float
    snr_db: float

    @property
    def low_off(self) -> float:
        """Part by which the low tone is off its frequency."""
        return self.low_hz / frequencies(self.digit)[0] - 1

    @property
    def high_off(self) -> float:
        """Part by which the high tone is off its frequency."""
        return self.high_hz / frequencies(self.digit)[1] - 1


def decode(samples: ArrayLike, rate: int, *, setting: str = "default", longest_break_ms: float = 0
           ) -> list[Tone]:  # fmt: skip
    """Return the key presses of a recording.

    Parameters
    ----------
    samples : array-like [shape=(n,)]
        Whole numbers of 16 bits, or floats of -1 to 1.
    rate : int
        Samples a second, 4000 to 192000.
    setting : str
        "default", "wide" or "strict": see `dtmf.limits.SETTINGS`.
    longest_break_ms : float
        As for `Detector`.

    Raises
    ------
    RateError
        If `rate` is outside 4 to 192 kHz.
    UnknownSetting, BreakError
        If there is no such setting, or breaks so long cannot be bridged.
    ShapeError
        If `samples` has more than one dimension, or values that are neither.
    """
    check_rate(rate)
    samples = _one_channel(samples)
    ear = Ear(1, rate, setting, near_misses=False, longest_break_ms=longest_break_ms)
    # Not all at once: a long recording needs no more memory than a short one.
    found = [ear.feed(samples[None, begin : begin + _CHUNK]) for begin in range(0, len(samples), _CHUNK)]
    return tones_of(np.concatenate([*found, ear.flush()]))


def _one_channel(given: ArrayLike) -> NDArray[np.int16]:
    """Return samples as int16, array [shape=(n,)]."""
    try:
        samples = np.asarray(given)
    except ValueError:
        raise ShapeError("samples are lists of different lengths; give one list of numbers.") from None
    if samples.ndim != 1:
        raise ShapeError(f"samples are of shape {samples.shape}; give one channel, of shape (n,).")
    if samples.dtype == np.int16 or not len(samples):
        return samples.astype(np.int16)
    floats = samples.dtype.kind == "f"
    if not floats and samples.dtype.kind != "i":
        raise ShapeError(f"samples are {samples.dtype}; give whole numbers of 16 bits, or floats of -1 to 1.")
    least, most = samples.min(), samples.max()
    if floats and least >= -1 and most <= 1:
        return to_int16(samples)
    if floats or least < -32768 or most > 32767:
        raise ShapeError(f"samples of {samples.dtype} go from {least:g} to {most:g}; give whole numbers of 16 "
                         "bits, or floats of -1 to 1.")  # fmt: skip
    return samples.astype(np.int16)


def tones_of(found: Findings) -> list[Tone]:
    """Return the key presses that are over, in the order in which they were."""
    over = found[found["kind"] == UP]
    places = (over["start"].astype(np.int64).tolist(), over["end"].astype(np.int64).tolist())
    like = (over[name].tolist() for name in ("level_dbm0", "twist_db", "low_hz", "high_hz", "snr_db"))
    return list(map(Tone, map(KEYS.__getitem__, over["key"].tolist()), *places, *like))


def prepare() -> None:
    """Have all compiled that will be needed: half a minute on a new machine, half a second on others.

    With `NUMBA_DISABLE_JIT=1` there is nothing to compile.
    """
    decode(np.zeros(160, np.int16), 16000)
    Ear(1, RATE, "default", near_misses=False, clamp=True).feed(np.zeros((1, 160), np.int16))


def tone(ended: DigitEnded) -> Tone:
    """Return a key press that is over."""
    return Tone(ended.digit, ended.start, ended.end, ended.level_dbm0, ended.twist_db, ended.low_hz, ended.high_hz,
                ended.snr_db)  # fmt: skip


def digits(tones: Iterable[Tone]) -> str:
    """Return the digits of `tones` as one string."""
    return "".join(tone.digit for tone in tones)
