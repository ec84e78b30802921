"""Our own decoder, as a receiver of the bench."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

import dtmf
from benchmarks.ear.signals import RATE, Line, Samples
from dtmf.second import look_again, worth

SETTINGS = ("default", "wide", "strict")


def has_settings() -> bool:
    """Whether this decoder can be told how much to bear."""
    return "setting" in inspect.signature(dtmf.decode).parameters


class Ours:
    """The decoder of this project, with one of its settings."""

    share = 1.0

    def __init__(self, setting: str = "default") -> None:
        self.setting = setting
        self.name = "ours" if setting == "default" else f"ours, {setting}"
        self._options: dict[str, Any] = {} if setting == "default" else {"setting": setting}

    def tones(self, samples: Samples, rate: int = RATE) -> list[dtmf.Tone]:
        """Return the key presses of a recording."""
        return dtmf.decode(samples, rate, **self._options)

    def hear(self, lines: Sequence[Line]) -> list[str]:
        """Return the digits heard on each line."""
        return [dtmf.digits(self.tones(line.samples)) for line in lines]

    def hear_files(self, lines: Sequence[Line]) -> list[str]:
        """Return the digits heard on each line, where it is a file and may be looked at again."""
        first = [self.tones(line.samples) for line in lines]
        return [dtmf.digits(look_again([line.samples[None]], RATE, [tones], self.setting)[0].tones
                            if self.setting != "strict" and worth(tones) else tones)
                for line, tones in zip(lines, first, strict=True)]

    def detector(self, channels: int) -> dtmf.Detector:
        """Return a streaming detector."""
        return dtmf.Detector(channels, RATE, **self._options)

    def ticks(self, line: Line, size: int) -> Iterator[tuple[str, int]]:
        """Yield each digit with the end of the chunk of `size` samples after which it was told."""
        detector = self.detector(1)
        for end in range(size, len(line.samples) + 1, size):
            for event in detector.feed(np.ascontiguousarray(line.samples[None, end - size : end])):
                if isinstance(event, dtmf.DigitHeard):
                    yield event.digit, end

    def spans(self, line: Line) -> list[tuple[str, int, int]]:
        """Return each digit with its first sample and the first after it."""
        return [(tone.digit, tone.start, tone.end) for tone in self.tones(line.samples)]
