"""Prompts and tones in what a caller hears."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ivr.scenario.correlate import Floats, Samples, Searched, flattened, likeness, loud, peaks
from ivr.scenario.references import Everything, Piece

_ALIKE = 0.7
"""A head is recognised: different prompts of one voice reach 0.58, prompts over a ducked meeting 0.9."""
_STILL_ALIKE = 0.6
_CLEARLY = 0.08
"""By how much another prompt must be less alike."""
_APART = 96
"""Places within which only the best counts: more than a pitch period or a period of a tone."""
_CHUNK = 1 << 13
_QUIET = 80.0**2
"""Below it nothing is compared: noise 30 dB under a prompt is as loud as its softest sounds."""
_PAUSE_S = 20
"""Longest pause between two pieces of a prompt: a slot's digits."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The beginning of a piece, heard from `start`, recognised `at`; in samples since the ear began."""

    start: int
    at: int


PieceMark = tuple[list[Heard], list[tuple[int, int]], int, int]
"""How far a track was."""


@dataclass(slots=True)
class PieceTrack:
    """Where one ear has heard one piece."""

    piece: Piece
    everything: Everything
    more: int
    heard: list[Heard] = field(default_factory=list)
    _open: list[tuple[int, int]] = field(default_factory=list)
    _from: int = 0
    _done: int = 0

    def mark(self) -> PieceMark:
        """Return how far it is, for `back`."""
        return [*self.heard], [*self._open], self._from, self._done

    def back(self, mark: PieceMark) -> "PieceTrack":
        """Be as far as it was."""
        self.heard, self._open, self._from, self._done = [*mark[0]], [*mark[1]], *mark[2:]
        return self

    def advance(self, samples: Samples, since: int, cut: Callable[[int, int], Searched],
                vain: Callable[[Piece, int, int], bool] = lambda *_: False) -> None:
        """Analyse what came since the last time, from `since` on.

        Parameters
        ----------
        cut : callable
            Gives a part of it to look in.
        vain : callable
            Tells of a part that the piece is surely not in it.
        """
        since = max(since, 0)
        if since < self._from:
            self.heard, self._open, self._done, self._from = [], [], since, since
        elif since > self._done:
            self._done = self._from = since
        length = len(self.piece.head.flat)
        end = len(samples) - length - _APART + 1
        while self._done < end:
            until = min(end, self._done + _CHUNK - length - 2 * _APART)
            low = max(self._done - _APART, 0)
            if vain(self.piece, low, until + _APART + length - 1):
                self._done = until
                continue
            alike = self._everywhere(cut(low, until + _APART + length - 1))
            if low == 0 and self._done < _APART:
                alike = np.concatenate([np.zeros(_APART - self._done), alike])
            self._open += [(int(i) + self._done - _APART, length)
                           for i in peaks(alike, least=_ALIKE, apart=_APART)]
            self._done = until
        if self._open:
            self._open = [c for start, known in self._open for c in self._confirmed(samples, start, known)]

    def _confirmed(self, samples: Samples, start: int, length: int) -> list[tuple[int, int]]:
        flat = self.piece.flat
        while start + length + _APART <= len(samples):
            stretch = flattened(samples, start, start + length)
            own = self._likeness(stretch, length)
            if own < _ALIKE:
                return []
            if self._clearly(stretch, length, own):
                self.heard.append(Heard(start, start + length + _APART))
                return []
            if length == len(flat):
                return []
            length = min(length + self.more, len(flat))
        return [(start, length)]

    def _everywhere(self, searched: Searched) -> Floats:
        """Return how much every place is like the head."""
        return self.piece.head.everywhere(searched)

    def _likeness(self, stretch: Floats, length: int) -> float:
        """Return how much a stretch is like the piece's beginning of the same length."""
        return likeness(stretch, self.piece.flat[:length])

    def _part(self, samples: Samples, start: int, begin: int, step: int) -> float:
        """Return how much what was heard is like a part of the piece that began at `start`."""
        expected = self.piece.flat[begin:begin + step]
        return likeness(flattened(samples, start + begin, start + begin + len(expected)), expected)

    def _clearly(self, stretch: Floats, length: int, own: float) -> bool:
        """Whether nothing of another name is as much like a stretch, or almost."""
        everything, piece = self.everything, self.piece
        return ((loud(stretch) and own >= everything.at_most(piece, length, own) + _CLEARLY)
                or own >= everything.others(stretch, piece.name) + _CLEARLY)

    def rest(self) -> None:
        """Let go of what can be made again."""

    def whole(self, samples: Samples, start: int) -> bool:
        """Return whether all of the piece was heard, to its last sound."""
        flat, step = self.piece.flat, self.more // 2
        if start + len(flat) > len(samples):
            return False
        loud = np.flatnonzero(np.abs(flat) > np.abs(flat).max() / 30)
        last = int(loud[-1]) + 1 if loud.size else len(flat)
        for begin in [*range(0, last - step, step), max(last - step, 0)]:
            expected = flat[begin:begin + step]
            if float(np.square(expected).mean()) >= _QUIET \
                    and self._part(samples, start, begin, step) < _STILL_ALIKE:
                return False
        return True

    def extent(self, samples: Samples, start: int) -> int:
        """Return where the piece that began at `start` was cut short, or ended."""
        flat, step, end = self.piece.flat, self.more // 5, start
        for begin in range(0, len(flat), step):
            expected = flat[begin:begin + step]
            if start + begin + len(expected) > len(samples):
                break
            if float(np.square(expected).mean()) >= _QUIET and self._part(
                    samples, start, begin, step) < _STILL_ALIKE / 2:
                break
            end = start + begin + len(expected)
        return end


def whole_prompt(tracks: Sequence[PieceTrack], samples: Samples, since: int, rate: int
                 ) -> tuple[int, int] | None:
    """Return start and end of the first prompt of which all pieces were heard to their ends, in order."""
    for first in tracks[0].heard:
        if first.start < since or not tracks[0].whole(samples, first.start):
            continue
        end = first.start + len(tracks[0].piece.flat)
        for track in tracks[1:]:
            follows = [h.start for h in track.heard if end <= h.start <= end + _PAUSE_S * rate
                       and track.whole(samples, h.start)]
            if not follows:
                break
            end = follows[0] + len(track.piece.flat)
        else:
            return first.start, end
    return None
