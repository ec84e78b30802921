"""What every row is played, and where it is in the array of clips: one gather renders a frame for every row."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.clock import FRAME
from ivr.engine.requests import Said
from ivr.engine.store import Clip, Store
from prompts.slots import Value

Samples = NDArray[np.int16]

_FADE = 40
"""Samples, 5 ms: too short to be heard as a fade, long enough not to click."""
_FALLING = np.arange(_FADE, 0, -1, dtype=np.int32)
_RISING = _FADE - _FALLING
_AT_REST = 32
"""A clip whose first sample is no further from zero begins without a click."""


class Voice(Protocol):
    """Where prompts come from: the catalogue."""

    def slots(self, name: str, /) -> Iterable[str]:
        """Return the slots of the prompt `name`."""

    def clips(self, name: str, language: str = "", /, **slots: Value) -> Iterable[Samples]:
        """Return the prompt's parts, to be played one after the other. int16 arrays [shape=(n,)]."""

    def text(self, name: str, language: str = "", /, **slots: Value) -> str:
        """Return the prompt's words: of those that stand for a name, to be filled into another."""


@dataclass(slots=True)
class Playing:
    """What one row is being played.

    Attributes
    ----------
    queue : deque of (prompt, its clips)
        What comes after the prompt that plays.
    clips : deque of Clip
        What comes of that prompt after the clip that plays.
    clip : Clip, optional
        What plays; None for silence.
    said : Said, optional
        The prompt that plays; None for silence and music.
    began_at : int
        Sample at which that prompt began.
    music : bool
        Whether hold music follows when all is said, or plays already.
    """

    queue: deque[tuple[Said, list[Clip]]] = field(default_factory=deque)
    clips: deque[Clip] = field(default_factory=deque)
    clip: Clip | None = None
    said: Said | None = None
    began_at: int = 0
    music: bool = False
    music_on: bool = False

    @property
    def speaking(self) -> bool:
        """Whether a prompt is being said."""
        return self.said is not None


class Heads:
    """The playing heads of all rows: where each is in the store, and whether it moves.

    What is cut short or begins at once is faded within 5 ms, so that no splice clicks.
    """

    def __init__(self, rows: int, store: Store) -> None:
        self._store = store
        self._at = np.zeros(rows, np.int64)
        self._step = np.zeros(rows, np.int64)
        self._clips: dict[int, Clip] = {}
        self._left: dict[int, int] = {}

    def resize(self, rows: int) -> None:
        """Have `rows` rows; those that go are silent."""
        more = np.zeros(max(0, rows - len(self._at)), np.int64)
        self._at, self._step = np.append(self._at[:rows], more), np.append(self._step[:rows], more)

    def play(self, row: int, clip: Clip) -> None:
        """Play a clip from this frame on, to its end: by then something else is to be played."""
        self._leave(row, clip)
        self._clips[row] = clip
        self._at[row], self._step[row] = clip.begin, FRAME

    def stop(self, row: int) -> None:
        """Play silence."""
        self._leave(row, None)
        self._clips.pop(row, None)
        self._at[row] = self._step[row] = 0

    def ahead(self, frames: int) -> Samples:
        """Return the next frames, if all goes on as it is. int16 array [shape=(rows, frames * 160)]."""
        at = self._at[:, None] + self._step[:, None] * np.arange(frames)
        return self._store.windows[at].reshape(len(at), -1)

    def go_on(self, frames: int) -> None:
        """Move on by so many frames, of those that came `ahead`."""
        self._at += self._step * frames

    def render(self) -> Samples:
        """Return the next frame of every row, and move on. int16 array [shape=(rows, 160)]."""
        frame = self._store.windows[self._at]
        for row, left in self._left.items():
            before = self._store.windows[left][:_FADE].astype(np.int32)
            frame[row, :_FADE] = (before * _FALLING + frame[row, :_FADE] * _RISING) // _FADE
        self._left.clear()
        self._at += self._step
        return frame

    def _leave(self, row: int, coming: Clip | None) -> None:
        """Note what a row fades from: the place it leaves, or silence before what does not begin at rest."""
        clip, left, goes_round = self._clips.get(row), self._left.pop(row, None), False
        if left is None:
            at = int(self._at[row])
            goes_round = clip is not None and at == clip.end and coming is clip
            # a clip that is over has nothing to fade, and of one that has just been begun nothing was heard
            left = 0 if clip is None or at in (clip.begin, clip.end) else at
        loud = coming is not None and abs(int(self._store.windows[coming.begin][0])) > _AT_REST
        if left or (loud and not goes_round):
            self._left[row] = left
