"""One key press on one channel: from the amplitudes of its windows to when it began and ended.

Hann windows at half overlap add up to one. So with A the amplitude of the key's two tones in a window and P
their amplitude when the tone fills it, a window's step times the sum of A / P is the length of the tone, and
the step times the sum of 1 - A / P over a dip is the length of a pause, to a millisecond and wherever the
windows lie.
"""

from typing import Any

from dtmf.compiled import compiled, inlined
from dtmf.goertzel import BLOCK
from dtmf.lane import MOST
from dtmf.limits import PAUSE

Lane = Any
"""A record of `dtmf.lane.LANE`."""

_LEVEL = 0.85
"""A window below this part of the plateau lies in a dip."""

_DEEP, _DEEPER = 0.5, 0.25
"""A dip that never falls below this part of the plateau is no pause. Within a key that was heard, not below the
second one, -12 dB: a line or a tape that flutters slowly takes 9.5 dB off it and brings it back."""

_FLOOR = 0.1
"""What is left of the plateau in a pause is noise below this part."""


@compiled
def begin(lane: Lane, key: int, window: int, climbed: int) -> None:
    """Begin a press whose tone came up in the last `climbed` windows; their amplitudes are in `lane.climb`."""
    lane.on = True
    lane.key = key
    lane.at = lane.level = window
    lane.climbed = climbed
    lane.first = window - climbed + 1
    lane.plateau = lane.last = _loudest(lane)
    lane.dipped = lane.looks = lane.missing = 0
    lane.settled = lane.reported = lane.humming = lane.ended = lane.measured = False


@compiled
def _loudest(lane: Lane) -> float:
    most: float = lane.climb[0]
    for i in range(1, lane.climbed):
        most = max(most, lane.climb[i])
    return most


@compiled
def start(lane: Lane) -> float:
    """Return when the tone came on, in samples."""
    if lane.settled:
        return float(lane.begun)
    full = 0.9 * min(lane.plateau, _loudest(lane))
    place, rise = 0, 0.0
    while lane.climb[place] < full:
        if lane.climb[place] > _FLOOR * lane.plateau:
            rise += lane.climb[place] / lane.plateau
        place += 1
    return float(BLOCK * (lane.first + place) - BLOCK / 2 - BLOCK * rise)


@compiled
def settle(lane: Lane) -> None:
    """Take for certain when the tone came on."""
    lane.begun = start(lane)
    lane.settled = True


@compiled
def _deepest(lane: Lane) -> int:
    """Return which window of the dip is the deepest."""
    place = 0
    for i in range(1, lane.dipped):
        if lane.dip[i] < lane.dip[place]:
            place = i
    return place


@compiled
def end(lane: Lane) -> float:
    """Return when the tone went off, in samples, as far as is known; in the future while it is on."""
    tail = 0.0
    for i in range(-1, _deepest(lane) + 1 if lane.dipped else 0):
        part = min((lane.last if i < 0 else lane.dip[i]) / lane.plateau, 1.0)
        if part > _FLOOR:
            tail += part
    return float(BLOCK * (lane.level - 1) + BLOCK / 2 + BLOCK * tail)


@inlined
def before(lane: Lane) -> float:
    """Return the amplitude in the window before."""
    return float(lane.dip[lane.dipped - 1] if lane.dipped else lane.last)


@inlined
def step(lane: Lane, amplitude: float, pause: float) -> None:
    """Take the key's amplitude in the next window; sets `ended` when a pause is certain.

    A pause of more than `pause` windows' worth ends a key that was heard, one of more than `PAUSE` any other press.
    """
    if lane.missing:
        low = _LEVEL * lane.plateau
        dips = (1 if lane.dipped and lane.dip[lane.dipped - 1] < low else 0) + (1 if amplitude < low else 0)
        # What was lost was tone if there was tone on both sides, pause if on neither; else nobody knows.
        guess = lane.plateau * (1.0 - 0.5 * dips)
        for _ in range(lane.missing):
            _advance(lane, guess, pause)
        lane.missing = 0
    _advance(lane, amplitude, pause)


@inlined
def _advance(lane: Lane, amplitude: float, pause: float) -> None:
    lane.at += 1
    plateau, last = lane.plateau, before(lane)
    if amplitude > 2 * plateau and not lane.reported:
        # Far louder at once: what was there before was not this key, its press begins here.
        lane.climb[0], lane.climb[1] = last, amplitude
        lane.climbed, lane.first, lane.looks = 2, lane.at - 1, 0
        lane.plateau = lane.last = amplitude
        lane.level, lane.dipped = lane.at, 0
        lane.settled = lane.ended = False
        return
    if not lane.settled and not lane.dipped:
        lane.climb[lane.climbed] = amplitude
        lane.climbed += 1
        if lane.climbed > 4 or lane.reported:
            settle(lane)
    calm = (abs(amplitude - last) < 0.1 * amplitude and amplitude > 0.3 * plateau) or lane.dipped == MOST
    if amplitude < _LEVEL * plateau and not calm:
        if not lane.dipped and not lane.settled and amplitude < _DEEP * plateau:
            lane.climbed -= 1
            settle(lane)
        lane.dip[lane.dipped] = amplitude
        lane.dipped += 1
        depth, least = 0.0, plateau
        for i in range(lane.dipped):
            depth += max(0.0, 1 - lane.dip[i] / plateau)
            least = min(least, lane.dip[i])
        if lane.reported:
            lane.ended = depth > pause and least < _DEEPER * plateau
        else:
            lane.ended = depth > PAUSE and least < _DEEP * plateau
        return
    # A new steady level (an echo that joins, a gain control) is no dip; it is its own measure.
    if amplitude > 1.15 * plateau or calm:
        lane.plateau = max(amplitude, last) if calm else amplitude
    else:
        lane.plateau += 0.25 * (amplitude - plateau)
    lane.dipped, lane.last, lane.level, lane.ended = 0, amplitude, lane.at, False


@compiled
def climb_again(lane: Lane) -> int:
    """Take the amplitudes since the deepest window of the dip for the rise of the next press; return how many."""
    place = _deepest(lane)
    count = lane.dipped - place if lane.dipped else 0
    for i in range(count):
        lane.climb[i] = lane.dip[place + i]
    return count
