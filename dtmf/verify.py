"""Is this a key? A second and stricter look at the samples of a press, for the few that the windows let through.

The stretch is cut into blocks of 5 ms and the key's two tones are fitted to each. A real key is a steady pair: its
frequencies are right (Q.24 table A-1: within 1.5 % always, beyond 3.5 % never), its phases run on from block to block, and it is most of
what there is. Speech that falls on two tones for a moment does none of this for long.
"""

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
"""Part of a block's energy beside the pair that makes it a bad one; squared distance from the mean, in parts of
the tone's power, that a good one may have."""

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


@cache
def _table(tone: int, offset: int) -> Array:
    """Return cosine and sine of a tone `offset` steps off, as whole numbers; float64 array [shape=(40, 2)]."""
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


class _Fit:
    """Both tones fitted to every block, at given offsets; complex amplitudes as pairs of real arrays."""

    def __init__(self, blocks: Array, low: int, low_offset: int, high: int, high_offset: int) -> None:
        table, (caa, cab, cbb, saa, sab, sbb) = _pair(low, low_offset, high, high_offset)
        p = (blocks @ table).T
        low_re, high_re = caa * p[0] + cab * p[2], cab * p[0] + cbb * p[2]
        low_im, high_im = saa * p[1] + sab * p[3], sab * p[1] + sbb * p[3]
        self.explained = (p[0] * low_re + p[2] * high_re + p[1] * low_im + p[3] * high_im) * (1 / SCALE)
        # A tone is re * cos - im * sin.
        self.tones = ((low_re, -low_im), (high_re, -high_im))


def _turn(re: Array, im: Array, weight: Array, omega: float) -> float:
    """Return by how many radians a tone turns more than `omega` from a block to the next."""
    both = weight[1:] * weight[:-1]
    dot = float(((re[1:] * re[:-1] + im[1:] * im[:-1]) * both).sum())
    cross = float(((im[1:] * re[:-1] - re[1:] * im[:-1]) * both).sum())
    angle = math.atan2(cross, dot) - omega
    return angle - 2 * math.pi * round(angle / (2 * math.pi))


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


def _judge(past: Array, key: int, count: int, span: int, *, patchy: bool) -> bool:
    """Judge the last `count` blocks; `patchy` leaves out blocks with a click or a hole, and is strict with the rest."""
    low, high = key // 4, 4 + key % 4
    blocks = past[HISTORY - count * _BLOCK :].reshape(count, _BLOCK)
    energy = (blocks * blocks).sum(axis=1)
    fit = _Fit(blocks, low, 0, high, 0)
    there = (energy > 0.3 * float(np.sort(energy)[count // 2])).astype(np.float64)
    total = float((energy * there).sum())
    if float((fit.explained * there).sum()) < 0.4 * total:
        return False
    offsets, drifts = [], []
    for tone, (re, im) in zip((low, high), fit.tones, strict=True):
        omega = 2 * math.pi * _TONES[tone] * _BLOCK / RATE
        off = _turn(re, im, there, omega) / omega
        if not -0.035 < off < 0.035:
            return False
        drifts.append(off)
        offsets.append(round(off / _STEP))
    fit = _Fit(blocks, low, offsets[0], high, offsets[1])
    good = there * (energy - fit.explained < (_BAD if patchy else 1.0) * energy)
    kept = float(good.sum())
    if kept < (5 if count == 6 else 6):
        return False
    if patchy and count > 6:
        if kept == count:
            return False
        total = float((energy * good).sum())
    powers = []
    steady = 0.0
    model = np.zeros(count * _BLOCK)
    for tone, off, (re, im) in zip((low, high), drifts, fit.tones, strict=True):
        omega = 2 * math.pi * _TONES[tone] * _BLOCK / RATE
        off, re, im = _straighten(re, im, good, omega, off)
        if not -TOLERANCE < off < TOLERANCE or (abs(off) > _NARROW and not patchy):
            return False
        mean_re, mean_im = float((re * good).sum()) / kept, float((im * good).sum()) / kept
        power = mean_re * mean_re + mean_im * mean_im
        if power <= 0:
            return False
        away = ((re - mean_re) * (re - mean_re) + (im - mean_im) * (im - mean_im)) * good
        steady = max(steady, float(away.max()) / power if patchy else 0.0)
        powers.append(power)
        if not patchy:
            half = count // 2
            sway = _power(re[:half], im[:half]) / max(_power(re[half:], im[half:]), 1e-9)
            if not _SWAY < sway < 1 / _SWAY:
                return False
            model += _steady_tone(mean_re, mean_im, 2 * math.pi * _TONES[tone] * (1 + off) / RATE, count)
    if not powers[1] / _HIGH_OVER_LOW < powers[0] < powers[1] * _LOW_OVER_HIGH:
        return False
    pair = _BLOCK / 2 * (powers[0] + powers[1])
    if pair * kept < (_PURITY[count] if count == 6 or not patchy else 0.95) * total or steady > _STEADY:
        return False
    purity = pair * kept / total
    before = _before(past, span) / pair
    if count >= 12 and purity > 0.95 and not patchy:
        return True
    if before > max(0.16, 2.5 * (1 - purity)):
        return False
    if patchy:
        return True
    # Noise lies under the whole call, so also before the key; the rest of a spoken sound begins with it.
    if purity < 0.85 and before < 0.2 * (1 - purity):
        return False
    return _white(blocks.reshape(-1) - model, powers, purity, count, before > 0.5 * (1 - purity))


def _straighten(re: Array, im: Array, good: Array, omega: float, off: float) -> tuple[float, Array, Array]:
    """Turn a tone back to a standstill: first by the offset known, then by what a straight line still finds."""
    for _ in range(2):
        turns = [omega * (1 + off) * i for i in range(len(re))]
        cos, sin = np.array([math.cos(t) for t in turns]), np.array([math.sin(t) for t in turns])
        still_re, still_im = re * cos + im * sin, im * cos - re * sin
        mean_re, mean_im = float((still_re * good).sum()), float((still_im * good).sum())
        size = mean_re * mean_re + mean_im * mean_im
        if size <= 0:
            break
        # For small angles the part across the mean is the angle times the part along it.
        across = (still_im * mean_re - still_re * mean_im) * good
        along = (still_re * mean_re + still_im * mean_im) * good
        time = np.arange(len(re)) - float((np.arange(len(re)) * good).sum()) / float(good.sum())
        spread = float((time * time * along).sum())
        if spread <= 0:
            break
        off += float((time * across).sum()) / spread / omega
    return off, still_re, still_im


def _power(re: Array, im: Array) -> float:
    """Return the power of a tone's mean over its blocks."""
    a, b = float(re.sum()) / len(re), float(im.sum()) / len(im)
    return a * a + b * b


def _steady_tone(re: float, im: float, omega: float, count: int) -> Array:
    """Return a tone that has amplitude re + i im in the middle of the first block."""
    # One rotation by table for a block, one a sample inside it: no long sine is computed.
    inside = [omega * (i - (_BLOCK - 1) / 2) for i in range(_BLOCK)]
    cos, sin = np.array([math.cos(a) for a in inside]), np.array([math.sin(a) for a in inside])
    rows = []
    for block in range(count):
        c, s = math.cos(omega * _BLOCK * block), math.sin(omega * _BLOCK * block)
        rows.append((re * c - im * s) * cos - (re * s + im * c) * sin)
    return np.concatenate(rows)


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


def _white(rest: Array, powers: list[float], purity: float, count: int, lasting: bool) -> bool:
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
