"""What can be heard in a run: prompts, hold music, tones, and what every caller sends."""

import math
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from ivr.clock import RATE
from ivr.engine.sound import Voice
from ivr.scenario.correlate import Floats, Samples, Searched, Template, flattened, loud
from ivr.scenario.filling import Speaker
from ivr.scenario.music import Loop
from ivr.scenario.stretches import sounding

HEAD_S = 0.5
"""How much of a piece, from its beginning, is looked for."""
_SAME = 0.7
"""What two prompts are alike by that cannot be told apart."""
_MOST_KEPT = 200
"""Places that are kept, of some 500 kB each: more than one language has prompts."""


class Recording:
    """Samples that come a frame at a time.

    Parameters
    ----------
    began_at : int
        Place of the first sample on the run's clock.
    """

    __slots__ = ("_kept", "_length", "began_at")

    def __init__(self, began_at: int) -> None:
        self.began_at = began_at
        self._kept = np.empty(1 << 14, np.int16)
        self._length = 0

    def append(self, frame: Samples) -> None:
        """Take the next frame. int16 array [shape=(160,)]."""
        end = self._length + len(frame)
        if end > len(self._kept):
            self._kept = np.concatenate([self._kept, np.empty(max(len(self._kept), len(frame)), np.int16)])
        self._kept[self._length:end] = frame
        self._length = end

    def silent_until(self, moment: int) -> None:
        """Have nothing there up to a moment of the run's clock."""
        self.append(np.zeros(max(moment - self.until, 0), np.int16))

    @property
    def samples(self) -> Samples:
        """All samples so far, as a view. int16 array [shape=(n,)]."""
        return self._kept[:self._length]

    @property
    def until(self) -> int:
        """The moment after the last sample, on the run's clock."""
        return self.began_at + self._length


class Sent(Recording):
    """What a caller has sent so far."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A part of a prompt that is always said alike, or a tone.

    Attributes
    ----------
    name : str
        Of its prompt or tone.
    number : int
        Place in the prompt.
    flat : float64 array [shape=(n,)]
        Flattened samples.
    head : Template
        Its beginning, which is looked for; all of it when it is short.
    """

    name: str
    number: int
    flat: Floats
    head: Template


