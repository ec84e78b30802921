"""What a report is made of: the story that was played, and what every caller heard and sent.

Errors
------
ReportError
    BadTrack      the maker of the story handed over audio that is not one row of int16
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ivr.clock import seconds
from ivr.conference import secrecy
from ivr.journal import Entry

Samples = NDArray[np.int16]
Span = tuple[int, int]
"""A stretch of samples on the bridge's clock: from, and up to but without."""

CONFERENCE = "Dial-in conference"
"""What is called if nothing else is named."""


class ReportError(Exception):
    """A report cannot be made."""

    exit_code = 2


class BadTrack(ReportError, ValueError):
    """A caller's audio is not one row of int16 samples."""


class Hides(Protocol):
    """What a page hides of an application's journal, which holds no secret, once more."""

    def secret_states(self) -> frozenset[str]:
        """Return the states in which a secret is keyed, by their names in journals."""

    def is_secret(self, entry: Entry, /) -> bool:
        """Tell whether what was entered is a secret, or might be."""

    def redacted(self, entry: Entry, state: str, /) -> Mapping[str, Any]:
        """Return an entry's facts as a page may hold them, of a call in this state."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One call of one caller.

    Attributes
    ----------
    caller : str
        The name that stands in the journal.
    heard : int16 array [shape=(n,)]
        What the caller heard, from dialling on, at `ivr.clock.RATE`.
    spoke : int16 array [shape=(n,)]
        What the caller sent, his voice and his keys.
    dialled_at : int
        The sample on the bridge's clock at which both begin.
    late : int
        By how many samples at the most what the caller sent or heard was late, for his line was a bad one.
    """

    caller: str
    heard: Samples
    spoke: Samples
    dialled_at: int
    late: int = 0

    def __post_init__(self) -> None:
        for what, audio in (("heard", self.heard), ("spoke", self.spoke)):
            if audio.ndim != 1 or audio.dtype != np.int16:
                raise BadTrack(f"What {self.caller!r} {what} is {audio.dtype} of shape {audio.shape}: "
                               "hand over one row of int16 samples.")

    @property
    def ended_at(self) -> int:
        """The sample on the bridge's clock at which the longer of the two ends."""
        return self.dialled_at + max(len(self.heard), len(self.spoke))


@dataclass(frozen=True, slots=True)
class Missed:
    """Something that was expected and did not come true.

    Attributes
    ----------
    line : int
        Line in the story's file.
    caller : str
        Whose step it was; empty for what is expected in the end.
    expected : str
        The step or the expectation as written, PINs masked.
    at : int
        Sample on the bridge's clock at which it was found out.
    instead : str
        What there was instead, as a sentence.
    """

    line: int
    caller: str
    expected: str
    at: int
    instead: str


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """A run, as it is shown.

    Attributes
    ----------
    title, source : str
        What it is about, and the row of BEHAVIOUR.md or the file it comes from; `source` may be empty.
    entries : sequence of Entry
        The journal.
    tracks : sequence of Track
        A lane each, in this order.
    ended_at : int
        The sample at which the run ended.
    wall_s : float, optional
        How long it took to play, in seconds on the wall; None where it was live.
    missed : sequence of Missed
        What did not come true.
    differences : sequence of str
        Lines of the journal that differ from those expected, each with `-` or `+` before it.
    hides : Hides
        What is hidden once more; by default all that may be a PIN of a conference.
    called : str
        What is called, as the page's head names it.
    """

    title: str
    source: str
    entries: Sequence[Entry]
    tracks: Sequence[Track]
    ended_at: int
    wall_s: float | None
    missed: Sequence[Missed] = ()
    differences: Sequence[str] = ()
    hides: Hides = secrecy
    called: str = CONFERENCE
    _by_caller: dict[str, tuple[list[Entry], list[int]]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for track in self.tracks:
            self._by_caller.setdefault(track.caller, ([], []))[1].append(track.dialled_at)
        for entry in self.entries:
            if entry.caller in self._by_caller:
                self._by_caller[entry.caller][0].append(entry)

    @property
    def failed(self) -> bool:
        """Whether anything was not as expected."""
        return bool(self.missed or self.differences)

    @property
    def total(self) -> int:
        """How many samples the time axis covers; never none."""
        ends = [track.ended_at for track in self.tracks]
        return max(1, self.ended_at, *ends)

    @property
    def pace(self) -> float | None:
        """How many times faster than real time the run was; None when it took no time to speak of, or was live."""
        return seconds(self.ended_at) / self.wall_s if self.wall_s else None

    def entries_of(self, track: Track) -> list[Entry]:
        """Return the journal of one call: the caller's entries until he dials again."""
        entries, dialled = self._by_caller.get(track.caller, ([], []))
        until = min((at for at in dialled if at > track.dialled_at), default=None)
        return [e for e in entries if e.at >= track.dialled_at and (until is None or e.at < until)]
