"""A caller's journal, read as a lane: what is drawn, from when to when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivr.clock import seconds
from ivr.journal import Entry
from ivr.report.model import Hides, Span
from ivr.report.wording import Say, decimal
from ivr.secrecy import MASK

STATES = {
    "greeting": ("greeting", "Greeting"),
    "conference-id": ("id", "Conference ID"),
    "finding": ("id", "Conference ID"),
    "overlong": ("id", "Conference ID"),
    "language": ("language", "Language"),
    "organizer-question": ("question", "Organizer?"),
    "pin": ("pin", "PIN"),
    "checking-pin": ("pin", "PIN"),
    "name": ("name", "Name"),
    "recording": ("name", "Name"),
    "lobby": ("lobby", "Lobby"),
    "meeting": ("meeting", "Meeting"),
    "goodbye": ("goodbye", "Goodbye"),
}
"""A call's state -> the kind of band, and its label. Neighbours of one kind are one band."""

KINDS = {"greeting": "greeting", "language": "choice of a language", "id": "conference ID",
         "question": "organizer question", "pin": "PIN", "name": "recording of the name", "lobby": "lobby",
         "meeting": "meeting", "goodbye": "goodbye", "other": "anything else"}
"""The kinds of bands, in the order of the legend, and what it calls them."""


@dataclass(frozen=True, slots=True)
class Band:
    """What the call was doing."""

    kind: str
    label: str
    began_at: int
    ended_at: int
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A prompt the caller was told, perhaps cut short by a key or by the meeting."""

    prompt: str
    began_at: int
    ended_at: int
    interrupted: bool


@dataclass(frozen=True, slots=True)
class LaneKey:
    """A key at its moment; a PIN is one key that lasts from its first digit to its last."""

    label: str
    began_at: int
    ended_at: int
    belongs_to: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A time in a meeting."""

    meeting: str
    role: str
    began_at: int
    ended_at: int


def stays(entries: Iterable[Entry], ended_at: int) -> list[tuple[str, Span]]:
    """Return a call's states with the stretch each lasted; `ended` is no stay."""
    changes = [(str(e.facts.get("state", "")), e.at) for e in entries if e.event == "state"]
    ends = [at for _, at in changes[1:]] + [ended_at]
    # a caller who never dialled was nowhere
    return [(state, (at, end)) for (state, at), end in zip(changes, ends, strict=False) if state != "ended"]


def bands(entries: Iterable[Entry], ended_at: int) -> list[Band]:
    """Return what a call was doing, without gaps, neighbours of one kind made one."""
    found: list[Band] = []
    for state, (began, end) in stays(entries, ended_at):
        kind, label = STATES.get(state, ("other", state))
        last = found[-1] if found else None
        if last and last.kind == kind and last.label == label and last.ended_at == began:
            states = last.states if state in last.states else (*last.states, state)
            found[-1] = Band(kind, label, last.began_at, end, states)
        else:
            found.append(Band(kind, label, began, end, (state,)))
    return found


def kinds(drawn: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the kinds of bands there are in these lanes, and what the legend calls them."""
    there = {band.kind for lane in drawn for band in lane["bands"]}
    return [(kind, told) for kind, told in KINDS.items() if kind in there]


def prompts(entries: Iterable[Entry]) -> list[Spoken]:
    """Return the prompts of a call in the order in which they began."""
    told = [Spoken(str(e.facts.get("prompt", "")), _sample(e, "began_at", e.at),
                   max(e.at, _sample(e, "until_at", e.at)), bool(e.facts.get("interrupted")))
            for e in entries if e.event == "prompt"]
    # what somebody has heard of an IVR that is not ours
    told += [Spoken(str(e.facts.get("what", "")), _sample(e, "began_at", e.at), e.at, interrupted=False)
             for e in entries if e.event == "heard"]
    return sorted(told, key=lambda p: (p.began_at, p.ended_at))


def music(entries: Iterable[Entry], ended_at: int) -> list[Span]:
    """Return when the hold music played."""
    spans: list[Span] = []
    since = None
    for e in entries:
        what = e.facts.get("what") if e.event == "music" else None
        if what == "starts" and since is None:
            since = e.at
        elif since is not None and (what == "stops" or e.facts.get("state") == "ended"):
            spans.append((since, e.at))
            since = None
    return spans if since is None else [*spans, (since, ended_at)]


def keys(entries: Sequence[Entry], ended_at: int, hides: Hides) -> list[LaneKey]:
    """Return the keys of a call as they may be shown, in order; of a PIN only that there was one."""
    found: dict[tuple[int, str], LaneKey] = {}
    for e in entries:
        if e.event == "key":
            label = str(hides.redacted(e, state_at(entries, e.at, ended_at))["key"])
            found.setdefault((e.at, label), LaneKey(label, e.at, e.at))
        elif e.event == "entered" and hides.is_secret(e):
            what = str(e.facts.get("entry", "PIN"))
            found[e.at, MASK] = LaneKey(MASK, _sample(e, "began_at", e.at), e.at, what)
        elif e.event == "entered":
            for label, at in zip(str(e.facts.get("digits", "")), e.facts.get("keys_at") or (), strict=False):
                found[int(at), label] = LaneKey(label, int(at), int(at), str(e.facts.get("entry", "")))
    return sorted(found.values(), key=lambda k: (k.began_at, k.ended_at))


def visits(entries: Iterable[Entry], ended_at: int) -> list[Visit]:
    """Return when a caller was in which meeting."""
    found: list[Visit] = []
    here: Entry | None = None
    for e in entries:
        gone = e.event in ("joined", "left", "hung-up") or e.facts.get("state") == "ended"
        if here is not None and gone:
            found.append(_visit(here, e.at))
            here = None
        if e.event == "joined":
            here = e
    return found if here is None else [*found, _visit(here, ended_at)]


def state_at(entries: Iterable[Entry], at: int, ended_at: int) -> str:
    """Return the state a call is in at a sample; empty before its first."""
    return next((state for state, (began, end) in reversed(stays(entries, ended_at))
                 if began <= at <= end), "")


def summary(entries: Sequence[Entry], dialled_at: int, ended_at: int, say: Say) -> str:
    """Return a call in a few words."""
    def at(sample: int) -> str:
        return decimal(seconds(sample), 1, say)

    been = visits(entries, ended_at)
    if not entries:
        return say("never dialled")
    if been:
        return f"{say(been[0].role or 'caller')}, {say('joined at {at} s', at=at(been[0].began_at))}"
    last = bands(entries, ended_at)
    how = say("answered at {at} s" if entries[0].event == "picked-up" else "dialled at {at} s", at=at(dialled_at))
    return how + (f", {say('got to {place}', place=say(last[-1].label, of='label'))}" if last else "")


def _visit(joined: Entry, until: int) -> Visit:
    # two who came by different IDs are in one meeting if it was started by the same
    meeting = joined.facts.get("started_as") or joined.facts.get("meeting", "")
    return Visit(str(meeting), str(joined.facts.get("role", "")), joined.at, until)


def _sample(entry: Entry, fact: str, default: int) -> int:
    value: Any = entry.facts.get(fact)
    return default if value is None else int(value)
