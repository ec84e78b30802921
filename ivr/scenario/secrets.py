"""Which keys of a call a story may show: what the journal shows, and what is too short to be a PIN."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ivr.clock import samples
from ivr.journal import Entry
from ivr.scenario.saving import Did
from ivr.scenario.taped import SentKey

_LONGEST_SHOWN = 3
"""A PIN has four digits at least (B1.2)."""
_TOGETHER = samples(1.5)
"""Keys that are no further apart are one step."""
_NEAR = samples(0.12)
"""How far the journal's moment of a key may be from the key."""
PIN = "pin"


@dataclass(frozen=True, slots=True)
class Keyed:
    """What was keyed, with variables in the place of what is not shown, and their values.

    Attributes
    ----------
    values : dict of name to digits
        For whoever plays the story; never written.
    """

    did: list[Did]
    values: dict[str, str] = field(repr=False)


def keyed(keys: Sequence[SentKey], entries: Sequence[Entry]) -> Keyed:
    """Return what a story has of keys.

    Parameters
    ----------
    keys : sequence of SentKey
        In their order, on the clock of the journal.
    entries : sequence of Entry
        The journal of the call.
    """
    shown = [_is_shown(key, entries) for key in keys]
    runs = _runs(shown)
    accepted = _accepted(entries)
    names: dict[str, str] = {}
    parts: list[tuple[str, SentKey]] = []
    for begin, end in runs:
        run = keys[begin:end]
        digits = "".join(key.key for key in run)
        if all(shown[begin:end]) or (len(run) <= _LONGEST_SHOWN and not _in_entry(run, entries)):
            parts += [(key.key, key) for key in run]
            continue
        if any(run[0].begin - _NEAR <= at <= run[-1].end + _NEAR for at in accepted):
            names = {**names, digits: PIN}
        name = names.setdefault(digits, f"keys{sum(one != PIN for one in names.values()) + 1}")
        parts += [(f"${{{name}}}" if n == 0 else "", key) for n, key in enumerate(run)]
    return Keyed(list(_steps(parts)), {name: digits for digits, name in names.items()})


def _runs(shown: Sequence[bool]) -> list[tuple[int, int]]:
    """Return stretches of keys that are shown, or are not."""
    found, begin = [], 0
    for _, group in groupby(shown):
        end = begin + len(list(group))
        found.append((begin, end))
        begin = end
    return found


def _is_shown(key: SentKey, entries: Sequence[Entry]) -> bool:
    if key.key in "*#":
        return True
    for entry in entries:
        if entry.event == "entered" and entry.facts["digits"].isdigit() and any(
                abs(at - key.begin) <= _NEAR for at in entry.facts.get("keys_at", ())):
            return True
    return False


def _in_entry(run: Sequence[SentKey], entries: Sequence[Entry]) -> bool:
    """Return whether keys are of an entry that the journal masks."""
    return any(entry.event == "entered" and not entry.facts["digits"].isdigit()
               and entry.facts["began_at"] - _NEAR <= run[-1].begin and run[0].begin <= entry.at + _NEAR
               for entry in entries)


def _accepted(entries: Sequence[Entry]) -> list[int]:
    """Return when PINs began that were right."""
    found = []
    for n, entry in enumerate(entries):
        if entry.event == "entered" and entry.facts["entry"] == "PIN":
            then = next((one.event for one in entries[n + 1:] if one.event in (
                "refused", "started", "joined", "promoted")), "refused")
            found += [] if then == "refused" else [entry.facts["began_at"]]
    return found


def _steps(parts: Sequence[tuple[str, SentKey]]) -> list[Did]:
    """Return keys that were pressed one soon after the other as one thing that was done."""
    groups: list[list[tuple[str, SentKey]]] = []
    for part in parts:
        if groups and (not part[0] or _goes_on(groups[-1], part[1])):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [_step(group) for group in groups]


def _goes_on(group: Sequence[tuple[str, SentKey]], key: SentKey) -> bool:
    return key.begin - group[-1][1].end <= _TOGETHER


def _step(group: Sequence[tuple[str, SentKey]]) -> Did:
    first, last = group[0][1], group[-1][1]
    gaps = [after.begin - before.end for (_, before), (_, after) in zip(group, group[1:], strict=False)]
    gap_ms = round(sum(gaps) / len(gaps) / 8 / 20) * 20 if gaps else 100
    gap = max(gap_ms, 40)
    return Did(first.begin, last.end + gap * 8, "".join(keys for keys, _ in group), gap)
