"""Why a key was not heard: what is almost a key in a recording, and what keeps it from being one.

What decides is in `detector.py` and behind; here its near misses are measured, and held against the limits in words
that a tester can act on.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dtmf.detector import Detector, DigitEnded, DigitRefused, Event
from dtmf.keys import FULL_SCALE, FULL_SCALE_DBM0, frequencies
from dtmf.limits import LEAST_DBM0, TOLERANCE, Limits, limits
from dtmf.recording import Tone, decode

_SHORTEST_MS = 31.0
_PURE = 0.9
_THIRD_DB = -9.0
_ALIKE = 0.2
"""Part of the sound that the pair must be for anybody to ask why it is no key: 7 dB under the rest."""

_CLEAR, _CLEAR_QUIET = 0.85, 0.7
"""Part that the pair must be of a sound that is a key but for one thing: voices come to less, but for one in 12
minutes. What is quiet has the line's noise beside it."""

_NEVER = 0.035
"""Part by which a tone that is off is none of a key (Q.24 table A-1: beyond 3.5 % never)."""

_CHUNK_S, _KEPT_S = 10, 20
"""Seconds that are taken at once, and kept for looks back; of what is longer, the end is looked at."""

_MOST = 1 << 23
"""Samples, of all channels together, that are kept."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What a stretch of sound with a key's two tones looks like.

    `low_off` and `high_off` are the parts by which the tones are off their frequencies, `snr_db` one tone (their
    mean) over all the rest, `pure` the part of the energy that is the pair, `third_db` and `third_hz` the strongest
    other tone under the stronger of the two.
    """

    level_dbm0: float
    twist_db: float
    low_off: float
    high_off: float
    snr_db: float
    pure: float
    third_db: float
    third_hz: float

    @property
    def weaker_dbm0(self) -> float:
        """Level of the weaker tone."""
        return self.level_dbm0 - abs(self.twist_db) / 2


class Reason(NamedTuple):
    """What keeps a sound from being a key: of which kind that is, and a sentence."""

    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Something like a key that was refused; `start` and `end` are samples, `reasons` are never empty."""

    digit: str
    start: int
    end: int
    looks: Looks
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> tuple[str, ...]:
        """The reasons' sentences."""
        return tuple(reason.said for reason in self.reasons)

    @property
    def only(self) -> str:
        """The kind of the one thing that is wrong with it; empty where it is more, or no pair of a key's tones."""
        if max(abs(self.looks.low_off), abs(self.looks.high_off)) > _NEVER:
            return ""
        least = _CLEAR_QUIET if self.reasons[0].kind == "quiet" else _CLEAR
        return self.reasons[0].kind if len(self.reasons) == 1 and self.looks.pure >= least else ""


def near_misses(samples: NDArray[np.int16], rate: int, *, setting: str = "default") -> list[NearMiss]:
    """Return what is almost a key in a recording.

    Parameters
    ----------
    samples : int16 array [shape=(n,)]
    rate : int
        Samples a second, 4000 to 192000.
    setting : str
        "default", "wide" or "strict".

    Raises
    ------
    RateError, UnknownSetting
    """
    explainer = Explainer(1, rate, setting=setting)
    for begin in range(0, len(samples), _CHUNK_S * rate):
        explainer.feed(samples[None, begin : begin + _CHUNK_S * rate])
    return explainer.flush([decode(samples, rate, setting=setting)])[0]


