"""A recording slower or faster without a change of its pitch (WSOLA: waveform-similarity overlap-add, F4).

Stretches of 30 ms are laid over each other, every 15 ms. Each is taken from where the recording would be by then,
or up to 10 ms beside it: from where it goes on best after the one before. All is done in whole numbers.

Verhelst and Roelands, "An overlap-add technique based on waveform similarity (WSOLA)", ICASSP 1993.
"""

import numpy as np
from numpy.typing import NDArray

from ivr.clock import samples
from ivr.voicemail import Samples

_WINDOW = samples(0.030)
_HOP = _WINDOW // 2
_ASIDE = samples(0.010)
_ONE = 1 << 14
_RISE: NDArray[np.int64] = np.round(
    _ONE * np.square(np.sin((np.arange(_HOP) + 0.5) * np.pi / (2 * _HOP)))).astype(np.int64)
_FALL = _ONE - _RISE


class Tempo:
    """Reads a recording at a tempo, part by part.

    Parameters
    ----------
    recording : int16 array [shape=(n,)]
    at : int
        Sample to begin at.
    rate : float
        Seconds of the recording a second; 1 gives its very samples.
    """

    def __init__(self, recording: Samples, at: int = 0, rate: float = 1.0) -> None:
        self._all, self._rate = recording, rate
        self._nominal = float(at)
        self._next: int | None = None

    @property
    def place(self) -> int:
        """The sample of the recording that comes next."""
        return min(round(self._nominal), len(self._all))

    def read(self, count: int) -> Samples:
        """Return the next samples, about `count` of them; none at the end. int16 array [shape=(m,)]."""
        if self._rate == 1.0:
            begin = self.place
            self._nominal = begin + min(count, len(self._all) - begin)
            return self._all[begin:self.place]
        parts = []
        while count > 0 and self.place < len(self._all):
            parts.append(self._stretch())
            count -= _HOP
        return np.concatenate([np.zeros(0, np.int16), *parts])

    def _stretch(self) -> Samples:
        """Return 15 ms: the end of the stretch before, and the beginning of the next, laid over each other."""
        begin = self.place
        if self._next is None:
            self._next = begin
        falling = self._cut(self._next, _HOP)
        begin = self._likest(begin, self._next)
        mixed = (falling * _FALL + self._cut(begin, _HOP) * _RISE) >> 14
        self._next = begin + _HOP
        self._nominal += _HOP * self._rate
        return mixed.astype(np.int16)

    def _likest(self, place: int, goes_on_at: int) -> int:
        """Return where, near a place, the recording is most like what would follow."""
        wanted = self._cut(goes_on_at, _WINDOW)
        near = self._cut(place - _ASIDE, _WINDOW + 2 * _ASIDE)
        if not wanted.any() or not near.any():
            return place
        alike = np.correlate(near, wanted).astype(np.float64)
        sums = np.concatenate([[0], np.cumsum(np.square(near))])
        powers = (sums[_WINDOW:] - sums[:-_WINDOW]).astype(np.float64)
        return place - _ASIDE + int(np.argmax(alike / np.sqrt(powers + 1.0)))

    def _cut(self, begin: int, length: int) -> NDArray[np.int64]:
        """Return a part of the recording, with silence before and after it."""
        part = self._all[max(begin, 0):max(begin + length, 0)].astype(np.int64)
        before = min(max(-begin, 0), length)
        return np.pad(part, (before, length - before - len(part)))
