"""What else a line tells: ringing, busy, a beep, music of any kind, somebody who speaks; whatever their levels.

Tones of lines differ from country to country (ITU-T E.180): what is looked for is how they go on and off, and
that they lie between 280 and 700 Hz. Speech has pauses between its syllables, music has few (Scheirer and Slaney,
"Construction and evaluation of a robust multifeature speech/music discriminator", 1997: the share of quiet frames).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivr.scenario.correlate import Samples, power_of

Span = tuple[int, int, int]
"""Begin, end, and the moment of recognition; in samples since the ear began."""

_LOUD = power_of(-45.0)
_SIZE = 1024
_AROUND = 7
"""Bins to either side that belong to a tone: the width of the window, and of two tones that beat."""
_PURE, _WEAK, _FLAT = 0.9, 0.1, 0.3
"""Share of the power that is in a tone, or in two; of the weaker of two; flatness of what is noise."""
_SAME_HZ, _STEADY_HZ = 45.0, 6.0
_LINE_HZ = (280.0, 700.0)
_BEEP_HZ = (280.0, 3000.0)
_WINDOW_S, _STEP_S = 2.0, 0.5
_QUIETER = 0.5
"""A frame is quiet whose amplitude is less than so much of the mean."""
_OF_SPEECH, _OF_MUSIC = 0.2, 0.18
"""Share of quiet frames: speech has more, music less. Measured: five languages 0.20 to 0.58, hold music to 0.08."""
_MOSTLY = 0.6
_ALONE = 40
"""Frames around a beep without another one like it: a busy line pauses for less."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A tone, from `start` to `end`; in frames since the ear began."""

    start: int
    end: int
    hz: float
    alone: bool
    """Whether it is one frequency that does not move."""


