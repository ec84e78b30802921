"""What a window must hold to be followed: most of them end here, many at the first question."""

import math
from typing import NamedTuple

from dtmf.compiled import inlined
from dtmf.goertzel import AMPLITUDE, COSINES, HUM, POWER, SCALE, SINES, Array, four, one


class Gate(NamedTuple):
    """What a window must hold to be followed, and what to tell of.

    `least` is the squared amplitude below which a tone is not heard, `near` that below which it is not even noted
    for the clamp (`dtmf.clamp`), `share` the part of the energy that the two tones must hold, `skew` the least
    ratio of the weaker tone's power to the stronger one's; `all_told` whether
    presses that did not convince are told of.
    """

    least: float
    near: float
    share: float
    skew: float
    all_told: bool


_ALL = 0.97
"""Part of a window's energy that makes a pair of tones so much of it that no hum is asked for."""

_LEAST_SHARE = 0.06
"""Part of a window's energy that a pair must be to be a run's: 12 dB under what a voice is at its loudest."""

_LEAST_HIGH = 0.002
"""The same of a high tone alone, a DC offset left out: 27 dB, where a key is heard 18 dB under each tone of a dial
tone. Of a voice's vowels there is often less."""

_HUMMING, _OFFSET = 0.25, 0.015
"""Part of a window's energy that makes a hum loud enough to be taken away before the key is looked at, and a DC
offset."""

MOST_OF_ENERGY = 82 * SCALE**2 / (1 << 14)
"""A tone's squared modulus is never more than this times the window's energy (Bessel's inequality)."""

NOTHING, HIDDEN = -1, -2
"""No key; a key that is too little of what sounds is told as the second one less its number."""


@inlined
def gated(energy: float, even: Array, odd: Array, gate: Gate, sums: Array) -> tuple[int, bool, float, float]:
    """Ask a folded window of so much energy what it holds.

    Returns the key that it may hold, `NOTHING` if none, whether a hum lies under it, its amplitude, and the squared
    modulus of its weaker tone. A pair that is too little of the sound is told as `HIDDEN` less its key.
    `sums` holds the tones' cosines and sines then, float64 array [shape=(2, 8)].
    """
    least = gate.near / AMPLITUDE**2
    if energy * MOST_OF_ENERGY < least:
        return NOTHING, False, 0.0, 0.0
    # Voices are weak where the high tones are, so these are asked first.
    column, high = _strongest(even, odd, 4, sums)
    if high <= least:
        return NOTHING, False, 0.0, 0.0
    beneath = _LEAST_HIGH * POWER / AMPLITUDE**2
    if high < beneath * energy:
        offset = one(even, COSINES, 8)
        if high < beneath * (energy - HUM * offset * offset):
            return NOTHING, False, 0.0, 0.0
    row, low = _strongest(even, odd, 0, sums)
    both = low + high
    # The weaker over the stronger tone, written with their sum.
    if low <= least or min(low, high) <= gate.skew / (1 + gate.skew) * both:
        return NOTHING, False, 0.0, 0.0
    hum = offset = 0.0
    if both < _ALL * POWER / AMPLITUDE**2 * energy:
        hum, offset = _hum(even, odd)
        if both <= gate.share * POWER / AMPLITUDE**2 * (energy - hum):
            held = both > _LEAST_SHARE * POWER / AMPLITUDE**2 * energy
            return HIDDEN - 4 * row - column if held else NOTHING, False, 0.0, min(low, high)
    humming = hum > _HUMMING * energy or offset > _OFFSET * energy
    return 4 * row + column, humming, (math.sqrt(low) + math.sqrt(high)) * AMPLITUDE, min(low, high)


@inlined
def _strongest(even: Array, odd: Array, group: int, sums: Array) -> tuple[int, float]:
    """Return which of four tones is the strongest in a window, and the square of its modulus."""
    c0, c1, c2, c3 = four(even, COSINES, group)
    s0, s1, s2, s3 = four(odd, SINES, group)
    # all of them, unasked: which of them is the strongest is known too late for the processor
    sums[0, group], sums[0, group + 1], sums[0, group + 2], sums[0, group + 3] = c0, c1, c2, c3
    sums[1, group], sums[1, group + 1], sums[1, group + 2], sums[1, group + 3] = s0, s1, s2, s3
    best, most = 0, c0 * c0 + s0 * s0
    for i, power in enumerate((c1 * c1 + s1 * s1, c2 * c2 + s2 * s2, c3 * c3 + s3 * s3)):
        if power > most:
            best, most = i + 1, power
    return best, most


@inlined
def _hum(even: Array, odd: Array) -> tuple[float, float]:
    """Return the energy of a window below the keys' tones, and how much of it is a DC offset."""
    c0, c1, c2, c3 = four(even, COSINES, 8)
    s0, s1, s2, _ = four(odd, SINES, 8)
    return HUM * (c0 * c0 + c1 * c1 + c2 * c2 + c3 * c3 + s0 * s0 + s1 * s1 + s2 * s2), HUM * c0 * c0
