"""Why a key was not heard: what is almost a key in a recording, and what keeps it from being one.

What decides is in `detector.py` and behind; here its near misses are measured, and held against the limits in words
that a tester can act on.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtmf.detector import Detector, DigitEnded, DigitRefused
from dtmf.keys import FULL_SCALE, FULL_SCALE_DBM0, frequencies
from dtmf.limits import TOLERANCE, Limits, limits

_LEAST_DBM0 = -46.0
_SHORTEST_MS = 31.0
_PURE = 0.9
_THIRD_DB = -9.0
_ALIKE = 0.5
"""Part of the sound that the pair must be for anybody to ask why it is no key."""


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


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Something like a key that was refused; `start` and `end` are samples, `why` is never empty."""

    digit: str
    start: int
    end: int
    looks: Looks
    why: tuple[str, ...]


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
    heard, _ = _events(samples, rate, setting, near=False)
    more, refused = _events(samples, rate, setting, near=True)
    almost: list[DigitEnded | DigitRefused] = [*more, *refused]
    found = []
    for event in sorted(almost, key=lambda one: one.start):
        if any(event.start < one.end and one.start < event.end for one in heard):
            continue
        look = looks(samples[event.start : event.end], rate, event.digit)
        if look is None or look.pure < _ALIKE:
            continue
        why = reasons(look, (event.end - event.start) * 1000 / rate, limits(setting))
        found.append(NearMiss(event.digit, event.start, event.end, look, why))
    return found


def _events(
    samples: NDArray[np.int16], rate: int, setting: str, *, near: bool
) -> tuple[list[DigitEnded], list[DigitRefused]]:
    detector = Detector(1, rate, setting=setting, near_misses=near)
    chunks = range(0, len(samples), 10 * rate)
    events = [e for begin in chunks for e in detector.feed(samples[None, begin : begin + 10 * rate])]
    return [e for e in [*events, *detector.flush()] if isinstance(e, DigitEnded)], detector.refused


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


def reasons(look: Looks, ms: float, allowed: Limits) -> tuple[str, ...]:
    """Return what keeps a stretch from being a key, the plainest first.

    Parameters
    ----------
    ms : float
        How long it is.
    """
    said = []
    if ms < _SHORTEST_MS:
        said.append(f"it lasts {ms:.0f} ms, and a key lasts {_SHORTEST_MS:.0f} ms at the least")
    if look.level_dbm0 - abs(look.twist_db) / 2 < _LEAST_DBM0:
        said.append(f"its weaker tone has {look.level_dbm0 - abs(look.twist_db) / 2:.0f} dBm0, "
                    f"{_LEAST_DBM0:.0f} at the least")
    if -look.twist_db > allowed.low_over_high_db:
        said.append(f"twist: the low tone is {-look.twist_db:.1f} dB over the high one, "
                    f"{allowed.low_over_high_db:g} at the most")
    if look.twist_db > allowed.high_over_low_db:
        said.append(f"twist: the high tone is {look.twist_db:.1f} dB over the low one, "
                    f"{allowed.high_over_low_db:g} at the most")
    for name, off in (("low", look.low_off), ("high", look.high_off)):
        if abs(off) > TOLERANCE:
            said.append(f"its {name} tone is {abs(off) * 100:.1f} % too {'high' if off > 0 else 'low'}, "
                        f"{TOLERANCE * 100:.1f} % at the most")
    if look.third_db > _THIRD_DB:
        said.append(f"a third tone at {look.third_hz:.0f} Hz, {look.third_db:.0f} dB to the stronger one")
    if look.pure < _PURE and not said:
        said.append(f"the two tones are {look.pure * 100:.0f} % of the sound, and the rest is no steady noise")
    return tuple(said or ["its tones are not steady, or there was sound just before it"])


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
