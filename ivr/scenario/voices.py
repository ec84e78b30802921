"""Another caller's voice in what a caller hears: what that caller sent, some moments ago."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ivr.scenario.correlate import Floats, Samples, fast_length, flattened, mean_square, power_of
from ivr.scenario.loudness import gain_of, level_of
from ivr.scenario.references import Sent

WINDOW_S = 1.0
STEP_S = 0.5
LAG_S = 0.5
"""Longest delay on the way from one caller to another."""
_SOONEST_S = 0.04
"""What was sent within that before a moment is not heard before it."""
_SURE = 11.0
"""Height of the peak over the spread of all other lags: one voice of ten, 11.5 and more; none, up to 9.1."""
_LIKELY = 7.2
"""Enough when it comes twice with one delay in windows that share nothing."""
_TWICE_WITHIN_S = 2.5
_TIE = 0.6
"""Of two callers who send the same words and are this nearly as sure, the less delayed is meant."""
_LITTLE, _AS_MUCH = 0.02, 0.5
"""What part of the most that any lag leaves in the window is too little to be known by, and what part of what is
there at another lag is as much."""
_FLOOR = 1e-4
_SPEAKING, _FAINTLY = -50.0, -66.0
"""How loud somebody speaks, and how loud that may be heard, at least."""
_MUSICAL = -45.0
"""What is softer is no music that somebody may be heard under."""

_FADE = np.sin(np.linspace(0, np.pi / 2, 200)) ** 2
"""25 ms at either end of what is compared."""

Apart = Callable[[int, int], Samples | None]
"""Gives what was heard in a stretch beside hold music; None if none was."""


@dataclass(frozen=True, slots=True)
class HeardVoice:
    """A voice in the window from `start` to `end`, the last of it at `until`, `lag` samples after it was sent.

    All but the lag in samples since the ear began.
    """

    start: int
    end: int
    until: int
    lag: int


def coherence(heard: Samples, sent: Samples, lags: int) -> tuple[float, int]:
    """Return how sure it is that `heard` holds what was sent, and how many samples later.

    Parameters
    ----------
    heard : int16 array [shape=(n,)]
    sent : int16 array [shape=(lags + n,)]
        What was sent in the same stretch and in `lags` samples before it.
    """
    size = fast_length(len(sent))
    one, other = np.fft.rfft(_faded(heard), size), np.fft.rfft(_faded(sent), size)
    cross = other * np.conj(one)
    both = np.abs(cross)
    band = slice(size * 150 // 8000, size * 3600 // 8000)
    white = np.zeros_like(cross)
    strength = both[band]
    white[band] = cross[band] / np.maximum(strength, max(_FLOOR * float(strength.max()), 1.0))
    found: Floats = np.fft.irfft(white, size)[:lags + 1]
    # lags that leave less of what was sent in the window are quiet without being unlike
    sums = np.concatenate([[0.0], np.cumsum(np.square(sent.astype(np.float64)))])
    there = sums[len(heard):][:lags + 1] - sums[:lags + 1]
    best = int(np.argmax(np.where(there >= _LITTLE * float(there.max()), found, -np.inf)))
    others = there >= _AS_MUCH * there[best]
    others[max(best - 40, 0):best + 41] = False
    rest = found[others]
    if not rest.size:
        return 0.0, lags - best
    return float(found[best] / max(float(np.sqrt(np.mean(np.square(rest)))), 1e-12)), lags - best


def _faded(samples: Samples) -> Floats:
    """Return samples that were cut out of something without the clicks where they were cut, which are all alike."""
    whole = samples.astype(np.float64)
    whole[:len(_FADE)] *= _FADE
    whole[-len(_FADE):] *= _FADE[::-1]
    return whole


VoiceMark = tuple[int, int, list[HeardVoice], list[tuple[int, int]]]
"""How far a track was."""


class VoiceTrack:
    """Where one ear has heard one caller.

    Parameters
    ----------
    name : str
        Whose voice.
    began_at : int
        The ear's beginning on the run's clock.
    rate : int
    """

    def __init__(self, name: str, began_at: int, rate: int) -> None:
        self._name, self._began_at = name, began_at
        self._window, self._step, self._lags, self._soonest, self._lately = (
            round(s * rate) for s in (WINDOW_S, STEP_S, LAG_S, _SOONEST_S, _TWICE_WITHIN_S))
        self._from = self._done = 0
        self._first = 0, 0
        self._late_by: dict[int, int] = {}  # of windows that are looked into no longer, too
        self.spoken: list[HeardVoice] = []
        self._likely: list[tuple[int, int]] = []

    def mark(self) -> VoiceMark:
        """Return how far it is, for `back`."""
        return self._from, self._done, [*self.spoken], [*self._likely]

    def back(self, mark: VoiceMark) -> "VoiceTrack":
        """Be as far as it was."""
        self._from, self._done, self.spoken, self._likely = *mark[:2], [*mark[2]], [*mark[3]]
        return self

    def advance(self, samples: Samples, all_sent: Mapping[str, Sent], since: int,
                apart: Apart = lambda *_: None) -> None:
        """Analyse what came since the last time, from `since` on, and under hold music."""
        since = self._begin(max(since, 0), all_sent)
        if since < self._from:
            self.spoken, self._likely, self._done, self._from = [], [], since, since
        elif since > self._done:
            self._done = self._from = since
        while self._done + self._window <= len(samples):
            begin, end = self._done, self._done + self._window
            length, lag = self._heard(samples[begin:end], all_sent)
            if not length and mean_square(samples[begin:end]) >= power_of(_MUSICAL) and self._sends(all_sent):
                under = apart(begin, end)
                length, lag = (0, 0) if under is None else self._heard(under, all_sent)
            if length:
                self.spoken.append(HeardVoice(self._done, self._done + self._window, self._done + length, lag))
                self._late_by[self._done] = lag
            self._done += self._step

    def _begin(self, since: int, all_sent: Mapping[str, Sent]) -> int:
        """Return where the first window begins: at once, as a word is soon over, but in nothing said before."""
        if since % self._step and since != self._first[0]:
            sent = all_sent.get(self._name)
            amid = sent is not None and _speaks(self._stretch(sent, since)[:self._lags - self._soonest])
            self._first = since, -(-since // self._step) * self._step if amid else since
        return self._first[1] if since == self._first[0] else since

    def level(self, samples: Samples, all_sent: Mapping[str, Sent], start: int) -> float:
        """Return how loud he is heard in the window that begins at `start`, in dBm0, whatever else is heard.

        It is told as if all that he has said had come as this window has: a second may be a loud word.
        """
        if (lag := self._late_by.get(start)) is None:
            return -100.0
        sent = self._stretch(all_sent[self._name], start)[self._lags - lag:][:self._window]
        return level_of(all_sent[self._name].samples) + gain_of(flattened(samples, start, start + self._window),
                                                                flattened(sent))

    def _heard(self, heard: Samples, all_sent: Mapping[str, Sent]) -> tuple[int, int]:
        """Return up to where in this window he is heard, and how late; 0 if he is not."""
        if not self._sends(all_sent) or not _speaks(heard, _FAINTLY):
            return 0, 0
        mine = self._stretch(all_sent[self._name], self._done)
        sure, lag = coherence(heard, mine, self._lags)
        if (sure >= _LIKELY and (self._again(lag) or sure >= _SURE)
                and not self._another(heard, mine, sure, lag, all_sent)):
            return _last_of(mine[self._lags - lag:][:len(heard)]), lag
        return 0, 0

    def _sends(self, all_sent: Mapping[str, Sent]) -> bool:
        """Tell whether he says anything that could be heard in this window."""
        return self._name in all_sent and _speaks(self._stretch(all_sent[self._name], self._done))

    def _again(self, lag: int) -> bool:
        """Whether the same delay was likely a moment ago; remember it."""
        self._likely = [(begin, known) for begin, known in self._likely if begin >= self._done - self._lately]
        before = any(abs(known - lag) <= 1 and begin + self._window <= self._done
                     for begin, known in self._likely)
        self._likely.append((self._done, lag))
        return before

    def _another(self, heard: Samples, mine: Samples, sure: float, lag: int,
                 all_sent: Mapping[str, Sent]) -> bool:
        """Whether it is rather another caller, who sends the same: one synthetic voice, one key."""
        others = (self._stretch(sent, self._done) for name, sent in all_sent.items() if name != self._name)
        for theirs in filter(_speaks, others):
            surer, other_lag = coherence(heard, theirs, self._lags)
            if surer >= _TIE * sure and (surer > sure or other_lag < lag):
                shifted = theirs[self._lags - other_lag:][:len(heard)]
                same, between = coherence(shifted, mine, self._lags)
                if same >= _LIKELY and abs(between - lag) <= 2:
                    return True
        return False

    def _stretch(self, sent: Sent, start: int) -> Samples:
        """Return what was sent in the window from `start` on, and as long before it as it may be late."""
        begin = self._began_at + start - self._lags - sent.began_at
        end = begin + self._lags + self._window
        part = sent.samples[max(begin, 0):max(end, 0)]
        if len(part) == end - begin:
            return part
        before = min(max(-begin, 0), end - begin)
        return np.concatenate([np.zeros(before, np.int16), part,
                               np.zeros(end - begin - before - len(part), np.int16)])


def _last_of(samples: Samples) -> int:
    """Return where the last of a voice is in what somebody has sent, to a hundredth of it."""
    frame = len(samples) // 100
    powers = np.square(samples[:100 * frame].reshape(100, frame).astype(np.float64)).mean(axis=1)
    loud = np.flatnonzero(powers >= power_of(_SPEAKING))
    return (int(loud[-1]) + 1) * frame if loud.size else len(samples)


def _speaks(samples: Samples, least: float = _SPEAKING) -> bool:
    return mean_square(samples) >= power_of(least)
