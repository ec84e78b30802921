"""Voices in rooms of those who are there without a call: with an app."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.sound import Samples


@dataclass(slots=True)
class _Voice:
    room: int
    muted: bool = False
    queue: deque[Samples] = field(default_factory=deque)


class OutsideVoices:
    """What they say, frame by frame, by their numbers."""

    def __init__(self) -> None:
        self._voices: dict[int, _Voice] = {}

    @property
    def speaking(self) -> bool:
        """Whether any of them says something."""
        return any(voice.queue for voice in self._voices.values())

    def say(self, who: int, room: int, samples: Samples) -> None:
        """Have somebody say something in a room, from the next frame on. int16 array [shape=(n,)]."""
        padded = np.append(samples, np.zeros(-len(samples) % FRAME, np.int16))
        self._of(who, room).queue.extend(padded.reshape(-1, FRAME))

    def mute(self, who: int, room: int, *, muted: bool) -> None:
        """Let him be heard by nobody, or again; he speaks on all the same."""
        self._of(who, room).muted = muted

    def leave(self, who: int) -> None:
        """Forget him: he has left."""
        self._voices.pop(who, None)

    def frames(self, rooms: Collection[int]) -> dict[int, NDArray[np.int32]]:
        """Return the sum of what is said next in each room that somebody is in. int32 array [shape=(160,)]."""
        said: dict[int, NDArray[np.int32]] = {}
        for voice in self._voices.values():
            if voice.queue:
                frame = voice.queue.popleft()
                if not voice.muted and voice.room in rooms:
                    said[voice.room] = said.get(voice.room, np.zeros(FRAME, np.int32)) + frame
        return said

    def _of(self, who: int, room: int) -> _Voice:
        return self._voices.setdefault(who, _Voice(room))
