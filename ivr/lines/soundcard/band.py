"""What a telephone lets through: nothing of the hum that microphones and cheap sound cards bring along."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from ivr.clock import RATE

_LOWEST_HZ, _ORDER = 250, 4
"""The mains' 50 Hz come out 56 dB lower, 100 Hz 32 dB; the lowest key tone, 697 Hz, does not change."""


def through(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return what a microphone makes of a sound. int16 arrays [shape=(n,)]."""
    return HighPass().feed(samples)


class HighPass:
    """A high-pass filter on a stream of 8 kHz."""

    def __init__(self) -> None:
        self._sections = butter(_ORDER, _LOWEST_HZ, "highpass", fs=RATE, output="sos")
        self._state = np.zeros((len(self._sections), 2))

    def feed(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        """Take the next samples and return as many. int16 arrays [shape=(n,)]."""
        made, self._state = sosfilt(self._sections, samples, zi=self._state)
        through: NDArray[np.int16] = np.clip(np.rint(made), -32768, 32767).astype(np.int16)
        return through
