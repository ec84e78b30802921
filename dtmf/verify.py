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
from numpy.typing import NDArray

from dtmf.goertzel import SCALE
from dtmf.keys import HIGH_HZ, LOW_HZ, RATE

_BLOCK = 40
_STEP, _STEPS = 0.005, 8
_TONES = (*LOW_HZ, *HIGH_HZ)

HISTORY = 1280
"""Samples before now that a look may ask for (160 ms)."""

TOLERANCE = 0.024
"""Largest part by which a tone may be off its frequency."""

_NARROW = 0.018
"""The same where noise lies over the tone."""

_BAD, _STEADY = 0.15, 0.08
"""Part of a block's energy beside the pair that makes it a bad one; squared distance from the mean, in parts
of the tone's power, that a good one may have."""

_LOW_OVER_HIGH, _HIGH_OVER_LOW = 10 ** (10.5 / 10), 10 ** (8.0 / 10)

_PURITY = {6: 0.90, 7: 0.84, 8: 0.78, 9: 0.72, 12: 0.58, 16: 0.45, 20: 0.40}
"""Blocks in a look -> part of the energy that one steady pair must explain."""

_SWAY = 0.4
"""Least ratio of a tone's powers in the two halves of a long look (4 dB)."""

_THIRD, _CREST = 0.126, 13.5
"""Most that the highest peak of the rest may be of the stronger tone (-9 dB), and of the mean of the rest."""

_POINTS = 1024

MOST_LOOKS = 16
"""Looks after which a press that did not convince is left alone."""

Array = NDArray[np.float64]
Track = list[complex]
"""A tone's amplitude in block after block."""


