"""How sure the detector has to be: the limits of a key, and the named settings a user can choose among."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from dtmf.errors import BreakError, UnknownSetting

TOLERANCE = 0.0234
"""Largest part by which a tone may be off its frequency (Q.24: within 1.5 % always, beyond 3.5 % never)."""

LEAST_DBM0 = -49.0
"""Level below which a tone is not heard: windows of one at -48 dBm0 are a little softer at times."""

PAUSE = 2.35
"""A dip of this many windows' worth ends a press (23.5 ms); a shorter one is bridged (Q.24 table A-1: breaks
up to 10 ms are not a pause, 40 ms always are)."""

LONGEST_BREAK_MS = 400
"""Longest break within a key that can be bridged, if anybody asks for it."""

APART = 0.0385
"""Most by which the two may be off in opposite directions; in an octave, as in music, they are so by 4.2 %."""


class Bounds(NamedTuple):
    """A setting as the compiled code takes it; twist as ratios of powers, a pause within a key in windows."""

    low_over_high: float
    high_over_low: float
    pure: float
    part: float
    votes: bool
    whole: bool
    pause: float


@dataclass(frozen=True, slots=True)
class Limits:
    """A setting.

    Attributes
    ----------
    about : str
        One line for whoever chooses.
    low_over_high_db, high_over_low_db : float
        Most that the power of one tone may be over the other's (twist).
    pure : float
        Part of the energy that the pair must be where a key is told by its first 30 ms.
    part : float
        The same of a longer look, in which the rest is noise.
    votes : bool
        Whether a key with a break inside is put together from its parts.
    whole : bool
        Whether what no look believed is judged once more as a whole.
    """

    name: str
    about: str
    low_over_high_db: float = 10.5
    high_over_low_db: float = 8.0
    pure: float = 0.90
    part: float = 0.30
    votes: bool = True
    whole: bool = True

    def bounds(self, longest_break_ms: float = 0) -> Bounds:
        """Return what decides, as plain numbers, where a break within a key may be so long.

        Raises
        ------
        BreakError
            If it is longer than `LONGEST_BREAK_MS`.
        """
        if not 0 <= longest_break_ms <= LONGEST_BREAK_MS:
            raise BreakError(f"breaks of {longest_break_ms:g} ms within a key cannot be bridged; give 0 to "
                             f"{LONGEST_BREAK_MS} ms.")
        low, high = (float(10 ** (db / 10)) for db in (self.low_over_high_db, self.high_over_low_db))
        # the length of a break is known to a millisecond or two
        pause = max(PAUSE, longest_break_ms / 10 + 0.15)
        return Bounds(low, high, self.pure, self.part, self.votes, self.whole, pause)


SETTINGS: Mapping[str, Limits] = MappingProxyType({one.name: one for one in (
    Limits("default", "telephone lines and recordings of them"),
    Limits("wide", "a handset held to a loudspeaker, recordings of a room: more twist",
           low_over_high_db=13.5, high_over_low_db=13.5),
    Limits("strict", "speech and music that must never be keys: no noise, no breaks, less twist",
           low_over_high_db=9.0, high_over_low_db=5.0, pure=0.95, part=0.80, votes=False, whole=False),
)})
"""The settings by name."""


def limits(name: str) -> Limits:
    """Return a setting.

    Raises
    ------
    UnknownSetting
        If there is none of this name; the message names the nearest.
    """
    if name in SETTINGS:
        return SETTINGS[name]
    near = difflib.get_close_matches(name, SETTINGS, n=1, cutoff=0.0)
    raise UnknownSetting(f"there is no setting {name!r}: take {', '.join(SETTINGS)}; did you mean {near[0]!r}?",
                         value=name)
