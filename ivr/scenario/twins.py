"""Prompts of a file that an ear cannot tell apart: they say the same, or one begins as another does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ivr.custom.own import OwnFile
from ivr.scenario.correlate import Floats, Samples, flattened, likeness

_ALIKE = 0.92
"""Nothing that is as much like a prompt as this leaves it to be told apart (`ivr.scenario.pieces`)."""

_HEAD = 2000
"""Samples of their beginnings by which pieces are looked for that may be alike."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Two prompts.

    Attributes
    ----------
    one, other : str
        Their names in stories; the one is what a story may want to hear.
    how : str
        "same": each is heard where the other is said; "shares": likewise, as they have a part in common; "begins":
        the one is never heard, as the other begins with it.
    """

    one: str
    other: str
    how: str


def twins(heard: Mapping[str, Sequence[Samples]], own: OwnFile) -> list[Twins]:
    """Return those among what is heard of which at least the one is the file's own, each pair once."""
    pieces = [(name, clip) for name, clips in heard.items() for clip in clips]
    alike: dict[tuple[str, str], list[str]] = {}
    for i, j in _pairs([clip for _, clip in pieces]):
        (one, clip), (other, longer) = pieces[i], pieces[j]
        if one != other and (how := _how(clip, longer)):
            alike.setdefault((one, other), []).append(how)
    found: dict[frozenset[str], Twins] = {}
    for (one, other), hows in alike.items():
        if not (_own(one, own) or _own(other, own)) or frozenset((one, other)) in found:
            continue
        whole = len(hows) >= len(heard[one])
        if whole and set(hows) == {"same"} and len(heard[one]) == len(heard[other]):
            found[frozenset((one, other))] = Twins(one, other, "same")
        elif "same" in hows:
            found[frozenset((one, other))] = Twins(one, other, "shares")
        elif whole:
            found[frozenset((one, other))] = Twins(one, other, "begins")
    return list(found.values())


def line_of(prompt: str, own: OwnFile) -> int:
    """Return the line of the node that says a prompt; 0 for one of the catalogue."""
    name = prompt.partition(" in ")[0] if prompt not in own.wordings else prompt
    return own.lines.get(name) or own.lines.get(name.rpartition(" ")[0], 0)


def _own(prompt: str, own: OwnFile) -> bool:
    return prompt.partition(" in ")[0] in own.wordings or prompt in own.wordings


def _pairs(clips: Sequence[Samples]) -> Iterator[tuple[int, int]]:
    """Give the places of clips that begin alike, both ways round."""
    heads = np.zeros((len(clips), _HEAD), np.float32)
    for row, clip in zip(heads, clips, strict=True):
        flat = flattened(clip[:_HEAD])
        row[:len(flat)] = flat / max(float(np.sqrt(flat @ flat)), 1.0)
    for i, likes in enumerate(heads @ heads.T):
        yield from ((i, int(j)) for j in np.flatnonzero(likes >= _ALIKE) if j != i)


def _how(clip: Samples, longer: Samples) -> str:
    if len(clip) == len(longer) and clip.tobytes() == longer.tobytes():
        return "same"
    if len(longer) < len(clip):
        return ""
    one: Floats = flattened(clip)
    return "begins" if likeness(one, flattened(longer[:len(clip)])) >= _ALIKE else ""
