"""The microphone: what a device hears, in frames of the house."""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from dtmf.resample import Resampler
from ivr.bridge.ports import Frame
from ivr.clock import FRAME, RATE
from ivr.lines.soundcard.errors import DeviceGone
from ivr.lines.soundcard.opening import Opened, Taker
from ivr.lines.soundcard.portaudio import INPUT_OVERFLOW

_PATIENCE_S = 4.0
"""A device may take two seconds until its first samples come; one that is silent for longer has gone."""

_LOOK_S = 0.1
"""How often it is looked whether a silent device is still there."""

_HELD = 50
"""Chunks of 20 ms that are held for whoever listens. Beyond that a device without a clock has to wait."""

_UNPACED_S = 0.25
"""A device that gives a second of sound in less time has no clock: a file, or nothing."""


class Microphone:
    """Takes samples as they come, on PortAudio's thread, so that a busy moment loses none.

    Parameters
    ----------
    open_with : callable
        Opens an input whose samples go where it is told.

    Attributes
    ----------
    opened : Opened
    lost : int
        Frames that did not come: the device had no room for them any more.
    late : int
        Frames that were taken more than a frame after they had come.
    paced : bool
        Whether the device has a clock.
    clipped : int
        Device samples at the ends of the scale.
    """

    def __init__(self, open_with: Callable[[Taker], Opened]) -> None:
        self._queue: queue.Queue[tuple[float, bytes, bool]] = queue.Queue(_HELD)
        self._over = threading.Event()
        self._came, self._began = 0, time.monotonic()
        self._ready = np.zeros(0, np.int16)
        self.lost = self.late = self.clipped = 0
        self.paced = True
        self.opened = open_with(self._take)
        self._resampler = None if self.opened.rate == RATE else Resampler(1, self.opened.rate)

    def frame(self) -> Frame | None:
        """Wait for the next frame and return it; None for one that was lost.

        Raises
        ------
        DeviceGone
            If none comes any more.
        """
        while len(self._ready) < FRAME:
            at, data, overflowed = self._next()
            self.late += self.paced and time.monotonic() - at > FRAME / RATE
            samples = np.frombuffer(data, "<i2").astype(np.int16)[:: self.opened.channels]
            self.clipped += int(np.count_nonzero(np.abs(samples.astype(np.int32)) >= 32767))
            if self._resampler is not None:
                samples = self._resampler.feed(samples[None])[0]
            self._ready = np.concatenate([self._ready, samples])
            if overflowed:
                self.lost += 1
                return None
        frame, self._ready = self._ready[:FRAME], self._ready[FRAME:]
        return frame

    @property
    def waiting(self) -> int:
        """Chunks of 20 ms that have come and were not taken yet."""
        return self._queue.qsize()

    def forgive(self) -> None:
        """Count from here on: what went wrong until now was the device's start."""
        self.lost = self.late = self.clipped = 0

    def close(self) -> None:
        """Let the device go."""
        self._over.set()
        with suppress(OSError):  # one that has gone cannot be closed
            self.opened.stream.close()

    def _next(self) -> tuple[float, bytes, bool]:
        for _ in range(round(_PATIENCE_S / _LOOK_S)):
            try:
                return self._queue.get(timeout=_LOOK_S)
            except queue.Empty:
                if not self.opened.stream.is_active():
                    break
        raise DeviceGone(f"the microphone {self.opened.device.name!r} gives no sound any more, so the call is "
                         "over: see that it is still plugged in")

    def _take(self, data: bytes, flags: int) -> bool:
        overflowed = bool(flags & INPUT_OVERFLOW) and self._came > 0
        self._came += 1
        if self._came == _HELD and time.monotonic() - self._began < _UNPACED_S:
            self.paced = False
        elif self._came == 1:
            self._began = time.monotonic()
        item = (time.monotonic(), data, overflowed)
        while not self._over.is_set():
            try:
                self._queue.put(item, timeout=_LOOK_S)
            except queue.Full:
                continue
            return True
        return False