class SignalTrack:
    """The signals that one ear has heard.

    Parameters
    ----------
    rate : int
        Samples a second.
    """

    def __init__(self, rate: int) -> None:
        self._rate, self._frame = rate, rate // 50
        self._hann = np.hanning(2 * self._frame)
        self._powers, self._hz, self._flatness = (np.zeros(0) for _ in range(3))
        self._tonal, self._alone = (np.zeros(0, np.bool_) for _ in range(2))
        self._bursts: list[Burst] = []
        self._split = 0

    def _advance(self, samples: Samples) -> None:
        """Analyse the frames that have come since the last time."""
        frame, known = self._frame, len(self._powers)
        whole = len(samples) // frame
        if whole <= known:
            return
        begin = max(known - 1, 0) * frame
        part = samples[begin:whole * frame].astype(np.float64)
        if known == 0:
            part = np.concatenate([np.zeros(frame), part])
        windows = np.lib.stride_tricks.sliding_window_view(part, 2 * frame)[::frame]
        powers = np.square(part[frame:]).reshape(-1, frame).mean(axis=1)
        hz, flat, pure, alone = np.zeros(len(powers)), np.ones(len(powers)), *np.zeros((2, len(powers)), np.bool_)
        loud = np.flatnonzero(powers >= _LOUD)
        for few in np.array_split(loud, -(-len(loud) // 256) or 1):
            if len(few):
                hz[few], flat[few], pure[few], alone[few] = self._spectra(windows[few])
        self._powers, self._hz, self._flatness = (np.concatenate(both) for both in (
            (self._powers, powers), (self._hz, hz), (self._flatness, flat)))
        self._tonal, self._alone = (np.concatenate(both) for both in ((self._tonal, pure), (self._alone, alone)))

    def _spectra(self, windows: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """Return the middle of the strongest tones, how flat it is, whether it is a tone, and whether only one."""
        power = np.square(np.abs(np.fft.rfft(windows * self._hann, _SIZE, axis=1)))[:, 8:]
        total = power.sum(axis=1) + 1.0
        flat = np.exp(np.log(power + 1.0).mean(axis=1)) / (total / power.shape[1])
        bins = np.arange(power.shape[1])
        first = np.abs(bins - power.argmax(axis=1)[:, None]) <= _AROUND
        one = np.where(first, power, 0.0)
        rest = np.where(first, 0.0, power)
        second = np.abs(bins - rest.argmax(axis=1)[:, None]) <= _AROUND
        other = np.where(second, rest, 0.0)
        strong, weak = one.sum(axis=1), other.sum(axis=1)
        high, low = ((part * (bins + 8)).sum(axis=1) / np.maximum(part.sum(axis=1), 1.0) for part in (one, other))
        # of two tones now this one is the stronger, now that
        middle = np.where(weak >= _WEAK * strong, (high + low) / 2, high) * self._rate / _SIZE
        return middle, flat, strong + weak >= _PURE * total, strong >= _PURE * total

    def _all_bursts(self) -> list[Burst]:
        """Return the tones that are over by now, and the one that goes on."""
        done = [one for one in self._bursts if one.end <= self._split]
        begin, count = self._split, len(self._tonal)
        while begin < count:
            if not self._tonal[begin]:
                begin += 1
                self._split = begin
                continue
            end = begin + 1
            while end < count and self._tonal[end] and abs(self._hz[end] - self._hz[begin:end].mean()) <= _SAME_HZ:
                end += 1
            inside = self._hz[begin + 1:end - 1]
            alone = bool(self._alone[begin:end].mean() > _MOSTLY and len(inside) and np.ptp(inside) <= _STEADY_HZ)
            done.append(Burst(begin, end, float(self._hz[begin:end].mean()), alone))
            if end == count:
                break  # it may go on
            begin = self._split = end
        self._bursts = done
        # the first and the last frame of a tone are but partly so
        return [one for one in done if one.end - one.start >= 3]

    # what is asked

    def tone(self, name: str, samples: Samples, since: int, end: int) -> Span | None:
        """Return the first "ringback", "busy" or "beep" that began at `since` or later; None if there is none."""
        self._advance(samples[:end])
        first = -(-since // self._frame)
        bursts = [one for one in self._all_bursts() if one.start >= first]
        find = {"ringback": self._ringing, "busy": self._busy, "beep": self._beep}[name]
        for number in range(len(bursts)):
            found = find(bursts, number)
            if found is not None and found[1] <= len(self._powers):
                begin, last = found
                return begin * self._frame, last * self._frame, last * self._frame
        return None

    def _line_tone(self, one: Burst) -> bool:
        return _LINE_HZ[0] <= one.hz <= _LINE_HZ[1]

    def _pause(self, bursts: list[Burst], number: int) -> int:
        """Return how many frames of silence come after a burst, so far."""
        after = bursts[number + 1].start if number + 1 < len(bursts) else len(self._powers)
        return after - bursts[number].end

    def _ringing(self, bursts: list[Burst], number: int) -> tuple[int, int] | None:
        """A ring of 0.7 to 3 s, or two short ones, and a pause."""
        one = bursts[number]
        if not self._line_tone(one):
            return None
        if 35 <= one.end - one.start <= 150 and self._pause(bursts, number) >= 25:
            return one.start, one.end + 25
        if number + 1 == len(bursts) or not 15 <= one.end - one.start <= 30:
            return None
        other = bursts[number + 1]
        double = 6 <= self._pause(bursts, number) <= 17 and 15 <= other.end - other.start <= 30
        if double and self._line_tone(other) and self._pause(bursts, number + 1) >= 50:
            return one.start, other.end + 50
        return None

    def _busy(self, bursts: list[Burst], number: int) -> tuple[int, int] | None:
        """Three tones of one length, between them pauses as long."""
        three = bursts[number:number + 3]
        if len(three) < 3 or not all(self._line_tone(one) for one in three):
            return None
        on = [one.end - one.start for one in three[:2]]
        off = [self._pause(bursts, number + n) for n in range(2)]
        even = all(7 <= length <= 42 for length in (*on, *off)) and max(*on, *off) <= 1.8 * min(*on, *off)
        if not even or max(abs(one.hz - three[0].hz) for one in three) > _SAME_HZ or abs(off[0] - off[1]) > 4:
            return None
        enough = three[2].start + on[0] - 2
        return (three[0].start, enough) if three[2].end >= enough else None

    def _beep(self, bursts: list[Burst], number: int) -> tuple[int, int] | None:
        """One frequency, once, for 0.1 to 1.5 s, and no other one like it for a while before and after."""
        one = bursts[number]
        rings = self._line_tone(one) and one.end - one.start >= 35
        if not one.alone or rings or not _BEEP_HZ[0] <= one.hz <= _BEEP_HZ[1] or not 5 <= one.end - one.start <= 75:
            return None
        like = [other for other in bursts if other is not one and abs(other.hz - one.hz) <= _SAME_HZ
                and one.start - other.end < _ALONE and other.start - one.end < _ALONE]
        return None if like or len(self._powers) < one.end + _ALONE else (one.start, one.end + _ALONE)

    def _windows(self, samples: Samples, since: int, end: int) -> list[tuple[int, str]]:
        """Return "speech", "music" or nothing for each window from `since` on, with its first frame."""
        self._advance(samples[:end])
        length, step = round(_WINDOW_S * 50), round(_STEP_S * 50)
        found = []
        for begin in range(-(-since // self._frame), end // self._frame - length + 1, step):
            powers = self._powers[begin:begin + length]
            loud = powers >= _LOUD
            if loud.mean() < 0.1:
                found.append((begin, ""))
                continue
            strength = np.sqrt(powers)
            quiet = float((strength < _QUIETER * strength.mean()).mean())
            pure = float(self._tonal[begin:begin + length][loud].mean())
            flat = float(np.median(self._flatness[begin:begin + length][loud]))
            steady = quiet <= _OF_MUSIC and flat <= _FLAT and not self._one_tone(begin, begin + length)
            found.append((begin, "speech" if quiet >= _OF_SPEECH and pure <= _MOSTLY and flat <= _FLAT else
                          "music" if steady else ""))
        return found

    def _one_tone(self, begin: int, end: int) -> bool:
        """Tell whether one tone goes on for most of a stretch: a tone of the line, and no music."""
        most = _MOSTLY * (end - begin)
        return any(min(one.end, end) - max(one.start, begin) > most for one in self._all_bursts())

    def kind(self, name: str, samples: Samples, since: int, end: int, least: int) -> Span | None:
        """Return the first stretch of "speech" or "music" that lasts `least` samples; None if there is none."""
        windows = self._windows(samples, since, end)
        length = round(_WINDOW_S * 50)
        begun: int | None = None
        for begin, what in windows:
            if what != name:
                begun = None
                continue
            begun = begin if begun is None else begun
            until = (begin + length) * self._frame
            if until - begun * self._frame >= least:
                return begun * self._frame, until, until
        return None
