"""The way of all channels through their windows: the gate, and what is followed beyond it.

Each channel goes by itself, in a loop of plain numbers, so that what is heard on one depends neither on the others
nor on how the samples were cut. Most windows end at the gate, many of them at its first question.
"""

import math

import numpy as np
from numpy.typing import NDArray

from dtmf import press, run
from dtmf.coded import LONGEST, SHORTEST, coded
from dtmf.compiled import compiled, inlined, kept
from dtmf.dialtone import remove_dial_tone
from dtmf.echoes import echoes, follows, remember, repeats
from dtmf.entire import AROUND, Entire, entire
from dtmf.envelope import HALF, HOP
from dtmf.evidence import MOST
from dtmf.finding import DOWN, REFUSED, UP, tell, tell_run, tell_whole
from dtmf.fit import HISTORY
from dtmf.gate import HIDDEN, MOST_OF_ENERGY, NOTHING, Gate, gated
from dtmf.goertzel import AMPLITUDE, BLOCK, COSINES, SINES, Array, fold, one
from dtmf.keys import RATE
from dtmf.limits import PAUSE, Bounds
from dtmf.measure import MEASURED, measure
from dtmf.press import Lane
from dtmf.third import third
from dtmf.verify import LONG_ENOUGH, MOST_LOOKS, convinces
from dtmf.vote import VOTE_SPAN

_SOME = 20 * RATE // 1000
"""Samples of a tone that must be whole if it is to be a key with a disturbance inside."""

_WORTH_TELLING = 12 * RATE // 1000
"""Samples of a press that did not convince from which on it is told of, if anybody asks."""

_SHORTEST = 25 * RATE // 1000
"""Samples from the beginning of a key to that of another: what is shorter is none."""

_FALL = 4 * BLOCK
"""Samples after a tone's end in which it may still be looked at."""

KEPT = max(HISTORY + 2 * _FALL, (run.LONGEST + run.WAIT + 2) * BLOCK + AROUND * HOP + HALF)
"""Samples that must be at hand before those that are new."""

_AHEAD = 240
"""Samples before a tone that looks at it ask for."""

_OLD = MEASURED + BLOCK
"""Samples after a tone's start at which it is measured if it is still on."""

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
    findings : array of `FINDING` [shape=(6 * windows * channels or more,)]
    """
    count = 0
    even, odd, sums = np.empty(BLOCK), np.empty(BLOCK), np.empty((2, 8))
    nothing = gate.near / AMPLITUDE**2 / MOST_OF_ENERGY
    for channel in range(len(samples)):
        row, lane = samples[channel], lanes[channel]
        gates, busy = lane.gates, _busy(lane)
        for step in range(windows):
            gates <<= 1
            place = at + (step - 1) * BLOCK
            energy = _fold(row, place, even, odd)
            if energy < nothing and not busy:
                continue
            key, humming, strength, weaker = gated(energy, even, odd, gate, sums)
            if key == NOTHING and not busy:
                continue
            gates |= key > NOTHING
            begun = count
            count = _followed(row, place, first + step, key, humming, strength, weaker, even, odd, sums, lane, gate,
                              bounds, findings, count)
            for i in range(begun, count):
                findings[i].channel = channel
            busy = _busy(lane)
        lane.gates = gates
    return count


@inlined
def _busy(lane: Lane) -> bool:
    """Tell whether something goes on on a lane, also in windows that hold nothing."""
    return bool(lane.on or lane.pair_turns or lane.over)


@inlined
def _followed(row: NDArray[np.int16], place: int, window: int, key: int, humming: bool, strength: float,
              weaker: float, even: Array, odd: Array, sums: Array, lane: Lane, gate: Gate, bounds: Bounds,
              findings: NDArray[np.void], count: int) -> int:  # fmt: skip
    """Take a lane through a window that holds something, or on which something goes on."""
    pair = key
    if key <= HIDDEN:
        key, pair = NOTHING, HIDDEN - key
    if weaker <= gate.least / AMPLITUDE**2:
        key = pair = NOTHING
    # first what is over: the next key may be known in the same window
    if lane.on and lane.reported and lane.key == pair:
        pair = NOTHING
    if bounds.whole and (pair != NOTHING or lane.pair_turns or lane.over):
        count = _run(row, place + 2 * BLOCK, window, pair, sums, lane, gate, bounds, findings, count)
    if lane.on and _came_not(lane, window):
        lane.missing += 1
    elif lane.on or key != NOTHING:
        count = _window(row, place, window, key, humming, strength, even, odd, lane, gate, bounds, findings, count)
    return count


@inlined
def _fold(row: NDArray[np.int16], place: int, even: Array, odd: Array) -> float:
    return fold(row[place : place + BLOCK], row[place + BLOCK : place + 2 * BLOCK], even, odd)


@inlined
def _strength(even: Array, odd: Array, key: int) -> float:
    """Return the amplitude of a key's two tones in a window that is folded."""
    low, high = key // 4, 4 + key % 4
    c0, s0 = one(even, COSINES, low), one(odd, SINES, low)
    c1, s1 = one(even, COSINES, high), one(odd, SINES, high)
    return (math.sqrt(c0 * c0 + s0 * s0) + math.sqrt(c1 * c1 + s1 * s1)) * AMPLITUDE


