"""The way of all channels through their windows: the gate, and what is followed beyond it.

Each channel goes by itself, in a loop of plain numbers, so that what is heard on one depends neither on the others
nor on how the samples were cut. Most windows end at the gate, many of them at its first question.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dtmf import press
from dtmf.compiled import compiled, kept
from dtmf.dialtone import remove_dial_tone
from dtmf.fit import HISTORY
from dtmf.goertzel import AMPLITUDE, BLOCK, COSINES, HUM, POWER, SCALE, SINES, Array, fold, four, one
from dtmf.keys import RATE
from dtmf.limits import Bounds
from dtmf.measure import MEASURED, measure
from dtmf.press import Lane
from dtmf.verify import LONG_ENOUGH, MOST_LOOKS, convinces
from dtmf.vote import VOTE_SPAN


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


FINDING = np.dtype(
    [(name, np.int64) for name in ("kind", "channel", "key", "at")]
    + [(name, np.float64) for name in ("start", "end", "level_dbm0", "twist_db", "low_hz", "high_hz", "snr_db")],
    align=True,
)
"""A key that went down (`DOWN`) or up (`UP`), or did not convince (`REFUSED`); times are samples at 8 kHz since the
detector began; only of one that went up is `end` known, and what it was like."""

DOWN, UP, REFUSED = 0, 1, 2

_ALL = 0.97
"""Part of a window's energy that makes a pair of tones so much of it that no hum is asked for."""

_HUMMING, _OFFSET = 0.25, 0.015
"""Part of a window's energy that makes a hum loud enough to be taken away before the key is looked at, and a DC
offset."""

_SOME = 20 * RATE // 1000
"""Samples of a tone that must be whole if it is to be a key with a disturbance inside."""

_WORTH_TELLING = 12 * RATE // 1000
"""Samples of a press that did not convince from which on it is told of, if anybody asks."""

_ECHO, _ECHO_PART = 300 * RATE // 1000, 0.25
"""A key that comes again within so many samples, at less than so much of its amplitude, may be a room's echo."""

_FOOT = 0.5
"""An echo does not rise from nothing, as a key does: before it there was more than this part of its amplitude. A
press that doubles from one window to the next begins there, so the foot of a key is below this part."""

_FALL = 4 * BLOCK
"""Samples after a tone's end in which it may still be looked at."""

KEPT = HISTORY + 2 * _FALL
"""Samples that must be at hand before those that are new."""

_AHEAD = 240
"""Samples before a tone that looks at it ask for."""

_OLD = MEASURED + BLOCK
"""Samples after a tone's start at which it is measured if it is still on."""

_MOST = 82 * SCALE**2 / (1 << 14)
"""A tone's squared modulus is never more than this times the window's energy (Bessel's inequality)."""

_NOTHING = -1


@kept
def follow(samples: NDArray[np.int16], at: int, windows: int, first: int, lanes: NDArray[np.void], gate: Gate,
           bounds: Bounds, findings: NDArray[np.void]) -> int:  # fmt: skip
    """Take all channels through their next windows; return how many findings there are.

    Parameters
    ----------
    samples : int16 array [shape=(channels, n)]
    at : int
        Where the block that ends the first of these windows begins; at least `KEPT` samples stand before it.
    windows : int
    first : int
        Number of the first of these windows.
    lanes : array of `LANE` [shape=(channels,)]
    gate : Gate
    bounds : Bounds
    findings : array of `FINDING` [shape=(2 * windows * channels or more,)]
    """
    count = 0
    even, odd = np.empty(BLOCK), np.empty(BLOCK)
    for channel in range(len(samples)):
        row, lane = samples[channel], lanes[channel]
        for step in range(windows):
            window, place = first + step, at + (step - 1) * BLOCK
            energy = _fold(row, place, even, odd)
            key, humming, strength, weaker = _gated(energy, even, odd, gate)
            lane.gates = (lane.gates << 1) | (key != _NOTHING)
            if weaker <= gate.least / AMPLITUDE**2:
                key = _NOTHING
            if lane.on and _came_not(lane, window):
                lane.missing += 1
            elif lane.on or key != _NOTHING:
                begun = count
                count = _window(row, place, window, key, humming, strength, even, odd, lane, gate, bounds,
                                findings, count)
                for i in range(begun, count):
                    findings[i].channel = channel
    return count


