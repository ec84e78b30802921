"""A caller on strings: dials, presses keys and speaks when told to, as real tones and real speech on a line."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

import dtmf
from ivr.bridge.ports import Frame, Signal
from ivr.clock import FRAME, RATE

_SILENCE: Frame = np.zeros(FRAME, np.int16)


class Puppet:
    """A line to the exchange; all that it is told is done in this order, one thing after the other.

    Parameters
    ----------
    caller : str
        Who calls.
    """

    def __init__(self, caller: str) -> None:
        self.caller = caller
        self._says: deque[Frame] = deque()
        self._wish: Signal | None = None
        self.on_the_line = False

    @property
    def busy(self) -> bool:
        """Whether something is still being said or pressed, or a wish waits for the next tick."""
        return bool(self._says) or self._wish is not None

    def dial(self) -> None:
        """Dial at the next tick; nothing happens on the line."""
        if not self.on_the_line:
            self._wish = Signal.DIAL

    def hang_up(self) -> None:
        """Hang up at the next tick."""
        if self.on_the_line:
            self._wish = Signal.HANG_UP

    def press(self, keys: str) -> None:
        """Press keys, 100 ms each with pauses of 100 ms; nothing happens if not on the line.

        Raises
        ------
        dtmf.DigitError
            If one is none of the 16.
        """
        self.play(dtmf.encode(keys, RATE))

    def play(self, samples: NDArray[np.int16]) -> None:
        """Say samples, after what is being said; nothing happens if not on the line. int16 array [shape=(n,)]."""
        if self.on_the_line:
            count = -(-len(samples) // FRAME)
            padded = np.concatenate([samples, np.zeros(count * FRAME - len(samples), np.int16)])
            self._says.extend(padded.reshape(-1, FRAME))

    def signal(self) -> Signal | None:
        """Return what the caller does at the start of this tick."""
        wish, self._wish = self._wish, None
        if wish is not None:
            self.on_the_line = wish is Signal.DIAL
            self._says.clear()
        return wish

    def speak(self) -> Frame | None:
        """Return the caller's next frame."""
        return self._says.popleft() if self._says else _SILENCE

    def hear(self, frame: Frame) -> None:
        """Let it be heard by whoever listens to the exchange."""

    def hung_up(self) -> None:
        """Take it that the bridge has ended the call."""
        self.on_the_line = False
        self._wish = None
        self._says.clear()
