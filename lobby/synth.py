"""Notes made of arithmetic that every machine does alike: + - * / on float64, and whole numbers.

The library's sine is not used because its last bit differs between machines.
"""

import numpy as np
from numpy.typing import NDArray

Wave = NDArray[np.float64]

_A4 = 440.0
_STEPS = (1.0, 1.0594630943592953, 1.122462048309373, 1.1892071150027210, 1.2599210498948732,
          1.3348398541700344, 1.4142135623730951, 1.4983070768766815, 1.5874010519681994,
          1.6817928305074290, 1.7817974362806785, 1.8877486253633868)
"""Equal temperament: 2 ** (n / 12)."""

# sin(pi/2 * u) / u on [-1, 1] in powers of u * u: Taylor's series, good to 2e-8
_SERIES = (1.5707963267948966, -0.6459640975062462, 0.07969262624616703, -0.004681754135318687,
           0.00016044118478735982, -3.598843235212085e-06)


def pitch(note: int) -> float:
    """Return the frequency of a MIDI note number in Hz (69 is A4, 440 Hz)."""
    octave, step = divmod(note - 69, 12)
    return _A4 * _STEPS[step] * (2.0**octave)


def sine(cycles: Wave) -> Wave:
    """Return sin(2 pi cycles), element by element."""
    phase = (cycles - np.floor(cycles)) * 4.0
    quarter = np.where(phase < 1.0, phase, np.where(phase < 3.0, 2.0 - phase, phase - 4.0))
    square = quarter * quarter
    total = np.full_like(square, _SERIES[-1])
    for coefficient in reversed(_SERIES[:-1]):
        total = total * square + coefficient
    return total * quarter


def tone(frequency: float, length: int, rate: int, partials: tuple[tuple[float, float], ...]) -> Wave:
    """Return a steady tone of (multiple, amplitude) partials; those past 0.43 of the rate are left out."""
    time = np.arange(length, dtype=np.float64)
    wave = np.zeros(length)
    for multiple, amplitude in partials:
        if multiple * frequency < 0.43 * rate:
            wave += amplitude * sine(time * (multiple * frequency / rate))
    return wave


def struck(length: int, attack: int, *, power: int = 3) -> Wave:
    """Return an envelope that rises in `attack` samples and then dies away to nothing."""
    left = (length - np.arange(length, dtype=np.float64)) / length
    envelope = left.copy()
    for _ in range(power - 1):
        envelope = envelope * left
    envelope[:attack] *= np.arange(attack, dtype=np.float64) / attack
    return envelope


def swelled(length: int) -> Wave:
    """Return an envelope that swells and fades: a parabola squared."""
    at = np.arange(length, dtype=np.float64) / length
    arch = 4.0 * at * (1.0 - at)
    return arch * (2.0 - arch)
