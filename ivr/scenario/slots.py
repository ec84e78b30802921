"""Whether a prompt that was heard has in it what it is to have: digits, a count, keys, somebody's recorded name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ivr.clock import FRAME, samples
from ivr.scenario.correlate import Floats, Samples, Searched, Template, flattened, mean_square
from ivr.scenario.filling import PromptSpeaker
from ivr.scenario.pieces import PieceTrack
from ivr.scenario.sounds import PromptSound
from prompts.slots import SlotKind

_ALIKE = 0.7
"""A digit is recognised: two digits of one voice reach 0.56."""
_SURELY = 0.88
"""A number, or a name: "twenty" is as much as 0.85 like the beginning of "twenty-one"."""
_OFF, _OFF_BY_NAMES = samples(0.04), samples(0.3)
"""How far a clip may be from its place; with names in it, around which there is more or less silence."""
_HEAD, _PAUSE = samples(0.2), (samples(0.16), samples(0.4))
"""What of a piece shows that what is before it is over; where another name would be heard."""
_COUNTS = 30
"""The counts up to this one are known when they are heard instead of another."""
_READ_OUT = 20
"""The most digits or keys that are."""
_TOLD = ("conference_id", "key", "keys")
"""What of digits is told when they are others: any else may be a PIN."""
_S = "'s"
_NAMELESS = ("a-caller", "an-app-user", "the-organizer")
"""Prompts that stand for a name."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A prompt with its slots filled was heard: `start` is that of the piece that was recognised."""

    start: int
    end: int


def heard_with(speaker: PromptSpeaker, sound: PromptSound, tracks: Sequence[PieceTrack], heard: Samples, since: int,
               began_at: int) -> Filled | None:
    """Return where a prompt was heard first with its slots so; None if it was not, or is not said so far yet.

    Parameters
    ----------
    tracks : sequence of PieceTrack
        Of what in the prompt is always the same.
    heard : int16 array [shape=(n,)]
        All that was heard since the ear began.
    since, began_at : int
        Where listening begins, in samples since the ear began, and that beginning on the run's clock.
    """
    kinds = {slot.kind for slot in sound.slots}
    walk = Walk(heard, [track.piece.flat for track in tracks],
                *(_ALIKE, _OFF) if kinds <= {SlotKind.DIGITS, SlotKind.KEYS} else
                (_SURELY, _OFF_BY_NAMES if kinds & {SlotKind.NAME, SlotKind.NAMES} else _OFF),
                names=SlotKind.NAMES in kinds)
    for start, flat in _anchors(tracks, since):
        for clips in speaker.ways(sound.name, sound.slots, start + began_at):
            for place in (n for n, clip in enumerate(clips) if same(clip, flat)):
                if (end := walk.around(clips, place, start, whole=sound.whole)) is not None:
                    return Filled(start, end)
    return None


def told_slots(speaker: PromptSpeaker, sound: PromptSound, tracks: Sequence[PieceTrack], heard: Samples, since: int,
               began_at: int) -> str:
    """Say what the first such prompt has in it instead, as far as it is known: "its conference id was 1234567"."""
    for start, flat in _anchors(tracks, since):
        for place, slot in enumerate(sound.slots):
            for value in _others(speaker, sound, place, heard, start, flat, began_at):
                slots = (*sound.slots[:place], replace(slot, values=(value,)), *sound.slots[place + 1:])
                if heard_with(speaker, replace(sound, slots=slots), tracks, heard, start, began_at):
                    what = "name" if slot.name == "names" else slot.name.replace("_", " ")
                    return f"its {what} was {value}{_S if value in speaker.callers else ''}"
    return ""


def _others(speaker: PromptSpeaker, sound: PromptSound, place: int, heard: Samples, start: int, flat: Floats,
            began_at: int) -> Iterator[str]:
    """Give what a slot may hold instead."""
    slot = sound.slots[place]
    if slot.kind is SlotKind.NUMBER:
        yield from map(str, range(_COUNTS + 1))
    elif slot.kind in (SlotKind.NAME, SlotKind.NAMES):
        yield from (*speaker.callers, *_NAMELESS)
    elif slot.name in _TOLD and (read := _read_out(speaker, sound, place, heard, start, flat, began_at)):
        yield read