class Explainer:
    """What is almost a key on several channels, as they are fed; memory does not grow with them.

    Parameters
    ----------
    channels : int
    rate : int
        Samples a second, 4000 to 96000.
    setting, longest_break_ms
        As for `Detector`.
    """

    def __init__(self, channels: int, rate: int, *, setting: str = "default", longest_break_ms: float = 0) -> None:
        self._detector = Detector(channels, rate, setting=setting, near_misses=True,
                                  longest_break_ms=longest_break_ms)  # fmt: skip
        self._limits = limits(setting)
        self._most = min(_KEPT_S * rate, _MOST // channels)
        self._kept: deque[NDArray[np.int16]] = deque()
        self._count = 0
        self._came = 0
        self._found: list[list[NearMiss]] = [[] for _ in range(channels)]

    def feed(self, samples: NDArray[np.int16]) -> None:
        """Take the next samples of every channel, int16 array [shape=(channels, n)]."""
        self._kept.append(samples)
        self._count += samples.shape[1]
        while self._count - self._kept[0].shape[1] >= self._most + samples.shape[1]:
            self._count -= self._kept.popleft().shape[1]
        self._came += samples.shape[1]
        self._note(self._detector.feed(samples))

    def flush(self, heard: Sequence[Sequence[Tone]]) -> list[list[NearMiss]]:
        """End the input; return what is almost a key on each channel, where none of those that were heard is."""
        self._note(self._detector.flush())
        return [[miss for miss in _once(found) if not any(_touch(miss, one) for one in tones)]
                for found, tones in zip(self._found, heard, strict=True)]

    def _note(self, events: list[Event]) -> None:
        rate, first = self._detector.rate, self._came - self._count
        almost: list[DigitEnded | DigitRefused] = [*self._detector.refused]
        almost += [event for event in events if isinstance(event, DigitEnded)]
        kept = np.concatenate(self._kept, axis=1) if almost else np.zeros((0, 0), np.int16)
        for event in almost:
            stretch = kept[event.channel, max(0, event.start - first) : max(0, event.end - first)]
            look = looks(stretch, rate, event.digit)
            if look is not None and look.pure >= _ALIKE:
                why = reasons(look, (event.end - event.start) * 1000 / rate, self._limits)
                self._found[event.channel].append(NearMiss(event.digit, event.start, event.end, look, why))
        self._detector.refused.clear()


def _touch(one: NearMiss, other: NearMiss | Tone) -> bool:
    return one.start < other.end and other.start < one.end


def _once(found: Sequence[NearMiss]) -> list[NearMiss]:
    """Return each stretch once, in their order: a press may have been refused by itself and as a whole."""
    kept: list[NearMiss] = []
    for miss in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if not any(miss.digit == one.digit and _touch(miss, one) for one in kept):
            kept.append(miss)
    return sorted(kept, key=lambda one: one.start)


def looks(samples: NDArray[np.int16], rate: int, digit: str) -> Looks | None:
    """Return what a stretch looks like; None if it is too short to tell.

    Parameters
    ----------
    samples : int16 array [shape=(n,)]
        The tone from its start to its end.
    """
    edge = min(len(samples) // 6, rate // 200)
    middle = samples[edge : len(samples) - edge].astype(np.float64)
    if len(middle) < rate // 200 or not middle.any():
        return None
    low_hz, high_hz = (_peak(middle, rate, nominal) for nominal in frequencies(digit))
    angles = 2 * np.pi * np.outer(np.arange(len(middle)) / rate, [low_hz, high_hz])
    columns = np.concatenate([np.cos(angles), np.sin(angles)], axis=1)
    found = np.linalg.lstsq(columns, middle, rcond=None)[0]
    rest = middle - columns @ found
    powers = found[:2] ** 2 + found[2:] ** 2
    low_db, high_db = (_db(power / FULL_SCALE**2) + FULL_SCALE_DBM0 for power in powers.tolist())
    energy, left = float(middle @ middle), float(rest @ rest)
    spectrum, hertz = _spectrum(rest, rate)
    band = (hertz > 150) & (hertz < 3600)
    place = int(np.flatnonzero(band)[spectrum[band].argmax()])
    low, high = frequencies(digit)
    return Looks((low_db + high_db) / 2, high_db - low_db, low_hz / low - 1, high_hz / high - 1,
                 _db(float(powers.mean()) / 2 * len(middle) / max(left, 1e-9)), 1 - left / energy,
                 _db(float(spectrum[place]) ** 2 / float(powers.max())), float(hertz[place]))


def _db(power: float) -> float:
    return 10 * math.log10(max(power, 1e-12))


def _spectrum(samples: NDArray[np.float64], rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the amplitudes of tones in a stretch, and their frequencies, a few hertz apart."""
    points = max(len(samples), rate // 2)
    window = np.hanning(len(samples) + 2)[1:-1]
    amplitudes = np.abs(np.fft.rfft(samples * window, points)) * 2 / float(window.sum())
    hertz: NDArray[np.float64] = np.arange(len(amplitudes), dtype=np.float64) * (rate / points)
    return amplitudes, hertz


def _peak(samples: NDArray[np.float64], rate: int, nominal: int) -> float:
    """Return the frequency of the strongest tone within 6 % of a nominal one."""
    amplitudes, hertz = _spectrum(samples, rate)
    near = np.flatnonzero(np.abs(hertz / nominal - 1) < 0.06)
    place = int(near[amplitudes[near].argmax()])
    before, at, after = amplitudes[place - 1 : place + 2].tolist()
    bend = before - 2 * at + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(hertz[place] + min(max(shift, -0.5), 0.5) * (hertz[1] - hertz[0]))


def reasons(look: Looks, ms: float, allowed: Limits) -> tuple[Reason, ...]:
    """Return what keeps a stretch from being a key, the plainest first.

    Parameters
    ----------
    ms : float
        How long it is.
    """
    said = []
    if ms < _SHORTEST_MS:
        said.append(Reason("short", f"it lasts {ms:.0f} ms, and a key lasts {_SHORTEST_MS:.0f} ms at the least"))
    if look.weaker_dbm0 < LEAST_DBM0:
        said.append(Reason("quiet", f"its weaker tone has {look.weaker_dbm0:.0f} dBm0, "
                                    f"{LEAST_DBM0:.0f} at the least"))
    if -look.twist_db > allowed.low_over_high_db:
        said.append(Reason("twist", f"twist: the low tone is {-look.twist_db:.1f} dB over the high one, "
                                    f"{allowed.low_over_high_db:g} at the most"))
    if look.twist_db > allowed.high_over_low_db:
        said.append(Reason("twist", f"twist: the high tone is {look.twist_db:.1f} dB over the low one, "
                                    f"{allowed.high_over_low_db:g} at the most"))
    for name, off in (("low", look.low_off), ("high", look.high_off)):
        if abs(off) > TOLERANCE:
            way = "high" if off > 0 else "low"
            said.append(Reason("off", f"its {name} tone is {abs(off) * 100:.1f} % too {way}, "
                                      f"{TOLERANCE * 100:.1f} % at the most"))
    if look.third_db > _THIRD_DB:
        said.append(Reason("third", f"a third tone at {look.third_hz:.0f} Hz, {look.third_db:.0f} dB to the "
                                    "stronger one"))
    if look.pure < _PURE and not said:
        said.append(Reason("mixed", f"the two tones are {look.pure * 100:.0f} % of the sound, and the rest is no "
                                    "steady noise"))
    return tuple(said or [Reason("unsteady", "its tones are not steady, or there was sound just before it")])


def as_facts(miss: NearMiss, rate: int) -> dict[str, object]:
    """Return a near miss as plain values: times in seconds, frequencies as what they are off."""
    return {
        "digit": miss.digit,
        "start": round(miss.start / rate, 6),
        "end": round(miss.end / rate, 6),
        "level_dbm0": round(miss.looks.level_dbm0, 2),
        "twist_db": round(miss.looks.twist_db, 2),
        "low_off_percent": round(miss.looks.low_off * 100, 2),
        "high_off_percent": round(miss.looks.high_off * 100, 2),
        "snr_db": round(miss.looks.snr_db, 1),
        "why": list(miss.why),
    }