@compiled
def _fold(row: NDArray[np.int16], place: int, even: Array, odd: Array) -> float:
    return fold(row[place : place + BLOCK], row[place + BLOCK : place + 2 * BLOCK], even, odd)


@compiled
def _gated(energy: float, even: Array, odd: Array, gate: Gate) -> tuple[int, bool, float, float]:
    """Return which key a window may hold, whether a hum lies under it, its amplitude, and its weaker power."""
    least = gate.near / AMPLITUDE**2
    if energy * _MOST < least:
        return _NOTHING, False, 0.0, 0.0
    # Voices are weak where the high tones are, so these are asked first.
    column, high = _strongest(even, odd, 4)
    if high <= least:
        return _NOTHING, False, 0.0, 0.0
    row, low = _strongest(even, odd, 0)
    both = low + high
    # The weaker over the stronger tone, written with their sum.
    if low <= least or min(low, high) <= gate.skew / (1 + gate.skew) * both:
        return _NOTHING, False, 0.0, 0.0
    hum = offset = 0.0
    if both < _ALL * POWER / AMPLITUDE**2 * energy:
        hum, offset = _hum(even, odd)
        if both <= gate.share * POWER / AMPLITUDE**2 * (energy - hum):
            return _NOTHING, False, 0.0, 0.0
    humming = hum > _HUMMING * energy or offset > _OFFSET * energy
    return 4 * row + column, humming, (math.sqrt(low) + math.sqrt(high)) * AMPLITUDE, min(low, high)


@compiled
def _strongest(even: Array, odd: Array, group: int) -> tuple[int, float]:
    """Return which of four tones is the strongest in a window, and the square of its modulus."""
    c0, c1, c2, c3 = four(even, COSINES, group)
    s0, s1, s2, s3 = four(odd, SINES, group)
    best, most = 0, c0 * c0 + s0 * s0
    for i, power in enumerate((c1 * c1 + s1 * s1, c2 * c2 + s2 * s2, c3 * c3 + s3 * s3)):
        if power > most:
            best, most = i + 1, power
    return best, most


@compiled
def _hum(even: Array, odd: Array) -> tuple[float, float]:
    """Return the energy of a window below the keys' tones, and how much of it is a DC offset."""
    c0, c1, c2, c3 = four(even, COSINES, 8)
    s0, s1, s2, _ = four(odd, SINES, 8)
    return HUM * (c0 * c0 + c1 * c1 + c2 * c2 + c3 * c3 + s0 * s0 + s1 * s1 + s2 * s2), HUM * c0 * c0


@compiled
def _strength(even: Array, odd: Array, key: int) -> float:
    """Return the amplitude of a key's two tones in a window that is folded."""
    low, high = key // 4, 4 + key % 4
    c0, s0 = one(even, COSINES, low), one(odd, SINES, low)
    c1, s1 = one(even, COSINES, high), one(odd, SINES, high)
    return (math.sqrt(c0 * c0 + s0 * s0) + math.sqrt(c1 * c1 + s1 * s1)) * AMPLITUDE


@compiled
def _came_not(lane: Lane, window: int) -> bool:
    """Tell whether a window holds samples that did not come."""
    came_not = False
    for i in range(2):
        came_not |= 0 < lane.lost[i, 1] >= window >= lane.lost[i, 0]
    return came_not


@compiled
def _window(row: NDArray[np.int16], place: int, window: int, key: int, humming: bool, strength: float,
            even: Array, odd: Array, lane: Lane, gate: Gate, bounds: Bounds, findings: NDArray[np.void],
            count: int) -> int:  # fmt: skip
    """Take a lane through a window on which something may be going on."""
    stop = place + 2 * BLOCK
    twice = key != _NOTHING and lane.gated == window and lane.like == key
    if key != _NOTHING:
        lane.gated, lane.like = window + 1, key
    if lane.on:
        before = press.before(lane)
        now = strength if key == lane.key else _strength(even, odd, lane.key)
        press.step(lane, now, bounds.pause)
        # Another key: twice in a row, or at once where the present one is gone, and not just since this window.
        gone = now < 0.3 * lane.plateau and before < 0.5 * lane.plateau
        other = key not in (_NOTHING, lane.key) and (twice or gone)
        if other or lane.ended:
            if not lane.reported and lane.looks < MOST_LOOKS:
                count = _look(row, stop, window, lane, bounds, findings, count)
            count = _end(row, stop, window, lane, gate, findings, count)
            lane.on = False
            climbed = 0 if other else press.climb_again(lane)
            if key != _NOTHING and climbed:
                press.begin(lane, key, window, climbed)
    if not lane.on:
        if key == _NOTHING:
            return count
        lane.climb[2] = strength
        # A rise has one foot: what was louder in a window before was another sound.
        for back in range(1, 3):
            _fold(row, place - back * BLOCK, even, odd)
            lane.climb[2 - back] = min(_strength(even, odd, key), lane.climb[3 - back])
        press.begin(lane, key, window, 3)
    lane.humming |= humming
    if key == lane.key and not lane.reported and lane.looks < MOST_LOOKS:
        count = _look(row, stop, window, lane, bounds, findings, count)
    if lane.reported and not lane.measured and (window + 1) * BLOCK - lane.begun >= _OLD:
        _measure(row, stop, window, lane)
    return count


