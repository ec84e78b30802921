"""A caller on strings: dials, presses keys and speaks when told to, as real tones and real speech on a line."""

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

import dtmf
from ivr.clock import FRAME, RATE
from ivr.engine.ports import Frame, Signal

_SILENCE: Frame = np.zeros(FRAME, np.int16)
_ECHO = 15
"""Frames for which the microphone stays shut after a key: until then the speaker's sound of it may come back."""


class Puppet:
    """A line to the exchange; all that it is told is done in this order, one thing after the other.

    Parameters
    ----------
    caller : str
        Who calls.

    Attributes
    ----------
    microphone : callable, optional
        Gives each frame of somebody's own voice, said while nothing else is; set where somebody speaks for him.
    speaks_live : bool
        Whether the last frame was of that voice.
    rings : bool
        Whether somebody dials this line, which waits to be answered.
    """

    def __init__(self, caller: str) -> None:
        self.caller = caller
        self._says: deque[Frame] = deque()
        self._wish: Signal | None = None
        self._shut = 0
        self.microphone: Callable[[], Frame] | None = None
        self.speaks_live = False
        self.on_the_line = False
        self.rings = False

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

    def speak(self) -> Frame:
        """Return the caller's next frame."""
        self._shut = _ECHO if self._says else self._shut - 1
        self.speaks_live = self.microphone is not None and not self._says and self._shut <= 0
        if self._says:
            return self._says.popleft()
        return self.microphone() if self.microphone is not None and self.speaks_live else _SILENCE

    def hear(self, frame: Frame) -> None:
        """Let it be heard by whoever listens to the exchange."""

    def hung_up(self) -> None:
        """Take it that the bridge has ended the call."""
        self.on_the_line = False
        self._wish = None
        self._says.clear()
