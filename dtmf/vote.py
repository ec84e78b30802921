"""A key with one disturbance inside, such as a burst, a gap or a jump of phase: its blocks vote."""

import cmath
import itertools

import numpy as np

from dtmf.fit import BLOCK, HISTORY, STEP, Array, Track, before, fit, omega, wrapped
from dtmf.keys import RATE
from dtmf.limits import TOLERANCE, Limits

_VOTERS = np.arange(0, 281, 20)[:, None] + np.arange(BLOCK)
"""Places of the samples of fifteen blocks, one every 2.5 ms."""

VOTE_SPAN = 34 * RATE // 1000
"""Samples from the start of a tone until now for a vote."""

_CLEAN = 0.06
"""Part of a block's energy beside the pair that a block with a vote may have."""


def votes(past: Array, key: int, span: int, limits: Limits) -> bool:
    """Tell whether the first 40 ms hold a key with one disturbance inside: a burst, a gap, a jump of phase.

    Blocks of 5 ms every 2.5 ms vote. Those that hold the pair and little else must lie in at most two parts; within
    a part phases run on, from one part to the other they need not (Q.24 table A-1: breaks up to 10 ms).
    """
    pair = (key // 4, 4 + key % 4)
    at = min(max(HISTORY - span + (8 if span > 336 else 0), 0), len(past) - 320)
    blocks = past[_VOTERS + at]
    energy: list[float] = (blocks * blocks).sum(axis=1).tolist()
    *tracks, explained = fit(blocks, pair[0], 0, pair[1], 0)
    if sum(e - f < 0.25 * e for e, f in zip(energy, explained, strict=True)) < 8:
        return False
    offs = [_hop_drift(tone, track, energy, explained) for tone, track in zip(pair, tracks, strict=True)]
    if max(map(abs, offs)) > 0.04:
        return False
    offsets = (round(offs[0] / STEP), round(offs[1] / STEP))
    *tracks, explained = fit(blocks, pair[0], offsets[0], pair[1], offsets[1])
    good = [e - f < _CLEAN * e for e, f in zip(energy, explained, strict=True)]
    if sum(good) < 8:
        return False
    levels = [_median([abs(z) for z, fine in zip(track, good, strict=True) if fine]) for track in tracks]
    for track, level in zip(tracks, levels, strict=True):
        good = [fine and abs(abs(z) - level) < 0.25 * level for z, fine in zip(track, good, strict=True)]
    places = [i for i, fine in enumerate(good) if fine]
    whole = [i for i in range(11) if all(good[i : i + 5])]
    if len(places) < 8 or not whole:
        return False
    # One part of 25 ms is enough only where the sound around it makes a whole key of it.
    wide = places[-1] - places[0] + 1
    loud = sum(e > 0.3 * energy[places[0]] for e in energy)
    if wide < 9 or (wide == 9 and loud < 12):
        return False
    cut = [False] * len(good)
    for tone, track, level, off in zip(pair, tracks, levels, offs, strict=True):
        turn = omega(tone) / 2
        both = sum((track[i + 4] * track[i].conjugate() for i in whole), start=0j)
        better = off + wrapped(cmath.phase(both) - 4 * turn * (1 + off)) / (4 * turn)
        if abs(better) > TOLERANCE:
            return False
        step = cmath.rect(1.0, -turn * (1 + better))
        for i, (a, b) in enumerate(itertools.pairwise(track)):
            cut[i + 1] |= abs(b * step - a) > 0.3 * level
    if sum(fine and (i == 0 or not good[i - 1] or cut[i]) for i, fine in enumerate(good)) > 2:
        return False
    heard = sum(energy[i] for i in places)
    if sum(explained[i] for i in places) < (0.96 if wide > 9 else 0.985) * heard:
        return False
    low, high = levels[0] ** 2, levels[1] ** 2
    if not high / limits.high_over_low < low < high * limits.low_over_high:
        return False
    return before(past, span, pair, offsets, back=(64, 136, 216)) < 0.032 * BLOCK / 2 * (low + high)


def _hop_drift(tone: int, track: Track, energy: list[float], explained: list[float]) -> float:
    """Return the part by which a tone is off its frequency, from blocks 2.5 ms apart; clean ones count more."""
    weights = [min(1.0, max(0.01, 1 - 4 * (e - f) / max(e, 1.0))) for e, f in zip(energy, explained, strict=True)]
    turned = [w * z for w, z in zip(weights, track, strict=True)]
    both = sum((b * a.conjugate() for a, b in zip(turned, turned[2:], strict=False)), start=0j)
    return wrapped(cmath.phase(both) - omega(tone)) / omega(tone)


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
