"""What speaks against a press that is known as a whole.

Each quantity counts by what it tells apart: the weights are those of a logistic regression between keys under
voices, music, cars and tones, a half of them up to 1.5 % off, and what comes nearest to a key in 93 hours of speech
and music at fifteen pitches. They are natural logarithms of odds; the constant is left to `MOST`.
"""

import math
from typing import NamedTuple

from dtmf.compiled import compiled

MOST = 10.3
"""Most that may speak against a key. What came nearest in those 93 hours has 12.2; of keys 70 ms long whose two
tones are 3 to 12 dB over voices or music, some 98 % have less."""

ROUGHLY = 10.5
"""Most that may speak against a press in the first questions: what is left for `MOST`, and what is misjudged."""

LONGER_MS = 12.0
"""By how much a press may be longer than its run of windows."""

OFF = 0.0185
"""Most by which a tone may be off: 1.5 % (Q.24 table A-1), and a fifth more for what its measure may err."""

_REST, _LEFT = 1.5, 1.3
"""Most that may lie beside the pair above the keys' lowest, in parts of it, and that may be there of a tone before
or after the press: a voice that goes on in one of the two is none."""

_FINE, _OFF, _DIFFER = 0.001, 0.75, 0.6
"""A tenth of a per cent: keypads err less, as they have a crystal, and a tape runs fast for both tones alike."""

_APART_MS = 22.0
"""Milliseconds by which both edges may differ for one of odds: voices have no edges in common."""

_LEFT_OUTSIDE, _LEFT_ON_BOTH_SIDES = 1.0, 11.0
"""Of the more and of the less of what is there of a tone before and after, as squares."""

_STILL, _SWAY = 0.005, 2.1
_PURE, _BESIDE = 0.2, 1.9

_LONG_MS, _SHORT = 70.0, 0.195
"""Milliseconds from which on a press is long, and what each less counts: half of what voices do is over by 52."""

_EVEN_DB, _TWIST = 3.0, 1.48
"""Decibels of twist that count for nothing, and what each more does: half of what voices do has over 4 dB."""


class Evidence(NamedTuple):
    """What a press is like as a whole.

    `worst` is the part by which the worse tone is off, `differ` by which the two are off each other; `apart_ms` how
    much they differ at both edges together; `more` and `less` what is there of them before and after; `sway` how
    much the steadier one strays from its mean, in parts of its power; `ms` how long it is; `twist_db`.
    """

    worst: float
    differ: float
    apart_ms: float
    more: float
    less: float
    sway: float
    ms: float
    twist_db: float


@compiled
def unsteady(worst: float, differ: float, sway: float) -> float:
    """Return what speaks against two tones that are off by so much and stray so much."""
    worst, differ = worst / _FINE, differ / _FINE
    return (_OFF * math.log(1 + worst * worst) + _DIFFER * math.log(1 + differ * differ)
            + _SWAY * math.log(1 + sway / _STILL))  # fmt: skip


@compiled
def unlikely(ms: float, twist_db: float) -> float:
    """Return what speaks against a press so long, one of whose tones is so much louder."""
    return _SHORT * max(0.0, _LONG_MS - ms) + _TWIST * max(0.0, abs(twist_db) - _EVEN_DB)


@compiled
def against(press: Evidence, rest: float) -> float:
    """Return what speaks against a press; it is a key if that is less than `MOST`.

    `rest` is what lies beside the pair above 610 Hz, in parts of it.
    """
    if press.worst > OFF or press.more > _LEFT or rest > _REST:
        return math.inf
    apart, rest = press.apart_ms / _APART_MS, rest / _PURE
    return (unsteady(press.worst, press.differ, press.sway) + apart * apart
            + _LEFT_OUTSIDE * press.more * press.more + _LEFT_ON_BOTH_SIDES * press.less * press.less
            + _BESIDE * math.log(1 + rest * rest) + unlikely(press.ms, press.twist_db))  # fmt: skip
