"""What happened, to whom, at which sample: the one account of a run.

An entry is made of plain values and is complete when it is written. PIN digits never come here: whoever
writes an entry that concerns a PIN writes `MASK`, whatever the PIN's length.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ivr.clock import seconds

MASK = "****"
"""What stands for a PIN, of any length, everywhere but in its owner's letter."""


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


@dataclass(slots=True)
class Journal:
    """Entries in the order in which they happened."""

    entries: list[Entry] = field(default_factory=list)

    def write(self, entry: Entry) -> None:
        """Add an entry."""
        self.entries.append(entry)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def of(self, *events: str, caller: str | None = None) -> list[Entry]:
        """Return the entries of these kinds, of one caller or of all."""
        return [e for e in self.entries if e.event in events and caller in (None, e.caller)]

    def text(self) -> str:
        """Return the journal for people: a line an entry."""
        return lines(self.entries)

    def json_lines(self) -> str:
        """Return the journal for programs: a JSON object a line."""
        return "".join(json.dumps(e.as_json(), ensure_ascii=False) + "\n" for e in self.entries)


def lines(entries: Iterable[Entry]) -> str:
    """Return `entries` as text, a line each."""
    return "".join(f"{entry}\n" for entry in entries)
