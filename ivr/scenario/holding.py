"""Whether hold music that was heard was as it should be: from its beginning, without a break, as loud as it is."""

from collections.abc import Iterator

import numpy as np

from ivr.scenario.correlate import Floats, Samples, Searched, Template, flattened
from ivr.scenario.loudness import cut_off, gain_of, level_of
from ivr.scenario.music import Loop, MusicStretch
from ivr.scenario.wholeness import OFF_DB, HowHeard, gap, off_by

_WINDOW_S, _BACK_S, _BEGIN_S = 0.4, 0.1, 0.2
_LOUD = 60.0**2
"""Mean square of a flattened window in which the music is surely heard."""
_DUCKED_DB = 12.0
"""By how much it is softer while something is said over it."""
_ALIKE = 0.7
_ALONE = 0.3
"""What part of a window's energy is something else where nothing is said over it, at the most."""


def judged_music(loop: Loop, samples: Samples, stretch: MusicStretch, end: int, off_db: float = OFF_DB) -> HowHeard:
    """Return what is wrong with hold music from its beginning, or where listening began, up to `end`.

    Parameters
    ----------
    samples : int16 array [shape=(n,)]
        All that was heard since the ear began.
    off_db : float
        By how many dB it may be too loud or too soft.
    """
    begin, rate = stretch.start, loop.rate
    if (wrong := _wrong_place(loop, samples, stretch)) is not None:
        return HowHeard(f"it began {wrong / rate:.1f} s after its beginning", begin)
    for at, heard, expected in _windows(loop, samples, stretch, end):
        energy = float(expected @ expected)
        if energy < _LOUD * len(expected):
            continue
        level = float(heard @ expected) / energy
        rest = heard - level * expected
        alone = float(rest @ rest) < _ALONE * float(heard @ heard)
        db = 20 * float(np.log10(max(level, 1e-3)))
        if level < 10 ** (-(_DUCKED_DB + 10) / 20):
            return HowHeard("it broke off, or went on from another place", at, broke_off=True)
        if db > off_db or (alone and db < -off_db):
            return HowHeard(off_by(db), at)
        if alone and (cut := cut_off(samples[at:at + len(heard)])):
            return HowHeard(cut, at)
        if alone and gap(heard, expected, level, rate) is not None:
            return HowHeard("it broke off", at, broke_off=True)
    return HowHeard("", end)


def music_level(loop: Loop, samples: Samples, stretch: MusicStretch, end: int) -> float:
    """Return how loud hold music was where nothing was said over it, in dBm0."""
    gains = [gain_of(heard, expected) for _, heard, expected in _windows(loop, samples, stretch, end)
             if float(expected @ expected) >= _LOUD * len(expected)]
    return level_of(loop.at(0, loop.length)) + max(gains, default=-100.0)


def _windows(loop: Loop, samples: Samples, stretch: MusicStretch, end: int) -> Iterator[tuple[int, Floats, Floats]]:
    """Give each window: where it begins, what was heard, and the music there."""
    width = min(round(_WINDOW_S * loop.rate), loop.window, end - stretch.start)
    for at in range(stretch.start, max(min(end, len(samples)) - width, stretch.start) + 1, max(width // 2, 1)):
        if at + width <= len(samples):
            yield at, flattened(samples, at, at + width), flattened(loop.at(at - stretch.offset, width))


def _wrong_place(loop: Loop, samples: Samples, stretch: MusicStretch) -> int | None:
    """Return at which place of the loop the music begins, if not at the first."""
    begin, hop = stretch.start, round(_BACK_S * loop.rate)
    while begin - hop >= 0 and loop.follows(samples[begin - hop:begin], begin - hop - stretch.offset):
        begin -= hop
        if stretch.start - begin > loop.length:
            return None
    place = (begin - stretch.offset) % loop.length
    near = round(_BEGIN_S * loop.rate)
    # before it something else was heard, and who begins to listen in its midst does not know where it began
    if place <= near or place >= loop.length - near or begin < hop:
        return None
    # bars that come again are alike
    beginning = Searched(flattened(loop.at(0, near + loop.window)))
    alike = Template(flattened(loop.at(place, loop.window))).everywhere(beginning)
    return None if alike.max() >= _ALIKE else place
