"""Keys as sums of two sines, in trains of pulses, with what was sent beside them.

SNR is the power of one of the two tones over white noise in 0 to 4 kHz; a level is that of one tone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import dtmf

RATE = 8000
FULL_SCALE, FULL_SCALE_DBM0 = 32768, 3.14

Floats = NDArray[np.float64]
Samples = NDArray[np.int16]

CORNERS = "159D"
"""One key of every row and every column: those of the Mitel CM7291 sequence."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a receiver hears, and what it should say.

    Attributes
    ----------
    samples : int16 array [shape=(n,)]
        At 8 kHz.
    digits : str
        What was sent; empty where nothing may be heard.
    value : float or None
        Where this line stands in a sweep.
    spans : int array [shape=(digits, 2)], optional
        First sample of each tone and first after it.
    """

    samples: Samples
    digits: str = ""
    value: float | None = None
    spans: NDArray[np.int64] | None = None

    @property
    def seconds(self) -> float:
        """Length of the line."""
        return len(self.samples) / RATE

    def first(self, count: int) -> "Line":
        """Return the line up to the end of its first `count` digits."""
        if self.spans is None or count >= len(self.digits):
            return self
        end = self.spans[count, 0] - 1
        return Line(self.samples[:end], self.digits[:count], self.value, self.spans[:count])


def amplitude(level_dbm0: float) -> float:
    """Return the amplitude of a sine at `level_dbm0`, in int16 steps (G.711: full scale is +3.14 dBm0)."""
    return float(FULL_SCALE * 10 ** ((level_dbm0 - FULL_SCALE_DBM0) / 20))


def sine(hertz: float, count: int, level_dbm0: float, phase: float) -> Floats:
    """Return `count` samples of a sine."""
    angle = 2 * np.pi * hertz / RATE * np.arange(count, dtype=np.float64) + phase
    return np.asarray(amplitude(level_dbm0) * np.sin(angle), np.float64)


def tone(
    key: str,
    count: int,
    rng: np.random.Generator,
    *,
    levels: tuple[float, float] = (-10, -10),
    shift: tuple[float, float] = (0, 0),
) -> Floats:
    """Return one key's tone with random phases.

    Parameters
    ----------
    levels : tuple of float
        Of the low and of the high tone, in dBm0.
    shift : tuple of float
        How far both frequencies are off, in per cent.
    """
    parts = zip(dtmf.frequencies(key), levels, shift, rng.uniform(0, 2 * np.pi, 2), strict=True)
    both = [sine(hz * (1 + off / 100), count, level, phase) for hz, level, off, phase in parts]
    return both[0] + both[1]


def pulses(
    keys: Sequence[str],
    rng: np.random.Generator,
    *,
    tone_ms: float = 100,
    gap_ms: float = 100,
    jitter_ms: float = 0,
    levels: tuple[float, float] = (-10, -10),
    shift: tuple[float, float] = (0, 0),
) -> tuple[Floats, NDArray[np.int64]]:
    """Return the tones of `keys`, the first at a random alignment, each gap longer by up to `jitter_ms`.

    Returns
    -------
    samples : float64 array [shape=(n,)]
    spans : int array [shape=(keys, 2)]
        First sample of each tone and first after it.
    """
    count, gap = round(tone_ms * RATE / 1000), round(gap_ms * RATE / 1000)
    begin, spans = 800 + int(rng.integers(0, 160)), []
    for _ in keys:
        spans.append((begin, begin + count))
        begin += count + gap + int(rng.integers(0, round(jitter_ms * RATE / 1000) + 1))
    samples = np.zeros(begin + 1600)
    for key, (start, end) in zip(keys, spans, strict=True):
        samples[start:end] = tone(key, count, rng, levels=levels, shift=shift)
    return samples, np.array(spans, np.int64)


def to_int16(samples: Floats) -> Samples:
    """Round to int16 and clip."""
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)


def random_keys(count: int, rng: np.random.Generator) -> str:
    """Return random keys, no two alike in a row: so a key heard twice is seen."""
    places = np.cumsum(rng.integers(1, 16, count)) % 16
    return "".join(dtmf.KEYS[place] for place in places)
