"""What a speaker and a microphone make of the 16 keys: played, heard and measured."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

import dtmf
from dtmf import KEYS
from dtmf.keys import FULL_SCALE, FULL_SCALE_DBM0, frequencies
from dtmf.limits import SETTINGS
from ivr.clock import FRAME, RATE, samples, seconds
from ivr.engine.ports import Frame

Samples = NDArray[np.int16]

_LEAD, _TONE, _GAP, _TAIL = samples(1.2), samples(0.12), samples(0.38), samples(1.0)
_SETTLED = samples(0.4)
"""Devices may begin with a click; noise is measured from here on."""

_LONGEST = samples(0.9)
"""Largest delay that is looked for."""

_LEAST_LIKENESS = 0.1
"""Correlation below which what was heard is not what was played: noise alone comes to some 0.02."""

_NEAR = samples(0.12)
"""By how much single keys may be later or earlier than they are altogether: a glitch moves what comes after it."""

_PIECE = samples(0.02)
_DIED_DB = 20
_LEVEL_DBM0 = -10.0

_HUMS = tuple(mains * n for mains in (50, 60) for n in range(1, 7))


class CheckedDevices(Protocol):
    """What plays and hears."""

    heard: Frame

    def wait(self) -> None:
        """Return when the next 20 ms are due, with what was `heard` in them."""

    def play(self, frame: Frame) -> None:
        """Give the speaker its next 20 ms."""


def played() -> Samples:
    """Return what is played: silence, and each of the 16 keys. int16 array [shape=(n,)]."""
    keys = dtmf.encode("".join(KEYS), RATE, tone_ms=1000 * _TONE / RATE, gap_ms=1000 * _GAP / RATE,
                       level_dbm0=_LEVEL_DBM0)
    return np.concatenate([np.zeros(_LEAD, np.int16), keys, np.zeros(_TAIL, np.int16)])


def through(devices: CheckedDevices, sound: Samples) -> Samples:
    """Play a sound and return what was heard meanwhile, frame by frame. int16 array [shape=(n,)]."""
    heard = []
    for frame in sound.reshape(-1, FRAME):
        devices.wait()
        heard.append(devices.heard)
        devices.play(frame)
    return np.concatenate(heard)


@dataclass(frozen=True, slots=True)
class KeyHeard:
    """What became of one key.

    Attributes
    ----------
    level_dbm0, twist_db : float
        As it came in; -10 dBm0 and 0 dB went out.
    delay_ms : float
        From playing to hearing, buffers and air.
    default, wide, strict : bool
        Whether the decoder hears it, once, by this setting.
    """

    key: str
    level_dbm0: float
    twist_db: float
    delay_ms: float
    default: bool
    wide: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class Check:
    """What was measured.

    Attributes
    ----------
    keys : tuple of KeyHeard
        All 16, or none if what was heard is not what was played.
    delay_ms : float
        The middle of the keys' delays.
    noise_dbm0, hum_dbm0 : float
        Before the first key: everything, and of that the mains' hum; -inf for none.
    distortion_db : float
        What an overdriven input adds to a pair of tones, against the tones.
    decay_ms : float
        How long a key takes to fall by 20 dB once it is over.
    rise_db : float
        How much louder the end of a key is than its beginning: below 0, a gain control is at work.
    spare : int
        Keys that were heard and never played, or heard twice, by the setting that is asked for.
    clipped : int
        Samples at the ends of the scale.
    glitches : int
        Frames lost, left out, and gaps.
    """

    keys: tuple[KeyHeard, ...]
    delay_ms: float
    noise_dbm0: float
    hum_dbm0: float
    distortion_db: float
    decay_ms: float
    rise_db: float
    spare: int
    clipped: int = 0
    glitches: int = 0

    def heard(self, setting: str) -> int:
        """Return how many of the 16 keys are heard by a setting: "default", "wide" or "strict"."""
        return sum(getattr(key, setting) for key in self.keys)

    @property
    def level_dbm0(self) -> float:
        """The middle of the keys' levels."""
        return float(np.median([key.level_dbm0 for key in self.keys])) if self.keys else -np.inf

    @property
    def twist_db(self) -> float:
        """The middle of the keys' twists."""
        return float(np.median([key.twist_db for key in self.keys])) if self.keys else 0.0


