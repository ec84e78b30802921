"""What a caller has said before and is played again: a message, or a greeting."""

from collections.abc import Callable

from ivr.scenario.correlate import Samples, Searched
from ivr.scenario.pieces import PieceTrack
from ivr.scenario.references import References, Sent, piece_of
from ivr.scenario.stretches import stretches


class RecordedTrack:
    """Where one ear has heard again what one caller had said.

    Parameters
    ----------
    name : str
        Who has said it.
    references : References
    """

    def __init__(self, name: str, references: References) -> None:
        self._name, self._references = name, references
        self._tracks: dict[int, PieceTrack] = {}

    def first(self, samples: Samples, sent: Sent, since: int, end: int, cut: Callable[[int, int], Searched], *,
              ended: bool) -> tuple[int, int, int] | None:
        """Return begin, end, and the moment of recognition of what is heard first; None if it is not heard.

        Parameters
        ----------
        ended : bool
            Whether he is on the line no more, so that what he has said last is over.
        """
        of = self._references
        for begin, stop in stretches(sent.samples, of.rate, ended=ended):
            if begin not in self._tracks:
                piece = piece_of(f"what {self._name} has said", begin, sent.samples[begin:stop], of.rate)
                self._tracks[begin] = PieceTrack(piece, of.all_prompts, of.rate // 4)
        heard = []
        for track in self._tracks.values():
            track.advance(samples, since, cut)
            heard += [(one.start, track.extent(samples, one.start), one.at) for one in track.heard
                      if one.start >= since and one.at <= end]
        return min(heard, key=lambda one: one[2], default=None)
