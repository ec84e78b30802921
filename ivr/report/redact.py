"""What must not be seen or heard in a report, and the audio without it.

A PIN can be read off a spectrogram and decoded from a recording, so its tones are taken out of the samples
before anything is made of them. Two things decide, each enough by itself for a PIN typed in the plain:

* the journal: all of every stay in a PIN state, every PIN entry, every key that the journal masks;
* the sound: every stretch that sounds like a key and is no key that the journal shows. This catches what was
  typed ahead and never used, or typed by habit into a meeting.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ivr.clock import RATE, samples
from ivr.journal import Entry
from ivr.report.lanes import LaneKey, keys, stays, visits
from ivr.report.model import Hides, Samples, Span, Story, Track
from ivr.secrecy import HIDDEN, MASK

BEFORE = samples(0.1)
"""How long before its moment a hidden key is silenced: its tone begins before a decoder can be sure of it."""

AFTER = samples(0.1)
"""How long after the last moment of a PIN the caller stays silenced: the tone of the last key goes on."""

LOW = (697, 770, 852, 941)
HIGH = (1209, 1336, 1477, 1633)
"""The two groups of frequencies that make a key (ITU-T Q.23), in Hz."""

KEYS = "123A456B789C*0#D"
"""The 16 keys, a row of four for each low frequency."""

_WINDOW = 256
_HOP = 64
_REACH = 5
"""Windows to either side in which a dip must find more power: 40 ms."""
_LEAST = 4
_HARMLESS = frozenset("*#")
"""Keys which no PIN holds."""
_NEAR = samples(0.15)


@dataclass(frozen=True, slots=True)
class Veil:
    """A stretch of a caller's sound that the report does not show.

    Attributes
    ----------
    began_at, ended_at : int
        Samples on the bridge's clock.
    label : str
        `****` for a PIN, `•` for a key that is none of anybody's business.
    """

    began_at: int
    ended_at: int
    label: str


class Redactor:
    """What the tracks of a story hold as it may be shown; each track is listened to once, however many hear it.

    Parameters
    ----------
    story : Story
    """

    def __init__(self, story: Story) -> None:
        self._story = story
        self._visits = {id(track): visits(story.entries_of(track), track.ended_at) for track in story.tracks}
        self._hidden = cache(self._listened)
        self._of_meeting = cache(self._collected)

    def sent(self, track: Track) -> tuple[Samples, list[Veil]]:
        """Return what a caller sent as it may be shown, and what is hidden.

        Returns
        -------
        int16 array [shape=(n,)]
            `track.spoke` with zeros where a veil lies.
        list of Veil
            In order; a PIN's veil swallows the keys in it.
        """
        pins = _within(_merged(_pin_spans(self._story.entries_of(track), track.ended_at, self._story.hides)), track)
        single = _within(_merged(self._hidden(track)), track)
        veils = [Veil(*span, MASK) for span in pins]
        veils += [Veil(*span, HIDDEN) for span in single if not any(_overlap(span, pin) for pin in pins)]
        # A hidden key that only touches a PIN's veil still loses all of its tone.
        return _silenced(track.spoke, [*pins, *single], track.dialled_at), sorted(veils, key=lambda v: v.began_at)

    def heard(self, track: Track) -> tuple[Samples, list[Veil]]:
        """Return what a caller heard as it may be heard again: without the hidden keys of others there."""
        spans = [cut for here in self._visits[id(track)] for whose, span in self._of_meeting(here.meeting)
                 if whose is not track and (cut := _overlap((span[0], span[1] + track.late),
                                                            (here.began_at, here.ended_at)))]
        found = _within(_merged(spans), track)
        return _silenced(track.heard, found, track.dialled_at), [Veil(*span, HIDDEN) for span in found]

    def _listened(self, track: Track) -> list[Span]:
        return _hidden_keys(self._story.entries_of(track), track, self._story.hides)

    def _collected(self, meeting: str) -> list[tuple[Track, Span]]:
        """Return the hidden keys that sounded in a meeting, and whose they are."""
        return [(track, cut) for track in self._story.tracks for there in self._visits[id(track)]
                if there.meeting == meeting for began, end in self._hidden(track)
                if (cut := _overlap((began, end + AFTER + track.late), (there.began_at, there.ended_at)))]


def keyed(spoke: Samples) -> list[tuple[str, Span]]:
    """Return what sounds like keys, counted from the first sample: every key with its generous stretch.

    A stretch counts when nearly all of its power lies in one low and one high frequency of a key and both are
    there. This is no decoder: it may take a whistle for a key, and that does no harm.
    """
    if len(spoke) < _WINDOW:
        return []
    frames = np.lib.stride_tricks.sliding_window_view(spoke, _WINDOW)[::_HOP]
    which, power = np.full(len(frames), -1), np.ones(len(frames))
    # Most callers are silent most of the time, and digital silence needs no listening to.
    loud = np.flatnonzero(_anything(spoke))
    for first in range(0, len(loud), 4096):
        some = loud[first:first + 4096]
        which[some], power[some] = _sounding(frames[some])
    # Two presses of one key are told apart by the dip between them, else the first would show the second.
    around = np.lib.stride_tricks.sliding_window_view(np.pad(power, _REACH), _REACH).max(axis=1)
    dip = (power < 0.3 * around[:len(power)]) & (power < 0.3 * around[-len(power):])
    which[dip] = -1
    edges = np.flatnonzero(np.diff(which, prepend=-2, append=-2))
    # A stretch of few windows is shorter than any key (Q.24: 40 ms) and is mostly speech.
    return [(KEYS[which[began]], (int(began) * _HOP, int(end - 1) * _HOP + _WINDOW))
            for began, end in pairwise(edges) if which[began] >= 0 and end - began >= _LEAST]


def terminators(spoke: Samples, dialled_at: int) -> list[LaneKey]:
    """Return where `#` sounds in what may be shown: the journal keeps digits only, and `#` is in no PIN."""
    return [LaneKey("#", began + dialled_at + _WINDOW // 2, began + dialled_at + _WINDOW // 2)
            for key, (began, _) in keyed(spoke) if key == "#"]


def _sounding(frames: NDArray[np.int16]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return for every window the key it sounds like, -1 for none, and its power."""
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1)) ** 2
    total = power[:, 1:].sum(axis=1) + 1.0
    low, high = (_by_frequency(power, group) for group in (LOW, HIGH))
    row, column = low.argmax(axis=0), high.argmax(axis=0)
    lower, higher = low.max(axis=0), high.max(axis=0)
    loud = total > 1e5  # about -65 dBm0: below that nothing is drawn
    like = loud & (lower + higher > 0.75 * total) & (lower > 0.03 * total) & (higher > 0.03 * total)
    return np.where(like, 4 * row + column, -1), total


