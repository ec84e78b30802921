"""Is this a key? A second and stricter look at the samples of a press, for the few that got so far.

The stretch is cut into blocks of 5 ms and the key's two tones are fitted to each. A real key is a steady
pair: its frequencies are right (Q.24 table A-1: within 1.5 % always, beyond 3.5 % never), its phases run on
from block to block, and it is most of what there is. Speech that falls on two tones for a moment does none of
this for long.
"""

import cmath
import math
from functools import cache

import numpy as np

from dtmf.fit import BLOCK, HISTORY, STEP, Array, before, drift, fit, omega, straighten
from dtmf.goertzel import SCALE
from dtmf.keys import RATE
from dtmf.limits import TOLERANCE, Limits
from dtmf.vote import VOTE_SPAN, votes

_NARROW = 0.018
"""The same where noise lies over the tone."""

_BAD, _STEADY = 0.15, 0.058
"""Part of a block's energy beside the pair that makes it a bad one; squared distance from the mean, in parts
of the tone's power, that a good one may have."""

_PURITY = {7: 0.84, 8: 0.78}
"""Blocks in a look -> part of the energy that one steady pair must explain, where it is not for the setting."""

LONG_ENOUGH = 59 * RATE // 2000
"""Samples that a tone must have lasted before it is looked at; under 23 ms is no key (Q.24 table A-1)."""

_SPANS = {7: 272, 8: 312, 9: 328, 12: 456, 16: 624, 20: 784}
"""Blocks in a look -> samples a tone must have lasted for it."""

_ODD = 0.95
"""Part that the pair must be of a key that is patchy, off its frequency or late."""

_LATE = 456
"""Samples after which a key that is told by six blocks alone has to be a clean one."""

_THIRD, _CREST = 0.126, 13.5
"""Most that the highest peak of the rest may be of the stronger tone (-9 dB), and of the mean of the rest."""

_DEEP = 0.6
"""Most that a voice's hum below 520 Hz may be of the stronger tone."""

_POINTS = 1024

MOST_LOOKS = 16
"""Looks after which a press that did not convince is left alone."""


def convinces(past: Array, key: int, span: int, limits: Limits) -> bool:
    """Tell whether the samples up to now hold a key.

    Parameters
    ----------
    past : float64 array of whole numbers [shape=(HISTORY + after,)]
        Samples up to now; the last `after` came after the end of the tone, as far as it is known.
    key : int
        Which key, 4 * row + column.
    span : int
        How many samples the tone has lasted.
    limits : Limits
    """
    tone = past[:HISTORY]
    if span >= LONG_ENOUGH:
        if _judge(tone, key, 6, span, limits, patchy=True):
            return True
        count = max((n for n, least in _SPANS.items() if least <= span), default=6)
        if count > 6 and (
            _judge(tone, key, count, span, limits, patchy=False)
            or _judge(tone, key, count, span, limits, patchy=True)
        ):
            return True
    return limits.votes and span + len(past) - HISTORY >= VOTE_SPAN and votes(past, key, span, limits)


