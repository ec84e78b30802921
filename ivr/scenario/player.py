"""Plays a scenario: its own directory, a bridge, an actor a caller, as fast as the machine can."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.bridge.bridge import Bridge
from ivr.bridge.exchange import Exchange
from ivr.bridge.sound import Voice
from ivr.call.profile import profile
from ivr.directory.meetings import Meeting, Meetings
from ivr.journal import Entry, Journal
from ivr.scenario.actor import Actor, Failure, Studio
from ivr.scenario.references import References
from ivr.scenario.steps import Expectation, ExpectCaller, ExpectMeeting, Scenario

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Stage:
    """What every scenario of a run shares: sounds and voices.

    Attributes
    ----------
    voice : Voice
        The bridge's prompts.
    fixed : mapping of prompt name to list of int16 arrays
        The clips of each that do not depend on slots: what a caller is expected to hear.
    music : int16 array [shape=(n,)]
    tones : mapping of "arrival" and "departure" to int16 array [shape=(n,)]
    voices : tuple of str
        Voices for callers.
    """

    voice: Voice
    fixed: Mapping[str, list[Samples]]
    music: Samples
    tones: Mapping[str, Samples]
    voices: tuple[str, ...]
    studio: Studio


@dataclass(frozen=True, slots=True)
class Take:
    """What one caller heard and sent, from the sample at which he dialled."""

    caller: str
    dialled_at: int
    heard: Samples
    spoke: Samples


@dataclass(frozen=True, slots=True)
class Result:
    """How a scenario went."""

    scenario: Scenario
    journal: Journal
    takes: tuple[Take, ...]
    failures: tuple[Failure, ...]
    ended_at: int

    @property
    def passed(self) -> bool:
        """Whether all was as expected."""
        return not self.failures


def play(scenario: Scenario, stage: Stage, *, watch: Callable[[Entry], None] | None = None) -> Result:
    """Play a scenario to its end, or to the first step that fails.

    Parameters
    ----------
    watch : callable, optional
        Told every entry of the journal as it is written.
    """
    meetings = Meetings(Meeting(m.conference_id, m.pin, m.organizer, m.anyone_may_start)
                        for m in scenario.meetings)
    bridge = Bridge(directory=meetings, voice=stage.voice, music=stage.music, tones=stage.tones,
                    profile=profile(scenario.profile))
    references = References(stage.fixed, stage.music, stage.tones)
    states: dict[str, str] = {}

    def state_of(caller: str) -> str:
        return states.get(caller, "idle")

    actors = [Actor(caller, voice=stage.voices[n % len(stage.voices)], references=references,
                    studio=stage.studio, state_of=state_of)
              for n, caller in enumerate(scenario.callers)]
    exchange = Exchange(bridge, actors)
    in_app = sorted((m.started_in_app_at, m.conference_id, m.organizer) for m in scenario.meetings
                    if m.started_in_app_at is not None)
    seen = 0
    failed: list[Failure] = []
    while True:
        while in_app and in_app[0][0] <= bridge.now:
            _, conference_id, organizer = in_app.pop(0)
            bridge.join_by_app(conference_id, organizer)
        exchange.step()
        seen = _follow(bridge.journal, seen, states, watch)
        failed = [actor.failure for actor in actors if actor.failure]
        if failed or (all(actor.finished for actor in actors) and not in_app):
            break
    ended_at = bridge.now
    failures = tuple(failed) or _unmet(scenario.expect, bridge.journal, states, ended_at)
    takes = tuple(Take(a.caller, a.dialled_at, a.heard.copy(), a.spoke.copy()) for a in actors)
    for actor in actors:
        if actor.on_the_line:
            actor.leave()
    exchange.step()
    _follow(bridge.journal, seen, states, watch)
    return Result(scenario, bridge.journal, takes, failures, ended_at)


def _follow(journal: Journal, seen: int, states: dict[str, str], watch: Callable[[Entry], None] | None) -> int:
    for entry in journal.entries[seen:]:
        if entry.event == "state":
            states[entry.caller] = str(entry.facts["state"])
        if watch is not None:
            watch(entry)
    return len(journal.entries)


def _unmet(expected: tuple[Expectation, ...], journal: Journal, states: Mapping[str, str], at: int
           ) -> tuple[Failure, ...]:
    failures = []
    for wish in expected:
        instead = (_of_meeting(wish, journal) if isinstance(wish, ExpectMeeting)
                   else _of_caller(wish, journal, states))
        if instead:
            failures.append(Failure(wish.line, "", wish.said, at, instead))
    return tuple(failures)


def _of_meeting(wish: ExpectMeeting, journal: Journal) -> str:
    by = [str(entry.facts["by"]) for entry in journal.of("started")
          if entry.facts["meeting"] == wish.conference_id]
    if wish.started_by is None:
        return f"it was started by {by[0]}" if by else ""
    if not by:
        return "nobody started it"
    return "" if wish.started_by in by else f"it was started by {by[0]}"


def _of_caller(wish: ExpectCaller, journal: Journal, states: Mapping[str, str]) -> str:
    joined = bool(journal.of("joined", caller=wish.caller))
    waited = bool(journal.of("lobby", caller=wish.caller))
    refused = any(e.facts["by"] == "bridge" for e in journal.of("hung-up", caller=wish.caller))
    state = states.get(wish.caller, "idle")
    true = {
        "joined": joined, "never joined": not joined, "waited": waited, "never waited": not waited,
        "still waiting": state == "lobby", "refused": refused,
    }[wish.outcome]
    if true:
        return ""
    was = [word for word, so in (("was in the lobby", waited), ("was in the meeting", joined),
                                 ("was sent away", refused)) if so]
    return f"{wish.caller} {' and '.join(was) or 'got nowhere'}; the last state was {state}"


def journal_path(scenario: Path) -> Path:
    """Return where the expected journal of a scenario stands."""
    return scenario.with_suffix(".journal")


