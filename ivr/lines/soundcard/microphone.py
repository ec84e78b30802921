"""The microphone: what a device hears, in frames of the house."""

import queue
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dtmf.resample import Resampler
from ivr.clock import FRAME, RATE
from ivr.engine.ports import Frame
from ivr.lines.soundcard.band import HighPass
from ivr.lines.soundcard.errors import DeviceGone
from ivr.lines.soundcard.missing import Missing
from ivr.lines.soundcard.opening import Opened

_PATIENCE_S = 4.0
"""A device may take two seconds until its first samples come; one that is silent for longer has gone."""

_HELD = 50
"""Chunks of 20 ms that are held for whoever listens. Beyond that a device without a clock has to wait."""

_UNPACED_S = 0.25
"""A device that gives a second of sound in less time has no clock: a file, or nothing."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What came, when, and how many frames are known to have been lost since the last."""

    at: float
    data: bytes
    lost: int


@dataclass(frozen=True, slots=True)
class _There:
    """Samples that can be read, and whether they had to be waited for."""

    count: int
    waited: bool


class Microphone:
    """Takes samples as they come, by a thread of its own, so that a busy moment loses none.

    Parameters
    ----------
    opened : Opened
        An input.

    Attributes
    ----------
    lost : int
        Frames that never came: the device had no room for them any more. It is known half a second later.
    late : int
        Frames that were taken more than a frame after they had come.
    paced : bool
        Whether the device has a clock.
    clipped : int
        Device samples at the ends of the scale.
    """

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self._chunk = round(opened.rate * FRAME / RATE)
        self._resampler = None if opened.rate == RATE else Resampler(1, opened.rate)
        self._band = HighPass()
        self._ready = np.zeros(0, np.int16)
        self._queue: queue.Queue[_Chunk | DeviceGone] = queue.Queue(_HELD)
        self._over = threading.Event()
        self.lost = self.late = self.clipped = 0
        self.paced = True
        self._thread = threading.Thread(target=self._listen, name="microphone", daemon=True)
        self._thread.start()

    def frame(self) -> Frame:
        """Wait for the next frame and return it.

        Raises
        ------
        DeviceGone
            If none comes any more.
        """
        while len(self._ready) < FRAME:
            try:
                chunk = self._queue.get(timeout=2 * _PATIENCE_S)
            except queue.Empty:
                chunk = self._gone("gives no sound any more")
            if isinstance(chunk, DeviceGone):
                raise chunk
            self.late += self.paced and time.monotonic() - chunk.at > FRAME / RATE
            self.lost += chunk.lost
            self._ready = np.concatenate([self._ready, self._at_8_khz(chunk.data)])
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
        self._thread.join(1.0)
        if not self._thread.is_alive():  # a stream that a thread hangs in cannot be closed
            with suppress(OSError):
                self.opened.stream.close()

    def _at_8_khz(self, data: bytes) -> NDArray[np.int16]:
        samples = np.frombuffer(data, "<i2").astype(np.int16)[:: self.opened.channels]
        self.clipped += int(np.count_nonzero(np.abs(samples.astype(np.int32)) >= 32767))
        return self._band.feed(samples if self._resampler is None else self._resampler.feed(samples[None])[0])

    # on the thread

    def _listen(self) -> None:
        stream, rate, missing = self.opened.stream, self.opened.rate, Missing()
        came, waited_at, waited_for = 0, time.monotonic(), 0
        try:
            while (there := self._wait()) is not None:
                now = time.monotonic()
                if there.waited:
                    waited_at, waited_for = now, came
                elif came - waited_for >= rate and now - waited_at < _UNPACED_S:
                    self.paced = False
                lost = missing.note(now, (came + there.count) / rate)
                data = stream.read(self._chunk, exception_on_overflow=False)
                came += self._chunk
                if not self._put(_Chunk(now, data, round(lost * RATE / FRAME))):
                    return
        except OSError:
            self._put(self._gone("has gone"))

    def _wait(self) -> _There | None:
        """Wait until a chunk can be read; None if nobody listens any more."""
        stream, waited = self.opened.stream, False
        silent_since = time.monotonic()
        while (there := stream.get_read_available()) < self._chunk:
            if there < 0 or time.monotonic() - silent_since > _PATIENCE_S:
                raise OSError(there, "the device does not give any sound")
            if self._over.wait(min(0.01, max(0.001, (self._chunk - there) / self.opened.rate))):
                return None
            waited = True
        return _There(there, waited)

    def _put(self, what: _Chunk | DeviceGone) -> bool:
        while not self._over.is_set():
            try:
                self._queue.put(what, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False

    def _gone(self, how: str) -> DeviceGone:
        return DeviceGone(f"the microphone {self.opened.device.name!r} {how}, so the call is over: see that it is "
                          "plugged in, and call again")
