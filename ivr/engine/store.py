"""What the bridge can play, in one array: clips by content, each filled up to whole frames.

A clip is kept for those who play it or are going to. When nobody does any more, it may be needed again soon (a
digit, the fixed part of a prompt), so it stays a while; what has been out of use longest makes way first. So
recorded names go when their callers and those who hear of them have gone, and what is kept has an end.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from ivr.clock import FRAME, samples

Samples = NDArray[np.int16]

SPARE = samples(180)
"""Samples of clips out of use that stay: all that most calls hear, in a language or two."""

_FIRST = 1 << 16


@dataclass(eq=False, slots=True)
class Clip:
    """A place in the store.

    Attributes
    ----------
    begin, length : int
        Where it begins, and how many samples it takes, whole frames.
    content : bytes
        What it is known by.
    users : int
        How many hold it.
    """

    begin: int
    length: int
    content: bytes
    users: int = 0

    @property
    def end(self) -> int:
        """The sample after its last."""
        return self.begin + self.length


class Store:
    """Clips by content; silence is at 0.

    Parameters
    ----------
    spare : int
        Samples of clips out of use that stay.

    Attributes
    ----------
    windows : int16 array [shape=(n, 160)]
        The frame that begins at each sample.
    """

    def __init__(self, spare: int = SPARE) -> None:
        self._kept = np.zeros(_FIRST, np.int16)
        self.windows = sliding_window_view(self._kept, FRAME)
        self._holes = [(FRAME, len(self._kept) - FRAME)]
        self._known: dict[bytes, Clip] = {}
        self._unused: dict[bytes, Clip] = {}
        self._unused_samples = 0
        self._spare = spare

    @property
    def size(self) -> int:
        """Samples that there is room for."""
        return len(self._kept)

    @property
    def clips(self) -> int:
        """Clips that are kept, in use or not."""
        return len(self._known)

    @property
    def used(self) -> int:
        """Clips that somebody holds."""
        return len(self._known) - len(self._unused)

    def add(self, samples: Samples) -> Clip:
        """Keep a clip for somebody, who is to `release` it."""
        content = samples.tobytes()
        clip = self._known.get(content)
        if clip is None:
            clip = self._known[content] = self._placed(samples, content)
        elif self._unused.pop(content, None):
            self._unused_samples -= clip.length
        clip.users += 1
        return clip

    def hold(self, clip: Clip) -> Clip:
        """Keep a clip that is in use for one more."""
        clip.users += 1
        return clip

    def release(self, clip: Clip) -> None:
        """Take it that one who has held a clip needs it no more; until `tidy` it is there for all that."""
        clip.users -= 1
        if not clip.users:
            self._unused[clip.content] = clip
            self._unused_samples += clip.length

    def count_anew(self, held: Iterable[Clip]) -> None:
        """Take it that clips are in use as often as they are in `held`, whatever was told before."""
        users = Counter(held)
        for clip in self._known.values():
            clip.users = users[clip]
        unused = [clip for clip in self._unused.values() if not clip.users]
        unused += [clip for clip in self._known.values() if not clip.users and clip.content not in self._unused]
        self._unused = {clip.content: clip for clip in unused}
        self._unused_samples = sum(clip.length for clip in unused)

    def tidy(self) -> None:
        """Let go what has been out of use longest, if it is too much: at the end of a tick, when all is played."""
        while self._unused_samples > self._spare:
            clip = self._unused.pop(next(iter(self._unused)))
            self._unused_samples -= clip.length
            del self._known[clip.content]
            self._vacate(clip.begin, clip.length)

    def _placed(self, samples: Samples, content: bytes) -> Clip:
        length = max(1, -(-len(samples) // FRAME)) * FRAME
        begin = self._room(length)
        self._kept[begin:begin + len(samples)] = samples
        self._kept[begin + len(samples):begin + length] = 0
        return Clip(begin, length, content)

    def _room(self, length: int) -> int:
        """Take the first hole that is large enough; return where it begins."""
        for place, (begin, there) in enumerate(self._holes):
            if there >= length:
                self._holes[place:place + 1] = [(begin + length, there - length)] if there > length else []
                return begin
        size = len(self._kept)
        self._kept = np.append(self._kept, np.zeros(max(size, length), np.int16))
        self.windows = sliding_window_view(self._kept, FRAME)
        self._vacate(size, len(self._kept) - size)
        return self._room(length)

    def _vacate(self, begin: int, length: int) -> None:
        """Make a hole, one with those beside it."""
        holes, place = self._holes, bisect_left(self._holes, (begin, 0))
        first = last = place
        if place and sum(holes[place - 1]) == begin:
            first, begin, length = place - 1, holes[place - 1][0], length + holes[place - 1][1]
        if place < len(holes) and holes[place][0] == begin + length:
            last, length = place + 1, length + holes[place][1]
        holes[first:last] = [(begin, length)]