def _judge(past: Array, key: int, count: int, span: int, limits: Limits, *, patchy: bool) -> bool:
    """Judge the last `count` blocks; `patchy` leaves out spoilt ones and is strict with the rest."""
    pair = (key // 4, 4 + key % 4)
    blocks = past[HISTORY - count * BLOCK :].reshape(count, BLOCK)
    energy = (blocks * blocks).sum(axis=1).tolist()
    *tracks, explained = fit(blocks, pair[0], 0, pair[1], 0)
    typical = 0.3 * sorted(energy)[count // 2]
    there = [e > typical for e in energy]
    if count == 6 and not there[-1]:
        return False  # it has just ended: the next look knows for how long it was on
    total = sum(e for e, fine in zip(energy, there, strict=True) if fine)
    if sum(e for e, fine in zip(explained, there, strict=True) if fine) < 0.4 * total:
        return False
    drifts = [drift(tone, track, there) for tone, track in zip(pair, tracks, strict=True)]
    if max(map(abs, drifts)) > 0.035:
        return False
    offsets = (round(drifts[0] / STEP), round(drifts[1] / STEP))
    *tracks, explained = fit(blocks, pair[0], offsets[0], pair[1], offsets[1])
    good = there
    if patchy:
        good = [x and e - f < _BAD * e for x, e, f in zip(there, energy, explained, strict=True)]
    kept = sum(good)
    if kept < (5 if count == 6 else 6) or (patchy and kept == count > 6):
        return False
    if patchy and count > 6:
        total = sum(e for e, fine in zip(energy, good, strict=True) if fine)
    powers: list[float] = []
    tones: list[tuple[complex, float]] = []
    halves: list[tuple[float, float]] = []
    worst = 0.0
    for tone, track, first in zip(pair, tracks, drifts, strict=True):
        off, still = straighten(tone, track, good, first)
        worst = max(worst, abs(off))
        if worst > (TOLERANCE if patchy else _NARROW):
            return False
        mean = sum((z for z, fine in zip(still, good, strict=True) if fine), start=0j) / kept
        power = _power(mean)
        if patchy and any(
            fine and _power(z - mean) > _STEADY * power for z, fine in zip(still, good, strict=True)
        ):
            return False
        half = count // 2
        halves.append((_power(sum(still[:half]) / half), _power(sum(still[half:]) / (count - half))))
        powers.append(power)
        tones.append((mean, omega(tone) / BLOCK * (1 + off)))
    if not powers[1] / limits.high_over_low < powers[0] < powers[1] * limits.low_over_high:
        return False
    strength = BLOCK / 2 * (powers[0] + powers[1])
    purity = strength * kept / total
    least = limits.pure if patchy else max(limits.part, _PURITY.get(count, 0.0))
    if patchy and (count > 6 or worst > _NARROW or span > _LATE):
        least = max(least, _ODD)
    if purity < least:
        return False
    if count >= 12 and purity > 0.95 and not patchy:
        return True
    rest_part = max(0.0, 1 - purity) / purity + 10 ** -3.5
    if not patchy:
        for power, (early, late) in zip(powers, halves, strict=True):
            sway = 1.5 + 4 * 1.34 * math.sqrt(rest_part * sum(powers) / power / count * 6)
            if abs(10 * math.log10((early + 1e-6) / (late + 1e-6))) > sway:
                return False
    earlier = before(past, span, pair, offsets) / strength
    if patchy:
        return bool(earlier <= max(0.16, 2.5 * (1 - purity)))
    if earlier > max(0.126, rest_part * (5.0 if purity > 0.75 and count >= 12 else 2.5)):
        return False
    # Noise lies under the whole call, so also before the key; the rest of a spoken sound begins with it.
    if purity < 0.85 and earlier < 0.4 * rest_part:
        return False
    rest = blocks.reshape(-1) - _steady_tone(*tones[0], count) - _steady_tone(*tones[1], count)
    return _white(rest, powers, purity, count, lasting=earlier > 0.5 * (1 - purity))


def _power(z: complex) -> float:
    return z.real * z.real + z.imag * z.imag


def _steady_tone(mean: complex, omega: float, count: int) -> Array:
    """Return a tone that has amplitude `mean` in the middle of the first block."""
    # One rotation a block and one a sample inside it, so that no long sine is computed.
    inside = [cmath.rect(1.0, omega * (i - (BLOCK - 1) / 2)) for i in range(BLOCK)]
    cos, sin = np.array([z.real for z in inside]), np.array([z.imag for z in inside])
    turned = [mean * cmath.rect(1.0, omega * BLOCK * block) for block in range(count)]
    return np.concatenate([z.real * cos - z.imag * sin for z in turned])


def _white(rest: Array, powers: list[float], purity: float, count: int, *, lasting: bool) -> bool:
    """Tell whether what is left beside the pair is noise: no third tone stands out of it.

    A hum below the keys that was `lasting` there before is a dial tone; speech has harmonics of its hum.
    """
    window = _hann(len(rest))
    spectrum = np.fft.rfft(rest * window, _POINTS)
    power = (spectrum.real * spectrum.real + spectrum.imag * spectrum.imag) * (2 / float(window.sum())) ** 2
    band, deep = power[_bin(520) : _bin(3500)], power[_bin(150) : _bin(520)]
    peak, mean = float(band.max()), float(band.sum()) / len(band)
    strong, weak = max(powers), min(powers)
    if peak > _THIRD * strong or peak > 0.4 * weak:
        return False
    if float(deep.max()) > _DEEP * strong:
        return lasting and peak < 0.02 * weak
    low_peak = peak < (0.25 if count >= 12 else 0.15) * weak and purity > 0.68
    return peak < _CREST * mean or low_peak


@cache
def _hann(count: int) -> Array:
    window: Array = np.rint(SCALE * (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(count) + 0.5) / count)))
    return window


def _bin(hertz: int) -> int:
    return hertz * _POINTS // RATE
