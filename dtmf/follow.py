"""Channels on which something may be going on: window by window, in plain Python."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtmf.dialtone import without_dial_tone
from dtmf.fit import HISTORY
from dtmf.goertzel import AMPLITUDE, BLOCK
from dtmf.keys import KEYS, RATE
from dtmf.limits import Limits
from dtmf.press import Press
from dtmf.verify import LONG_ENOUGH, MOST_LOOKS, convinces
from dtmf.vote import VOTE_SPAN

_SOME = 20 * RATE // 1000
"""Samples of a tone that must be whole if it is to be a key with a disturbance inside."""

_WORTH_TELLING = 12 * RATE // 1000
"""Samples of a press that did not convince from which on it is told of, if anybody asks."""

_ECHO, _ECHO_PART = 300 * RATE // 1000, 0.25
"""A key that comes again within so many samples, at less than so much of its amplitude, may be a room's echo."""

_FOOT = 0.2
"""An echo does not rise from nothing, as a key does: before it there was more than this part of its amplitude."""

_FALL = 3 * BLOCK
"""Samples after a tone's end in which it may still be looked at."""

KEPT = HISTORY + _FALL + BLOCK
"""Samples that must be at hand before those of a slab."""


@dataclass(frozen=True, slots=True)
class Slab:
    """Some windows of all channels.

    `power` holds the squared moduli of the eight tones, float64 array [shape=(8, channels, windows)]; `past`
    those of the two windows before; `first` is the number of the first window; its block begins at column
    `at` of `buffer`, int16 array [shape=(channels, ...)].
    """

    power: NDArray[np.float64]
    past: NDArray[np.float64]
    first: int
    buffer: NDArray[np.int16]
    at: int

    def strength(self, channel: int, step: int, key: int) -> float:
        """Return the amplitude of a key's two tones in window `step`; -1 and -2 are those before."""
        source, place = (self.power, step) if step >= 0 else (self.past, step)
        low, high = source[key // 4, channel, place], source[4 + key % 4, channel, place]
        return (math.sqrt(low) + math.sqrt(high)) * AMPLITUDE


@dataclass(frozen=True, slots=True)
class Finding:
    """A key that went down (`end` is None) or up, in samples at 8 kHz since the detector began.

    One that is `refused` was followed and did not convince: it never went down.
    """

    channel: int
    key: int
    at: int
    start: float
    end: float | None
    refused: bool = False


class Follower:
    """The presses that are on, a `Press` a channel at most.

    Parameters
    ----------
    limits : Limits
    near_misses : bool
        Whether to tell of presses that did not convince.
    """

    def __init__(self, limits: Limits, *, near_misses: bool = False) -> None:
        self._limits = limits
        self._near_misses = near_misses
        self.presses: dict[int, Press] = {}
        self._last: dict[int, tuple[int, int]] = {}
        self._lost: dict[int, list[tuple[int, int]]] = {}
        self._heard: dict[int, tuple[int, float, float]] = {}
        """Of each channel the key heard last, its loudest amplitude and when it was over, its echo included."""

    def forget(self, channel: int) -> None:
        """Forget what was on `channel`."""
        for table in (self.presses, self._last, self._lost, self._heard):
            table.pop(channel, None)

    def lose(self, channel: int, begin: int, end: int) -> None:
        """Note that samples [`begin`, `end`) of `channel` did not come: windows with some are unknown."""
        self._lost.setdefault(channel, []).append((begin // BLOCK, -(-end // BLOCK)))

    def follow(self, slab: Slab, gated: dict[int, list[tuple[int, int]]]) -> list[Finding]:
        """Take every channel that needs it through the windows of a slab.

        Parameters
        ----------
        slab : Slab
        gated : dict
            Channel -> (window, key) where something may be a key; windows counted from the slab's first; 16 more
            than the key where it lies over a dial tone.
        """
        findings: list[Finding] = []
        for channel in sorted(self.presses.keys() | gated.keys()):
            self._channel(channel, slab, gated.get(channel, []), findings)
        return findings

    def done(self, windows: int) -> None:
        """Forget what was lost before window `windows`."""
        if self._lost:
            kept = {c: [r for r in ranges if r[1] >= windows] for c, ranges in self._lost.items()}
            self._lost = {c: ranges for c, ranges in kept.items() if ranges}

    def _channel(
        self, channel: int, slab: Slab, gated: list[tuple[int, int]], findings: list[Finding]
    ) -> None:
        keys = {at: key % len(KEYS) for at, key in gated}
        humming = {at for at, key in gated if key >= len(KEYS)}
        lost = self._lost.get(channel, ())
        windows = slab.power.shape[2]
        step = 0
        waiting = iter(gated)
        while step < windows:
            if channel not in self.presses:
                step = next((at for at, _ in waiting if at >= step), windows)
                if step == windows:
                    return
            window = slab.first + step
            if channel in self.presses and any(begin <= window <= end for begin, end in lost):
                self.presses[channel].miss()
            else:
                self._window(channel, slab, step, keys.get(step, -1), findings, humming=step in humming)
            step += 1

    def _window(
        self, channel: int, slab: Slab, step: int, key: int, findings: list[Finding], *, humming: bool
    ) -> None:
        window = slab.first + step
        twice = self._last.get(channel) == (window - 1, key)
        self._last[channel] = (window, key)
        press = self.presses.get(channel)
        if press is not None:
            before = press.dip[-1] if press.dip else press.last
            strength = slab.strength(channel, step, press.key)
            press.step(strength)
            # Another key: twice in a row, or at once where the present one is gone, and not just since this window.
            gone = strength < 0.3 * press.plateau and before < 0.5 * press.plateau
            other = key >= 0 and key != press.key and (twice or gone)
            if other or press.ended:
                if not press.reported and press.looks < MOST_LOOKS:
                    self._look(channel, press, slab, step, findings)
                self._end(channel, press, window, findings)
                rise = None if other else press.next_climb()
                press = None
                if key >= 0 and rise:
                    press = self.presses[channel] = Press(key, window, rise)
        if press is None:
            if key < 0:
                return
            climb = [slab.strength(channel, step - i, key) for i in (2, 1, 0)]
            # A rise has one foot: what was louder in a window before was another sound.
            climb[1] = min(climb[1], climb[2])
            climb[0] = min(climb[0], climb[1])
            press = self.presses[channel] = Press(key, window, climb)
        press.humming |= humming
        if key == press.key and not press.reported and press.looks < MOST_LOOKS:
            self._look(channel, press, slab, step, findings)

    def _look(self, channel: int, press: Press, slab: Slab, step: int, findings: list[Finding]) -> None:
        now = (slab.first + step + 1) * BLOCK
        falling = press.dip or press.last < 0.9 * press.plateau
        end = min(now, int(press.end)) if falling else now
        start = int(press.start)
        if now - end > _FALL or (end - start < LONG_ENOUGH and (end - start < _SOME or now - start < VOTE_SPAN)):
            return
        if self._echoes(channel, press):
            press.looks = MOST_LOOKS
            return
        press.looks += 1
        stop = slab.at + (step + 1) * BLOCK
        past = slab.buffer[channel, stop - HISTORY - (now - end) : stop].astype(np.float64)
        if press.humming:
            past = without_dial_tone(past)
        if convinces(past, press.key, end - start, self._limits):
            press.reported = True
            press.begun = press.start
            self._heard[channel] = (press.key, press.plateau, press.start)
            findings.append(Finding(channel, press.key, now, press.begun, None))

    def _echoes(self, channel: int, press: Press) -> bool:
        """Tell whether a press that was not heard yet is but what a room leaves of the one before."""
        key, plateau, over = self._heard.get(channel, (-1, 0.0, 0.0))
        quieter = key == press.key and press.start - over < _ECHO and press.plateau < _ECHO_PART * plateau
        return quieter and press.climb[0] > _FOOT * press.plateau

    def _end(self, channel: int, press: Press, window: int, findings: list[Finding]) -> None:
        del self.presses[channel]
        if press.reported or self._echoes(channel, press):
            key, plateau, _ = self._heard[channel]
            self._heard[channel] = (key, max(plateau, press.plateau), max(press.start, press.end))
        if press.reported or (self._near_misses and press.end - press.start >= _WORTH_TELLING):
            end = max(press.start, press.end)
            findings.append(
                Finding(channel, press.key, (window + 1) * BLOCK, press.start, end, refused=not press.reported)
            )
