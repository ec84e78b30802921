"""What all callers heard, each sound of it kept once: hold music, prompts and a meeting are the same for many.

A caller's audio becomes pieces of one row of samples. Nothing is lost: put together again they are what was heard.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivr.clock import samples
from ivr.report.model import Samples

BLOCK = samples(0.1)
"""What is at least twice as long, and was there before, is found."""

_AT_ONCE = samples(8)
_COMPARED = samples(1)
_FACTOR = 0x9E3779B97F4A7C15
_INVERSE = pow(_FACTOR, -1, 1 << 64)


@dataclass(frozen=True, slots=True)
class PoolPiece:
    """A stretch of the pool.

    Attributes
    ----------
    at : int
        Where it sounds, in samples since the caller dialled; between pieces is silence.
    begin, length : int
        Where it lies in the pool, in samples.
    """

    at: int
    begin: int
    length: int


class Pool:
    """One row of samples that pieces are taken from."""

    def __init__(self) -> None:
        self._kept = np.zeros(_AT_ONCE, np.int16)
        self._length = 0
        self._places: NDArray[np.intp] = np.zeros(0, np.intp)
        self._hashes: NDArray[np.uint64] = np.zeros(0, np.uint64)

    @property
    def samples(self) -> Samples:
        """All that is kept. int16 array [shape=(n,)]."""
        return self._kept[:self._length]

    def add(self, audio: Samples) -> list[PoolPiece]:
        """Keep what of `audio` is new; return the pieces that it is made of, in order."""
        pieces: list[PoolPiece] = []
        for begin, end in _sounding(audio):
            for piece in self._stretch(audio[begin:end]):
                last = pieces[-1] if pieces else None
                here = PoolPiece(piece.at + begin, piece.begin, piece.length)
                if last and last.at + last.length == here.at and last.begin + last.length == here.begin:
                    pieces[-1] = PoolPiece(last.at, last.begin, last.length + here.length)
                else:
                    pieces.append(here)
        return pieces

    def _stretch(self, audio: Samples) -> list[PoolPiece]:
        pieces: list[PoolPiece] = []
        done = 0
        while done < len(audio):
            end = min(done + _AT_ONCE, len(audio))
            found = self._known(audio, done, end)
            until = end if found is None else found.at
            if until > done:
                pieces.append(PoolPiece(done, self._keep(audio[done:until]), until - done))
            if found is not None:
                pieces.append(found)
                until = found.at + found.length
            done = until
        return pieces

    def _known(self, audio: Samples, begin: int, end: int) -> PoolPiece | None:
        """Return the first stretch of `audio` from `begin` on, up to `end`, that is in the pool already."""
        if end - begin < BLOCK or not len(self._hashes):
            return None
        hashes = _rolling(audio[begin:end])
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        for offset in np.flatnonzero(self._hashes[at] == hashes):
            here, there = begin + int(offset), int(self._places[at[offset]])
            if np.array_equal(audio[here:here + BLOCK], self._kept[there:there + BLOCK]):
                before = _alike(audio[begin:here][::-1], self._kept[:there][::-1])
                length = before + _alike(audio[here:], self.samples[there:])
                return PoolPiece(here - before, there - before, length)
        return None

    def _keep(self, audio: Samples) -> int:
        begin, end = self._length, self._length + len(audio)
        if end > len(self._kept):
            self._kept = np.concatenate([self._kept, np.zeros(max(end, len(self._kept)), np.int16)])
        self._kept[begin:end] = audio
        self._length = end
        blocks = audio[:len(audio) // BLOCK * BLOCK].reshape(-1, BLOCK)
        new = np.array([_rolling(block)[0] for block in blocks], np.uint64)
        places = np.concatenate([self._places, begin + BLOCK * np.arange(len(blocks))])
        hashes = np.concatenate([self._hashes, new])
        order = np.argsort(hashes, kind="stable")
        self._places, self._hashes = places[order], hashes[order]
        return begin


def _sounding(audio: Samples) -> list[tuple[int, int]]:
    """Return the stretches of `audio` between silences that last for a block and more."""
    loud = np.flatnonzero(audio)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > BLOCK)
    begins = loud[np.concatenate([[0], breaks + 1])]
    ends = loud[np.concatenate([breaks, [len(loud) - 1]])] + 1
    return [(int(a), int(b)) for a, b in zip(begins, ends, strict=True)]


def _rolling(audio: Samples) -> NDArray[np.uint64]:
    """Return a number for each block that begins at each sample: alike blocks have the same, whatever is around."""
    count = len(audio)
    ups, downs = _powers(_FACTOR, count), _powers(_INVERSE, count)
    # The sum of x[j] * f^-(j - i) over a block; what came before falls out as in whole numbers mod 2^64 all does.
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(audio.astype(np.int64).view(np.uint64) * downs)])
    found: NDArray[np.uint64] = (sums[BLOCK:] - sums[:-BLOCK]) * ups[:count - BLOCK + 1]
    return found


def _powers(factor: int, count: int) -> NDArray[np.uint64]:
    factors = np.full(count, factor, np.uint64)
    factors[:1] = 1
    powers: NDArray[np.uint64] = np.cumprod(factors, dtype=np.uint64)
    return powers


def _alike(one: Samples, other: Samples) -> int:
    """Return how many of the first samples of both are the same."""
    most = min(len(one), len(other))
    for begin in range(0, most, _COMPARED):
        end = min(begin + _COMPARED, most)
        differ = np.flatnonzero(one[begin:end] != other[begin:end])
        if len(differ):
            return begin + int(differ[0])
    return most
