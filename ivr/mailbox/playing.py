"""A message that is listened to: it can be wound, held, and heard slower or faster (F4)."""

import numpy as np

from ivr.clock import samples
from ivr.mailbox.tempo import Tempo
from ivr.mailbox.words import Doing
from ivr.voicemail import Samples

PART = samples(3)
"""So much is made ready at a time: what it takes must fit into a tick."""

RATES = (0.5, 0.75, 1.0, 1.5, 2.0)
"""From the slowest to the fastest [U]."""

WOUND = samples(5)
"""How far rewinding and going forward take [U]."""


class Playback:
    """Where somebody is in a message, and how fast.

    Parameters
    ----------
    recording : int16 array [shape=(n,)]

    Attributes
    ----------
    held : bool
        Whether it is paused.
    """

    def __init__(self, recording: Samples) -> None:
        self._recording = recording
        self._rate = RATES.index(1.0)
        self.held = False
        self.wind(0)

    @property
    def rate(self) -> float:
        """Seconds of the message a second."""
        return RATES[self._rate]

    def wind(self, place: int) -> None:
        """Go on at a sample of the message."""
        self._tempo = Tempo(self._recording, min(max(place, 0), len(self._recording)), self.rate)
        self._parts: list[tuple[int, int]] = []

    def part(self, at: int) -> Samples:
        """Return what comes next; empty at the end. `at` is the sample of the bridge at which it begins."""
        place = self._tempo.place
        made = self._tempo.read(PART)
        self._parts = [*self._parts[-1:], (at, place)]
        return made

    def place(self, now: int) -> int:
        """Return which sample of the message is heard at a sample of the bridge."""
        begun = [(at, place) for at, place in self._parts if at <= now] or self._parts[:1]
        if not begun:
            return self._tempo.place
        at, place = begun[-1]
        return min(place + round(max(now - at, 0) * self.rate), len(self._recording))

    def do(self, what: Doing, now: int) -> None:
        """Wind, hold or let go, slow down or speed up; what comes next is to be asked for anew."""
        here = self.place(now) if not self.held else self._tempo.place
        match what:
            case Doing.PAUSE:
                self.held = not self.held
            case Doing.REWIND:
                here -= WOUND
            case Doing.FORWARD:
                here += WOUND
            case Doing.SLOWER:
                self._rate = max(self._rate - 1, 0)
            case Doing.FASTER:
                self._rate = min(self._rate + 1, len(RATES) - 1)
        self.held = self.held and what is Doing.PAUSE
        self.wind(here)


_QUIET = 150.0**2
"""Mean square of a frame in which nobody speaks, as the bridge's recorders have it."""
_LEFT = samples(0.3)


def trimmed(recording: Samples) -> Samples:
    """Return a recording without the silence at its end."""
    frame = samples(0.02)
    whole = len(recording) // frame
    powers = np.square(recording[:whole * frame].reshape(-1, frame).astype(np.float64)).mean(axis=1)
    loud = np.flatnonzero(powers > _QUIET)
    return recording[:int(loud[-1] + 1) * frame + _LEFT] if loud.size else recording[:0]
