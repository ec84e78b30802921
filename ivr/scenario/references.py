"""What can be heard in a run: prompts, hold music, tones, and what every caller sends."""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from ivr.clock import RATE
from ivr.engine.sound import Voice
from ivr.scenario.correlate import Floats, Samples, Searched, Template, flattened, loud
from ivr.scenario.filling import PromptSpeaker
from ivr.scenario.music import Loop
from ivr.scenario.stretches import sounding
from ivr.scenario.warped import Through, Warped, WarpedLoop

HEAD_S = 0.5
"""How much of a piece, from its beginning, is looked for."""
_SAME = 0.7
"""What two prompts are alike by that cannot be told apart."""
_NEVER_ALIKE = 0.65
"""What nothing that is less alike is recognised by, however it was cut."""
_MOST_KEPT = 200
"""Places that are kept, of some 500 kB each: more than one language has prompts."""

Remember = Callable[[tuple[str, ...], Callable[[], float]], float]
"""Returns the number that is made of what the text says, which it may know from another run, or has made."""


def forgetful(_: tuple[str, ...], make: Callable[[], float]) -> float:
    """Return a number made anew."""
    return make()


class Recording:
    """Samples that come a frame at a time.

    Parameters
    ----------
    began_at : int
        Place of the first sample on the run's clock.

    Attributes
    ----------
    owed : callable, optional
        Called by whoever looks at the samples: it adds those that have come already.
    """

    __slots__ = ("_kept", "_length", "began_at", "owed")

    def __init__(self, began_at: int) -> None:
        self.began_at = began_at
        self.owed: Callable[[], None] | None = None
        self._kept = np.zeros(1 << 14, np.int16)
        self._length = 0

    def append(self, frame: Samples) -> None:
        """Take the next samples. int16 array [shape=(n,)]."""
        end = self._length + len(frame)
        if end > len(self._kept):
            self._grow(end)
        self._kept[self._length:end] = frame
        self._length = end

    def pause(self, length: int) -> None:
        """Take so much silence; it has its place once somebody asks."""
        self._length += length

    def _grow(self, least: int) -> None:
        grown = np.zeros(max(4 * len(self._kept), least), np.int16)  # where nothing is put, no memory is taken
        grown[:len(self._kept)] = self._kept
        self._kept = grown

    def shorten(self, length: int) -> None:
        """Take back the last samples."""
        self._length -= length
        self._kept[self._length:self._length + length] = 0

    def silent_until(self, moment: int) -> None:
        """Have nothing there up to a moment of the run's clock."""
        self.pause(max(moment - self.until, 0))

    @property
    def samples(self) -> Samples:
        """All samples so far, as a view. int16 array [shape=(n,)]."""
        if self.owed is not None:
            self.owed()
        if self._length > len(self._kept):
            self._grow(self._length)
        return self._kept[:self._length]

    @property
    def until(self) -> int:
        """The moment after the last sample, on the run's clock."""
        if self.owed is not None:
            self.owed()
        return self.began_at + self._length


class Sent(Recording):
    """What a caller has sent so far."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of a prompt that is always said alike, or a tone.

    Attributes
    ----------
    name : str
        Of its prompt or tone.
    number : int
        Place in the prompt.
    clip : int16 array [shape=(n,)]
    rate : int
        Samples a second.
    """

    name: str
    number: int
    clip: Samples
    rate: int

    @cached_property
    def flat(self) -> Floats:
        """Flattened samples. float64 array [shape=(n,)]."""
        return flattened(self.clip)

    @cached_property
    def head(self) -> Template:
        """Its beginning, which is looked for; all of it when it is short."""
        return Template(self.flat[:round(HEAD_S * self.rate)])


