"""Rows of speed: a file in memory, beside SpanDSP in turns; and a thousand live channels in ticks of 20 ms.

Only ratios within a run mean much: a machine is shared, and its clock goes up and down.
"""

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.ear import speech
from benchmarks.ear.judging import Figures
from benchmarks.ear.ours import Ours
from benchmarks.ear.peers import Multimon, SpanDSP
from benchmarks.ear.rows import Effort, Measure, Prepare, Receiver, Row, Unavailable, at_least
from benchmarks.ear.signals import RATE, Line, Samples, pulses, random_keys, to_int16

_ROUNDS = 7
_SECONDS = 600
"""Length of a file: shorter ones are over in C before a clock can tell."""

_TICK = 160
_CHANNELS, _TICKS, _WARM = 1000, 100, 15


def _speech() -> Samples:
    """Minutes of speech with its pauses, recorded if there is a recording."""
    import soundfile

    try:
        path = min((speech.recordings() / "talkoff").glob("speech-*"))
        samples = soundfile.read(path, frames=_SECONDS * RATE, dtype="int16")[0]
    except (Unavailable, ValueError):
        samples = to_int16(speech.running("voices")[: _SECONDS * RATE])
    return np.ascontiguousarray(samples)


def _dense(seconds: float = _SECONDS) -> Samples:
    """Digits of 100/100 ms without end."""
    rng = np.random.default_rng(51)
    keys = random_keys(int(seconds * 5), rng)
    return to_int16(pulses(keys, rng, tone_ms=100, gap_ms=100)[0])


def _silence() -> Samples:
    """Minutes of a quiet line: noise of one step."""
    return np.random.default_rng(52).integers(-1, 2, _SECONDS * RATE).astype(np.int16)


def _timed(receiver: Receiver, line: Line) -> float:
    """Return how many times faster than real time a receiver hears a line."""
    if isinstance(receiver, SpanDSP):
        # All samples in one call: C alone, without the way there.
        state = receiver.open()
        spent = _clocked(partial(receiver.feed, state, line.samples))
        receiver.close(state)
    elif isinstance(receiver, Multimon):
        spent = _clocked(partial(receiver.decode, receiver.prepared(line)))
    else:
        spent = _clocked(partial(receiver.hear, [line]))
    return line.seconds / spent


def _throughput(make: Callable[[], Samples]) -> Prepare:
    """Times real time, and the ratio to SpanDSP, which runs in turns with the receiver."""

    def prepare(effort: Effort) -> Measure:
        samples = make()[: round(_SECONDS * RATE * (1 if effort.share == 1 else 0.1))]

        def measure(receiver: Receiver) -> Figures:
            line = Line(samples if receiver.share == 1 else samples[: 10 * RATE])
            try:
                rival: SpanDSP | None = SpanDSP()
            except Unavailable:
                rival = None
            _timed(receiver, line)
            times, ratios = [], []
            for _ in range(_ROUNDS if receiver.share == 1 else 1):
                times.append(_timed(receiver, line))
                same = isinstance(receiver, SpanDSP)
                ratios.append(1.0 if same else times[-1] / _timed(rival, line) if rival else np.nan)
            return float(np.median(times)), float(np.median(ratios))

        return measure

    return prepare


def _channels(dialling: float) -> Prepare:
    """Live channels a core: the first `dialling` of all press keys all the time, the others talk."""

    def prepare(effort: Effort) -> Measure:
        ticks = _WARM + round(_TICKS * (1 if effort.share == 1 else 0.3))
        talk, keys = _speech(), _dense(20)
        audio = np.empty((ticks, _CHANNELS, _TICK), np.int16)
        rng = np.random.default_rng(53)
        for channel in range(_CHANNELS):
            source = keys if channel < dialling * _CHANNELS else talk
            at = int(rng.integers(0, len(source) - ticks * _TICK))
            audio[:, channel] = source[at : at + ticks * _TICK].reshape(ticks, _TICK)

        def measure(receiver: Receiver) -> Figures | None:
            if isinstance(receiver, Ours):
                detector = receiver.detector(_CHANNELS)
                spent = [_clocked(partial(detector.feed, frame)) for frame in audio]
            elif isinstance(receiver, SpanDSP):
                states = [receiver.open() for _ in range(_CHANNELS)]
                spent = [_clocked(partial(_all, receiver, states, frame)) for frame in audio]
                for state in states:
                    receiver.close(state)
            else:
                return None
            # The mean: work that comes in every second tick counts in full.
            return (_CHANNELS * 0.02 / float(np.mean(spent[_WARM:])),)

        return measure

    return prepare


def _all(receiver: SpanDSP, states: list[int], frame: Samples) -> None:
    for state, samples in zip(states, frame, strict=True):
        receiver.feed(state, samples)


def _clocked(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _file(name: str, title: str, make: Callable[[], Samples], ratio: float) -> Row:
    return Row(f"speed-{name}", f"{title}: times real time / times SpanDSP", _throughput(make),
               (None, at_least(ratio)), (0, 2), None, alone=True)


def _live(name: str, title: str, dialling: float) -> Row:
    return Row(f"live-{name}", f"live channels a core at 1,000, {title}", _channels(dialling),
               (at_least(15000),), 0, None, alone=True)


ROWS = (
    _file("speech", "a file of speech", _speech, 1.5),
    _file("dense", "a file of digits 100/100 ms", _dense, 1),
    _file("silence", "a file of silence", _silence, 3),
    _live("speech", "all talking", 0),
    _live("mixed", "1 in 20 dialling", 0.05),
    Row("live-dialling", "live channels a core at 1,000, all dialling", _channels(1), (None,), 0, None, alone=True),
)