@inlined
def _came_not(lane: Lane, window: int) -> bool:
    """Tell whether a window holds samples that did not come."""
    came_not = False
    for i in range(2):
        came_not |= 0 < lane.lost[i, 1] >= window >= lane.lost[i, 0]
    return came_not


@inlined
def _window(row: NDArray[np.int16], place: int, window: int, key: int, humming: bool, strength: float,
            even: Array, odd: Array, lane: Lane, gate: Gate, bounds: Bounds, findings: NDArray[np.void],
            count: int) -> int:  # fmt: skip
    """Take a lane through a window on which something may be going on."""
    stop = place + 2 * BLOCK
    twice = key != NOTHING and lane.gated == window and lane.like == key
    if key != NOTHING:
        lane.gated, lane.like = window + 1, key
    if lane.on:
        before = press.before(lane)
        now = strength if key == lane.key else _strength(even, odd, lane.key)
        press.step(lane, now, bounds.pause)
        # Another key: twice in a row, or at once where the present one is gone, and not just since this window.
        gone = now < 0.3 * lane.plateau and before < 0.5 * lane.plateau
        other = key not in (NOTHING, lane.key) and (twice or gone)
        if other or lane.ended:
            if not lane.reported and lane.looks < MOST_LOOKS:
                count = _look(row, stop, window, lane, bounds, findings, count)
            count = _end(row, stop, window, lane, gate, bounds, findings, count)
            lane.on = False
            climbed = 0 if other else press.climb_again(lane)
            if key != NOTHING and climbed:
                press.begin(lane, key, window, climbed)
    if not lane.on:
        if key == NOTHING:
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
    if echoes(lane):
        lane.looks = MOST_LOOKS
        return count
    if repeats(lane):
        # a key may yet come out of it
        return count
    lane.looks += 1
    if convinces(_past(row, stop, now - end, lane), lane.key, end - start, bounds):
        press.settle(lane)
        lane.reported = True
        begun = press.start(lane)
        remember(lane, lane.key, lane.plateau, begun, begun)
        tell(DOWN, now, lane, findings, count)
        count += 1
    return count


@compiled
def _measure(row: NDArray[np.int16], stop: int, window: int, lane: Lane) -> None:
    start = press.start(lane)
    past = _past(row, stop, 2 * _FALL - BLOCK, lane)
    back = (window + 1) * BLOCK - int(start)
    measure(past, len(past) - back, int(min(press.end(lane), start + MEASURED) - start), lane)


@compiled
def _end(row: NDArray[np.int16], stop: int, window: int, lane: Lane, gate: Gate, bounds: Bounds,
         findings: NDArray[np.void], count: int) -> int:  # fmt: skip
    if lane.reported and not lane.measured:
        _measure(row, stop, window, lane)
    begun = count
    if bounds.whole and not lane.reported and lane.looks < MOST_LOOKS and not lane.humming:
        count = _over(row, stop, window, lane, bounds, findings, count)
        if count > begun:
            return count
    if lane.reported or echoes(lane):
        lane.known_plateau = max(lane.known_plateau, lane.plateau)
        lane.known_over = max(press.start(lane), press.end(lane))
    if lane.reported or (gate.all_told and press.end(lane) - press.start(lane) >= _WORTH_TELLING):
        tell(UP if lane.reported else REFUSED, (window + 1) * BLOCK, lane, findings, count)
        count += 1
    return count


