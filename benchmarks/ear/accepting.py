"""Rows of what is and is not a key: frequency, twist, level, length, breaks and pauses (Q.24, ES 201 235-3)."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks.ear import judging
from benchmarks.ear.rows import Effort, Row, at_least, at_most, heard
from benchmarks.ear.signals import CORNERS, RATE, Floats, Line, pulses, to_int16

_LEVEL = -10.0
_JITTER_MS = 13
"""Gaps of a sweep vary by so much, so that its pulses fall everywhere in the blocks of any receiver."""


def _train(
    key: str, effort: Effort, rng: np.random.Generator, value: float, *,
    tone_ms: float = 100, levels: tuple[float, float] = (_LEVEL, _LEVEL), shift: tuple[float, float] = (0, 0),
) -> Line:
    """Return `effort.pulses` tones of one key."""
    keys = key * effort.pulses
    samples, spans = pulses(
        keys, rng, tone_ms=tone_ms, gap_ms=100, jitter_ms=_JITTER_MS, levels=levels, shift=shift
    )
    return Line(to_int16(samples), keys, value, spans)


def _sweep(
    seed: int, values: Callable[[Effort], list[float]],
    lines: Callable[[str, float, Effort, np.random.Generator], Iterator[Line]],
) -> Callable[[Effort], list[Line]]:
    """Return what makes the lines of all corner keys at all values."""

    def make(effort: Effort) -> list[Line]:
        rng = np.random.default_rng(seed)
        return [line for value in values(effort) for key in CORNERS for line in lines(key, value, effort, rng)]

    return make


def _frequency(key: str, value: float, effort: Effort, rng: np.random.Generator) -> Iterator[Line]:
    for off in (-value, value):
        for shift in ((off, 0.0), (0.0, off), (off, off)):
            yield _train(key, effort, rng, value, shift=shift, tone_ms=60)


def _normal_twist(key: str, value: float, effort: Effort, rng: np.random.Generator) -> Iterator[Line]:
    yield _train(key, effort, rng, value, levels=(_LEVEL, _LEVEL - value))


def _reverse_twist(key: str, value: float, effort: Effort, rng: np.random.Generator) -> Iterator[Line]:
    yield _train(key, effort, rng, value, levels=(_LEVEL - value, _LEVEL))


def _level(key: str, value: float, effort: Effort, rng: np.random.Generator) -> Iterator[Line]:
    yield _train(key, effort, rng, value, levels=(value, value))


def _length(key: str, value: float, effort: Effort, rng: np.random.Generator) -> Iterator[Line]:
    yield _train(key, effort, rng, value, tone_ms=value)


def _cut(samples: Floats, spans: np.ndarray, break_ms: float, rng: np.random.Generator) -> Floats:
    """Silence `break_ms` in every tone, 30 ms or more from its ends."""
    length, margin = round(break_ms * RATE / 1000), round(0.03 * RATE)
    for start, end in spans:
        at = int(rng.integers(start + margin, end - margin - length + 1))
        samples[at : at + length] = 0
    return samples


def _breaks(break_ms: float) -> Callable[[Effort], list[Line]]:
    def make(effort: Effort) -> list[Line]:
        rng = np.random.default_rng(15)
        lines = []
        for key in CORNERS * 5:
            keys = key * max(2, effort.of(2000) // 20)
            samples, spans = pulses(keys, rng, jitter_ms=_JITTER_MS)
            lines.append(Line(to_int16(_cut(samples, spans, break_ms, rng)), keys, None, spans))
        return lines

    return make


def _flutter(effort: Effort) -> list[Line]:
    """Return tones of a second that swell and sink by 9.5 dB, one to fifteen times a second."""
    rng, deep = np.random.default_rng(17), (1 - 10 ** (-9.5 / 20)) / (1 + 10 ** (-9.5 / 20))
    lines = []
    for key in CORNERS:
        for hertz in (1, 3, 5, 7, 9, 11, 13, 15):
            keys = key * max(2, effort.of(2000) // 100)
            samples, spans = pulses(keys, rng, tone_ms=1000, jitter_ms=_JITTER_MS)
            turn = 2 * np.pi * (hertz * np.arange(len(samples)) / RATE + rng.uniform())
            swell = 1 + deep * np.cos(turn)
            lines.append(Line(to_int16(samples * swell / (1 + deep)), keys, None, spans))
    return lines


def _pause(key: str, value: float, effort: Effort, rng: np.random.Generator) -> Iterator[Line]:
    """Pairs of one key with a pause of `value` ms between the two, and a long one between pairs."""
    length = 100 + value + 100
    samples, spans = pulses(key * effort.pulses, rng, tone_ms=length, gap_ms=100, jitter_ms=_JITTER_MS)
    gap, tone = round(value * RATE / 1000), round(0.1 * RATE)
    both = []
    for start, end in spans:
        samples[start + tone : start + tone + gap] = 0
        both += [(start, start + tone), (start + tone + gap, end)]
    yield Line(to_int16(samples), key * (2 * effort.pulses), value, np.array(both))


def _level_judge(lines: Sequence[Line], heard_as: Sequence[str]) -> judging.Figures:
    """Return the loudest and the softest level between which all is accepted, from -10 dBm0 outwards."""
    held = judging.always(lines, heard_as)
    loud = judging.reach({value: ok for value, ok in held.items() if value >= _LEVEL})
    soft = judging.reach({value: ok for value, ok in held.items() if value <= _LEVEL}, downwards=True)
    return loud, soft


def _twist(name: str, title: str, lines: Callable[..., Iterator[Line]], bound: float, setting: str | None) -> Row:
    make = _sweep(12, lambda effort: effort.steps(0, 16, 0.5), lines)
    return Row(name, title, heard(make, judging.accept), (at_least(bound),), 1, setting)


ROWS = (
    Row(
        "frequency", "frequency: always accepted to / never from (%)",
        heard(_sweep(11, lambda e: e.steps(0.4, 4.9, 0.1), _frequency), judging.accept_reject),
        (at_least(1.8), at_most(2.5)),
    ),
    _twist("twist-normal", "twist, low tone stronger (dB)", _normal_twist, 9, None),
    _twist("twist-reverse", "twist, high tone stronger (dB)", _reverse_twist, 6, None),
    _twist("twist-normal-wide", "twist, low tone stronger, setting wide (dB)", _normal_twist, 13, "wide"),
    _twist("twist-reverse-wide", "twist, high tone stronger, setting wide (dB)", _reverse_twist, 13, "wide"),
    Row(
        "level", "level of a tone, from / to (dBm0)",
        heard(_sweep(13, lambda e: e.steps(-60, 3, 1), _level), _level_judge),
        (at_least(3), at_most(-45)), 0,
    ),
    Row(
        "length", "tone length: always from / never to (ms)",
        heard(_sweep(14, lambda e: e.steps(10, 46, 1), _length), judging.accept_reject_down),
        (at_most(35), at_least(25)), 0,
    ),
    Row("break-10", "break of 10 ms in a tone: missed / split (%)",
        heard(_breaks(10), judging.missed_inserted), (at_most(0.2), at_most(0)), 2),
    Row("break-20", "break of 20 ms in a tone: missed / split (%)",
        heard(_breaks(20), judging.missed_inserted), (at_most(0.2), at_most(0)), 2),
    Row("flutter", "held tone that flutters by 9.5 dB, 1 to 15 Hz: missed / split (%)",
        heard(_flutter, judging.missed_inserted), (at_most(0.2), at_most(0)), 2),
    Row(
        "pause", "shortest pause that always splits (ms)",
        heard(_sweep(16, lambda e: e.steps(12, 45, 1), _pause), judging.accept_down), (at_most(27),), 0,
    ),
)
