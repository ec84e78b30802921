"""What happened, to whom, at which sample: the one account of a run.

An entry is made of plain values and is complete when it is written. PIN digits never come here: whoever makes an
entry of what was keyed asks `ivr.secrecy` first.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ivr.clock import FRAME, seconds

LAST = 10_000
"""Entries that a bridge without an end keeps in memory."""

EVENTS = (
    "dialled", "ringing", "early-media", "answered", "line-open", "codec", "call-refused", "presses", "heard",
    "state", "prompt", "key",
    "entered", "slowed", "refused", "lobby", "music", "started", "joined", "promoted", "left",
    "language", "name", "admitted", "denied", "lobby-over", "command", "announced", "locked", "unlocked",
    "recording", "busy", "turned-away", "gave-up", "declined", "elsewhere", "line-lost", "held", "resumed",
    "cannot", "keys-by", "not-counted", "sound", "lost", "transferred", "signed-in", "voice-message",
    "message-waiting", "greeting", "playback", "dialling", "picked-up", "came-to-room", "left-room", "asked",
    "document", "slip", "application-failed", "told-application", "sent-digits", "rejected", "conference-full",
    "recorded", "circle", "ends-soon", "over", "fault", "hung-up", "desk", "presenter",
    "letter")
"""Every word for what can happen; docs/journal.md says of each when."""

_FRESH = 2 * FRAME
"""Samples for which an entry is kept however many there are: who looks once a tick misses none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    Attributes
    ----------
    at : int
        The sample at which it happened.
    call : int
        Serial number of the call, in the order of dialling, from 1; 0 for what concerns no single call.
    caller : str
        The name the line gave its caller.
    event : str
        What happened: one of the words listed in docs/journal.md.
    facts : mapping
        The particulars, plain values only; keys ending in `_at` hold samples, one or a sequence.
    """

    at: int
    call: int
    caller: str
    event: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the entry as plain values, times in seconds and the sample beside."""
        facts = {key.removesuffix("_at"): _in_seconds(value) if key.endswith("_at") else value
                 for key, value in self.facts.items()}
        return {"at": seconds(self.at), "sample": self.at, "call": self.call, "caller": self.caller,
                "event": self.event, **facts}

    def __str__(self) -> str:
        told = "  ".join(_told(key, value) for key, value in self.facts.items() if key != "keys_at")
        return f"{seconds(self.at):9.3f}  {self.caller:<10}  {self.event:<10}  {told}".rstrip()


def _in_seconds(value: int | Sequence[int]) -> float | list[float]:
    return seconds(value) if isinstance(value, int) else [seconds(at) for at in value]


def _told(key: str, value: Any) -> str:  # noqa: ANN401  (a fact is any plain value)
    if key.endswith("_at"):
        return f"{key.removesuffix('_at')} {seconds(value):.3f}"
    if isinstance(value, bool):
        return key if value else f"not {key}"
    return str(value) if key in _SELF_EVIDENT else f"{key.replace('_', ' ')} {value}"


_SELF_EVIDENT = frozenset({"state", "prompt", "key", "digits", "reason", "entry", "what", "kind"})


class Sink(Protocol):
    """Where entries go besides the memory: a file, a tally."""

    def write(self, entry: Entry, /) -> None:
        """Take an entry, at once and without raising anything."""


class Journal:
    """Entries in the order in which they happened: in memory, and in every sink.

    Parameters
    ----------
    sinks : Sink
        Each is given every entry.
    keeps : int, optional
        How many of the last entries stay in memory; by default all, as stories and reports need them. Those of the
        present tick stay in any case.

    Attributes
    ----------
    written : int
        How many there have been.
    """

    def __init__(self, *sinks: Sink, keeps: int | None = None) -> None:
        self.written = 0
        self._sinks: tuple[Sink, ...] = sinks
        self._keeps = keeps
        self._kept: list[Entry] | deque[Entry] = [] if keeps is None else deque()

    @property
    def entries(self) -> list[Entry]:
        """Those that are in memory."""
        return self._kept if isinstance(self._kept, list) else list(self._kept)

    def add(self, sink: Sink) -> None:
        """Give a sink every entry from now on."""
        self._sinks = (*self._sinks, sink)

    def remove(self, sink: Sink) -> None:
        """Give a sink no more entries."""
        self._sinks = tuple(one for one in self._sinks if one is not sink)

    def write(self, entry: Entry) -> None:
        """Add an entry."""
        self.written += 1
        kept = self._kept
        kept.append(entry)
        if isinstance(kept, deque):
            while len(kept) > (self._keeps or 0) and kept[0].at < entry.at - _FRESH:
                kept.popleft()
        for sink in self._sinks:
            sink.write(entry)

    def since(self, number: int) -> list[Entry]:
        """Return the entries in memory that came after the first `number` of all: for who has read these."""
        kept = self._kept
        new = min(self.written - number, len(kept))
        return [kept[place] for place in range(-new, 0)]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._kept)

    def of(self, *events: str, caller: str | None = None) -> list[Entry]:
        """Return the entries in memory of these kinds, of one caller or of all."""
        return [e for e in self._kept if e.event in events and caller in (None, e.caller)]

    def text(self) -> str:
        """Return the journal for people: a line an entry."""
        return lines(self._kept)

    def json_lines(self) -> str:
        """Return the journal for programs: a JSON object a line."""
        return "".join(json_line(entry) for entry in self._kept)


def lines(entries: Iterable[Entry]) -> str:
    """Return `entries` as text, a line each."""
    return "".join(f"{entry}\n" for entry in entries)


def json_line(entry: Entry) -> str:
    """Return an entry as a JSON object in a line of its own."""
    return json.dumps(entry.as_json(), ensure_ascii=False) + "\n"
