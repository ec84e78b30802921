"""From any rate to 8 kHz, exactly: the same samples whatever the chunks they came in."""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf.keys import RATE, check_rate

_CUTOFF_HZ, _TRANSITION_HZ = 3400, 1000
_SCALE = 1 << 15


class Resampler:
    """Brings many channels from `rate` to 8 kHz while they are coming in.

    Output sample j stands at the very time of input sample j * rate / 8000: the filter is symmetric, and
    what it needs of the future is waited for. Its taps are whole numbers, so that every sum is exact.

    Parameters
    ----------
    channels : int
    rate : int
        Samples a second of what comes in.
    """

    def __init__(self, channels: int, rate: int) -> None:
        common = math.gcd(RATE, check_rate(rate))
        self._up, self._down = RATE // common, rate // common
        self._taps = _taps(self._up, rate)
        self._half = len(self._taps) // 2
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
        from scipy.signal import upfirdn

        held = np.concatenate([self._kept, samples], axis=1)
        total = self._first + held.shape[1]
        ready = max(0, (total * self._up - self._half - 1) // self._down + 1)
        if ready <= self._made:
            self._kept = held
            return np.zeros((len(held), 0), np.int16)
        # Output j is the filter's centre at j * down on the grid that is `up` times as fine as the input;
        # upfirdn looks at whole multiples of `down` only, so zeros before the taps move the grid there.
        offset = self._made * self._down - self._first * self._up + self._half
        shift = -offset % self._down
        taps = np.concatenate([np.zeros(shift), self._taps])
        skip = (offset + shift) // self._down
        sums = upfirdn(taps, held, self._up, self._down)[:, skip : skip + ready - self._made]
        self._made = ready
        first = (ready * self._down - self._half) // self._up - 1
        self._kept = held[:, first - self._first :].copy()
        self._first = first
        whole = np.floor(sums * (1 / _SCALE) + 0.5)
        return np.clip(whole, -32768, 32767).astype(np.int16)

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
