"""What the bridge can play, in one array, and where every row is in it.

All clips lie end to end, each filled up to whole frames, so one gather renders a frame for every row. Clips
that are used again (a digit, the fixed part of a prompt) are stored once.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ivr.call.call import Said
from ivr.clock import FRAME
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


class Store:
    """Clips by content; silence is at 0. What it has grown to is doubled when it is full."""

    def __init__(self) -> None:
        self._length = FRAME
        self._kept = np.zeros(1 << 16, np.int16)
        self._known: dict[bytes, tuple[int, int]] = {}
        self._ends: dict[int, int] = {}
        self.windows = sliding_window_view(self._kept, FRAME)

    def add(self, clip: Samples) -> tuple[int, int]:
        """Keep a clip; return where it begins and how many samples it takes, whole frames."""
        key = clip.tobytes()
        if key not in self._known:
            begin, length = self._length, -(-len(clip) // FRAME) * FRAME
            if begin + length > len(self._kept):
                self._kept = np.append(self._kept, np.zeros(max(len(self._kept), length), np.int16))
                self.windows = sliding_window_view(self._kept, FRAME)
            self._kept[begin:begin + len(clip)] = clip
            self._known[key] = (begin, length)
            self._length += length
            self._ends[self._length] = begin
        return self._known[key]

    def ended(self, at: int) -> int | None:
        """Return where the clip began that ends at `at`, if one does."""
        return self._ends.get(at)


@dataclass(slots=True)
class Playing:
    """What one row is being played.

    Attributes
    ----------
    queue : deque of (prompt, its clips as (begin, length))
        What comes after the clip that plays.
    said : Said, optional
        The prompt that plays; None for silence and music.
    began_at : int
        Sample at which that prompt began.
    music : bool
        Whether hold music follows when all is said, or plays already.
    """

    queue: deque[tuple[Said, list[tuple[int, int]]]] = field(default_factory=deque)
    clips: deque[tuple[int, int]] = field(default_factory=deque)
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
        self._left: dict[int, int] = {}

    def resize(self, rows: int) -> None:
        """Grow to `rows` rows."""
        more = rows - len(self._at)
        self._at = np.append(self._at, np.zeros(more, np.int64))
        self._step = np.append(self._step, np.zeros(more, np.int64))

    def play(self, row: int, begin: int) -> None:
        """Play from sample `begin` of the store, from this frame on."""
        self._leave(row, begin)
        self._at[row], self._step[row] = begin, FRAME

    def stop(self, row: int) -> None:
        """Play silence."""
        self._leave(row, 0)
        self._at[row] = self._step[row] = 0

    def render(self) -> Samples:
        """Return the next frame of every row, and move on. int16 array [shape=(rows, 160)]."""
        frame = self._store.windows[self._at]
        for row, left in self._left.items():
            before = self._store.windows[left][:_FADE].astype(np.int32)
            frame[row, :_FADE] = (before * _FALLING + frame[row, :_FADE] * _RISING) // _FADE
        self._left.clear()
        self._at += self._step
        return frame

    def _leave(self, row: int, begin: int) -> None:
        """Note what a row fades from: the place it leaves, or silence before what does not begin at rest."""
        left = int(self._left.pop(row, self._at[row] if self._step[row] else 0))
        ended = self._store.ended(left)
        if ended is None and left:
            self._left[row] = left
        elif ended != begin and abs(int(self._store.windows[begin][0])) > _AT_REST:
            self._left[row] = 0