def _anything(spoke: Samples) -> NDArray[np.bool_]:
    """Return for every window whether it holds any sound. bool array [shape=(windows,)]."""
    count = np.concatenate([[0], np.cumsum(spoke != 0)])
    begins = np.arange(0, len(spoke) - _WINDOW + 1, _HOP)
    return count[begins + _WINDOW] > count[begins]


def _by_frequency(power: NDArray[np.float64], group: tuple[int, ...]) -> NDArray[np.float64]:
    middles = [round(hz * _WINDOW / RATE) for hz in group]
    return np.array([power[:, m - 2:m + 3].sum(axis=1) for m in middles])


def _pin_spans(entries: Sequence[Entry], ended_at: int, hides: Hides) -> list[Span]:
    states = [(began, end + AFTER) for state, (began, end) in stays(entries, ended_at)
              if state in hides.secret_states()]
    typed = [(int(e.facts.get("began_at", e.at)) - BEFORE, e.at + AFTER)
             for e in entries if e.event == "entered" and hides.is_secret(e)]
    return states + typed


def _hidden_keys(entries: Sequence[Entry], track: Track, hides: Hides) -> list[Span]:
    pressed = keys(entries, track.ended_at, hides)
    masked = [(k.began_at - BEFORE, k.began_at + BEFORE) for k in pressed if k.label == HIDDEN]
    shown = {(k.label, k.began_at) for k in pressed if k.label not in (HIDDEN, MASK)}
    for key, (began, end) in keyed(track.spoke):
        span = (began + track.dialled_at, end + track.dialled_at)
        # A shown key excuses one sound, and only its own: the same digit again may be a PIN's.
        moment = next((m for m in sorted(shown)
                       if m[0] == key and span[0] - _NEAR < m[1] < span[1] + _NEAR), None)
        shown.discard(moment or ("", 0))
        if moment is None and key not in _HARMLESS:
            masked.append(span)
    return masked


def _silenced(audio: Samples, spans: Iterable[Span], dialled_at: int) -> Samples:
    quiet = audio.copy()
    for began, end in spans:
        quiet[max(0, began - dialled_at):max(0, end - dialled_at)] = 0
    return quiet


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for began, end in sorted(spans):
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > began:
            found.append((began, end))
    return found


def _within(spans: Iterable[Span], track: Track) -> list[Span]:
    return [cut for span in spans if (cut := _overlap(span, (track.dialled_at, track.ended_at)))]


def _overlap(a: Span, b: Span) -> Span | None:
    began, end = max(a[0], b[0]), min(a[1], b[1])
    return (began, end) if began < end else None

