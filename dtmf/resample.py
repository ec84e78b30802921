"""From any rate to 8 kHz, exactly: the same samples whatever the chunks they came in."""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf.keys import RATE, check_rate

_CUTOFF_HZ, _TRANSITION_HZ = 3400, 1000
_SCALE = 1 << 15

_MOST_PHASES = 1000
"""Filters that are made one for each place of an output sample between two of the input; 11025 Hz has 320."""

_MOST_COLUMNS = 100
"""Where there are so few places, one product makes many output samples, several times as fast as a filter."""

_GRID_HZ = 32_000_000
"""Where there are more places, the next on a grid this fine is taken: 16 ns off, -76 dB at 1633 Hz."""

_AT_ONCE = 4096
"""Output samples that are made at once: what they are made of should fit into a cache."""


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
        self._grid = self._up > _MOST_PHASES
        self._bank: NDArray[np.float64] | None = None
        if not self._grid:
            self._taps = _taps(self._up, rate)
            self._half = len(self._taps) // 2
            if self._up <= _MOST_COLUMNS:
                self._bank = _bank(self._taps, self._up, self._down)
        else:
            self._phases = 1 << math.ceil(math.log2(_GRID_HZ / rate))
            self._table = _table(self._phases, rate)
            self._half = (self._table.shape[1] // 2 + 1) * self._up
        self._first = -(self._half // self._up) - 1
        self._made = 0
        self._kept = np.zeros((channels, -self._first), np.float64)

    def needed(self, made: int) -> int:
        """Return how many input samples must have come before `made` output samples can be there."""
        return ((made - 1) * self._down + self._half) // self._up + 1 if made else 0

    def touched(self, begin: int, end: int) -> tuple[int, int]:
        """Return the output samples [from, to) that input samples [`begin`, `end`) have a part in."""
        first = -((self._half - begin * self._up) // self._down)
        return max(0, first), max(0, ((end - 1) * self._up + self._half) // self._down + 1)

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
        total = self._first + held.shape[1]
        ready = max(0, (total * self._up - self._half - 1) // self._down + 1)
        if ready <= self._made:
            self._kept = held
            return np.zeros((len(held), 0), np.int16)
        if self._bank is not None:
            sums = self._product(held, ready, self._bank)
        else:
            sums = self._on_grid(held, ready) if self._grid else self._exactly(held, ready)
        self._made = ready
        first = (ready * self._down - self._half) // self._up - 1
        self._kept = held[:, first - self._first :].copy()
        self._first = first
        whole = np.floor(sums * (1 / _SCALE) + 0.5)
        return np.clip(whole, -32768, 32767).astype(np.int16)

    def _product(
        self, held: NDArray[np.float64], ready: int, bank: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return what `_exactly` does, many output samples by one product."""
        reach, group = self._half // self._up, bank.shape[1]
        step = group // self._up * self._down
        first, last = self._made // group, -(-ready // group)
        # What stands before and after `held` has a part only in output samples that are cut off below.
        begin = self._first - (first * step - reach)
        padded = np.zeros((len(held), (last - first - 1) * step + len(bank)))
        source, target = max(0, -begin), max(0, begin)
        count = min(held.shape[1] - source, padded.shape[1] - target)
        padded[:, target : target + count] = held[:, source : source + count]
        windows = np.lib.stride_tricks.sliding_window_view(padded, len(bank), axis=1)[:, ::step]
        sums = np.empty((len(held), last - first, group))
        at_once = max(1, _AT_ONCE // group // len(held))
        for at in range(0, last - first, at_once):
            part = windows[:, at : at + at_once]
            made = part.reshape(-1, len(bank)) @ bank
            sums[:, at : at + at_once] = made.reshape(len(held), -1, group)
        return sums.reshape(len(held), -1)[:, self._made - first * group : ready - first * group]

    def _exactly(self, held: NDArray[np.float64], ready: int) -> NDArray[np.float64]:
        """Return the sums of output samples up to `ready`, each at its own place."""
        from scipy.signal import upfirdn

        # Output j is the filter's centre at j * down on the grid that is `up` times as fine as the input;
        # upfirdn looks at whole multiples of `down` only, so zeros before the taps move the grid there.
        offset = self._made * self._down - self._first * self._up + self._half
        shift = -offset % self._down
        taps = np.concatenate([np.zeros(shift), self._taps])
        skip = (offset + shift) // self._down
        sums: NDArray[np.float64] = upfirdn(taps, held, self._up, self._down)
        return sums[:, skip : skip + ready - self._made]

    def _on_grid(self, held: NDArray[np.float64], ready: int) -> NDArray[np.float64]:
        """Return the sums of output samples up to `ready`, each at the next place of the grid."""
        sums = np.empty((len(held), ready - self._made))
        reach = self._table.shape[1] // 2
        windows = np.lib.stride_tricks.sliding_window_view(held, 2 * reach + 1, axis=1)
        for begin in range(self._made, ready, _AT_ONCE):
            place = np.arange(begin, min(begin + _AT_ONCE, ready)) * self._down
            phase = (place % self._up * self._phases * 2 + self._up) // (2 * self._up)
            at = place // self._up - reach - self._first
            made = slice(begin - self._made, begin - self._made + len(place))
            for row in range(len(held)):
                sums[row, made] = np.einsum("mk,mk->m", windows[row, at], self._table[phase])
        return sums

    def reset(self, channel: int) -> None:
        """Forget what came on `channel`."""
        self._kept[channel] = 0

    def resize(self, channels: int) -> None:
        """Have room for `channels` channels; the new ones have been silent."""
        kept = np.zeros((channels, self._kept.shape[1]))
        kept[: len(self._kept)] = self._kept[:channels]
        self._kept = kept


def _taps(up: int, rate: int) -> NDArray[np.float64]:
    """Return a low-pass filter of whole numbers at `up` times `rate`, of odd length."""
    from scipy.signal import firwin

    fine = up * rate
    cutoff = min(_CUTOFF_HZ, 0.46 * rate)  # below 8 kHz the input itself is the narrower
    length = 2 * math.ceil(3.3 * fine / min(_TRANSITION_HZ, rate / 8) / 2) + 1
    taps: NDArray[np.float64] = np.rint(firwin(length, cutoff, fs=fine) * up * _SCALE)
    return taps


def _bank(taps: NDArray[np.float64], up: int, down: int) -> NDArray[np.float64]:
    """Return the filter of each of a group of output samples, float64 array [shape=(inputs, outputs)].

    The first output sample stands `len(taps) // 2 // up` input samples after the first of these. A group is as
    long as the filter, so that half of the bank at most is zeros.
    """
    half = len(taps) // 2
    reach = half // up
    times = math.ceil(2 * reach / down)
    inputs = np.arange((up * times - 1) * down // up + 2 * reach + 2) - reach
    place = np.arange(up * times) * down - inputs[:, None] * up + half
    return np.where((place >= 0) & (place <= 2 * half), taps[np.clip(place, 0, 2 * half)], 0.0)


def _table(phases: int, rate: int) -> NDArray[np.float64]:
    """Return the filter for each place on a grid of `phases` a sample, float64 array [shape=(phases + 1, taps)].

    Row p is centred on its middle tap plus p / phases.
    """
    taps = _taps(phases, rate)
    reach = len(taps) // 2 // phases + 1
    edge = (reach + 1) * phases - len(taps) // 2
    padded = np.pad(taps, edge)
    middle = (reach + 1) * phases
    places = np.arange(-reach, reach + 1) * phases - np.arange(phases + 1)[:, None]
    table: NDArray[np.float64] = padded[middle + places]
    return table