class Everything:
    """All pieces end to end, to ask whether something else is as much like a stretch.

    Parameters
    ----------
    pieces : sequence of Piece
    gap : int
        Samples of silence between them; most stretches that are asked about are as long.
    remember : callable
        Knows how much pieces are like each other, from run to run.
    """

    def __init__(self, pieces: Sequence[Piece], gap: int, remember: Remember = forgetful) -> None:
        self._spans, at = list[tuple[str, int, int]](), gap
        self._usual, self._remember = gap, remember
        self._places: dict[int, Searched] = {}
        self._likest: dict[tuple[int, int], float] = {}
        self._pieces = tuple(pieces)  # as long as they are here, no other has their places in memory
        self._own = frozenset(map(id, self._pieces))
        for piece in pieces:
            self._spans.append((piece.name, at - gap // 2, at + len(piece.clip)))
            at += len(piece.clip) + gap

    @cached_property
    def _flat(self) -> Floats:
        pause = np.zeros(self._usual)
        return np.concatenate([pause, *(part for piece in self._pieces for part in (piece.flat, pause))])

    @cached_property
    def _digest(self) -> str:
        """What all of them are, for what is remembered."""
        whole = hashlib.sha256(str(self._usual).encode())
        for piece in self._pieces:
            whole.update(f"{piece.name}\0{piece.number}\0{len(piece.clip)}\0".encode())
            whole.update(piece.clip.tobytes())
        return whole.hexdigest()

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
            make = partial(self.others, beginning, piece.name)
            # what a caller has said is nobody's but his, and not kept
            self._likest[known] = make() if id(piece) not in self._own else self._remember(
                ("the likest to a prompt", self._digest, piece.name, str(piece.number), str(length)), make)
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
    remember : callable
        As of `Everything`.

    Attributes
    ----------
    loops : dict of name to Loop
        Other music that can be asked for.
    sent : dict of name to Sent
        What callers have sent; who runs the callers puts it here.
    clocks : mapping of Piece to what it is by other clocks, or None
        Of pieces that are expected, where sound comes through a sound card; None where it comes as it was sent.
    speaker : PromptSpeaker, optional
        Says prompts with their slots filled; None where nobody asks for what is in them.
    """

    def __init__(self, prompts: Mapping[str, Sequence[Samples]], music: Samples,
                 tones: Mapping[str, Samples], rate: int = RATE, *, language: str = "",
                 remember: Remember = forgetful) -> None:
        self.rate, self.language, self._remember = rate, language, remember
        self.music = Loop(music, rate)
        self.loops: dict[str, Loop] = {}
        self.sent: dict[str, Sent] = {}
        self.speaker: PromptSpeaker | None = None
        self.clocks: dict[Piece, Warped] | None = None
        self._in_music: dict[int, tuple[Piece, bool]] = {}
        # what sounds alike cannot be told apart, so it has one name between them
        names: dict[bytes, str] = {}
        self.prompts = {name: [Piece(names.setdefault(clip.tobytes(), name), i, clip, rate)
                               for i, clip in enumerate(clips)] for name, clips in prompts.items()}
        self.tones = {name: Piece(name, 0, clip, rate) for name, clip in tones.items()}
        gap = round(HEAD_S * rate)
        self.all_prompts = Everything([p for pieces in self.prompts.values() for p in pieces], gap, remember)
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
        self.speaker = PromptSpeaker(voice, language, resolve, self.sent)
        return self

    def also(self, recordings: Mapping[str, Samples], loops: Mapping[str, Samples]) -> "References":
        """Return the same for another run, in which these recordings, and music, can be heard too.

        A prompt that sounds like a recording is known by the recording's name: they cannot be told apart.
        """
        another = self.afresh()
        another.loops = {name: Loop(samples, self.rate) for name, samples in loops.items()}
        if not recordings:
            return another
        own = {name: Piece(name, 0, sounding(clip), self.rate) for name, clip in recordings.items()}
        lead = np.zeros(round(HEAD_S * self.rate))  # a prompt may begin with silence, which the recording has lost
        searched = [(name, Searched(np.concatenate([lead, piece.flat]))) for name, piece in own.items()]
        known = {name: [_renamed(piece, searched) for piece in pieces] for name, pieces in self.prompts.items()}
        another.prompts = {**known, **{name: [piece] for name, piece in own.items()}}
        another.all_prompts = Everything([piece for pieces in another.prompts.values() for piece in pieces],
                                         round(HEAD_S * self.rate), self._remember)
        return another

    def heard_through(self, through: Through) -> "References":
        """Return the same for another run, in which all comes through a microphone, by a clock that is not ours."""
        another = self.afresh()
        another.clocks = {}
        another.prompts = {name: [replace(piece, clip=through(piece.clip)) for piece in pieces]
                           for name, pieces in self.prompts.items()}
        another.tones = {name: replace(piece, clip=through(piece.clip)) for name, piece in self.tones.items()}
        gap = round(HEAD_S * self.rate)
        another.all_prompts = Everything([piece for pieces in another.prompts.values() for piece in pieces], gap,
                                         self._remember)
        another.all_tones = Everything(list(another.tones.values()), gap)
        another.music = WarpedLoop(self.music, through)
        another.loops = {name: WarpedLoop(loop, through) for name, loop in self.loops.items()}
        return another

    def resolved_by(self, resolve: Callable[[str], str]) -> None:
        """Have digits put in the place of placeholders in what prompts say."""
        if self.speaker is not None:
            self.speaker.resolve = resolve

    def in_music(self, piece: Piece) -> bool:
        """Return whether something in the hold music is as much like a piece's beginning as to be looked at."""
        if id(piece) not in self._in_music:
            made_of = ("most like the music", self._music_digest, str(self.rate),
                       hashlib.sha256(piece.clip.tobytes()).hexdigest())
            known = self._remember(made_of, lambda: most_alike(piece.head, self.music))
            self._in_music[id(piece)] = piece, known >= _NEVER_ALIKE
        return self._in_music[id(piece)][1]

    @cached_property
    def _music_digest(self) -> str:
        return hashlib.sha256(self.music.samples.tobytes()).hexdigest()

    def expect(self, name: str) -> None:
        """Work out now what else a prompt is like, which takes longer than a live call can wait."""
        for piece in self.prompts[name]:
            self.all_prompts.at_most(piece, len(piece.head.flat), 1.0)
            if self.clocks is not None:
                self.all_prompts.others(piece.head.flat, piece.name)
                self.clocks[piece] = Warped(piece.clip, len(piece.head.flat)).ready()


def most_alike(head: Template, music: Loop) -> float:
    """Return how much a template is like the place of the music that is most like it."""
    length, hop = len(head.flat), Template.SIZE
    # round by round, with what comes before and after its seam
    whole = np.resize(music.samples, music.length + length + 1)
    parts = (flattened(whole, at, min(at + hop, len(whole)))
             for at in range(0, len(whole) - length + 1, hop - length))
    return max((float(head.everywhere(Searched(part)).max(initial=0.0)) for part in parts), default=0.0)


def _renamed(piece: Piece, among: Sequence[tuple[str, Searched]]) -> Piece:
    """Return a piece, by the name of the recording that it sounds like."""
    like = (name for name, recording in among if piece.head.everywhere(recording).max(initial=0.0) >= _SAME)
    name = next(like, piece.name)
    return piece if name == piece.name else replace(piece, name=name)


