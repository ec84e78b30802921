"""Which keys of a call a story may show: what the journal shows, and what is too short to be a PIN."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from ivr.clock import samples
from ivr.journal import Entry
from ivr.scenario.saving import Did
from ivr.scenario.taped import SentKey

_LONGEST_SHOWN = 3
"""A PIN has four digits at least (B1.2)."""
_TOGETHER = samples(0.7)
"""Keys that are no further apart are one step: no prompt is recognised between them."""
_NEAR = samples(0.12)
"""How far the journal's moment of a key may be from the key."""
PIN = "pin"
_AFTER_A_PIN = ("refused", "started", "joined", "promoted")


@dataclass(frozen=True, slots=True)
class MaskedKeys:
    """What was keyed, with variables in the place of what is not shown, and their values.

    Attributes
    ----------
    values : dict of name to digits
        For whoever plays the story; never written.
    """

    did: list[Did]
    values: dict[str, str] = field(repr=False)


def keyed(keys: Sequence[SentKey], entries: Sequence[Entry]) -> MaskedKeys:
    """Return what a story has of keys.

    Parameters
    ----------
    keys : sequence of SentKey
        In their order, on the clock of the journal.
    entries : sequence of Entry
        The journal of the call.
    """
    shown = [_is_shown(key, entries) for key in keys]
    masked = [entry for entry in entries if entry.event == "entered" and not entry.facts["digits"].isdigit()]
    names: dict[str, str] = {}
    found: list[tuple[str, list[SentKey]]] = []
    for is_shown, places in groupby(range(len(keys)), key=lambda n: shown[n]):
        run = [keys[n] for n in places]
        parts = list(_apart(run, masked))
        if is_shown or (len(run) <= _LONGEST_SHOWN and not any(_entry_of(part[0], masked) for part in parts)):
            found += [("", part) for part in parts]
            continue
        for part in parts:
            digits = _digits(part)
            if _is_right(_entry_of(part[0], masked), entries):
                names[digits] = PIN
            found.append((digits, part))
    for digits, _ in found:
        if digits:
            names.setdefault(digits, f"keys{sum(one != PIN for one in names.values()) + 1}")
    pressed = [one for digits, part in found for one in (
        [(key.key, key) for key in part] if not digits else
        [(f"${{{names[digits]}}}", part[0]), *(("", key) for key in part[1:])])]
    values = {name: digits for digits, name in sorted(names.items(), key=_in_order)}
    return MaskedKeys(list(_steps(pressed)), values)


def _in_order(named: tuple[str, str]) -> tuple[bool, str]:
    return named[1] != PIN, named[1]


def _digits(keys: Sequence[SentKey]) -> str:
    return "".join(key.key for key in keys)


def _apart(run: Sequence[SentKey], masked: Sequence[Entry]) -> Iterator[list[SentKey]]:
    """Give parts of a run of keys between which time passed; those of one entry stay together."""
    part = [run[0]]
    for before, key in pairwise(run):
        entry = _entry_of(key, masked)
        if key.begin - before.end > _TOGETHER and (entry is None or entry is not _entry_of(before, masked)):
            yield part
            part = []
        part.append(key)
    yield part


def _is_shown(key: SentKey, entries: Sequence[Entry]) -> bool:
    if key.key in "*#":
        return True
    for entry in entries:
        if entry.event == "entered" and entry.facts["digits"].isdigit() and any(
                abs(at - key.begin) <= _NEAR for at in entry.facts.get("keys_at", ())):
            return True
        if entry.event == "key" and entry.facts["key"] == key.key and abs(entry.at - key.begin) <= _NEAR:
            return True  # a menu's, which the journal shows
    return False


def _entry_of(key: SentKey, masked: Sequence[Entry]) -> Entry | None:
    """Return the entry that a key is of, if it is of one that the journal masks."""
    return next((entry for entry in masked
                 if entry.facts["began_at"] - _NEAR <= key.begin <= entry.at + _NEAR), None)


def _is_right(entry: Entry | None, entries: Sequence[Entry]) -> bool:
    """Return whether an entry is of the right PIN."""
    if entry is None or entry.facts["entry"] != "PIN":
        return False
    after = entries[next(n for n, one in enumerate(entries) if one is entry) + 1:]
    return next((one.event for one in after if one.event in _AFTER_A_PIN), "refused") != "refused"


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
    gaps = [after.begin - before.end for (_, before), (_, after) in pairwise(group)]
    gap_ms = round(sum(gaps) / len(gaps) / 8 / 20) * 20 if gaps else 100
    gap = max(gap_ms, 40)
    return Did(first.begin, last.end + gap * 8, "".join(keys for keys, _ in group), gap)