@compiled
def _over(row: NDArray[np.int16], stop: int, window: int, lane: Lane, bounds: Bounds, findings: NDArray[np.void],
          count: int) -> int:  # fmt: skip
    """Judge a press that no look believed, and is over, as one that came through a codec."""
    now, start, end = (window + 1) * BLOCK, int(press.start(lane)), int(press.end(lane))
    shift = stop - now
    if not SHORTEST <= end - start <= LONGEST:
        return count
    if lane.known and start < (lane.known_over if lane.known == lane.key + 1 else lane.known_begun + _SHORTEST):
        return count
    if now - start > KEPT - _AHEAD or echoes(lane) or repeats(lane):
        return count
    whole = coded(row, stop, shift + start, shift + end, lane.key, lane.plateau * lane.plateau / 2, bounds)
    if whole.against >= MOST:
        return count
    if lane.known and follows(lane, start, _amplitude(whole)):
        return count
    return _told(now, lane.key, whole, shift, lane, findings, count)


@compiled
def _amplitude(whole: Entire) -> float:
    low, high = whole.powers
    return math.sqrt(low) + math.sqrt(high)


@compiled
def _told(now: int, key: int, whole: Entire, shift: int, lane: Lane, findings: NDArray[np.void], count: int) -> int:
    """Tell of a key that the whole of its press has made one, and remember it."""
    remember(lane, key, _amplitude(whole), whole.begin - shift, whole.end - shift)
    for kind in (DOWN, UP):
        tell_whole(kind, now, key, whole, shift, findings, count)
        count += 1
    return count


@inlined
def _run(row: NDArray[np.int16], stop: int, window: int, pair: int, sums: Array, lane: Lane, gate: Gate,
         bounds: Bounds, findings: NDArray[np.void], count: int) -> int:  # fmt: skip
    """Take a lane's run of windows with one pair on, and judge the one that is over if it is time."""
    run.step(lane, window, pair, sums, gate.all_told)
    if lane.over and window - lane.over_last >= run.WAIT:
        begun, key = count, lane.over - 1
        # a press of the same key tells of itself
        told = lane.on and lane.key == key
        told |= lane.known == lane.over and lane.over_first * BLOCK - BLOCK // 2 < lane.known_over
        count = _judge(row, stop, window, lane, gate, bounds, findings, count)
        if gate.all_told and count == begun and not told:
            tell_run(lane, (window + 1) * BLOCK, findings, count)
            count += 1
        lane.over = 0
    return count


@compiled
def _judge(row: NDArray[np.int16], stop: int, window: int, lane: Lane, gate: Gate, bounds: Bounds,
           findings: NDArray[np.void], count: int) -> int:  # fmt: skip
    """Judge a run that is over as a whole press, and tell of it if it is a key."""
    key, now = lane.over - 1, (window + 1) * BLOCK
    start, end = lane.over_first * BLOCK - BLOCK // 2, lane.over_last * BLOCK + BLOCK // 2
    mine = lane.known == lane.over
    if mine and (start < lane.known_over or (lane.on and lane.reported and lane.key == key)):
        return count
    shift = stop - now
    whole = entire(row, stop, shift + start, shift + end, key, bounds)
    if whole.against >= MOST:
        return count
    begun = whole.begin - shift
    # where the next key is much like one, the end of that is judged too late
    one = begun - lane.known_over < PAUSE * BLOCK if mine else begun - lane.known_begun < _SHORTEST
    if lane.known and (one or follows(lane, begun, _amplitude(whole))):
        return count
    if third(row, stop, whole.first, whole.last, key, whole.offs, whole.powers):
        return count
    if lane.on and lane.reported:
        # Another key was down after all: what holds its place is over, so that keys are told in their order.
        count = _end(row, stop, window, lane, gate, bounds, findings, count)
        lane.on = False
    elif lane.on and lane.key == key:
        lane.looks = MOST_LOOKS
    return _told(now, key, whole, shift, lane, findings, count)
