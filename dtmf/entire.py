"""A press that is over and that no look believed, judged as a whole.

A look sees what has come so far. Of a whole press more is known: a keypad's two tones begin together and end
together, stand still in between and are gone before and after, whatever sounds beside them. Voices do none of it.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled
from dtmf.envelope import HALF, HOP, OMEGAS, WIDTH, envelopes, power_above
from dtmf.evidence import LONGER_MS, MOST, OFF, ROUGHLY, Evidence, against, unlikely, unsteady
from dtmf.fit import Track, power
from dtmf.keys import RATE
from dtmf.limits import Bounds
from dtmf.still import DIP, along, dips, edges, left, stand

AROUND = 25
"""Places before and after a press that are looked at: 25 ms."""

_SHORTEST_MS = 43
"""A press under sound that is shorter is nothing that voices do not do."""

_A_PLACE_MS = 1000 * HOP / RATE

_NEAR, _FAR = 5, 16
"""Places outside a press in which nothing of it may be left."""

_EDGE, _INSIDE = WIDTH // HOP, 16
"""Places from an edge to where a window lies within a press, and samples that are within it before that."""

_FEWEST = 4
"""Places of a tone that can be asked."""

_STRIDE, _LONG = 40, 280
"""Samples from place to place of the first question, and of a press that lets it keep farther from the edges."""

_LESS_DB = 1.0
"""By how much a press may be less twisted than the first question finds it."""


class Entire(NamedTuple):
    """A press as a whole: a key if `against` is less than `dtmf.evidence.MOST`.

    `begin` and `end` are samples, `first` and `last` between which both tones are at their full strength; `powers`
    are their squared amplitudes, `offs` by which parts they are off; `rest` is what lies beside them, in parts of
    them.
    """

    against: float
    begin: int
    end: int
    first: int
    last: int
    powers: tuple[float, float]
    offs: tuple[float, float]
    rest: float


@compiled
def nothing() -> Entire:
    """Return what is no key."""
    return Entire(math.inf, 0, 0, 0, 0, (0.0, 0.0), (0.0, 0.0), 0.0)


@compiled
def entire(row: NDArray[np.int16], stop: int, start: int, end: int, key: int, bounds: Bounds) -> Entire:
    """Judge a press.

    Parameters
    ----------
    row : int16 array [shape=(n,)]
    stop : int
        Where what has come ends in it.
    start, end : int
        About where the press lies in it.
    key : int
    bounds : Bounds
    """
    if _rough(row, start, end, key) > ROUGHLY:
        return nothing()
    omega, omega2 = HOP * OMEGAS[key // 4], HOP * OMEGAS[4 + key % 4]
    begin = start - AROUND * HOP
    places = (min(end + AROUND * HOP, stop - HALF) - begin) // HOP + 1
    tracks, turned = np.empty((2, places), np.complex128), np.empty((2, places), np.complex128)
    envelopes(row, begin, HOP, key, tracks[0], tracks[1])
    first, last = AROUND + _EDGE, (end - start) // HOP + AROUND - _EDGE
    on, off, on2, off2, lo, hi = 0, 0, 0, 0, 0, 0
    for found in range(3):
        if last - first < _FEWEST:
            return nothing()
        one, other = stand(tracks[0], first, last, omega), stand(tracks[1], first, last, omega2)
        along(tracks[0], one, turned[0])
        along(tracks[1], other, turned[1])
        if found < 2:
            middle = (first + last) // 2
            lo, hi = dips(turned[0], turned[1], middle)
            on, off = edges(turned[0], middle, lo, hi)
            on2, off2 = edges(turned[1], middle, lo, hi)
            first, last = max(on, on2) + _EDGE, min(off, off2) - _EDGE
    ms = (min(off, off2) - max(on, on2)) * _A_PLACE_MS
    a, b = power(one.mean), power(other.mean)
    if ms < _SHORTEST_MS or a > bounds.low_over_high * b or b > bounds.high_over_low * a:
        return nothing()
    offs = (one.turn / omega, other.turn / omega2)
    before, after = _outside(turned[0], turned[1], (min(on, on2), max(off, off2)), (lo, hi))
    inner, outer = begin + first * HOP - _INSIDE, begin + last * HOP + _INSIDE
    evidence = Evidence(
        max(abs(offs[0]), abs(offs[1])), abs(offs[0] - offs[1]), (abs(on - on2) + abs(off - off2)) * _A_PLACE_MS,
        max(before, after), min(before, after), min(one.sway, other.sway), ms, 10 * math.log10(b / a),
    )  # fmt: skip
    if against(evidence, 0.0) >= MOST:
        return nothing()
    rest = max(0.0, power_above(row, inner, outer) * 2 / (a + b) - 1)
    return Entire(against(evidence, rest), begin + min(on, on2) * HOP, begin + max(off, off2) * HOP, inner, outer,
                  (a, b), offs, rest)  # fmt: skip


@compiled
def _rough(row: NDArray[np.int16], start: int, end: int, key: int) -> float:
    """Ask a first and cheap question: what speaks against the tones as they are every 5 ms."""
    edge = _STRIDE if end - start > _LONG else _STRIDE // 2
    tracks = np.empty((2, (end - start - 2 * edge) // _STRIDE + 1), np.complex128)
    envelopes(row, start + edge, _STRIDE, key, tracks[0], tracks[1])
    low, high, last = _STRIDE * OMEGAS[key // 4], _STRIDE * OMEGAS[4 + key % 4], tracks.shape[1]
    one, other = stand(tracks[0], 0, last, low), stand(tracks[1], 0, last, high)
    offs = (one.turn / low, other.turn / high)
    worst = max(abs(offs[0]), abs(offs[1]))
    if worst > OFF + 0.002:
        return math.inf
    twist_db = 10 * math.log10((power(other.mean) + 1e-9) / (power(one.mean) + 1e-9))
    return (unsteady(worst, abs(offs[0] - offs[1]), min(one.sway, other.sway))
            + unlikely((end - start) * 1000 / RATE + LONGER_MS, abs(twist_db) - _LESS_DB))  # fmt: skip


@compiled
def _outside(low: Track, high: Track, edge: tuple[int, int], within: tuple[int, int]) -> tuple[float, float]:
    """Return what is there of the tones before and after; in a pause next to it, if that is less."""
    on, off = edge
    before = max(left(low, on - _FAR, on - _NEAR), left(high, on - _FAR, on - _NEAR))
    after = max(left(low, off + _NEAR, off + _FAR), left(high, off + _NEAR, off + _FAR))
    lo, hi = within
    if lo > 0:
        before = min(before, max(left(low, lo - DIP, lo), left(high, lo - DIP, lo)))
    if hi < len(low):
        after = min(after, max(left(low, hi, hi + DIP), left(high, hi, hi + DIP)))
    return before, after