@cache
def _table(tone: int, offset: int) -> Array:
    """Return cosine and sine of a tone `offset` steps off; float64 array of whole numbers [shape=(40, 2)]."""
    angle = 2 * np.pi / RATE * _TONES[tone] * (1 + _STEP * offset) * (np.arange(_BLOCK) - (_BLOCK - 1) / 2)
    table: Array = np.rint(SCALE * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    return table


@cache
def _pair(low: int, low_offset: int, high: int, high_offset: int) -> tuple[Array, tuple[float, ...]]:
    """Return the table of both tones [shape=(40, 4)] and what turns its products into amplitudes.

    Blocks are counted from their middle, so that cosines and sines do not mix and two 2 x 2 systems are left.
    """
    first, second = _table(low, low_offset), _table(high, high_offset)
    inverse: list[float] = []
    for part in (0, 1):
        a, b = first[:, part], second[:, part]
        aa, bb, ab = float(a @ a), float(b @ b), float(a @ b)
        whole = aa * bb - ab * ab
        inverse += [bb / whole * SCALE, -ab / whole * SCALE, aa / whole * SCALE]
    return np.concatenate([first, second], axis=1), tuple(inverse)


def convinces(past: Array, key: int, span: int) -> bool:
    """Tell whether the samples up to now hold a key.

    Parameters
    ----------
    past : float64 array of whole numbers [shape=(HISTORY,)]
        Samples, the last one being the last of the tone so far.
    key : int
        Which key, 4 * row + column.
    span : int
        How many samples the tone has lasted.
    """
    if _judge(past, key, 6, span, patchy=True):
        return True
    count = max(n for n in _PURITY if n * _BLOCK <= max(span + 8, 240))
    return count > 6 and (
        _judge(past, key, count, span, patchy=False) or _judge(past, key, count, span, patchy=True)
    )


def _fit(
    blocks: Array, low: int, low_offset: int, high: int, high_offset: int
) -> tuple[Track, Track, list[float]]:
    """Fit both tones to every block: their complex amplitudes, and how much energy the two explain."""
    table, (caa, cab, cbb, saa, sab, sbb) = _pair(low, low_offset, high, high_offset)
    lows, highs, explained = [], [], []
    for a, b, c, d in (blocks @ table).tolist():
        # A tone is re * cos - im * sin.
        low_re, high_re = caa * a + cab * c, cab * a + cbb * c
        low_im, high_im = saa * b + sab * d, sab * b + sbb * d
        lows.append(complex(low_re, -low_im))
        highs.append(complex(high_re, -high_im))
        explained.append((a * low_re + c * high_re + b * low_im + d * high_im) / SCALE)
    return lows, highs, explained


def _drift(tone: int, track: Track, there: list[bool]) -> float:
    """Return the part by which a tone is off its frequency: what it turns too much from block to block."""
    both = sum(
        (
            b * a.conjugate()
            for a, b, x, y in zip(track, track[1:], there, there[1:], strict=False)
            if x and y
        ),
        start=0j,
    )
    turns = (cmath.phase(both) - _omega(tone)) / (2 * math.pi)
    return (turns - round(turns)) * 2 * math.pi / _omega(tone)


def _omega(tone: int) -> float:
    """Return by how many radians a tone turns from block to block."""
    return 2 * math.pi * _TONES[tone] * _BLOCK / RATE


def _straighten(tone: int, track: Track, good: list[bool], off: float) -> tuple[float, Track]:
    """Turn a tone back to a standstill: by the offset known, then by what a straight line still finds.

    Returns the better offset and the track that stands still at the offset before the last correction.
    """
    still: Track = []
    places = [i for i, fine in enumerate(good) if fine]
    middle = sum(places) / len(places)
    for _ in (0, 1):
        turn = -_omega(tone) * (1 + off)
        still = [z * cmath.rect(1.0, turn * i) for i, z in enumerate(track)]
        mean = sum((still[i] for i in places), start=0j).conjugate()
        # For small angles the part across the mean is the angle times the part along it.
        parts = [(i - middle, still[i] * mean) for i in places]
        spread = sum(t * t * z.real for t, z in parts)
        if spread <= 0:
            break
        off += sum(t * z.imag for t, z in parts) / spread / _omega(tone)
    return off, still


def _judge(past: Array, key: int, count: int, span: int, *, patchy: bool) -> bool:
    """Judge the last `count` blocks; `patchy` leaves out spoilt ones and is strict with the rest."""
    pair = (key // 4, 4 + key % 4)
    blocks = past[HISTORY - count * _BLOCK :].reshape(count, _BLOCK)
    energy = (blocks * blocks).sum(axis=1).tolist()
    *tracks, explained = _fit(blocks, pair[0], 0, pair[1], 0)
    typical = 0.3 * sorted(energy)[count // 2]
    there = [e > typical for e in energy]
    total = sum(e for e, fine in zip(energy, there, strict=True) if fine)
    if sum(e for e, fine in zip(explained, there, strict=True) if fine) < 0.4 * total:
        return False
    drifts = [_drift(tone, track, there) for tone, track in zip(pair, tracks, strict=True)]
    if max(map(abs, drifts)) > 0.035:
        return False
    *tracks, explained = _fit(blocks, pair[0], round(drifts[0] / _STEP), pair[1], round(drifts[1] / _STEP))
    good = there
    if patchy:
        good = [x and e - f < _BAD * e for x, e, f in zip(there, energy, explained, strict=True)]
    kept = sum(good)
    if kept < (5 if count == 6 else 6) or (patchy and kept == count > 6):
        return False
    if patchy and count > 6:
        total = sum(e for e, fine in zip(energy, good, strict=True) if fine)
    powers, tones = [], []
    for tone, track, drift in zip(pair, tracks, drifts, strict=True):
        off, still = _straighten(tone, track, good, drift)
        if abs(off) > (TOLERANCE if patchy else _NARROW):
            return False
        mean = sum((z for z, fine in zip(still, good, strict=True) if fine), start=0j) / kept
        power = _power(mean)
        if patchy and any(
            fine and _power(z - mean) > _STEADY * power for z, fine in zip(still, good, strict=True)
        ):
            return False
        half = count // 2
        early, late = _power(sum(still[:half]) / half), _power(sum(still[half:]) / (count - half))
        if not patchy and not _SWAY * late < early < late / _SWAY:
            return False
        powers.append(power)
        tones.append((mean, _omega(tone) / _BLOCK * (1 + off)))
    if not powers[1] / _HIGH_OVER_LOW < powers[0] < powers[1] * _LOW_OVER_HIGH:
        return False
    strength = _BLOCK / 2 * (powers[0] + powers[1])
    purity = strength * kept / total
    if purity < (0.95 if patchy and count > 6 else _PURITY[count]):
        return False
    if count >= 12 and purity > 0.95 and not patchy:
        return True
    before = _before(past, span) / strength
    if before > max(0.16, 2.5 * (1 - purity)):
        return False
    if patchy:
        return True
    # Noise lies under the whole call, so also before the key; the rest of a spoken sound begins with it.
    if purity < 0.85 and before < 0.2 * (1 - purity):
        return False
    rest = blocks.reshape(-1) - _steady_tone(*tones[0], count) - _steady_tone(*tones[1], count)
    return _white(rest, powers, purity, count, lasting=before > 0.5 * (1 - purity))


def _power(z: complex) -> float:
    return z.real * z.real + z.imag * z.imag


def _steady_tone(mean: complex, omega: float, count: int) -> Array:
    """Return a tone that has amplitude `mean` in the middle of the first block."""
    # One rotation a block and one a sample inside it, so that no long sine is computed.
    inside = [cmath.rect(1.0, omega * (i - (_BLOCK - 1) / 2)) for i in range(_BLOCK)]
    cos, sin = np.array([z.real for z in inside]), np.array([z.imag for z in inside])
    turned = [mean * cmath.rect(1.0, omega * _BLOCK * block) for block in range(count)]
    return np.concatenate([z.real * cos - z.imag * sin for z in turned])


def _before(past: Array, span: int) -> float:
    """Return the energy of 5 ms of sound just before the press: of two places 9 ms apart, the quieter one."""
    levels = [0.0]
    for back in (64, 136):
        end = HISTORY - span - back + 80
        if end < 80:
            break
        part = past[end - 80 : end]
        levels.append(float((part * part).sum()) / 80 * _BLOCK)
    return min(levels[1:] or levels)


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
    if float(deep.max()) > 0.25 * strong:
        return lasting and peak < 0.02 * weak
    low_peak = peak < (0.126 if count >= 12 else 0.056) * weak and purity > 0.75
    return peak < _CREST * mean or low_peak


@cache
def _hann(count: int) -> Array:
    window: Array = np.rint(SCALE * (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(count) + 0.5) / count)))
    return window


def _bin(hertz: int) -> int:
    return hertz * _POINTS // RATE
