"""What is no key but what a room or a line gives back of one."""

from dtmf import press
from dtmf.compiled import compiled
from dtmf.keys import RATE
from dtmf.press import Lane

_ECHO, _ECHO_PART = 300 * RATE // 1000, 0.25
"""A key that comes again within so many samples, at less than so much of its amplitude, may be a room's echo."""

_FOOT = 0.5
"""An echo does not rise from nothing, as a key does: before it there was more than this part of its amplitude. A
press that doubles from one window to the next begins there, so the foot of a key is below this part."""

_REPEATED = 300 * RATE // 1000
"""Samples from the beginning of a key to that of a fainter press of the same which may be what the line gives back.
It is where another key lies between them: nobody presses so fast, and softer. If none does, it is pressed again,
unless the line has given a key back so late before."""

_ABOUT = 40 * RATE // 1000
"""By how much that may seem another time: where a key covers what comes back its beginning is misjudged."""

_LONG_ECHO, _FAINTER = 400 * RATE // 1000, 0.35
"""A press that only the whole of it makes a key is an echo of whatever key, if it comes so soon after one and at
less than so much of its amplitude."""


@compiled
def remember(lane: Lane, key: int, plateau: float, begun: float, over: float) -> None:
    """Remember a key that was heard, and the two before it: one of them may be an echo that was taken for a key."""
    if lane.known == key + 1 and begun - lane.known_begun < _REPEATED and plateau < _FAINTER * lane.known_plateau:
        lane.back = begun - lane.known_begun
    lane.eldest, lane.eldest_plateau, lane.eldest_begun = lane.earlier, lane.earlier_plateau, lane.earlier_begun
    lane.earlier, lane.earlier_plateau, lane.earlier_begun = lane.known, lane.known_plateau, lane.known_begun
    lane.known, lane.known_plateau, lane.known_begun, lane.known_over = key + 1, plateau, begun, over


@compiled
def echoes(lane: Lane) -> bool:
    """Tell whether a press that was not heard yet is but what a room leaves of the one before."""
    if lane.known != lane.key + 1 or lane.plateau >= _ECHO_PART * lane.known_plateau:
        return False
    near = press.start(lane) - lane.known_over < _ECHO
    return bool(near and lane.climb[0] > _FOOT * lane.plateau)


@compiled
def repeats(lane: Lane) -> bool:
    """Tell whether a press is what the line gives back of one of the last three keys."""
    begun = press.start(lane)
    late = begun - lane.known_begun
    if lane.known == lane.key + 1 and lane.back and abs(late - lane.back) < _ABOUT and (
            lane.plateau < _FAINTER * lane.known_plateau):
        return True
    late = begun - lane.earlier_begun
    if lane.earlier == lane.key + 1 and late < _REPEATED and lane.plateau < _FAINTER * lane.earlier_plateau:
        # a key into which an echo of the same key runs begins too early; the line is as late as it was
        if not lane.back or late < lane.back + _ABOUT:
            lane.back = late
        return True
    late = begun - lane.eldest_begun
    return bool(lane.eldest == lane.key + 1 and late < _REPEATED and lane.plateau < _FAINTER * lane.eldest_plateau)


@compiled
def follows(lane: Lane, begun: float, strength: float) -> bool:
    """Tell whether a press that was judged as a whole is too faint after the last key to be one."""
    return bool(begun - lane.known_over < _LONG_ECHO and strength < _FAINTER * lane.known_plateau)
