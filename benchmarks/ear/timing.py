"""Rows of when: how soon a digit is told, and where its tone begins and ends."""

import numpy as np

from benchmarks.ear import impairments
from benchmarks.ear.judging import Figures
from benchmarks.ear.ours import Ours
from benchmarks.ear.peers import SpanDSP
from benchmarks.ear.rows import Effort, Measure, Receiver, Row, at_most
from benchmarks.ear.signals import RATE, Line, pulses, random_keys, to_int16

_TICK = 160
"""Samples of a tick of 20 ms."""


def _latency(effort: Effort) -> Measure:
    """Digits of 80 ms, told at the end of a tick; those missed do not count here."""
    rng = np.random.default_rng(41)
    keys = random_keys(effort.of(1000), rng)
    samples, spans = pulses(keys, rng, tone_ms=80, gap_ms=100, jitter_ms=20)
    line = Line(to_int16(samples), keys, None, spans)

    def measure(receiver: Receiver) -> Figures | None:
        if not isinstance(receiver, Ours | SpanDSP):
            return None
        late = []
        for digit, at in receiver.ticks(line, _TICK):
            place = int(np.searchsorted(spans[:, 0], at)) - 1
            if place >= 0 and keys[place] == digit:
                late.append((at - spans[place, 0]) * 1000 / RATE)
        return (float(np.mean(late)), float(np.max(late))) if late else None

    return measure


def _edges(effort: Effort) -> Measure:
    """Where tones of 60 ms at 20 dB begin and end; a digit that is heard at another place does not count."""
    rng = np.random.default_rng(42)
    keys = random_keys(effort.of(1000), rng)
    samples, spans = pulses(keys, rng, tone_ms=60, gap_ms=60, jitter_ms=20)
    samples += impairments.noise(len(samples), 20, -10, rng)
    line = Line(to_int16(samples), keys, None, spans)

    def measure(receiver: Receiver) -> Figures | None:
        if not isinstance(receiver, Ours):
            return None
        errors = []
        for digit, start, end in receiver.spans(line):
            place = int(np.argmin(np.abs(spans[:, 0] - start)))
            if keys[place] == digit:
                errors.append((start - spans[place, 0], end - spans[place, 1]))
        if not errors:
            return None
        begin, finish = np.sqrt(np.mean(np.square(errors), axis=0)) * 1000 / RATE
        return float(begin), float(finish)

    return measure


ROWS = (
    Row("latency", "told after its onset, 80 ms digits: mean / max (ms)", _latency,
        (at_most(40), at_most(55))),
    Row("edges", "edges at 20 dB, RMS error: start / end (ms)", _edges, (at_most(0.5), at_most(0.5)), 2),
)
