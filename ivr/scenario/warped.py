"""Sounds as they come through a sound card: between our samples, by a clock that is not ours.

`ivr.scenario.carded` looks for prompts by these clocks; music is followed here where it goes.
"""

from collections.abc import Callable
from functools import cached_property

import numpy as np
import soxr
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ivr.scenario.correlate import Floats, Samples, Searched, Template, flattened, likeness, mean_square, power_of
from ivr.scenario.music import Loop, MusicTrack

_PPM = (0, 333, -333, 666, -666, 1000, -1000)
"""How much faster a clock may be: as much as a speaker of ours may be told to run faster or slower."""
_BETWEEN = (0.0, 0.5)
CLOCKS = tuple((ppm * 1e-6, between) for ppm in _PPM for between in _BETWEEN)
Through = Callable[[Samples], Samples]
"""Returns what comes of sound that goes through something, such as a microphone; int16 arrays [shape=(n,)]."""

_FINE = 8
"""Places between two samples at which a sound is known, and straight lines between those."""
_LOWS_TAPS, _LOWS = 32, 0.25
"""Of a filter that lets through up to 1 kHz, a quarter of what there is."""
_STEPS = range(-2, 3)
"""Samples by which music may have gone astray in a tenth of a second, or in the time until it is found."""


class Warped:
    """A piece by each clock, flattened."""

    def __init__(self, clip: Samples, head: int) -> None:
        self._clip, self._head = clip, head

    @cached_property
    def flats(self) -> list[Floats]:
        """By each clock; float64 arrays of its length."""
        clip, places = self._clip.astype(np.float64), np.arange(len(self._clip))
        return [flattened(_whole(finely(clip, places * (1 + faster) + between))) for faster, between in CLOCKS]

    @cached_property
    def lows(self) -> Template:
        """The lows of its beginning, by whatever clock."""
        return Template(_lows(flattened(self._clip[:self._head])))

    def ready(self) -> "Warped":
        """Work all of it out, and return it."""
        _ = self.heads, self.lows
        return self

    @cached_property
    def heads(self) -> list[Template]:
        """Their beginnings."""
        return [Template(flat[:self._head]) for flat in self.flats]


class WarpedLoop(Loop):
    """Music by another clock.

    Parameters
    ----------
    loop : Loop
        As it is.
    through : callable
        What a microphone does to sound.
    """

    def __init__(self, loop: Loop, through: Through) -> None:
        twice = through(np.concatenate([loop.samples, loop.samples]))[loop.length:]
        super().__init__(twice, loop.rate)
        self._halfway = Loop(_whole(finely(twice.astype(np.float64), np.arange(len(twice)) + 0.5)), loop.rate)

    def step(self, heard: Samples, position: int) -> tuple[int, float]:
        """Return by how many samples `heard` is ahead of a position, and how much it is like the music there."""
        flat = flattened(heard)
        alike = [(step, likeness(flat, flattened(loop.at(position + step, len(heard)))))
                 for step in _STEPS for loop in (self, self._halfway)]
        return max(alike, key=lambda one: one[1])

    def follows(self, heard: Samples, position: int, least: float = 0.5) -> bool:
        """Return whether `heard` is the loop from near a position on, or its pause."""
        if mean_square(self.at(position, len(heard))) < power_of(-50.0):
            return super().follows(heard, position, least)
        return self.step(heard, position)[1] >= least

    def _score(self, flat: Floats, position: int) -> float:
        return max(likeness(flat, flattened(loop.at(position, self.window))) for loop in (self, self._halfway))


class WarpedMusicTrack(MusicTrack):
    """Where one ear has heard music whose clock is another: it is followed where it goes."""

    def __init__(self, loop: WarpedLoop) -> None:
        super().__init__(loop)
        self._by = loop

    def _follow(self, samples: Samples) -> None:
        begin = self._done - self._hop
        step, alike = self._by.step(samples[begin:self._done], begin - self._offset)
        super()._follow(samples)
        if self._playing and alike >= 0.5:
            self._offset -= step


def lows_of(searched: Searched) -> Searched:
    """Return the lows of a stretch, worked out once."""
    if searched.lows is None:
        searched.lows = Searched(_lows(searched.flat))
    return searched.lows


def _lows(flat: Floats) -> Floats:
    """Return what there is below 1 kHz, every second sample."""
    steps = np.arange(_LOWS_TAPS) - (_LOWS_TAPS - 1) / 2
    taps = np.sinc(steps * _LOWS) * np.hamming(_LOWS_TAPS)
    if len(flat) < _LOWS_TAPS:
        return np.zeros(0)
    return np.asarray(sliding_window_view(flat, _LOWS_TAPS)[::2] @ (taps / taps.sum()), np.float64)


def finely(samples: Floats, places: NDArray[np.floating]) -> Floats:
    """Return what there is at places between samples."""
    fine = soxr.resample(samples, 1, _FINE)
    return np.asarray(np.interp(places * _FINE, np.arange(len(fine)), fine), np.float64)


def _whole(samples: Floats) -> Samples:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
