"""What wires and amplifiers do: level, twist, clipping, drop-outs, echo, a clock that is off."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, RATE
from ivr.lines.bad.chance import Chance
from ivr.scenario.badline import DropOuts, LineEcho

Samples = NDArray[np.int16]

_BETWEEN_HZ = 1075.0
"""Between the low tones of keys and the high ones, 941 and 1209 Hz."""
_TAPS = 95
_WHOLE = 1 << 15
"""By what filters are multiplied and rounded: their sums are exact then, so the same in any order."""
_PHASES, _REACH = 64, 8


def limited(samples: NDArray[np.floating]) -> Samples:
    """Return samples as 16 bits hold them. int16 array [shape=(n,)]."""
    return np.asarray(np.clip(np.rint(samples), -32768, 32767), np.int16)


def ratio(db: float) -> float:
    """Return by what samples are multiplied."""
    return float(10.0 ** (db / 20))


class Level:
    """Makes sound louder or softer by so many dB."""

    def __init__(self, db: float) -> None:
        self._by = ratio(db)

    def carry(self, samples: Samples) -> Samples:
        """Return samples at that level."""
        return limited(samples * self._by)


class Clipping:
    """Cuts off what is beyond full scale once it is so many dB louder; as loud as before otherwise."""

    def __init__(self, db: float) -> None:
        self._most = 32767 / ratio(db)

    def carry(self, samples: Samples) -> Samples:
        """Return samples, cut off."""
        return limited(np.clip(samples.astype(np.float64), -self._most, self._most))


class Twist:
    """Makes what is above `_BETWEEN_HZ` so many dB louder than what is below, half of it either way."""

    def __init__(self, db: float) -> None:
        places = np.arange(_TAPS) - _TAPS // 2
        low = 2 * _BETWEEN_HZ / RATE * np.sinc(2 * _BETWEEN_HZ / RATE * places) * np.hamming(_TAPS)
        high = -low
        high[_TAPS // 2] += 1
        self._taps = np.rint((low * ratio(-db / 2) + high * ratio(db / 2)) * _WHOLE)
        self._before = np.zeros(_TAPS - 1)

    def carry(self, samples: Samples) -> Samples:
        """Return samples through the filter, 6 ms later."""
        both = np.concatenate([self._before, samples])
        self._before = both[len(samples):]
        return limited(np.convolve(both, self._taps, "valid") / _WHOLE)


class Interrupted:
    """Has nothing come through for a while, once in a while, somewhere in it."""

    def __init__(self, drop_outs: DropOuts, chance: Chance) -> None:
        self._of, self._chance = drop_outs, chance
        self._at = 0
        self._begins = -1

    def carry(self, samples: Samples) -> Samples:
        """Return samples with what drops out as silence."""
        left = samples.copy()
        at, end = self._at, self._at + len(samples)
        every, lasting = self._of.every, self._of.lasting
        while at < end:
            turn, place = divmod(at, every)
            if place == 0:
                self._begins = turn * every + int(self._chance.share() * (every - lasting + 1))
            until = min((turn + 1) * every, end)
            gone = slice(max(self._begins, at) - self._at, max(min(self._begins + lasting, until), at) - self._at)
            left[gone] = 0
            at = until
        self._at = end
        return left


class Echo:
    """Adds what goes the other way, later and softer."""

    def __init__(self, echo: LineEcho) -> None:
        self._by = ratio(echo.db)
        self._coming = np.zeros(echo.after, np.int16)

    def overhear(self, samples: Samples) -> None:
        """Take what goes the other way."""
        self._coming = np.concatenate([self._coming, samples])

    def carry(self, samples: Samples) -> Samples:
        """Return samples with the echo of what has gone the other way by now."""
        came, self._coming = self._coming[:len(samples)], self._coming[len(samples):]
        return limited(samples + came * self._by)


class Drift:
    """Takes samples of a clock that is fast by so many millionths, or slow, at the pace of ours.

    What a faster clock sends piles up until a frame of it is left out; of a slower one a frame comes twice.
    """

    def __init__(self, ppm: float) -> None:
        self._rate = ppm * 1e-6
        self._at = 0
        self._before = np.zeros(FRAME + 2 * _REACH, np.int16)

    def carry(self, samples: Samples) -> Samples:
        """Return as many samples as came."""
        both = np.concatenate([self._before, samples])
        late = np.mod((self._at + np.arange(len(samples))) * self._rate, FRAME)
        self._at += len(samples)
        steps = np.floor(late * _PHASES).astype(np.int64)  # how late, in parts of a sample
        whole, part = np.divmod(steps, _PHASES)
        first = len(self._before) + np.arange(len(samples)) - whole - 2 * _REACH + 1
        around = both[first[:, np.newaxis] + np.arange(2 * _REACH)].astype(np.int64)
        self._before = both[-len(self._before):]
        return limited((around * _between()[part]).sum(axis=1) / _WHOLE)


@cache
def _between() -> NDArray[np.int64]:
    """Return what gives the sample so many parts of a sample earlier. int64 array [shape=(phases, 2 * reach)]."""
    places = np.arange(2 * _REACH) - _REACH + np.arange(_PHASES)[:, np.newaxis] / _PHASES
    taps = np.sinc(places) * np.cos(np.pi * np.clip(places / (2 * _REACH), -0.5, 0.5)) ** 2
    return np.asarray(np.rint(taps / taps.sum(axis=1, keepdims=True) * _WHOLE), np.int64)