def _read_out(speaker: PromptSpeaker, sound: PromptSound, place: int, heard: Samples, start: int, flat: Floats,
              began_at: int) -> str:
    """Return the digits or keys that are read out behind a piece, one after the other."""
    walk, read = Walk(heard, (), _ALIKE, _OFF), ""
    slot, single = sound.slots[place], "0123456789" + ("*#" if sound.slots[place].kind is SlotKind.KEYS else "")
    clips: dict[str, list[Samples]] = {}
    first = 0
    for one in single:
        slots = (*sound.slots[:place], replace(slot, values=(one * 2,)), *sound.slots[place + 1:])
        said = next(speaker.ways(sound.name, slots, start + began_at), [])
        first = next((n + 1 for n, clip in enumerate(said) if same(clip, flat)), 0)
        clips[one] = said[first:first + 2]
    at = start + len(flat) + -len(flat) % FRAME if first else 0
    while first and len(read) < _READ_OUT:
        alike = {(one, n): walk.best(clip, at) for one, both in clips.items() for n, clip in enumerate(both)}
        (one, n), (found, likeness) = max(alike.items(), key=lambda item: item[1][1])
        if likeness < _ALIKE:
            break
        read, at = read + one, found + played(clips[one][n])
    return read


def _anchors(tracks: Sequence[PieceTrack], since: int) -> list[tuple[int, Floats]]:
    return sorted(((one.start, track.piece.flat) for track in tracks for one in track.heard if one.start >= since),
                  key=lambda one: one[0])


def same(clip: Samples, flat: Floats) -> bool:
    """Tell whether a clip is a piece."""
    return len(clip) == len(flat) and bool(np.array_equal(flattened(clip), flat))


@dataclass(frozen=True, slots=True)
class Walk:
    """Goes from clip to clip in what was heard.

    Attributes
    ----------
    heard : int16 array [shape=(n,)]
    fixed : sequence of float64 array
        The pieces that are always the same.
    least : float
        How much any other clip has to be like what is heard.
    off : int
        How many samples a clip may be from its place.
    names : bool
        Whether there are names in it, of which there may be more.
    """

    heard: Samples
    fixed: Sequence[Floats]
    least: float
    off: int
    names: bool = False

    def around(self, clips: Sequence[Samples], place: int, start: int, *, whole: bool) -> int | None:
        """Return where the last clip that counts ends, if all are heard around the one at `place`; else None."""
        known = [any(same(clip, flat) for flat in self.fixed) for clip in clips]
        begin = start
        for n in reversed(range(place)):
            found = self.place(clips[n], begin - played(clips[n]), fixed=known[n])
            if found is None:
                return None
            begin = found
        last = len(clips) - 1 if whole else max((n for n, one in enumerate(known) if not one), default=place)
        at, end = start + played(clips[place]), start + len(clips[place])
        for n in range(place + 1, last + 1):
            found = self.place(clips[n], at, fixed=known[n])
            if found is None:
                return None
            at, end = found + played(clips[n]), found + len(clips[n])
        if self.names and ((not known[0] and not self.quiet(begin, clips[0], before=True)) or (
                not known[-1] and not self.quiet(end, clips[-1], before=False))):
            return None  # there are more names than these
        if place < last < len(clips) - 1:  # what follows tells that the last slot was over
            found = self.place(clips[last + 1][:_HEAD], at, fixed=True)
            return None if found is None else found + _HEAD
        return end

    def quiet(self, edge: int, name: Samples, *, before: bool) -> bool:
        """Tell whether nothing as loud as a name stands before it, or after it."""
        near, far = _PAUSE
        begin = max(edge - far, 0) if before else edge + near
        beside = self.heard[begin:max(begin + far - near, 0)]
        if not before and len(beside) < far - near:
            return False  # more has to be heard first
        return not len(beside) or mean_square(beside) < mean_square(name) / 10

    def place(self, clip: Samples, at: int, *, fixed: bool) -> int | None:
        """Return where a clip begins that should begin at about `at`; None if it is not heard there."""
        found, alike = self.best(clip, at)
        return found if alike >= (_ALIKE if fixed else self.least) else None

    def best(self, clip: Samples, at: int) -> tuple[int, float]:
        """Return where about `at` a clip is heard most, and how much."""
        if not clip.any():
            return at, 1.0
        low = max(at - self.off, 0)
        high = min(at + len(clip) + self.off, len(self.heard))
        if high - low < len(clip):
            return at, 0.0
        alike = Template(flattened(clip)).everywhere(Searched(flattened(self.heard, low, high)))
        best = int(alike.argmax())
        return low + best, float(alike[best])


def played(clip: Samples) -> int:
    """Return how long a clip takes to be played: whole frames."""
    return -(-len(clip) // FRAME) * FRAME
