"""An agent at a telephone: our line rings him by SIP, and goes on the bridge once he has answered."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

import dtmf
from ivr.clock import FRAME, RATE
from ivr.engine.ports import Frame, Signal
from ivr.lines.sip.phones import SipPhones

_SILENCE: Frame = np.zeros(FRAME, np.int16)
_HELD = 10
"""Frames that wait at most: of more the oldest are lost, so that nobody is late for the rest of the call."""
_KEY_MS = 100.0


class RungAgent:
    """Who leads a line from a telephone.

    Parameters
    ----------
    phones : SipPhones
        That ring him.
    close : callable
        Lets go of what they have opened.
    """

    def __init__(self, phones: SipPhones, close: Callable[[], None]) -> None:
        self._phones, self._close = phones, close
        self._handset = _Handset()
        phones.add(self._handset)

    @property
    def ready(self) -> bool:
        """Whether he has answered."""
        return self._handset.answers

    @property
    def over(self) -> bool:
        """Whether he has hung up."""
        return self._handset.answers and not self._handset.on_the_line

    @property
    def fault(self) -> str:
        """Why he could not be rung; empty if he could."""
        return self._handset.fault

    def begin(self, caller: str, number: str, phone: str) -> None:  # noqa: ARG002
        """Ring him."""
        self._handset.dial(phone)

    def step(self, now: int) -> None:
        """Carry what goes to him and comes from him for one tick."""
        self._phones.step(now)

    def speak(self) -> Frame:
        """Return his next frame, or silence."""
        return self._handset.came.popleft() if self._handset.came else _SILENCE

    def hear(self, frame: Frame) -> None:
        """Let him hear a frame."""
        self._handset.goes.append(frame.copy())

    def end(self) -> None:
        """Hang up."""
        self._handset.hang_up()

    def close(self) -> None:
        """Let go of him."""
        self._phones.close()
        self._close()


class _Handset:
    """The telephone's side of him (`ivr.lines.sip.phones.OutgoingCaller`)."""

    def __init__(self) -> None:
        self.number = self.phone = self.fault = ""
        self.on_the_line = self.answers = False
        self.came: deque[Frame] = deque(maxlen=_HELD)
        self.goes: deque[Frame] = deque(maxlen=_HELD)
        self._keys: deque[Frame] = deque()
        self._wish: Signal | None = None

    def dial(self, phone: str) -> None:
        """Ring at the next tick."""
        self.phone, self.answers, self.on_the_line = phone, False, True
        self._wish = Signal.DIAL

    def hang_up(self) -> None:
        """Hang up at the next tick."""
        if self.on_the_line:
            self.on_the_line, self._wish = False, Signal.HANG_UP

    def signal(self) -> Signal | None:
        wish, self._wish = self._wish, None
        return wish

    def pressed(self) -> Iterator[tuple[str, str, float]]:
        return iter(())

    def speak(self) -> Frame:
        return self.goes.popleft() if self.goes else _SILENCE

    def hear(self, frame: Frame) -> None:
        if self.answers:
            self.came.append(self._keys.popleft() if self._keys else frame.copy())

    def rings(self) -> None:
        """Wait."""

    def sounds(self, codec: str, *, events: bool) -> None:
        """Take it that it is so."""

    def answered(self, codec: str, *, events: bool) -> None:  # noqa: ARG002
        self.answers = True

    def refused(self, code: int, phrase: str) -> None:
        self.on_the_line = False
        self.fault = f"the agent did not take the call: {code} {phrase}".rstrip()

    def ended(self, why: str = "") -> None:  # noqa: ARG002
        self.on_the_line = False

    def keyed(self, key: str) -> None:
        """Put a key that came beside the sound on the line, as the tone that it stands for."""
        sound = dtmf.encode(key, RATE, tone_ms=_KEY_MS, gap_ms=_KEY_MS)
        self._keys.extend(sound[:len(sound) // FRAME * FRAME].reshape(-1, FRAME))

    def carried(self, sound: Mapping[str, Any], took: Mapping[str, float]) -> None:
        """Nobody asks."""

    def referred(self, to: str) -> None:
        """Stay where he is."""
