"""A tone of a press from place to place: turned to a standstill, its edges, what is left of it outside."""

import math
from typing import NamedTuple

from dtmf.compiled import compiled
from dtmf.fit import Track, power


class Still(NamedTuple):
    """A tone that stands still: its amplitude at place 0, its turn from place to place, its sway."""

    mean: complex
    turn: float
    sway: float


@compiled
def _total(track: Track, first: int, last: int, turn: float) -> complex:
    """Return the sum of a track that is turned back by `turn` a place."""
    back, turned, total = complex(math.cos(turn), -math.sin(turn)), complex(1.0, 0.0), 0j
    for i in range(first, last):
        total += track[i] * turned
        turned *= back
    return total


_GRID, _GRID_STEP = 6, 0.004
"""Steps to either side of a tone's frequency that are tried, and the part of it that one is."""


@compiled
def stand(track: Track, first: int, last: int, omega: float) -> Still:
    """Find what a tone turns from place to place beyond the `omega` that it should: by a grid, then by a line."""
    n, most, turn = last - first, -1.0, 0.0
    for step in range(-_GRID, _GRID + 1):
        size = power(_total(track, first, last, omega * _GRID_STEP * step))
        if size > most:
            most, turn = size, omega * _GRID_STEP * step
    for _ in range(2):
        mean = _total(track, first, last, turn).conjugate()
        back, turned = complex(math.cos(turn), -math.sin(turn)), complex(1.0, 0.0)
        along = across = 0.0
        for i in range(n):
            t = i - (n - 1) / 2
            z = track[first + i] * turned * mean
            turned *= back
            along += t * t * z.real
            across += t * z.imag
        if along <= 0:
            break
        turn += max(-_GRID_STEP * omega, min(_GRID_STEP * omega, across / along))
    total = _total(track, first, last, turn)
    # numpy divides a complex number by multiplying, the compiler does not
    mean = complex(total.real / n, total.imag / n)
    back, turned, sway = complex(math.cos(turn), -math.sin(turn)), complex(1.0, 0.0), 0.0
    for i in range(first, last):
        sway += power(track[i] * turned - mean)
        turned *= back
    return Still(mean * complex(math.cos(first * turn), -math.sin(first * turn)), turn,
                 sway / n / (power(mean) + 1e-12))  # fmt: skip


@compiled
def along(track: Track, still: Still, out: Track) -> None:
    """Write a track turned to a standstill, in parts of its mean: 1 where the tone is on, 0 where it is not."""
    back, turned = complex(math.cos(still.turn), -math.sin(still.turn)), still.mean.conjugate()
    turned /= power(still.mean) + 1e-12
    for i in range(len(track)):
        out[i] = track[i] * turned
        turned *= back


_GONE, DIP = 0.45, 2
"""Part of a tone below which it is gone, and how many places both must be so to end a press: 2 ms."""


@compiled
def dips(low: Track, high: Track, middle: int) -> tuple[int, int]:
    """Return between which places there is no pause of both tones at once: nothing beyond is of this press."""
    run, first, last = 0, 0, len(low)
    for i in range(middle, -1, -1):
        run = run + 1 if low[i].real < _GONE and high[i].real < _GONE else 0
        if run == DIP:
            first = i + DIP
            break
    run = 0
    for i in range(middle, len(low)):
        run = run + 1 if low[i].real < _GONE and high[i].real < _GONE else 0
        if run == DIP:
            last = i - DIP + 1
            break
    return first, last


@compiled
def edges(track: Track, middle: int, first: int, last: int) -> tuple[int, int]:
    """Return where a tone came on and went off: the stretch around the middle in which it is on most."""
    most = total = 0.0
    on = off = middle
    for i in range(middle, first - 1, -1):
        total += max(-1.0, min(1.5, track[i].real)) - 0.5
        if total > most:
            most, on = total, i
    most = total = 0.0
    for i in range(middle, last):
        total += max(-1.0, min(1.5, track[i].real)) - 0.5
        if total > most:
            most, off = total, i
    return on, off


@compiled
def left(track: Track, first: int, last: int) -> float:
    """Return what of a tone is there in a stretch."""
    first, last = max(0, first), min(len(track), last)
    if last - first < 2:
        return 1.0
    total = 0j
    for i in range(first, last):
        total += track[i]
    return math.sqrt(power(total)) / (last - first)