class Everything:
    """All pieces end to end, to ask whether something else is as much like a stretch.

    Parameters
    ----------
    pieces : sequence of Piece
    gap : int
        Samples of silence between them; most stretches that are asked about are as long.
    """

    def __init__(self, pieces: Sequence[Piece], gap: int) -> None:
        parts, self._spans, at = [np.zeros(gap)], list[tuple[str, int, int]](), gap
        self._usual = gap
        self._places: dict[int, Searched] = {}
        self._likest: dict[tuple[int, int], float] = {}
        self._pieces = tuple(pieces)  # as long as they are here, no other has their places in memory
        for piece in pieces:
            self._spans.append((piece.name, at - gap // 2, at + len(piece.flat)))
            parts += [piece.flat, np.zeros(gap)]
            at += len(piece.flat) + gap
        self._flat = np.concatenate(parts)

    def at_most(self, piece: Piece, length: int, own: float) -> float:
        """Return how much a stretch can be like anything of another name, that is so much like a piece's beginning.

        Of three directions the angle between two is at most the sum of the others. How much the piece itself is
        like others is looked up once.

        Parameters
        ----------
        length : int
            Samples of the piece that were compared.
        own : float
            How much the stretch is like them; it is loud enough to be compared.
        """
        beginning = piece.flat[:length]
        if not loud(beginning):
            return 1.0
        known = (id(piece), length)
        if known not in self._likest:
            self._likest[known] = self.others(beginning, piece.name)
        between = math.acos(min(self._likest[known], 1.0)) - math.acos(min(own, 1.0))
        return math.cos(max(between, 0.0))

    def others(self, stretch: Floats, name: str) -> float:
        """Return how much a stretch is like the most alike place in anything not called `name`."""
        best, template = 0.0, Template(stretch)
        for other, begin, end in self._spans:
            if other == name:
                continue
            best = max(best, float(template.everywhere(self._place(begin, end, len(stretch))).max()))
        return best

    def _place(self, begin: int, end: int, length: int) -> Searched:
        """Return a span as what to look in for a stretch; for those of the usual length it is kept."""
        if length == self._usual and begin in self._places:
            return self._places[begin]
        flat = self._flat[begin:min(end + length // 2, len(self._flat))]
        place = Searched(np.concatenate([flat, np.zeros(max(length - len(flat), 0))]))
        if length == self._usual and len(self._places) < _MOST_KEPT:
            self._places[begin] = place
        return place


class References:
    """What can be heard; shared by all ears of a run, and but for what is sent by all runs.

    Parameters
    ----------
    prompts : mapping of name to list of int16 arrays
        The pieces of every prompt which are the same whatever its slots hold.
    music : int16 array [shape=(n,)]
        Hold music; after its last sample comes its first.
    tones : mapping of name to int16 array
    rate : int
        Samples a second.
    language : str
        That of the prompts whose names say none; empty where there is but one.

    Attributes
    ----------
    loops : dict of name to Loop
        Other music that can be asked for.
    sent : dict of name to Sent
        What callers have sent; who runs the callers puts it here.
    speaker : Speaker, optional
        Says prompts with their slots filled; None where nobody asks for what is in them.
    """

    def __init__(self, prompts: Mapping[str, Sequence[Samples]], music: Samples,
                 tones: Mapping[str, Samples], rate: int = RATE, *, language: str = "") -> None:
        self.rate, self.language = rate, language
        self.music = Loop(music, rate)
        self.loops: dict[str, Loop] = {}
        self.sent: dict[str, Sent] = {}
        self.speaker: Speaker | None = None
        # what sounds alike cannot be told apart, so it has one name between them
        names: dict[bytes, str] = {}
        self.prompts = {name: [piece_of(names.setdefault(clip.tobytes(), name), i, clip, rate)
                               for i, clip in enumerate(clips)] for name, clips in prompts.items()}
        self.tones = {name: piece_of(name, 0, clip, rate) for name, clip in tones.items()}
        gap = round(HEAD_S * rate)
        self.all_prompts = Everything([p for pieces in self.prompts.values() for p in pieces], gap)
        self.all_tones = Everything(list(self.tones.values()), gap)

    def afresh(self) -> "References":
        """Return the same for another run."""
        another = copy(self)
        another.sent = {}
        if (by := self.speaker) is not None:
            another.spoken_by(by.voice, by.language, by.resolve)
        return another

    def spoken_by(self, voice: Voice, language: str, resolve: Callable[[str], str] = str) -> "References":
        """Return the same, now that it is known who says prompts, in which language those whose names say none."""
        self.speaker = Speaker(voice, language, resolve, self.sent)
        return self

    def also(self, recordings: Mapping[str, Samples], loops: Mapping[str, Samples]) -> "References":
        """Return the same for another run, in which these recordings, and music, can be heard too.

        A prompt that sounds like a recording is known by the recording's name: they cannot be told apart.
        """
        another = self.afresh()
        another.loops = {name: Loop(samples, self.rate) for name, samples in loops.items()}
        if not recordings:
            return another
        own = {name: piece_of(name, 0, sounding(clip), self.rate) for name, clip in recordings.items()}
        lead = np.zeros(round(HEAD_S * self.rate))  # a prompt may begin with silence, which the recording has lost
        searched = [(name, Searched(np.concatenate([lead, piece.flat]))) for name, piece in own.items()]
        known = {name: [_renamed(piece, searched) for piece in pieces] for name, pieces in self.prompts.items()}
        another.prompts = {**known, **{name: [piece] for name, piece in own.items()}}
        another.all_prompts = Everything([piece for pieces in another.prompts.values() for piece in pieces],
                                         round(HEAD_S * self.rate))
        return another

    def resolved_by(self, resolve: Callable[[str], str]) -> None:
        """Have digits put in the place of placeholders in what prompts say."""
        if self.speaker is not None:
            self.speaker.resolve = resolve

    def expect(self, name: str) -> None:
        """Work out now what else a prompt is like, which takes longer than a live call can wait."""
        for piece in self.prompts[name]:
            self.all_prompts.at_most(piece, len(piece.head.flat), 1.0)


def _renamed(piece: Piece, among: Sequence[tuple[str, Searched]]) -> Piece:
    """Return a piece, by the name of the recording that it sounds like."""
    like = (name for name, recording in among if piece.head.everywhere(recording).max(initial=0.0) >= _SAME)
    name = next(like, piece.name)
    return piece if name == piece.name else replace(piece, name=name)


def piece_of(name: str, number: int, clip: Samples, rate: int) -> Piece:
    """Return a clip as what can be looked for."""
    flat = flattened(clip)
    return Piece(name, number, flat, Template(flat[:round(HEAD_S * rate)]))
