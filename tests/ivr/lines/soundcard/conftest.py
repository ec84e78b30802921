"""Devices in memory, whose clocks tests turn."""

import queue

import numpy as np
import pytest

from ivr.lines.soundcard.devices import Device
from ivr.lines.soundcard.opening import Opened

DEVICE = Device(0, "a device", "memory", 1, 1, 48000, True, True)


class Sink:
    """An output: plays in lumps as its clock goes on, keeps what it was given.

    Attributes
    ----------
    ran_dry : int
        Times that there was nothing to play after there had been something.
    """

    def __init__(self, rate, *, size_s=0.12, lump_s=0.0):
        self.rate, self.size, self.lump = rate, round(size_s * rate), max(1, round(lump_s * rate))
        self.given, self.waiting, self.time, self.ran_dry, self.gone = [], 0, 0.0, 0, False

    def go_on(self, seconds):
        before, self.time = self.time, self.time + seconds * self.rate
        played = (int(self.time) // self.lump - int(before) // self.lump) * self.lump
        self.ran_dry += played > self.waiting > 0
        self.waiting = max(0, self.waiting - played)

    def get_write_available(self):
        return -9999 if self.gone else self.size - self.waiting

    def write(self, frames, num_frames=None, exception_on_underflow=False):
        assert len(frames) == 2 * num_frames <= 2 * (self.size - self.waiting)
        self.given.append(np.frombuffer(frames, "<i2"))
        self.waiting += num_frames

    def heard(self):
        return np.concatenate(self.given)

    def close(self):
        self.gone = True


class Source:
    """An input that has what it is given; what is asked for beyond that is waited for."""

    def __init__(self, rate):
        self.rate, self.gone = rate, False
        self._there = np.zeros(0, np.int16)
        self._more = queue.Queue()

    def give(self, samples):
        self._more.put(np.asarray(samples, np.int16))

    def get_read_available(self):
        while not self._more.empty():
            self._there = np.concatenate([self._there, self._more.get()])
        return -9999 if self.gone and not len(self._there) else len(self._there)

    def read(self, num_frames, exception_on_overflow=True):
        data, self._there = self._there[:num_frames], self._there[num_frames:]
        return data.astype("<i2").tobytes()

    def close(self):
        self.gone = True


@pytest.fixture
def sink():
    """Makes outputs: ``sink(rate, size_s=, lump_s=)`` gives the device and what it is when opened."""
    def make(rate, **options):
        device = Sink(rate, **options)
        return device, Opened(DEVICE, device, rate, 1)
    return make


@pytest.fixture
def source():
    """Makes inputs likewise."""
    def make(rate):
        device = Source(rate)
        return device, Opened(DEVICE, device, rate, 1)
    return make


@pytest.fixture
def spectrum_db():
    """What of a tone is none: ``spectrum_db(samples, rate, hertz)`` is the power beside it over the tone's."""
    from scipy.signal import windows

    def beside(samples, rate, hertz, width_hz=6):
        power = np.abs(np.fft.rfft(samples * windows.blackmanharris(len(samples)))) ** 2
        place = np.fft.rfftfreq(len(samples), 1 / rate)
        near = np.abs(place - hertz) < max(width_hz, 8 * rate / len(samples))
        return 10 * np.log10(power[~near].sum() / power[near].sum())
    return beside
