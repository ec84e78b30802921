"""Is this a key? A second and stricter look at the samples of a press, for the few that got so far.

The stretch is cut into blocks of 5 ms and the key's two tones are fitted to each. A real key is a steady
pair: its frequencies are right (Q.24 table A-1: within 1.5 % always, beyond 3.5 % never), its phases run on
from block to block, and it is most of what there is. Speech that falls on two tones for a moment does none of
this for long.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dtmf.compiled import compiled
from dtmf.fit import (
    BLOCK,
    HISTORY,
    OMEGAS,
    STEP,
    Track,
    count,
    drift,
    energy,
    fit,
    power,
    quietest,
    sounding,
    straighten,
)
from dtmf.goertzel import Array
from dtmf.keys import RATE
from dtmf.limits import APART, TOLERANCE, Bounds
from dtmf.vote import VOTE_SPAN, votes
from dtmf.white import is_white

_NARROW, _NARROWER = 0.018, 0.0165
"""The same of a key that is not clean, and where noise lies over it."""

_BAD, _STEADY = 0.15, 0.058
"""Part of a block's energy beside the pair that makes it a bad one; squared distance from the mean, in parts
of the tone's power, that a good one may have."""

LONG_ENOUGH = 59 * RATE // 2000
"""Samples that a tone must have lasted before it is looked at; under 23 ms is no key (Q.24 table A-1)."""

_ODD = 0.95
"""Part that the pair must be of a key that is patchy, off its frequency or late."""

_LATE = 456
"""Samples after which a key that is told by six blocks alone has to be a clean one."""

_COUNTS = (20, 16, 12, 9, 8, 7)
_SPANS = (784, 624, 456, 328, 312, 272)
"""Blocks in a long look, and the samples that a tone must have lasted for it."""

MOST_LOOKS = 16
"""Looks after which a press that did not convince is left alone."""


class Look(NamedTuple):
    """The last blocks of a tone, the pair fitted to each.

    `blocks` is how many they are, 0 where there is no such pair. `offsets` are the steps of the tables and `drifts`
    the parts by which the tones are off; `there` is which blocks hold sound, `tracks` are the tones' amplitudes,
    complex128 [shape=(2, blocks)].
    """

    blocks: int
    offsets: tuple[int, int]
    drifts: tuple[float, float]
    energies: Array
    explained: Array
    there: NDArray[np.bool_]
    tracks: Track


@compiled
def convinces(past: Array, key: int, span: int, bounds: Bounds) -> bool:
    """Tell whether the samples up to now hold a key.

    Parameters
    ----------
    past : float64 array of whole numbers [shape=(HISTORY + after,)]
        Samples up to now; the last `after` came after the end of the tone, as far as it is known.
    key : int
        Which key, 4 * row + column.
    span : int
        How many samples the tone has lasted.
    bounds : Bounds
    """
    if span >= LONG_ENOUGH:
        look = look_back(past, key, 6)
        # At its very end it is not looked at: the next time it is known for how long it was on.
        if look.blocks and look.there[-1] and _patchy(past, key, span, look, bounds):
            return True
        for blocks, least in zip(_COUNTS, _SPANS):  # noqa: B905 - not known to the compiler
            if span >= least:
                look = look_back(past, key, blocks)
                if look.blocks and _noisy(past, key, span, look, bounds):
                    return True
                if look.blocks and _patchy(past, key, span, look, bounds):
                    return True
                break
    return bounds.votes and span + len(past) - HISTORY >= VOTE_SPAN and votes(past, key, span, bounds)


