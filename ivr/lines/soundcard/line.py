"""The caller at the sound card."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

import dtmf
from ivr.clock import FRAME, RATE, samples
from ivr.engine.ports import Frame, Signal

_KEY_DB = -6
"""How loud the caller's own keys are in the speaker."""

_ECHO = samples(0.3)
"""How long after a key the microphone stays shut: by then the key's own sound has come back and died away."""

_SILENCE: Frame = np.zeros(FRAME, np.int16)


class Devices(Protocol):
    """What carries the caller's sound."""

    heard: Frame

    def play(self, frame: Frame) -> None:
        """Give the speaker its next 20 ms."""


class SoundCardLine:
    """A microphone, a speaker and a keypad as one line.

    A key that is typed is a real tone on the line. As on a telephone the microphone is shut while it sounds; it
    stays shut until the speaker's sound of it has died away in the room, else the key would be heard twice.

    Parameters
    ----------
    caller : str
        Who calls.
    card : Devices
    hangs_up_after : int, optional
        Samples from dialling until he hangs up, rounded up to a frame; by default he stays.
    keep : callable, optional
        Given all that the bridge says to the caller.
    tape : callable, optional
        Given all that the caller sends, from the tick on in which he dials.
    number, phone : str
        What is dialled, and the caller's own, where they are known.
    """

    def __init__(self, caller: str, card: Devices, *, hangs_up_after: int | None = None,
                 keep: Callable[[Frame], None] | None = None,
                 tape: Callable[[Frame], None] | None = None, number: str = "", phone: str = "") -> None:
        self.caller, self.number, self.phone = caller, number, phone
        self._keep, self._tape = keep, tape
        self._card = card
        self._stays = None if hangs_up_after is None else -(-hangs_up_after // FRAME)
        self._frames = 0
        self._keys = np.zeros(0, np.int16)
        self._shut = 0
        self._own: NDArray[np.int16] | None = None
        self._leaving = False
        self._dialled = False
        self.on_the_line = False
        self.ended_by_bridge = False

    def press(self, keys: str) -> None:
        """Send keys, after those that are still being sent.

        Raises
        ------
        dtmf.DigitError
            If one is none of the 16.
        """
        tones = dtmf.encode(keys, RATE)
        self._keys = np.concatenate([self._keys, tones, np.zeros(-len(tones) % FRAME, np.int16)])

    def hang_up(self) -> None:
        """Hang up at the next tick."""
        self._leaving = True

    def signal(self) -> Signal | None:
        """Return what the caller does at the start of this tick."""
        if not self._dialled:
            self._dialled = self.on_the_line = True
            return Signal.DIAL
        if not self.on_the_line:
            return Signal.GONE
        if self._leaving or (self._stays is not None and self._frames >= self._stays):
            self.on_the_line = False
            return Signal.HANG_UP
        return None

    def speak(self) -> Frame:
        """Return what the microphone heard, or the key that is being sent."""
        frame = self._sends()
        if self._tape is not None:
            self._tape(frame)
        return frame

    def _sends(self) -> Frame:
        self._frames += 1
        self._own = None
        if len(self._keys):
            self._own, self._keys = self._keys[:FRAME], self._keys[FRAME:]
            self._shut = _ECHO
            return self._own
        if self._shut > 0:
            self._shut -= FRAME
            return _SILENCE
        return self._card.heard

    def hear(self, frame: Frame) -> None:
        """Play what the bridge says, and the key that is being sent."""
        if self._keep is not None:
            self._keep(frame)
        if self._own is not None:
            both = frame + self._own * 10 ** (_KEY_DB / 20)
            frame = np.clip(np.rint(both), -32768, 32767).astype(np.int16)
        self._card.play(frame)

    def hung_up(self) -> None:
        """Take it that the bridge has ended the call."""
        self.on_the_line = False
        self.ended_by_bridge = True