def measured(sound: Samples, heard: Samples, *, setting: str = "default", clipped: int = 0,
             glitches: int = 0) -> Check:
    """Compare what was heard with what was played.

    Parameters
    ----------
    sound, heard : int16 array [shape=(n,)]
        `played()` and what `through` gave for it.
    setting : str
        By which keys are counted that were not played.
    """
    quiet = heard[_SETTLED:_LEAD].astype(np.float64)
    noise, hum = _dbm0(float(np.mean((quiet - quiet.mean()) ** 2))), _hum(quiet)
    delay, likeness = _delay(sound, heard)
    if likeness < _LEAST_LIKENESS:
        return Check((), 0.0, noise, hum, -np.inf, 0.0, 0.0, 0, clipped, glitches)
    starts = [_LEAD + n * (_TONE + _GAP) + delay for n in range(len(KEYS))]
    starts = [at + _shift(key, heard[at - _NEAR:at + _TONE + _NEAR]) for at, key in zip(starts, KEYS, strict=True)]
    pieces = [heard[at:at + _TONE] for at in starts]
    told = {name: [(tone.digit, tone.start) for tone in dtmf.decode(heard, RATE, setting=name)]
            for name in SETTINGS}
    keys: list[KeyHeard] = []
    for key, at, piece in zip(KEYS, starts, pieces, strict=True):
        low, high = (_tone_dbm0(piece, hertz) for hertz in frequencies(key))
        default, wide, strict = (_once(told[name], key, at) for name in ("default", "wide", "strict"))
        late = 1000 * seconds(at - _LEAD - len(keys) * (_TONE + _GAP))
        keys.append(KeyHeard(key, (low + high) / 2, high - low, late, default, wide, strict))
    spare = len(told[setting]) - sum(getattr(key, setting) for key in keys)
    wholes = [heard[at:at + _TONE + _GAP] for at in starts]
    begin, end = slice(_PIECE // 2, 2 * _PIECE), slice(-2 * _PIECE, -_PIECE // 2)
    return Check(
        tuple(keys), float(np.median([key.delay_ms for key in keys])), noise, hum,
        float(np.median([_distortion(piece, key) for piece, key in zip(pieces, KEYS, strict=True)])),
        float(np.median([_decay_ms(whole, key) for whole, key in zip(wholes, KEYS, strict=True)])),
        float(np.median([_power(piece[end], key) - _power(piece[begin], key)
                         for piece, key in zip(pieces, KEYS, strict=True)])),
        spare, clipped, glitches)


def _shift(key: str, came: Samples) -> int:
    """Return by how many samples a key is later than the keys altogether; `came` has some more at both ends."""
    place = np.arange(len(came)) / RATE
    power = np.zeros(len(came) - _TONE + 1)
    for hertz in frequencies(key):
        sums = np.concatenate([[0], np.cumsum(came * np.exp(-2j * np.pi * hertz * place))])
        power += np.abs(sums[_TONE:] - sums[:-_TONE]) ** 2
    return int(power.argmax()) - _NEAR


def _once(told: list[tuple[str, int]], key: str, at: int) -> bool:
    near = [digit for digit, start in told if at - _TONE // 2 <= start < at + _TONE + _GAP - _TONE // 2]
    return near == [key]


def _delay(sound: Samples, heard: Samples) -> tuple[int, float]:
    """Return by how many samples what was heard is late, and how like it is to what was played, 0 to 1."""
    from scipy.signal import correlate, hilbert

    sent, came = sound.astype(np.float64), heard.astype(np.float64)
    came = came - came.mean()
    whole = correlate(came, sent, mode="full", method="fft")[len(sent) - 1:][:_LONGEST]
    envelope = np.abs(hilbert(whole))
    at = int(envelope.argmax())
    both = float(np.sqrt((sent**2).sum() * (came**2).sum()))
    return at, float(envelope[at]) / both if both else 0.0


def _power(piece: NDArray[np.int16] | NDArray[np.float64], key: str) -> float:
    """Return the power of a key's two tones in a short piece, in dB."""
    place = np.arange(len(piece)) / RATE
    tones = [abs(np.exp(-2j * np.pi * hertz * place) @ piece) ** 2 for hertz in frequencies(key)]
    return float(10 * np.log10(sum(tones) / len(piece) ** 2 + 1e-9))


def _tone_dbm0(piece: Samples, hertz: float) -> float:
    """Return the level of one tone of a piece."""
    window = np.hanning(len(piece))
    turned = np.exp(-2j * np.pi * hertz * np.arange(len(piece)) / RATE)
    return _dbm0(2 * float(abs(turned @ (piece * window)) / window.sum()) ** 2)


def _decay_ms(after: Samples, key: str) -> float:
    """Return how long a key takes to fall by 20 dB after its end, at most as long as the gap."""
    loud = _power(after[:_TONE], key)
    for begin in range(_TONE, len(after) - _PIECE, _PIECE // 2):
        if _power(after[begin:begin + _PIECE], key) < loud - _DIED_DB:
            return 1000 * seconds(begin - _TONE)
    return 1000 * seconds(_GAP)


def _distortion(piece: Samples, key: str) -> float:
    """Return the power of products of third order against that of the tones, in dB."""
    low, high = (float(hertz) for hertz in frequencies(key))
    inner = piece[_PIECE:-_PIECE].astype(np.float64)
    window = np.hanning(len(inner))
    place = np.arange(len(inner)) / RATE

    def at(hertz: float) -> float:
        return float(abs(np.exp(-2j * np.pi * hertz * place) @ (inner * window)) ** 2)

    tones = at(low) + at(high)
    products = [abs(2 * low - high), 2 * high - low, 3 * low]
    apart = [hertz for hertz in products if min(abs(hertz - low), abs(hertz - high)) > 60 and hertz > 150]
    return float(10 * np.log10((sum(at(hertz) for hertz in apart) + 1e-9) / (tones + 1e-9)))


def _hum(quiet: NDArray[np.float64]) -> float:
    """Return the level of 50 or 60 Hz and what belongs to them."""
    window = np.hanning(len(quiet))
    place = np.arange(len(quiet)) / RATE
    parts = [abs(np.exp(-2j * np.pi * hertz * place) @ (quiet * window)) ** 2 / window.sum() ** 2 * 2
             for hertz in _HUMS]
    return _dbm0(max(sum(parts[:6]), sum(parts[6:])))


def _dbm0(power: float) -> float:
    """Return a mean square as a level; a full-scale sine is +3.14 dBm0."""
    return float(10 * np.log10(2 * power / FULL_SCALE**2) + FULL_SCALE_DBM0) if power > 0 else -np.inf
