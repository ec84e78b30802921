"""Keys that a caller is sent: as tones in what he hears, or beside it; each counts once."""

import dtmf
from ivr.clock import RATE, samples
from ivr.scenario.correlate import Samples

_ONE_KEY = samples(0.25)
"""A key that comes both ways comes within so long."""


class KeyTrack:
    """The keys that one ear has heard."""

    def __init__(self) -> None:
        self._detector: dtmf.Detector | None = None
        self._done = 0
        self._toned: list[tuple[int, str]] = []
        self._beside: list[tuple[int, str]] = []

    def came(self, key: str, at: int) -> None:
        """Take a key that came beside the sound, at a sample since the ear began."""
        self._beside.append((at, key))

    def find(self, keys: str, heard: Samples, since: int, end: int) -> tuple[int, int, int] | None:
        """Return where these keys began and ended, one after the other; None if they did not come."""
        known = [one for one in self._all(heard) if since <= one[0] <= end]
        text = "".join(key for _, key in known)
        place = text.find(keys)
        if place < 0:
            return None
        last = known[place + len(keys) - 1][0]
        return known[place][0], last, last

    def told(self, heard: Samples, since: int, end: int) -> str:
        """Return all keys that came in a stretch."""
        return "".join(key for at, key in self._all(heard) if since <= at <= end)

    def _all(self, heard: Samples) -> list[tuple[int, str]]:
        if self._detector is None:
            self._detector = dtmf.Detector(1, RATE)
        new = heard[None, self._done:]
        for event in self._detector.feed(new) if new.shape[1] else ():
            if isinstance(event, dtmf.DigitHeard):
                self._toned.append((event.at, event.digit))
        self._done = len(heard)
        alone = [(at, key) for at, key in self._toned
                 if not any(key == other and abs(at - moment) <= _ONE_KEY for moment, other in self._beside)]
        return sorted([*alone, *self._beside])
