"""A row of the table: what it measures, how it is shown, and what is asked of ours."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.ear.judging import Figures
from benchmarks.ear.signals import Line


@dataclass(frozen=True, slots=True)
class Effort:
    """How much of everything is made.

    Attributes
    ----------
    share : float
        Of the digits of a row that counts in per cent, and of the hours of speech.
    pulses : int
        Tones at each step of a sweep.
    coarser : int
        How many times wider the steps of a sweep are.
    seed : int
        What the rows that say so draw from.
    half : str
        Which half of others' sounds these rows take: `set`, on which limits were set, or `told`.
    """

    share: float = 1.0
    pulses: int = 20
    coarser: int = 1
    seed: int = 1
    half: str = "told"

    def of(self, count: int) -> int:
        """Return the part of `count` that is made, 50 at least."""
        return max(50, round(count * self.share))

    def steps(self, first: float, last: float, step: float) -> list[float]:
        """Return the values of a sweep, both ends included."""
        step *= self.coarser
        return [round(first + n * step, 6) for n in range(math.floor((last - first) / step + 1e-9) + 1)]


FULL, QUICK = Effort(), Effort(share=0.05, pulses=4, coarser=3)


class Receiver(Protocol):
    """What a row asks of ours and of every peer."""

    name: str
    share: float
    """Part of a row's digits that it is given: slow ones hear less, and their figures are coarser."""

    def hear(self, lines: Sequence[Line]) -> list[str]:
        """Return the digits heard on each line."""
        ...


@dataclass(frozen=True, slots=True)
class Limit:
    """What one figure must be."""

    sign: str
    bound: float

    def holds(self, figure: float) -> bool:
        """Whether the figure is within the limit; what was not measured is not."""
        if math.isnan(figure) or math.isinf(figure):
            return False
        return figure >= self.bound - 1e-9 if self.sign == "≥" else figure <= self.bound + 1e-9

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}"


def at_least(bound: float) -> Limit:
    """Return the limit of a figure that may not be smaller."""
    return Limit("≥", bound)


def at_most(bound: float) -> Limit:
    """Return the limit of a figure that may not be larger."""
    return Limit("≤", bound)


Measure = Callable[[Receiver], Figures | None]
Prepare = Callable[[Effort], Measure]


@dataclass(frozen=True, slots=True)
class Row:
    """One condition.

    Attributes
    ----------
    name : str
        For `--only`.
    title : str
        What the figures are, with their unit.
    prepare : callable
        Makes the signals once and returns what measures a receiver; that may give None: it cannot be asked this.
    limits : tuple of Limit or None
        What each figure must be; None where nothing is asked.
    digits : int or tuple of int
        Digits shown after the point, of all figures or of each.
    setting : str or None
        The setting of ours that this row is about, where it is not the one chosen for the run.
    alone : bool
        Whether nothing else may run beside it: rows of speed.
    long : bool
        Whether it takes minutes by itself, and is left out unless it is asked for.
    """

    name: str
    title: str
    prepare: Prepare
    limits: tuple[Limit | None, ...]
    digits: int | tuple[int, ...] = 1
    setting: str | None = None
    alone: bool = False
    long: bool = False

    def passes(self, figures: Figures | None) -> bool:
        """Whether all that is asked is reached."""
        if figures is None:
            return False
        return all(limit is None or limit.holds(figure) for limit, figure in zip(self.limits, figures, strict=True))


class Unavailable(Exception):
    """A row has no material on this machine; the message says what is missing."""


def heard(
    make: Callable[[Effort], list[Line]],
    judge: Callable[[Sequence[Line], Sequence[str]], Figures],
    *,
    whole: bool = False,
) -> Prepare:
    """Return a row's `prepare` from what makes its lines and what judges the digits heard.

    With `whole`, slow receivers too hear everything.
    """

    def prepare(effort: Effort) -> Measure:
        lines = make(effort)

        def measure(receiver: Receiver) -> Figures:
            part = lines if whole else share_of(lines, receiver.share)
            return judge(part, receiver.hear(part))

        return measure

    return prepare


def share_of(lines: Sequence[Line], share: float) -> Sequence[Line]:
    """Return fewer lines, spread over all of them; of a sweep the first pulses of every line."""
    if share >= 1 or not lines:
        return lines
    if lines[0].value is not None:
        return [line.first(max(2, round(len(line.digits) * share))) for line in lines]
    return lines[:: max(1, round(1 / share))]
