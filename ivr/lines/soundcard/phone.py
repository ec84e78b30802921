"""A caller who talks into the speaker and hears the microphone: whoever is there is what he calls."""

from collections import deque
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from ivr.clock import FRAME, samples
from ivr.engine.ports import Frame, Signal

_SILENCE: Frame = np.zeros(FRAME, np.int16)


class CardCaller(Protocol):
    """The one who calls. In every tick he is asked `signal`; while he is in the call also what follows."""

    @property
    def on_the_line(self) -> bool:
        """Whether he is in the call."""

    def signal(self) -> Signal | None:
        """Return what he does at the start of this tick, if anything."""

    def opened(self, lag: int) -> None:
        """Learn that there is sound, and how many samples it is late, both ways together."""

    def pressed(self) -> Iterator[object]:
        """Give keys that go beside the sound, of which there are none here; takes note of the others."""

    def hear(self, frame: Frame) -> None:
        """Take what the microphone heard. int16 array [shape=(160,)]."""

    def speak(self) -> Frame:
        """Return his next frame. int16 array [shape=(160,)]."""


class CardSound(Protocol):
    """What carries the caller's sound."""

    heard: Frame

    @property
    def lag_s(self) -> float:
        """By how many seconds sound is late, both ways together."""

    @property
    def full(self) -> bool:
        """Whether the speaker has enough for now."""

    def play(self, frame: Frame) -> None:
        """Give the speaker its next 20 ms."""


class CardPhone:
    """The telephone of one caller, made before there is a card: what an open card hears does not wait.

    To recognise what was heard may take longer than a tick; then those that are late follow at once. So what the
    caller says goes to the speaker when that has room, and what is made up for is silence, of which less is played.
    """

    def __init__(self) -> None:
        self._goes: deque[Frame] = deque()
        self._caller: CardCaller | None = None
        self._card: CardSound | None = None

    def by(self, card: CardSound) -> None:
        """Have sound carried by a card from now on."""
        self._card = card

    def add(self, caller: CardCaller, /) -> None:
        """Give the caller his telephone.

        Raises
        ------
        ValueError
            If another one has it.
        """
        if self._caller is not None:
            raise ValueError("a sound card is the line of one caller")
        self._caller = caller

    def step(self, _now: int, /) -> None:
        """Carry signals and sound for one tick.

        Raises
        ------
        DeviceGone
            If the speaker does not go on.
        """
        caller, card = self._caller, self._card
        if caller is None or card is None:
            return
        if caller.signal() is Signal.DIAL:
            caller.opened(samples(card.lag_s))
        frame = _SILENCE
        if caller.on_the_line:
            for _ in caller.pressed():
                pass
            caller.hear(card.heard)
            frame = caller.speak()
        if not card.full or frame.any():
            self._goes.append(frame)
        while self._goes and not card.full:
            card.play(self._goes.popleft())
