"""A line in memory: says given samples, keeps what it hears. The base of all lines that are not live."""

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.ports import Frame, Signal

Samples = NDArray[np.int16]

_SILENCE = np.zeros(FRAME, np.int16)


class MemoryLine:
    """A caller who says what he was given to say, then nothing.

    Parameters
    ----------
    caller : str
        Who calls.
    says : int16 array [shape=(n,)]
        From the moment of dialling, 8 kHz.
    dials_at : int
        Sample of the bridge's clock at which he dials, rounded up to a frame.
    hangs_up_after : int, optional
        Samples from dialling until he hangs up, rounded up to a frame; by default he stays.
    lost : frozenset of int
        Numbers of his frames that never arrive.
    """

    def __init__(self, caller: str, says: Samples, *, dials_at: int = 0, hangs_up_after: int | None = None,
                 lost: frozenset[int] = frozenset()) -> None:
        self.caller = caller
        self.number = self.phone = ""
        count = -(-len(says) // FRAME)
        self._says = np.concatenate([says, np.zeros(count * FRAME - len(says), np.int16)]).reshape(-1, FRAME)
        self._dial_in = -(-dials_at // FRAME)
        self._stays = None if hangs_up_after is None else -(-hangs_up_after // FRAME)
        self._lost = lost
        self._said = 0
        self._frames: list[Frame] = []
        self._leaving = False
        self.on_the_line = False
        self.ended_by_bridge = False

    @property
    def has_said_all(self) -> bool:
        """Whether there is nothing left to say."""
        return self._said >= len(self._says)

    def hang_up(self) -> None:
        """Hang up at the next tick."""
        self._leaving = True

    def signal(self) -> Signal | None:
        """Return what the caller does at the start of this tick."""
        if not self.on_the_line:
            if self._dial_in < 0 or self.ended_by_bridge:
                return Signal.GONE
            if self._dial_in == 0:
                self.on_the_line = True
                self._dial_in = -1
                return Signal.DIAL
            self._dial_in -= 1
            return None
        if self._leaving or (self._stays is not None and self._said >= self._stays):
            self.on_the_line = False
            return Signal.HANG_UP
        return None

    def speak(self) -> Frame | None:
        """Return the caller's next frame."""
        said = self._said
        self._said += 1
        if said in self._lost:
            return None
        return self._says[said] if said < len(self._says) else _SILENCE

    def hear(self, frame: Frame) -> None:
        """Keep what the bridge says."""
        self._frames.append(frame.copy())  # it is a row of a whole bridge's

    def hung_up(self) -> None:
        """Take it that the bridge has ended the call."""
        self.on_the_line = False
        self.ended_by_bridge = True

    def heard(self) -> Samples:
        """Return all that the caller heard. int16 array [shape=(n,)]."""
        return np.concatenate(self._frames) if self._frames else np.zeros(0, np.int16)