@compiled
def look_back(past: Array, key: int, blocks: int) -> Look:
    """Fit the pair to the last `blocks` blocks."""
    first = HISTORY - blocks * BLOCK
    energies, explained = np.empty(blocks), np.empty(blocks)
    tracks = np.empty((2, blocks), np.complex128)
    for i in range(blocks):
        energies[i] = energy(past[first + i * BLOCK : first + (i + 1) * BLOCK])
    there = sounding(energies)
    fit(past, first, blocks, BLOCK, key, (0, 0), tracks[0], tracks[1], explained)
    offsets, drifts = (0, 0), (0.0, 0.0)
    if _sum(explained, there) < 0.4 * _sum(energies, there):
        blocks = 0
    else:
        drifts = (drift(key // 4, tracks[0], there, blocks), drift(4 + key % 4, tracks[1], there, blocks))
        offsets = (round(drifts[0] / STEP), round(drifts[1] / STEP))
        if max(abs(drifts[0]), abs(drifts[1])) > 0.035:
            blocks = 0
        elif offsets != (0, 0):
            fit(past, first, blocks, BLOCK, key, offsets, tracks[0], tracks[1], explained)
    return Look(blocks, offsets, drifts, energies, explained, there, tracks)


@compiled
def _sum(values: Array, which: NDArray[np.bool_]) -> float:
    total = 0.0
    for i in range(len(values)):
        if which[i]:
            total += values[i]
    return total


@compiled
def _mean(track: Track) -> complex:
    total = 0j
    for z in track:
        total += z
    return total / len(track)


class Pair(NamedTuple):
    """A pair that stands still but for its noise: each array is of the low and of the high tone.

    `means` are the amplitudes in the middle of the first block and `omegas` how far the tones turn from sample to
    sample, `powers` the squared moduli, `still` what the blocks hold once the tones are turned back; `worst` is the
    part by which the worse is off its frequency, and 1 where the two are off too far in opposite directions.
    """

    means: Track
    omegas: Array
    powers: Array
    still: Track
    worst: float


@compiled
def standing(key: int, look: Look, good: NDArray[np.bool_]) -> Pair:
    """Turn the tones of the good blocks to a standstill."""
    blocks, kept, worst, off = look.blocks, count(good), 0.0, np.empty(2)
    means, omegas, powers = np.zeros(2, np.complex128), np.empty(2), np.empty(2)
    still = np.empty((2, blocks), np.complex128)
    for i in range(2):
        tone = key // 4 if i == 0 else 4 + key % 4
        off[i] = straighten(tone, look.tracks[i], good, blocks, look.drifts[i], still[i])
        worst = max(worst, abs(off[i]))
        for j in range(blocks):
            if good[j]:
                means[i] += still[i, j] / kept
        powers[i], omegas[i] = power(means[i]), OMEGAS[tone] / BLOCK * (1 + off[i])
    return Pair(means, omegas, powers, still, 1.0 if abs(off[1] - off[0]) > APART else worst)


@compiled
def _twisted(pair: Pair, bounds: Bounds) -> bool:
    low, high = pair.powers[0], pair.powers[1]
    return bool(low <= high / bounds.high_over_low or low >= high * bounds.low_over_high)


@compiled
def _patchy(past: Array, key: int, span: int, look: Look, bounds: Bounds) -> bool:
    """Judge a clean key, of which some blocks may be spoilt: these are left out."""
    blocks, energies = look.blocks, look.energies
    good = look.there.copy()
    for i in range(blocks):
        good[i] &= energies[i] - look.explained[i] < _BAD * energies[i]
    kept = count(good)
    if kept < (5 if blocks == 6 else 6) or (kept == blocks and blocks > 6):
        return False
    pair = standing(key, look, good)
    if pair.worst > TOLERANCE or _twisted(pair, bounds):
        return False
    for i in range(2):
        for j in range(blocks):
            if good[j] and power(pair.still[i, j] - pair.means[i]) > _STEADY * pair.powers[i]:
                return False
    strength = BLOCK / 2 * (pair.powers[0] + pair.powers[1])
    purity = strength * kept / _sum(energies, good if blocks > 6 else look.there)
    odd = blocks > 6 or pair.worst > _NARROW or span > _LATE
    if purity < (max(bounds.pure, _ODD) if odd else bounds.pure):
        return False
    earlier = quietest(past, span, key, look.offsets, (64, 136)) / strength
    return bool(earlier <= max(0.16, 2.5 * (1 - purity)))


@compiled
def _noisy(past: Array, key: int, span: int, look: Look, bounds: Bounds) -> bool:
    """Judge a key under steady noise."""
    blocks, kept = look.blocks, count(look.there)
    pair = standing(key, look, look.there)
    if kept < 6 or pair.worst > _NARROWER or _twisted(pair, bounds):
        return False
    powers = pair.powers
    strength = BLOCK / 2 * (powers[0] + powers[1])
    purity = strength * kept / _sum(look.energies, look.there)
    if purity < max(bounds.part, 0.84 if blocks == 7 else 0.78 if blocks == 8 else 0.0):
        return False
    if blocks >= 12 and purity > 0.95:
        return True
    rest = max(0.0, 1 - purity) / purity + 10 ** -3.5
    for i in range(2):
        early, late = power(_mean(pair.still[i, : blocks // 2])), power(_mean(pair.still[i, blocks // 2 :]))
        sway = 1.5 + 4 * 1.34 * math.sqrt(rest * (powers[0] + powers[1]) / powers[i] / blocks * 6)
        if abs(10 * math.log10((early + 1e-6) / (late + 1e-6))) > sway:
            return False
    earlier = quietest(past, span, key, look.offsets, (64, 136)) / strength
    if earlier > max(0.126, rest * (5.0 if purity > 0.75 and blocks >= 12 else 2.5)):
        return False
    # Noise lies under the whole call, so also before the key; the rest of a spoken sound begins with it.
    if purity < 0.85 and earlier < 0.4 * rest:
        return False
    return is_white(past, pair.means, pair.omegas, powers, purity, blocks, earlier > 0.5 * (1 - purity))
