"""From the digits that were heard to the figures of a row."""

from collections import defaultdict
from collections.abc import Sequence

from benchmarks.ear.signals import Line

Figures = tuple[float, ...]

NEVER = float("inf")
"""The figure of a sweep that found no such place."""


def common(sent: str, heard: str) -> int:
    """Return how many keys of `sent` stand in `heard` in the same order (longest common subsequence).

    Bit-parallel: a zero in `rows` is a place of `sent` that is matched (Hyyro 2004).
    """
    every = (1 << len(sent)) - 1
    rows = every
    for key in heard:
        where = sum(1 << place for place, other in enumerate(sent) if other == key)
        both = rows & where
        rows = ((rows + both) | (rows - both)) & every
    return len(sent) - rows.bit_count()


def missed_inserted(lines: Sequence[Line], heard: Sequence[str]) -> Figures:
    """Return what was missed and what was heard too much, in per cent of the keys sent."""
    sent = sum(len(line.digits) for line in lines)
    right = sum(common(line.digits, said) for line, said in zip(lines, heard, strict=True))
    return 100 * (1 - right / sent), 100 * (sum(map(len, heard)) - right) / sent


def missed(lines: Sequence[Line], heard: Sequence[str]) -> Figures:
    """Return what was missed, in per cent of the keys sent."""
    return missed_inserted(lines, heard)[:1]


def reported(lines: Sequence[Line], heard: Sequence[str]) -> Figures:
    """Return how many digits were heard, whichever, in per cent of the keys sent."""
    return (100 * sum(map(len, heard)) / sum(len(line.digits) for line in lines),)


def always(lines: Sequence[Line], heard: Sequence[str]) -> dict[float, bool]:
    """Return for each value of a sweep whether every line was heard as sent."""
    right: dict[float, bool] = defaultdict(lambda: True)
    for line, said in zip(lines, heard, strict=True):
        right[line.value or 0.0] &= said == line.digits
    return dict(right)


def never(lines: Sequence[Line], heard: Sequence[str]) -> dict[float, bool]:
    """Return for each value of a sweep whether no line was heard at all."""
    silent: dict[float, bool] = defaultdict(lambda: True)
    for line, said in zip(lines, heard, strict=True):
        silent[line.value or 0.0] &= not said
    return dict(silent)


def reach(held: dict[float, bool], *, downwards: bool = False) -> float:
    """Return how far a sweep holds from its first value on, without a gap; `NEVER` if not at all."""
    last = NEVER
    for value in sorted(held, reverse=downwards):
        if not held[value]:
            break
        last = value
    return last


def accept_reject(lines: Sequence[Line], heard: Sequence[str]) -> Figures:
    """Return up to which value all is accepted, and from which on nothing is."""
    return reach(always(lines, heard)), reach(never(lines, heard), downwards=True)


def accept_reject_down(lines: Sequence[Line], heard: Sequence[str]) -> Figures:
    """Return from which value on all is accepted, and up to which nothing is."""
    return reach(always(lines, heard), downwards=True), reach(never(lines, heard))


def accept(lines: Sequence[Line], heard: Sequence[str]) -> Figures:
    """Return up to which value all is accepted."""
    return (reach(always(lines, heard)),)


def accept_down(lines: Sequence[Line], heard: Sequence[str]) -> Figures:
    """Return from which value on all is accepted."""
    return (reach(always(lines, heard), downwards=True),)
