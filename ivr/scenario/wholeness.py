"""Whether a prompt that was heard was heard as it should be: to its end, once, without gaps, as loud as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ivr.scenario.correlate import Floats, Samples, Searched, Template, flattened, likeness
from ivr.scenario.loudness import cut_off
from ivr.scenario.pieces import PieceTrack

_ALIKE, _STILL_ALIKE = 0.7, 0.6
_PART_S, _GAP_S = 0.125, 0.01
_SLOT_S = 20
_AGAIN_S = 1.2
"""How soon after its end a prompt, or its second half, would be one that is said twice."""
_LOUD = 120.0**2
"""Mean square of a flattened stretch that is surely a sound and no pause."""
_GONE_DB = 25.0
OFF_DB = 10.0
"""By how much something may be too soft or too loud where a story says nothing of it."""


@dataclass(frozen=True, slots=True)
class HowHeard:
    """What is wrong with a prompt or music, in words; `until` is how far it was judged, in samples of the ear.

    Attributes
    ----------
    broke_off : bool
        Whether music did not go on.
    """

    wrong: str
    until: int
    broke_off: bool = False


def judged(tracks: Sequence[PieceTrack], samples: Samples, start: int, limit: int, rate: int,
           asked: Sequence[int] = (), off_db: float = OFF_DB) -> HowHeard:
    """Return what is wrong with a prompt of which a piece was heard from `start` on.

    Parameters
    ----------
    tracks : sequence of PieceTrack
        Of its pieces.
    samples : int16 array [shape=(n,)]
        All that was heard since the ear began.
    limit : int
        From where on nothing is expected: the caller has pressed a key, or hung up, or the story was over.
    asked : sequence of int
        Where prompts began that the story has heard: one that comes soon after this one was not said by mistake.
    off_db : float
        By how many dB it may be too loud or too soft.
    """
    place = next((n for n, track in enumerate(tracks) for one in track.heard if one.start == start), 0)
    begin, end = start, start
    gains: list[float] = []
    for number, track in enumerate(tracks[place:]):
        if number:
            track.advance(samples[:min(end + _SLOT_S * rate, len(samples))], start,
                          lambda low, high: Searched(flattened(samples, low, high)))
            follows = [one.start for one in track.heard if one.start >= end - rate // 50]
            if not follows:
                break  # it is within a slot, or in a form of the prompt that has no such piece
            begin = follows[0]
        flat = track.piece.flat
        wrong, gain = _piece(flat, samples, begin, min(limit, begin + len(flat)), rate)
        gains += [] if gain is None else [gain]
        if wrong:
            return HowHeard(wrong, begin)
        end = begin + len(flat)
        if end > limit:
            break
    if gains and abs(off := float(np.median(gains))) > off_db:
        return HowHeard(off_by(off), end)
    soon = range(end - rate // 10, end + round(_AGAIN_S * rate))
    if limit >= soon.stop and not any(one in soon for one in asked) and _again(tracks, samples, end, rate):
        return HowHeard("it was said twice, or its end was", end)
    return HowHeard("", min(end, limit))


def _piece(flat: Floats, samples: Samples, begin: int, end: int, rate: int) -> tuple[str, float | None]:
    """Return what is wrong with a piece up to some end, and by how many dB it is too loud."""
    step, length = round(_PART_S * rate), min(end, len(samples)) - begin
    if length < step:
        return ("it was not said to its end" if end - begin >= 2 * step else ""), None
    heard, expected = flattened(samples, begin, begin + length), flat[:length]
    energy = float(expected @ expected)
    gain = float(heard @ expected) / max(energy, 1.0)
    missing = end - begin - length
    least = max(_LOUD, energy / length / 8)  # softer sounds are lost in the noise of a line
    for at in range(0, length - step, step):
        wanted = expected[at:at + step]
        if float(np.square(wanted).mean()) >= least and likeness(heard[at:at + step], wanted) < _STILL_ALIKE:
            return f"{at / rate:.1f} s after its beginning it was something else", None
    if missing > step:
        return "it was not said to its end", None
    if cut := cut_off(samples[begin:begin + length]):
        return cut, None
    if (hole := gap(heard, expected, gain, rate)) is not None:
        return f"there was a gap in it {hole:.1f} s after its beginning", None
    return "", 20 * float(np.log10(max(gain, 1e-3))) if energy >= _LOUD * length / 8 else None


def gap(heard: Floats, expected: Floats, gain: float, rate: int) -> float | None:
    """Return after how many seconds nothing was heard where something loud is said."""
    width = round(_GAP_S * rate)
    count = len(heard) // width
    got = np.square(heard[:count * width].reshape(count, width)).mean(axis=1)
    wanted = np.square(expected[:count * width].reshape(count, width)).mean(axis=1)
    floor = max(gain, 1e-3)**2 / 10 ** (_GONE_DB / 10)
    gone = np.flatnonzero((wanted >= _LOUD) & (got < wanted * floor))
    return float(gone[0]) * _GAP_S if gone.size else None


def off_by(db: float) -> str:
    """Say by how much something is too loud or too soft."""
    return f"it was {abs(db):.0f} dB too {'loud' if db > 0 else 'soft'}"


def _again(tracks: Sequence[PieceTrack], samples: Samples, end: int, rate: int) -> bool:
    """Tell whether a prompt, or the second half of its last piece, comes once more after its end."""
    after = end + round(_AGAIN_S * rate)
    first, last = tracks[0].piece.flat, tracks[-1].piece.flat
    half = last[len(last) // 2:][:rate]
    for part in (first[:rate // 2], half if len(tracks) == 1 else first[:0]):
        if len(part) < rate // 3 or float(np.square(part).mean()) < _LOUD:
            continue
        found = Template(part).everywhere(Searched(flattened(samples, end - rate // 20,
                                                             min(after + len(part), len(samples)))))
        if found.size and found.max() >= _ALIKE:
            return True
    return False
