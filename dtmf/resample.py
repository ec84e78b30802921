"""From any rate to 8 kHz, exactly: the same samples whatever the chunks they came in."""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import kept, summing
from dtmf.keys import RATE, check_rate

Array = NDArray[np.float64]

_CUTOFF_HZ, _TRANSITION_HZ = 3400, 1000
_SCALE = 1 << 15

_MOST_PHASES = 1000
"""Filters that are made one for each place of an output sample between two of the input; 11025 Hz has 320."""

_GRID_HZ = 32_000_000
"""Where there are more places, the next on a grid this fine is taken: 16 ns off, -76 dB at 1633 Hz."""


class Resampler:
    """Brings many channels from `rate` to 8 kHz while they are coming in.

    Output sample j stands at the very time of input sample j * rate / 8000: the filter is symmetric, and
    what it needs of the future is waited for. Its taps are whole numbers, so that every sum is exact. At rates
    that have few divisors in common with 8 kHz an output sample may be up to 16 ns off.

    Parameters
    ----------
    channels : int
    rate : int
        Samples a second of what comes in.
    """

    def __init__(self, channels: int, rate: int) -> None:
        common = math.gcd(RATE, check_rate(rate))
        self._up, self._down = RATE // common, rate // common
        phases = self._up if self._up <= _MOST_PHASES else 1 << math.ceil(math.log2(_GRID_HZ / rate))
        self._table = _table(phases, rate)
        self._reach = self._table.shape[1] // 2
        self._first = -self._reach
        """The input sample that stands first in what is kept."""
        self._made = 0
        self._kept = np.zeros((channels, self._reach), np.int16)

    def needed(self, made: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many input samples must have come before `made` output samples, one or more, can be there."""
        needed: NDArray[np.int64] = (made - 1) * self._down // self._up + self._reach + 1
        return needed

    def touched(self, begin: int, end: int) -> tuple[int, int]:
        """Return the output samples [from, to) that input samples [`begin`, `end`) have a part in."""
        first = -((self._reach - begin) * self._up // self._down)
        return max(0, first), max(0, ((end + self._reach) * self._up - 1) // self._down + 1)

    def feed(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        """Take the next input samples and return the output samples that are now certain.

        Parameters
        ----------
        samples : int16 array [shape=(channels, n)]

        Returns
        -------
        int16 array [shape=(channels, m)]
        """
        held = np.concatenate([self._kept, samples], axis=1)
        there = self._first + held.shape[1] - self._reach
        ready = max(self._made, (there * self._up - 1) // self._down + 1)
        made = np.empty((len(held), ready - self._made), np.int16)
        _filter(held, self._first, self._up, self._down, self._table, self._made, made)
        self._made = ready
        first = ready * self._down // self._up - self._reach
        self._kept = held[:, first - self._first :].copy()
        self._first = first
        return made

    def reset(self, channel: int) -> None:
        """Forget what came on `channel`."""
        self._kept[channel] = 0

    def resize(self, channels: int) -> None:
        """Have room for `channels` channels; the new ones have been silent."""
        kept = np.zeros((channels, self._kept.shape[1]), np.int16)
        kept[: len(self._kept)] = self._kept[:channels]
        self._kept = kept


@summing
def _sum(samples: NDArray[np.int16], taps: Array) -> float:
    total = 0.0
    for i in range(len(taps)):
        total += samples[i] * taps[i]
    return total


@kept
def _filter(held: NDArray[np.int16], first: int, up: int, down: int, table: Array, begin: int,
            made: NDArray[np.int16]) -> None:  # fmt: skip
    """Make output samples from `begin` on of input samples from `first` on."""
    phases, taps = len(table) - 1, table.shape[1]
    for channel in range(len(held)):
        for i in range(made.shape[1]):
            place = (begin + i) * down
            phase = (place % up * phases * 2 + up) // (2 * up)
            at = place // up - taps // 2 - first
            total = _sum(held[channel, at : at + taps], table[phase])
            made[channel, i] = np.int16(min(max(math.floor(total / _SCALE + 0.5), -32768), 32767))


def _table(phases: int, rate: int) -> Array:
    """Return the filter for each place on a grid of `phases` a sample, float64 array [shape=(phases + 1, taps)].

    Row p is centred on its middle tap plus p / phases.
    """
    fine = phases * rate
    cutoff = min(_CUTOFF_HZ, 0.46 * rate) / fine  # below 8 kHz the input itself is the narrower
    reach = math.ceil(3.3 * fine / min(_TRANSITION_HZ, rate / 8) / 2)
    time = np.arange(-reach, reach + 1)
    taps = np.sinc(2 * cutoff * time) * np.hamming(len(time))
    taps = np.rint(taps / taps.sum() * phases * _SCALE)
    around = reach // phases + 1
    padded = np.pad(taps, (around + 1) * phases - reach)
    places = np.arange(-around, around + 1) * phases - np.arange(phases + 1)[:, None]
    table: Array = padded[(around + 1) * phases + places]
    return table
