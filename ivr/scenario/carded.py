"""What looks for prompts, tones and music; through a sound card they come otherwise.

A prompt that comes between two samples is like itself by .38 to .9 only, and one that runs a thousandth fast is
like nothing. So it is looked for by seven clocks and at two places between samples: then it is like itself by .72
at least. Before it is asked whether another prompt is as much like it, what was heard is put right by the clock
that was found.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ivr.scenario.correlate import Floats, Samples, Searched, Template, flattened, likeness
from ivr.scenario.music import Loop, MusicTrack
from ivr.scenario.pieces import PieceTrack
from ivr.scenario.references import Everything, Piece, References
from ivr.scenario.warped import CLOCKS, Warped, WarpedLoop, WarpedMusicTrack, finely, lows_of

_ASIDE = 12
"""Samples by which a part may be aside of where the nearest of these clocks has it, some seconds later."""
_LOWS_ALIKE = 0.65
"""The lows are alike by .86 at least, by whatever clock; those of one in 200 other beginnings are so much."""


@dataclass(slots=True)
class WarpedTrack(PieceTrack):
    """Where one ear has heard one piece, whose clock is another.

    Parameters
    ----------
    known : mapping of Piece to Warped
        Pieces by each clock, where that is worked out already.
    """

    known: Mapping[Piece, Warped] = field(default_factory=dict)
    _warped: Warped | None = field(default=None, repr=False)

    def rest(self) -> None:
        """Let go of what it compares with: much where there are many prompts; it is made again when needed."""
        self._warped = None

    def _everywhere(self, searched: Searched) -> Floats:
        warped = self._all()
        if warped.lows.everywhere(lows_of(searched)).max(initial=0.0) < _LOWS_ALIKE:
            return np.zeros(max(len(searched.flat) - len(self.piece.head.flat) + 1, 0))
        return np.asarray(np.max([head.everywhere(searched) for head in warped.heads], axis=0), np.float64)

    def _likeness(self, stretch: Floats, length: int) -> float:
        return max(likeness(flat[:length], stretch) for flat in self._all().flats)

    def _part(self, samples: Samples, start: int, begin: int, step: int) -> float:
        low = max(start + begin - _ASIDE, 0)
        around = Searched(flattened(samples, low, min(start + begin + step + _ASIDE, len(samples))))
        return max(float(Template(flat[begin:begin + step]).everywhere(around).max(initial=0.0))
                   for flat in self._all().flats)

    def _clearly(self, stretch: Floats, length: int, _own: float) -> bool:
        alike = [likeness(flat[:length], stretch) for flat in self._all().flats]
        faster, between = CLOCKS[int(np.argmax(alike))]
        right = finely(stretch, (np.arange(length) - between) / (1 + faster))
        return PieceTrack._clearly(self, right, length, likeness(right, self.piece.flat[:length]))

    def _all(self) -> Warped:
        if self.piece in self.known:
            return self.known[self.piece]
        if self._warped is None:
            self._warped = Warped(self.piece.clip, len(self.piece.head.flat))
        return self._warped


def track_of(of: References, piece: Piece, everything: Everything) -> PieceTrack:
    """Return what looks for a piece as sound comes to who hears it."""
    if of.clocks is None:
        return PieceTrack(piece, everything, of.rate // 4)
    return WarpedTrack(piece, everything, of.rate // 4, known=of.clocks)


def rested(tracks: Iterable[PieceTrack]) -> None:
    """Let go of what can be made again."""
    for track in tracks:
        track.rest()


def following(loop: Loop) -> MusicTrack:
    """Return what follows some music."""
    return WarpedMusicTrack(loop) if isinstance(loop, WarpedLoop) else MusicTrack(loop)
