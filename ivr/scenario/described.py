"""What was heard, in a tester's words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ivr.scenario.correlate import dbm0_of

_PAUSE_S = 1.0
"""Shorter silences between two sounds are left out."""
_UNKNOWN_S = 0.2
_BREATH_S = 0.4
"""Unknown sounds this close are one."""
_EDGE_S = 0.1
_LONG_EDGE_S = 0.5


@dataclass(frozen=True, slots=True)
class HeardPart:
    """A known sound from `start` to `end`; a `brief` one is told by its beginning only."""

    start: int
    end: int
    name: str
    brief: bool = False


def joined(parts: Iterable[HeardPart], apart: int) -> list[HeardPart]:
    """Return the parts in order of time, those of one name and at most `apart` samples apart as one."""
    done: list[HeardPart] = []
    last: dict[str, int] = {}
    for part in sorted(parts, key=lambda p: (p.start, p.end, p.name)):
        if part.name in last and part.start - done[last[part.name]].end <= apart:
            known = done[last[part.name]]
            done[last[part.name]] = HeardPart(known.start, max(known.end, part.end), part.name, known.brief)
        else:
            last[part.name] = len(done)
            done.append(part)
    return done


def told(known: Sequence[HeardPart], powers: NDArray[np.float64], quiet: NDArray[np.bool_], *, begin: int,
         end: int, rate: int, zero: int) -> str:
    """Say what was heard from `begin` to `end`.

    Parameters
    ----------
    known : sequence of HeardPart
    powers, quiet : float64 and bool array [shape=(frames,)]
        Mean square of each 20 ms frame since the ear began, and whether it counts as silence.
    begin, end, zero : int
        The stretch, in samples since the ear began, and that beginning on the run's clock.
    """
    if end <= begin:
        return "nothing, for no audio came"
    frame = rate // 50
    window = slice(begin // frame, max(end // frame, begin // frame + 1))
    if not len(quiet[window]) or quiet[window].all():
        return "nothing but silence"
    parts = _in(known, begin, end, rate)
    parts += _silences(quiet[window], window.start, rate, parts)
    parts += _unknown(powers, quiet, window, parts, rate)
    parts = sorted(parts, key=lambda p: (p.start, p.end, p.name))
    words = [_words(p, begin, end, rate, zero, alone=len(parts) == 1) for p in parts]
    return ", then ".join(words) or "silence"


def besides(known: Sequence[HeardPart], allowed: Collection[str], powers: NDArray[np.float64],
            quiet: NDArray[np.bool_], *, begin: int, end: int, rate: int, zero: int) -> str:
    """Say what else was heard first than sounds of these names; empty if nothing was. Parameters as of `told`."""
    frame = rate // 50
    window = slice(begin // frame, max(end // frame, begin // frame + 1))
    parts = _in(known, begin, end, rate)
    others = [part for part in parts if part.name.removeprefix("the end of ") not in allowed]
    # where something is faded in or out, or a word begins, not all of it is recognised
    wide = [replace(part, start=max(part.start - rate // 2, 0), end=part.end + rate // 2) for part in parts]
    others += _unknown(powers, quiet, window, wide, rate)
    first = min(others, key=lambda part: (part.start, part.end, part.name), default=None)
    if first is None:
        return ""
    return f"{first.name} was heard too, at {(max(first.start, begin) + zero) / rate:.1f} s"


def _in(known: Sequence[HeardPart], begin: int, end: int, rate: int) -> list[HeardPart]:
    return [p for p in known if p.end > begin + _EDGE_S * rate and p.start < end - _EDGE_S * rate]


def _words(part: HeardPart, begin: int, end: int, rate: int, zero: int, *, alone: bool) -> str:
    start, stop = (part.start + zero) / rate, (min(part.end, end) + zero) / rate
    if part.brief:
        return f"{part.name} at {start:.1f} s"
    margin = _LONG_EDGE_S * rate
    if part.end >= end - margin and (alone or part.name == "silence") and part.start <= begin + margin:
        return part.name
    if part.name == "silence" and part.end >= end - margin:
        return part.name
    return f"{part.name} from {max(start, (begin + zero) / rate):.1f} s to {stop:.1f} s"


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _silences(quiet: NDArray[np.bool_], first: int, rate: int, known: Sequence[HeardPart]) -> list[HeardPart]:
    frame = rate // 50
    free = quiet.copy()
    for part in known:
        free[max(part.start // frame - first, 0):max(part.end // frame - first, 0)] = False
    return [HeardPart((first + a) * frame, (first + b) * frame, "silence") for a, b in _runs(free)
            if (b - a) * frame >= _PAUSE_S * rate]


def _unknown(powers: NDArray[np.float64], quiet: NDArray[np.bool_], window: slice, known: Sequence[HeardPart],
             rate: int) -> list[HeardPart]:
    frame = rate // 50
    free = ~quiet
    free[:window.start] = False
    free[window.stop:] = False
    for part in known:
        free[part.start // frame:-(-part.end // frame)] = False
    runs: list[tuple[int, int]] = []
    for a, b in _runs(free):
        if runs and (a - runs[-1][1]) * frame <= _BREATH_S * rate and quiet[runs[-1][1]:a].all():
            runs[-1] = (runs[-1][0], b)
        else:
            runs.append((a, b))
    return [HeardPart(a * frame, b * frame,
                      f"something unknown at {dbm0_of(float(powers[a:b][~quiet[a:b]].mean())):.0f} dBm0")
            for a, b in runs if (b - a) * frame >= _UNKNOWN_S * rate]
