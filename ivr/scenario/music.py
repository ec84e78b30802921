"""Hold music in what a caller hears: found once by its lows, then followed sample by sample."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ivr.scenario.correlate import Floats, Samples, energies, flattened, likeness, mean_square, power_of

_DOWN = 4
_TAPS = 32
_BLOCK = 4096
_ALIKE = 0.7
_SURELY = 0.95
"""No better candidate is looked for; a repeated bar is like another by less."""
_STILL_ALIKE = 0.5
_COARSELY_ALIKE = 0.4
_CANDIDATES = 16
_MOST_KNOWN = 500
"""Windows whose places are kept, of 6 kB each."""
_MOST_TRIED = 200
"""Places of the loop at which a sample is looked for that is as loud as the loudest of what was heard."""
_SILENT = power_of(-50.0)
"""Mean square below which neither the music nor what is heard is compared."""


class Loop:
    """Hold music prepared for being found at any position.

    Parameters
    ----------
    samples : int16 array [shape=(n,)]
        One round of it.
    rate : int
        Samples a second.
    """

    def __init__(self, samples: Samples, rate: int) -> None:
        self.rate = rate
        self.window = rate * 2 // 5 // _DOWN * _DOWN
        self.length = len(samples)
        rounds = -(-(self.length + 2 * self.window) // max(self.length, 1))
        self._round = np.tile(samples, rounds)[:self.length + 2 * self.window]
        steps = (np.arange(_TAPS) - (_TAPS - 1) / 2) / _DOWN
        self._taps = (np.sinc(steps * 0.9) * np.hamming(_TAPS)).astype(np.float32)
        self._positions: dict[bytes, int | None] = {}
        self._expected = lru_cache(512)(self._flat)  # all who wait hear the same
        self._points = len(self._lows(self._round[:self.window]))
        self._hop = _BLOCK - self._points + 1
        self._places = self.length // _DOWN + 1

    @cached_property
    def _known(self) -> tuple[NDArray[np.complex64], NDArray[np.float32]]:
        """Spectra of all blocks of the loop's lows, and one over the strength at every place."""
        lows = self._lows(self._round[:self.length + self.window])
        blocks = -(-self._places // self._hop)
        padded = np.zeros((blocks - 1) * self._hop + _BLOCK, np.float32)
        padded[:len(lows)] = lows
        spectra = np.fft.rfft(sliding_window_view(padded, _BLOCK)[::self._hop].copy(), axis=1)
        least = self._points * power_of(-70.0)
        energy = np.maximum(energies(lows.astype(np.float64), self._points), least)
        return np.asarray(spectra, np.complex64), (1 / np.sqrt(energy)).astype(np.float32)

    def _lows(self, samples: Samples) -> NDArray[np.float32]:
        windows = sliding_window_view(flattened(samples).astype(np.float32), _TAPS)[::_DOWN]
        return np.asarray(windows @ (self._taps / self._taps.sum()), np.float32)

    def at(self, position: int, length: int) -> Samples:
        """Return `length` samples from a position on; at most two windows'."""
        position %= self.length
        return self._round[position:position + length]

    @cached_property
    def samples(self) -> Samples:
        """One round of it. int16 array [shape=(n,)]."""
        return self._round[:self.length]

    def is_at(self, heard: Samples, position: int) -> bool:
        """Return whether `heard`, a round of it at most, is to the sample what there is from a position on."""
        position %= self.length
        first = min(len(heard), self.length - position)
        return (np.array_equal(heard[:first], self._round[position:position + first])
                and np.array_equal(heard[first:], self._round[:len(heard) - first]))

    def place(self, heard: Samples) -> int | None:
        """Return from which position on `heard` is this music to the sample; None if it is not."""
        loudest = int(np.abs(heard[:_BLOCK].astype(np.int32)).argmax())
        for at in np.flatnonzero(self.samples == heard[loudest])[:_MOST_TRIED]:
            if self.is_at(heard, int(at) - loudest):
                return (int(at) - loudest) % self.length
        return None

    def position(self, heard: Samples) -> int | None:
        """Return the position of the loop at which `heard`, one window of it, begins; None if not music."""
        key = heard.tobytes()  # many callers hear the same, one after the other
        if key not in self._positions:
            if len(self._positions) >= _MOST_KNOWN:
                self._positions.clear()
            self._positions[key] = self._position(heard)
        return self._positions[key]

    def _position(self, heard: Samples) -> int | None:
        lows = self._lows(heard)
        energy = float(np.square(lows).sum())
        if energy < self._points * power_of(-75.0):
            return None
        spectrum = np.conj(np.fft.rfft(lows, _BLOCK))
        spectra, scale = self._known
        products = np.fft.irfft(spectra * spectrum, _BLOCK, axis=1)[:, :self._hop]
        alike = products.reshape(-1)[:self._places] * scale
        flat = flattened(heard)
        found, score = None, _ALIKE
        for _ in range(_CANDIDATES):
            best = int(alike.argmax())
            if alike[best] < _COARSELY_ALIKE * np.sqrt(energy):
                break
            around = np.arange(best * _DOWN - _DOWN, best * _DOWN + _DOWN + 1)
            scores = [self._score(flat, int(p)) for p in around]
            which = int(np.argmax(scores))
            if scores[which] >= score:
                found, score = int(around[which]) % self.length, scores[which]
            if score >= _SURELY:
                break
            alike[max(best - 2, 0):best + 3] = 0
        return found

    def _score(self, flat: NDArray[np.float64], position: int) -> float:
        """Return how much one window, flattened, is like the loop from a position on."""
        return likeness(flat, flattened(self.at(position, self.window)))

    def pauses(self, position: int) -> bool:
        """Return whether the loop is silent for a window from a position on."""
        return mean_square(self.at(position, self.window)) < _SILENT

    def follows(self, heard: Samples, position: int, least: float = _STILL_ALIKE) -> bool:
        """Return whether `heard`, at most one window, is the loop from a position on, or its pause."""
        expected = self._expected(position % self.length, len(heard))
        if expected is None:
            return mean_square(heard) < power_of(-45.0)
        return likeness(flattened(heard), expected) >= least

    def _flat(self, position: int, length: int) -> Floats | None:
        """Return a stretch of the loop, flattened; None if it is silent."""
        samples = self.at(position, length)
        return None if mean_square(samples) < _SILENT else flattened(samples)


def without_music(loop: Loop, samples: Samples, begin: int, end: int, likely: int) -> tuple[Samples, int] | None:
    """Return what was heard from `begin` to `end` beside the music, and where the loop began; None without music.

    Parameters
    ----------
    samples : int16 array [shape=(n,)]
        All that was heard since the ear began.
    likely : int
        Where the loop is likely to have begun.
    """
    places = (begin, end - loop.window)
    if not any(loop.follows(samples[at:at + loop.window], at - likely, _ALIKE) for at in places):
        found = ((at, loop.position(samples[at:at + loop.window])) for at in places)
        offset = next((at - position for at, position in found if position is not None), None)
        if offset is None:
            return None
        likely = offset
    heard = samples[begin:end].astype(np.float64)
    music = np.concatenate([loop.at(at - likely, min(loop.window, end - at))
                            for at in range(begin, end, loop.window)]).astype(np.float64)
    frame = loop.rate // 50
    for at in range(0, len(heard), frame):  # it may become softer from frame to frame
        part = slice(at, at + frame)
        if energy := float(music[part] @ music[part]):
            heard[part] -= music[part] * (float(heard[part] @ music[part]) / energy)
    return np.rint(heard).astype(np.int16), likely


@dataclass(slots=True)
class MusicStretch:
    """Music from `start` to `end`, recognised `at`, its loop begun at `offset`; in samples since the ear began."""

    start: int
    end: int
    at: int
    offset: int


MusicMark = tuple[int, bool, int, int, list[MusicStretch]]
"""How far a track was."""


class MusicTrack:
    """Where one ear has heard hold music."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._hop = loop.rate // 10
        self._offset = 0
        self._playing = False
        self._from = self._done = 0
        self.stretches: list[MusicStretch] = []

    def mark(self) -> MusicMark:
        """Return how far it is, for `back`."""
        return self._offset, self._playing, self._from, self._done, [replace(one) for one in self.stretches]

    def back(self, mark: MusicMark) -> "MusicTrack":
        """Be as far as it was."""
        self._offset, self._playing, self._from, self._done = mark[:4]
        self.stretches = [replace(one) for one in mark[4]]
        return self

    def advance(self, samples: Samples, since: int) -> None:
        """Analyse what came since the last time, from `since` on."""
        since = max(since, 0) // self._hop * self._hop
        if since < self._from:
            self.stretches, self._done, self._playing, self._from = [], since, False, since
        elif since > self._done + self._loop.window:
            self._done, self._playing, self._from = since, False, since
        while self._done + self._hop <= len(samples):
            self._done += self._hop
            if self._playing:
                self._follow(samples)
            elif self._done % (2 * self._hop) == 0 and self._done - self._from >= self._loop.window:
                self._search(samples)

    def _follow(self, samples: Samples) -> None:
        begin = self._done - self._hop
        if self._loop.follows(samples[begin:self._done], begin - self._offset):
            self.stretches[-1].end = self._done
            return
        self._playing = False
        frame = self._loop.rate // 50
        while begin < self._done and self._loop.follows(samples[begin:begin + frame], begin - self._offset):
            begin += frame
        self.stretches[-1].end = begin

    def _search(self, samples: Samples) -> None:
        begin = self._done - self._loop.window
        heard = samples[begin:self._done]
        if mean_square(heard) < _SILENT:
            return
        if self._loop.pauses(begin - self._offset) or not self._loop.follows(heard, begin - self._offset, _ALIKE):
            position = self._loop.position(heard)
            if position is None:
                return
            self._offset = begin - position
        frame = self._loop.rate // 50
        earliest = max(self._from, self.stretches[-1].end if self.stretches else 0)
        start = next((at for at in range(begin, self._done, frame) if self._plays(samples, at)), begin)
        while start - frame >= earliest and self._plays(samples, start - frame):
            start -= frame
        self._playing = True
        if self.stretches and start - self.stretches[-1].end <= self._loop.window:
            self.stretches[-1].end = self._done
        else:
            self.stretches.append(MusicStretch(start, self._done, self._done, self._offset))

    def _plays(self, samples: Samples, at: int) -> bool:
        """Whether the frame from `at` on is clearly the music where it should be."""
        frame = samples[at:at + self._loop.rate // 50]
        return self._loop.follows(frame, at - self._offset, _ALIKE)