@compiled
def _copy(samples: NDArray[np.int16], place: Array) -> None:
    for i in range(len(place)):
        place[i] = samples[i]


@compiled
def _past(row: NDArray[np.int16], stop: int, after: int, lane: Lane) -> Array:
    """Return the samples up to now; the last `after` came after the tone."""
    past = np.empty(HISTORY + after)
    since = (lane.at + 1) * BLOCK - int(press.start(lane))
    begin = 0 if lane.humming else max(0, len(past) - since - _AHEAD)
    _copy(row[stop - len(past) + begin : stop], past[begin:])
    if lane.humming:
        remove_dial_tone(past)
    return past


@compiled
def _look(row: NDArray[np.int16], stop: int, window: int, lane: Lane, bounds: Bounds,
          findings: NDArray[np.void], count: int) -> int:  # fmt: skip
    """Look at the samples of a press, if that is worth it, and tell of it if it is a key."""
    now = (window + 1) * BLOCK
    falling = lane.dipped > 0 or lane.last < 0.9 * lane.plateau
    end = min(now, int(press.end(lane))) if falling else now
    start = int(press.start(lane))
    if now - end > _FALL or (end - start < LONG_ENOUGH and (end - start < _SOME or now - start < VOTE_SPAN)):
        return count
    if _echoes(lane):
        lane.looks = MOST_LOOKS
        return count
    lane.looks += 1
    if convinces(_past(row, stop, now - end, lane), lane.key, end - start, bounds):
        press.settle(lane)
        lane.reported = True
        lane.known, lane.known_plateau, lane.known_over = lane.key + 1, lane.plateau, press.start(lane)
        _tell(DOWN, now, lane, findings, count)
        count += 1
    return count


@compiled
def _echoes(lane: Lane) -> bool:
    """Tell whether a press that was not heard yet is but what a room leaves of the one before."""
    if lane.known != lane.key + 1 or lane.plateau >= _ECHO_PART * lane.known_plateau:
        return False
    near = press.start(lane) - lane.known_over < _ECHO
    return bool(near and lane.climb[0] > _FOOT * lane.plateau)


@compiled
def _measure(row: NDArray[np.int16], stop: int, window: int, lane: Lane) -> None:
    start = press.start(lane)
    past = _past(row, stop, 2 * _FALL - BLOCK, lane)
    back = (window + 1) * BLOCK - int(start)
    measure(past, len(past) - back, int(min(press.end(lane), start + MEASURED) - start), lane)


@compiled
def _end(row: NDArray[np.int16], stop: int, window: int, lane: Lane, gate: Gate, findings: NDArray[np.void],
         count: int) -> int:  # fmt: skip
    if lane.reported and not lane.measured:
        _measure(row, stop, window, lane)
    if lane.reported or _echoes(lane):
        lane.known_plateau = max(lane.known_plateau, lane.plateau)
        lane.known_over = max(press.start(lane), press.end(lane))
    if lane.reported or (gate.all_told and press.end(lane) - press.start(lane) >= _WORTH_TELLING):
        _tell(UP if lane.reported else REFUSED, (window + 1) * BLOCK, lane, findings, count)
        count += 1
    return count


@compiled
def _tell(kind: int, at: int, lane: Lane, findings: NDArray[np.void], count: int) -> None:
    found = findings[count]
    found.kind, found.key, found.at = kind, lane.key, at
    found.start = press.start(lane)
    found.end = max(found.start, press.end(lane))
    found.level_dbm0, found.twist_db = lane.level_dbm0, lane.twist_db
    found.low_hz, found.high_hz, found.snr_db = lane.low_hz, lane.high_hz, lane.snr_db
