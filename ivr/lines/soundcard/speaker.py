"""The speaker: frames of the house, played by a device whose clock is another."""

import time
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME, RATE
from ivr.engine.ports import Frame
from ivr.lines.soundcard.balance import Balance
from ivr.lines.soundcard.errors import DeviceGone
from ivr.lines.soundcard.opening import Opened
from ivr.lines.soundcard.portaudio import UNDERFLOWED
from ivr.lines.soundcard.stretch import Stretcher

_TARGET_S, _MORE_S, _MOST_S = 0.03, 0.01, 0.07
"""What waits when a frame is added to it: at first, more after each time that it was not enough, at most."""

_SURPLUS_S = 0.06
"""What may wait beyond that; after a standstill sound is left out until it fits again."""

_PATIENCE_S = 4.0
_SETTLED_S = 0.06


class Speaker:
    """Plays; never waits.

    Parameters
    ----------
    opened : Opened
        An output.

    Attributes
    ----------
    opened : Opened
    gaps : int
        Times that the device had nothing to play.
    dropped : int
        Frames that were left out because too much waited.
    paced : bool
        Whether the device has a clock.
    """

    def __init__(self, opened: Opened) -> None:
        self.opened, self._stream, self._rate = opened, opened.stream, opened.rate
        self._stretcher = Stretcher(opened.rate)
        self._balance = Balance(_TARGET_S)
        self._size = self._settle()
        self._primed = False
        self._full_since: float | None = None
        self.gaps = self.dropped = 0
        self.paced = True

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that wait to be played."""
        return max(0, self._size - self._room()) / self._rate

    @property
    def wanting_s(self) -> float:
        """Seconds until the next frame should be there; 0 or less when it is due."""
        return self.waiting_s - self._balance.target_s if self._primed and self.paced else 0.0

    @property
    def drift_ppm(self) -> float:
        """What the device's clock is now taken to be faster by, in millionths; below 0 if it is the slower."""
        return -self._balance.drift_ppm

    def play(self, frame: Frame, *, coming_s: float = 0.0) -> None:
        """Play a frame after all that was given before.

        Parameters
        ----------
        frame : Frame
        coming_s : float
            Seconds of sound that will follow at once, because everything was late.

        Raises
        ------
        DeviceGone
            If nothing can be played any more.
        """
        if not self._primed:
            self._prime()
        room = self._room()
        waiting = (self._size - room) / self._rate
        if self.paced:
            if waiting <= 0:
                self._gap(coming_s)
                room = self._room()
            elif waiting > self._balance.target_s + _SURPLUS_S:
                self._drop()
                return
            else:
                self._balance.note(waiting, FRAME / RATE)
        samples = self._stretcher.feed(frame, self._balance.ppm)
        if len(samples) > room:
            self._drop()
            return
        self._full_since = None
        self._write(samples)

    def forgive(self) -> None:
        """Count from here on: what went wrong until now was the device's start."""
        self.gaps = self.dropped = 0

    def close(self) -> None:
        """Play what waits, and let the device go."""
        with suppress(OSError, DeviceGone):  # one that has gone can neither be waited for nor closed
            if self.paced:
                time.sleep(min(self.waiting_s, 0.3))
            self._stream.close()

    def _settle(self) -> int:
        """Return how much the device holds: what room there is once it does not grow any more."""
        room, grown_at = self._room(), time.monotonic()
        began = grown_at
        while time.monotonic() - grown_at < _SETTLED_S and time.monotonic() - began < 1:
            time.sleep(0.01)
            if (now := self._room()) > room:
                room, grown_at = now, time.monotonic()
        return room

    def _room(self) -> int:
        try:
            room = self._stream.get_write_available()
        except OSError:
            raise self._gone() from None
        if room < 0 and room != UNDERFLOWED:
            raise self._gone()
        return max(0, room)

    def _prime(self) -> None:
        self._primed = True
        self._size = max(self._size, self._room())
        before = self._room()
        self._write(np.zeros(min(round(self._balance.target_s * self._rate), before), np.int16))
        self.paced = self._room() < before

    def _gap(self, coming_s: float) -> None:
        self.gaps += 1
        self._balance.target_s = min(self._balance.target_s + _MORE_S, _MOST_S, self._size / self._rate - 0.03)
        self._balance.restart()
        silence = max(0, round((self._balance.target_s - coming_s) * self._rate))
        self._write(np.zeros(min(silence, self._room()), np.int16))

    def _drop(self) -> None:
        self.dropped += 1
        now = time.monotonic()
        self._full_since = self._full_since or now
        if now - self._full_since > _PATIENCE_S:
            raise self._gone("takes no sound any more")

    def _write(self, samples: NDArray[np.int16]) -> None:
        data = np.repeat(samples, self.opened.channels).astype("<i2").tobytes()
        try:
            self._stream.write(data, len(samples))
        except OSError:
            raise self._gone() from None

    def _gone(self, how: str = "has gone") -> DeviceGone:
        return DeviceGone(f"the speaker {self.opened.device.name!r} {how}, so the call is over: see that it is "
                          "plugged in, and call again")
