"""Short tones: somebody has come or gone (two notes a fourth apart), something is being recorded (one note)."""

import numpy as np
from numpy.typing import NDArray

from lobby.synth import pitch, struck, tone

_LOW, _HIGH = 79, 84  # G5 and C6: 784 and 1047 Hz, and never both at once as a key's tones are
_BEEP = 85  # C sharp 6, 1109 Hz: in no chord of the music, and no tone of a key
_BEEP_AMPLITUDE = 4800.0
_PARTIALS = ((1.0, 1.0), (2.0, 0.2), (3.0, 0.08))
_AMPLITUDE = 8600.0
"""Brings the chime to an active level (P.56) of -16 dBm0, as the music and the prompts."""


def arrival(rate: int = 8000) -> NDArray[np.int16]:
    """Return the tone for somebody who comes: 280 ms, rising. int16 array [shape=(0.28 * rate,)]."""
    return _two(_LOW, _HIGH, rate)


def departure(rate: int = 8000) -> NDArray[np.int16]:
    """Return the tone for somebody who goes: 280 ms, falling. int16 array [shape=(0.28 * rate,)]."""
    return _two(_HIGH, _LOW, rate)


def beep(rate: int = 8000) -> NDArray[np.int16]:
    """Return the tone after which something is recorded: 200 ms, level. int16 array [shape=(0.2 * rate,)]."""
    length, edge = rate // 5, rate // 50
    envelope = np.ones(length)
    envelope[:edge] = np.arange(edge) / edge
    envelope[-edge:] = envelope[:edge][::-1]
    return np.rint(tone(pitch(_BEEP), length, rate, _PARTIALS) * envelope * _BEEP_AMPLITUDE).astype(np.int16)


def _two(first: int, second: int, rate: int) -> NDArray[np.int16]:
    step = rate * 12 // 100
    chime = np.zeros(rate * 28 // 100)
    for at, note, length in ((0, first, step), (step, second, len(chime) - step)):
        chime[at:at + length] += tone(pitch(note), length, rate, _PARTIALS) * struck(length, rate // 100,
                                                                                     power=2)
    return np.rint(chime * _AMPLITUDE).astype(np.int16)
