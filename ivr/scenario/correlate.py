"""How alike two stretches of audio are, whatever their levels and wherever one begins in the other.

Both sides are flattened first (their highs raised), because low voiced sounds of one speaker resemble each
other: unflattened, different prompts of one voice reach 0.64, flattened 0.58.
"""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
Floats = NDArray[np.float64]
Spectrum = NDArray[np.complex128]

FULL_SCALE_DBM0 = 3.14
"""Level of a full-scale sine (ITU-T G.711 table 2)."""

_EMPHASIS = 0.95
_FAINT = 100.0
"""Mean square of a flattened stretch below which nothing is alike."""
_HARDLY = 0.01
"""What part of that is as good as silence: nothing in it reaches a likeness of a tenth."""


def flattened(samples: Samples, begin: int = 0, end: int | None = None) -> Floats:
    """Return `samples[begin:end]` with the highs raised. float64 array [shape=(end - begin,)]."""
    end = len(samples) if end is None else end
    flat = samples[begin:end].astype(np.float64)
    before = samples[max(begin - 1, 0):max(end - 1, 0)]
    flat[len(flat) - len(before):] -= _EMPHASIS * before
    return flat


def mean_square(samples: Samples) -> float:
    """Return the mean square of a stretch of one sample or more."""
    exact = samples.astype(np.float64)  # as are sums of their squares, in any order
    return float(exact @ exact) / len(exact)


def power_of(dbm0: float) -> float:
    """Return the mean square of int16 samples at a level."""
    return float(2.0**29 * 10.0 ** ((dbm0 - FULL_SCALE_DBM0) / 10))


def dbm0_of(power: float) -> float:
    """Return the level of int16 samples with this mean square; -100 at the least."""
    return max(-100.0, 10 * float(np.log10(max(power, 1e-12) / 2.0**29)) + FULL_SCALE_DBM0)


def fast_length(least: int) -> int:
    """Return the least length of no other factors than 2, 3 and 5, from `least` on: its transform is quick."""
    found = 1 << max(least - 1, 0).bit_length()
    fives = 1
    while fives < found:
        threes = fives
        while threes < found:
            # times the power of two that is just enough
            found = min(found, threes << max(-(-least // threes) - 1, 0).bit_length())
            threes *= 3
        fives *= 5
    return found


def loud(flat: Floats) -> bool:
    """Tell whether a flattened stretch is loud enough to be compared by its shape alone."""
    return float(flat @ flat) >= _FAINT * len(flat)


def likeness(one: Floats, other: Floats) -> float:
    """Return the normalised correlation of two flattened stretches of one length, -1 to 1."""
    energies = max(float(one @ one), _FAINT * len(one)) * max(float(other @ other), _FAINT * len(other))
    return float(one @ other) / float(np.sqrt(energies))


def energies(signal: Floats, length: int) -> Floats:
    """Return the energy of every stretch of `length` samples. float64 array [shape=(n - length + 1,)]."""
    sums = np.zeros(len(signal) + 1)
    np.cumsum(np.square(signal), out=sums[1:])
    return sums[length:] - sums[:len(sums) - length]


class Searched:
    """A stretch to look in; what is needed of it for several templates is worked out once.

    Parameters
    ----------
    flat : float64 array [shape=(n,)]
        Flattened samples.

    Attributes
    ----------
    lows : Searched, optional
        The same below some frequency, for who looks there first.
    """

    __slots__ = ("_energies", "_spectra", "flat", "lows")

    def __init__(self, flat: Floats) -> None:
        self.flat = flat
        self.lows: Searched | None = None
        self._energies: dict[int, Floats] = {}
        self._spectra: dict[int, Spectrum] = {}

    def energies(self, length: int) -> Floats:
        """Return the energy of every stretch of `length` samples. float64 array [shape=(n - length + 1,)]."""
        if length not in self._energies:
            self._energies[length] = energies(self.flat, length)
        return self._energies[length]

    def spectrum(self, size: int) -> Spectrum:
        """Return its spectrum over `size` samples."""
        if size not in self._spectra:
            self._spectra[size] = np.fft.rfft(self.flat, size)
        return self._spectra[size]


class Template:
    """A stretch to look for in longer ones.

    Parameters
    ----------
    flat : float64 array [shape=(n,)]
        Flattened samples.
    """

    SIZE = 8192

    def __init__(self, flat: Floats) -> None:
        self.flat = flat
        self.energy = max(float(flat @ flat), _FAINT * len(flat))
        self._spectra: dict[int, Spectrum] = {}

    def everywhere(self, signal: Searched) -> Floats:
        """Return the likeness at every place of `signal`. float64 array [shape=(n - length + 1,)]."""
        length, places = len(self.flat), len(signal.flat) - len(self.flat) + 1
        if places <= 0:
            return np.zeros(0)
        found = signal.energies(length)
        if found.max() < _HARDLY * _FAINT * length:
            return np.zeros(places)
        grid = 1024 if len(signal.flat) <= self.SIZE else 4096  # few sizes, so that spectra are used again
        size = grid * fast_length(-(-len(signal.flat) // grid))
        if size not in self._spectra:
            self._spectra = {**self._spectra, size: np.conj(np.fft.rfft(self.flat, size))}
        products = np.fft.irfft(signal.spectrum(size) * self._spectra[size], size)[:places]
        return np.asarray(products / np.sqrt(np.maximum(found, _FAINT * length) * self.energy), np.float64)


def peaks(alike: Floats, *, least: float, apart: int) -> NDArray[np.intp]:
    """Return where `alike` is at least `least` and nowhere higher within `apart` places.

    The first and last `apart` places are looked at, never returned.
    """
    inside = np.flatnonzero(alike[apart:len(alike) - apart] >= least) + apart
    return np.array([i for i in inside if alike[i - apart:i + apart + 1].argmax() == apart], np.intp)
