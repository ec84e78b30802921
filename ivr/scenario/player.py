"""Plays a scenario: its own directory, a bridge, an actor a caller, as fast as the machine can."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.bridge.bridge import Bridge
from ivr.bridge.exchange import Exchange
from ivr.bridge.sound import Voice
from ivr.directory.meetings import Meeting, Meetings
from ivr.journal import Entry, Journal
from ivr.scenario.actor import Actor, Failure, Studio
from ivr.scenario.app import InTheApp
from ivr.scenario.backstage import Backstage
from ivr.scenario.references import References
from ivr.scenario.steps import Scenario
from ivr.scenario.verdict import unmet

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
    language : str
        The language of `fixed`.
    fixed_in : callable
        Gives the same in another language.
    """

    voice: Voice
    fixed: Mapping[str, list[Samples]]
    music: Samples
    tones: Mapping[str, Samples]
    voices: tuple[str, ...]
    studio: Studio
    language: str = "en-US"
    fixed_in: Callable[[str], Mapping[str, list[Samples]]] = field(default=lambda _: {})


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
    if scenario.desk is None:
        meetings = Meetings(Meeting(m.conference_id, m.pin, m.organizer, m.anyone_may_start, m.options)
                            for m in scenario.meetings)
        return _play(scenario, stage, watch, Backstage(scenario, meetings))
    # the desk needs a database, which most stories do without
    from ivr.scenario.desk.backstage import DeskBackstage

    backstage = DeskBackstage(scenario, scenario.desk)
    try:
        return _play(scenario, stage, watch, backstage)
    finally:
        backstage.close()


def _play(scenario: Scenario, stage: Stage, watch: Callable[[Entry], None] | None, backstage: Backstage) -> Result:
    bridge = Bridge(directory=backstage.directory, voice=stage.voice, music=stage.music, tones=stage.tones,
                    profile=scenario.product)
    references = References(_said(stage, scenario.product.languages), stage.music, stage.tones)
    states: dict[str, str] = {}

    def state_of(caller: str) -> str:
        return states.get(caller, "idle")

    actors = [Actor(caller, voice=stage.voices[n % len(stage.voices)], references=references,
                    studio=stage.studio, state_of=state_of, resolve=backstage.resolve)
              for n, caller in enumerate(scenario.callers)]
    exchange = Exchange(bridge, actors)
    backstage.begin(state_of)
    in_app = sorted((m.started_in_app_at, m.line, m) for m in scenario.meetings if m.started_in_app_at is not None)
    in_the_app = InTheApp(scenario.app, bridge, state_of, {m.conference_id: m.organizer for m in scenario.meetings})
    seen = 0
    while True:
        while in_app and in_app[0][0] <= bridge.now:
            meeting = in_app.pop(0)[2]
            bridge.join_by_app(backstage.id_of(meeting), meeting.organizer)
        in_the_app.act(bridge.now)
        backstage.before(bridge.now, bridge.journal)
        exchange.step()
        backstage.after(bridge.now, bridge.journal)
        seen = _follow(bridge.journal, seen, states, watch)
        failed = [failure for failure in (backstage.failure, *(actor.failure for actor in actors)) if failure]
        if (stuck := in_the_app.stuck) is not None:
            failed.append(Failure(stuck.line, "", stuck.step, stuck.at, stuck.instead))
        if failed or (all(actor.finished for actor in actors) and backstage.finished and not in_app
                      and in_the_app.finished):
            break
    ended_at = bridge.now
    failures = tuple(failed) or unmet(scenario.expect, bridge.journal, states, ended_at, backstage)
    takes = tuple(Take(a.caller, a.dialled_at, a.heard.copy(), a.spoke.copy()) for a in actors)
    for actor in actors:
        if actor.on_the_line:
            actor.leave()
    exchange.step()
    _follow(bridge.journal, seen, states, watch)
    return Result(scenario, bridge.journal, takes, failures, ended_at)


def _said(stage: Stage, languages: tuple[str, ...]) -> Mapping[str, list[Samples]]:
    """Return what can be heard: prompts of the primary language by name, others with their language."""
    if languages == (stage.language,):
        return stage.fixed
    said = {}
    for n, language in enumerate(languages):
        for name, clips in stage.fixed_in(language).items():
            said[f"{name} in {language}" if n else name] = clips
    return said


def _follow(journal: Journal, seen: int, states: dict[str, str], watch: Callable[[Entry], None] | None) -> int:
    for entry in journal.entries[seen:]:
        if entry.event == "state":
            states[entry.caller] = str(entry.facts["state"])
        if watch is not None:
            watch(entry)
    return len(journal.entries)


def journal_path(scenario: Path) -> Path:
    """Return where the expected journal of a scenario stands."""
    return scenario.with_suffix(".journal")
