"""Mixing: in every room each hears the sum of all the others, and nothing of any other room (A3.15).

Whole numbers throughout, so a room sounds the same whoever else is on the bridge. The limiter looks one frame
ahead: what is said is heard a frame later, and in return its gain is a straight line that never cuts a peak.
"""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

_UNITY = 1 << 15
_LIMIT = 32000
"""Largest sample that leaves the limiter: full scale less a hair."""
_RELEASE = _UNITY // 50
"""Gain won back in a frame: from nothing to full in 50 frames, a second."""


class Mixer:
    """Sums of rooms for many rows.

    Parameters
    ----------
    rows : int
        Rows of the arrays that come and go; a row is in one room, or in none.
    frame : int
        Samples in a frame.
    """

    def __init__(self, rows: int, frame: int = 160) -> None:
        self._frame = frame
        self._room = np.full(rows, -1, np.int64)
        self._held = np.zeros((rows, frame), np.int32)
        self._gain = np.full(rows, _UNITY, np.int64)
        self._target = np.full(rows, _UNITY, np.int64)
        self._ramp = np.arange(frame, dtype=np.float64)
        self._inside = 0
        self._stale = False
        self._group()

    @property
    def active(self) -> bool:
        """Whether anybody is in a room."""
        return self._inside > 0

    @property
    def rooms(self) -> Collection[int]:
        """The rooms that somebody is in."""
        if self._stale:
            self._group()
        return self._index.keys()

    def resize(self, rows: int) -> None:
        """Have `rows` rows; those that are there stay as they are, and none that goes is in a room."""
        more = max(0, rows - len(self._room))
        self._room = np.append(self._room[:rows], np.full(more, -1, np.int64))
        self._held = np.append(self._held[:rows], np.zeros((more, self._frame), np.int32), axis=0)
        self._gain = np.append(self._gain[:rows], np.full(more, _UNITY, np.int64))
        self._target = np.append(self._target[:rows], np.full(more, _UNITY, np.int64))

    def move(self, row: int, room: int) -> None:
        """Put a row into a room; -1 takes it out of any. Its first frame there is silence."""
        if not self._stale:
            self._held[self._rows] = self._next
            self._stale = True
        self._inside += int(room >= 0) - int(self._room[row] >= 0)
        self._room[row] = room
        self._held[row] = 0
        self._gain[row] = self._target[row] = _UNITY

    def _group(self) -> None:
        inside = np.flatnonzero(self._room >= 0)
        order = np.argsort(self._room[inside], kind="stable")
        self._rows = inside[order]
        rooms, self._starts, self._of = np.unique(self._room[self._rows], return_index=True,
                                                  return_inverse=True)
        self._index = {int(room): i for i, room in enumerate(rooms)}
        self._stale = False
        # one frame of everybody in a room, by room: what is said in it, and what will be heard next
        shape = (len(self._rows), self._frame)
        self._said16 = np.empty(shape, np.int16)
        self._said, self._spare = np.empty(shape, np.int32), np.empty(shape, np.int32)
        self._totals = np.empty((len(rooms), self._frame), np.int32)
        self._next: NDArray[np.int32] = self._held[self._rows]
        self._at_rest = bool((self._gain[self._rows] == _UNITY).all()
                             and (self._target[self._rows] == _UNITY).all())

    def mix(self, heard: NDArray[np.int16], extra: Mapping[int, NDArray[np.int16] | NDArray[np.int32]] | None = None
            ) -> NDArray[np.int16]:
        """Return what every row hears.

        Parameters
        ----------
        heard : int16 array [shape=(rows, frame)]
            What every row says.
        extra : mapping of room to int16 or int32 array [shape=(frame,)]
            What is played to everyone in a room.

        Returns
        -------
        int16 array [shape=(rows, frame)]
            The sum of the others in the room one frame ago; zeros for a row in none.
        """
        spoken = np.zeros(heard.shape, np.int16)
        if not self._inside:
            return spoken
        if self._stale:
            self._group()
        # `clip` spares a check of every place; all are in range
        heard.take(self._rows, axis=0, out=self._said16, mode="clip")
        np.copyto(self._said, self._said16)
        np.add.reduceat(self._said, self._starts, axis=0, out=self._totals)
        for room, frame in (extra or {}).items():
            self._totals[self._index[room]] += frame
        now, others = self._next, self._spare
        self._totals.take(self._of, axis=0, out=others, mode="clip")
        others -= self._said
        self._next, self._spare = others, now
        if not self._at_rest or others.max() > _LIMIT or others.min() < -_LIMIT:
            self._limit(now, others)
        spoken[self._rows] = now
        return spoken

    def _limit(self, now: NDArray[np.int32], others: NDArray[np.int32]) -> None:
        rows = self._rows
        peaks = np.maximum(others.max(axis=1), -others.min(axis=1)).astype(np.int64)
        begin, before = self._gain[rows], self._target[rows]
        target = np.minimum(_UNITY, _LIMIT * _UNITY // np.maximum(peaks, 1))
        end = np.minimum(np.minimum(before, target), begin + _RELEASE)
        self._gain[rows], self._target[rows] = end, target
        self._at_rest = bool((end == _UNITY).all() and (target == _UNITY).all())
        turned = np.flatnonzero(begin + end < 2 * _UNITY)
        # float64 holds these whole numbers exactly, and divides them faster than int64 does
        first, last = begin[turned, None].astype(np.float64), end[turned, None].astype(np.float64)
        whole = float(_UNITY * self._frame)
        gain = (last - first) * self._ramp
        gain += first * self._frame
        gain *= now[turned]
        gain += whole / 2
        gain /= whole
        now[turned] = np.floor(gain, out=gain)
