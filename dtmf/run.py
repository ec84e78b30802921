"""A pair of tones that runs on from window to window, whatever sounds beside it.

A key under a loud voice, or clipped, passes no gate that asks how much of the sound it is. But its two tones turn
from window to window as they should and stay as loud, which next to nothing in a voice does for 40 ms. Such a run
is judged as a whole when it is over (`dtmf.entire`).
"""

import math

import numpy as np

from dtmf.compiled import compiled, inlined
from dtmf.evidence import LONGER_MS, ROUGHLY, unlikely, unsteady
from dtmf.fit import power
from dtmf.goertzel import BLOCK, Array
from dtmf.keys import HIGH_HZ, LOW_HZ, RATE
from dtmf.press import Lane

_OMEGAS = 2 * np.pi / RATE * np.array([*LOW_HZ, *HIGH_HZ])
_BACK = np.exp(-1j * BLOCK * _OMEGAS)
"""What turns a tone back by as much as it turns from window to window."""

_LOW_TURN, _HIGH_TURN = math.tan(math.radians(72)), -math.tan(math.radians(18))
"""Tangents of what a tone may turn too far from one window to the next: 72 degrees are 20 Hz, 2 to 3 % of the low
tones; 108 are 30 Hz."""

_OFF = 0.0185
"""Part by which a tone may be off in all: more than the judge takes, as windows err."""

_MOST_TURN = np.cos(_OFF * BLOCK * _OMEGAS)
"""Its cosine, of what a tone turns too far from window to window."""

_ALIKE = 0.2
"""Least ratio of a tone's power in a window to that in the next: 7 dB, which a tone that goes on does not do."""

_TURNS = 2
"""Turns of a run that is judged: three windows of 20 ms every 10 ms hold 40 ms."""

_MISJUDGED, _LESS_DB = 0.003, 1.5
"""By how much a press may be less off its frequency than its run of windows, and less twisted."""

_NOTHING = 1e-6
"""Added to a power, so that there is a logarithm."""

_BREAK = 2
"""Windows from one of the run to the next: one may be spoilt."""

WAIT = 3
"""Windows after the last of a run in which it is judged: what follows is known by then."""

LONGEST = 20
"""Windows of the longest run that is judged, 200 ms."""


@inlined
def step(lane: Lane, window: int, key: int, sums: Array, all_judged: bool) -> None:
    """Take the strongest pair of a window: key -1 where there is none; `sums` are those of `dtmf.gate.gated`.

    Windows without a pair need not be told of while no run has turned. `all_judged` leaves what may be a key to the
    judge.
    """
    late = window - lane.pair_last
    if key >= 0 and lane.pair == key + 1 and late <= _BREAK:
        low, high = _tone(sums, key // 4), _tone(sums, 4 + key % 4)
        if late == 1:
            a = low * lane.pair_low.conjugate() * _BACK[key // 4]
            b = high * lane.pair_high.conjugate() * _BACK[4 + key % 4]
            if a.real * _LOW_TURN > abs(a.imag) and b.real > _HIGH_TURN * abs(b.imag) and (
                    _alike(low, lane.pair_low) and _alike(high, lane.pair_high)):
                if lane.pair_turns:
                    a, b = a + lane.turned_low, b + lane.turned_high
                lane.turned_low, lane.turned_high = a, b
                lane.pair_turns += 1
                lane.pair_last, lane.pair_low, lane.pair_high = window, low, high
                return
        elif lane.pair_turns:
            lane.pair_last, lane.pair_low, lane.pair_high = window, low, high
            return
    elif lane.pair_turns >= _TURNS and late < _BREAK:
        # a window of another pair may be a spoilt one
        return
    if lane.pair_turns:
        close(lane, all_judged)
    lane.pair = key + 1
    if key >= 0:
        lane.pair_first = lane.pair_last = window
        lane.pair_low, lane.pair_high = _tone(sums, key // 4), _tone(sums, 4 + key % 4)


@inlined
def _tone(sums: Array, tone: int) -> complex:
    return complex(sums[0, tone], -sums[1, tone])


@inlined
def _alike(now: complex, before: complex) -> bool:
    a, b = power(now), power(before)
    return bool(min(a, b) > _ALIKE * max(a, b))


@compiled
def close(lane: Lane, all_judged: bool) -> None:
    """End the run; if it may be a key it waits to be judged."""
    if lane.pair_turns >= _TURNS and lane.pair_last - lane.pair_first < LONGEST:
        key = lane.pair - 1
        likely = _right(lane.turned_low, key // 4) and _right(lane.turned_high, 4 + key % 4)
        if likely and (all_judged or _against(lane, key) < ROUGHLY):
            lane.over, lane.over_first, lane.over_last = lane.pair, lane.pair_first, lane.pair_last
    lane.pair = lane.pair_turns = 0


@compiled
def _right(turned: complex, tone: int) -> bool:
    return bool(turned.real > _MOST_TURN[tone] * math.sqrt(power(turned)))


@compiled
def _against(lane: Lane, key: int) -> float:
    """Return what speaks at least against a run: how short it is, how far off, how unlike its tones."""
    low, high = lane.turned_low, lane.turned_high
    off = math.atan2(low.imag, low.real) / (BLOCK * _OMEGAS[key // 4])
    off2 = math.atan2(high.imag, high.real) / (BLOCK * _OMEGAS[4 + key % 4])
    worst, differ = max(abs(off), abs(off2)) - _MISJUDGED, abs(off - off2) - 2 * _MISJUDGED
    ms = (lane.pair_last - lane.pair_first + 1) * BLOCK * 1000 / RATE
    twist_db = 5 * math.log10((power(high) + _NOTHING) / (power(low) + _NOTHING))
    return (unsteady(max(0.0, worst), max(0.0, differ), 0.0)
            + unlikely(ms + LONGER_MS, abs(twist_db) - _LESS_DB))  # fmt: skip
